"""What several figures need of a network that comes as plain arrays: its activations, and images worth a look."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.localisation import class_name


def activations(
    images: NDArray[Any], weights: Sequence[NDArray[np.floating]], biases: Sequence[NDArray[np.floating]]
) -> list[NDArray[np.float64]]:
    """What each layer gives out for `images` (N, ...), bytes or floats up to 1: ReLU (N, units), at the end scores."""
    found: list[NDArray[np.float64]] = []
    outputs = images.reshape(len(images), -1) / (255 if images.dtype == np.uint8 else 1)
    for number, (layer, bias) in enumerate(zip(weights, biases, strict=True)):
        outputs = outputs @ np.asarray(layer, dtype=float).T + np.asarray(bias, dtype=float)
        if number < len(weights) - 1:
            outputs = np.maximum(outputs, 0)
        found.append(outputs)
    return found


def first_and_wrong(labels: NDArray[np.integer], predictions: NDArray[np.integer], wrong: int) -> list[int]:
    """Indices of the first image of each class, and then of the first mistakes, at most `wrong`."""
    firsts = [int(np.flatnonzero(labels == label)[0]) for label in np.unique(labels)]
    mistakes = [int(index) for index in np.flatnonzero(labels != predictions) if index not in firsts]
    return firsts + mistakes[:wrong]


def class_words(class_keys: Sequence[str]) -> Callable[[str], Mapping[str, str]]:
    """The names of the classes as words of a script, `class.<key>`, in the language that is asked for."""
    return lambda language: {f"class.{key}": class_name(key, language) for key in class_keys}
