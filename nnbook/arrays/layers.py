"""The weights of dense layers; for the errors see `numbers`."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.arrays.numbers import numbers, refuse

Weights = NDArray[np.floating]


def weights(values: Any, inputs: int | None = None, outputs: int | None = None, name: str = "weights") -> Weights:
    """The weights of a dense layer, (outputs, inputs): a row for each neuron."""
    array = numbers(values, name)
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    if array.ndim != 2 or not array.size:
        refuse(
            "weights are (outputs, inputs), a row for each neuron",
            f"{name} of shape {np.shape(values)}",
            "pass the matrix of one layer",
        )
    wanted = (outputs or array.shape[0], inputs or array.shape[1])
    if array.shape != wanted:
        turned = array.shape[1] == wanted[0] if outputs else array.shape[0] == wanted[1]
        refuse(
            f"here the weights are {wanted}: a row for each neuron, a column for each input",
            f"{name} of shape {array.shape}",
            f"pass {name}.T" if turned else "pass the layer that belongs here",
        )
    return array


def chain(values: Any, inputs: int | None = None, name: str = "weights") -> tuple[Weights, ...]:
    """The weights of all layers of one network, in order: each takes what the one before gives out."""
    if not isinstance(values, Iterable) or not (layers := list(values)):
        refuse("a network has a list of weights, an array for each layer", f"{name} {values!r}", "pass such a list")
    found: list[Weights] = []
    for number, layer in enumerate(layers):
        found.append(weights(layer, len(found[-1]) if found else inputs, name=f"{name}[{number}]"))
    return tuple(found)
