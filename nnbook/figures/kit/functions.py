"""What a neuron makes of its sum, for figures that follow it: activation functions and their slopes, on arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np

Function = Callable[[Any], Any]


def _sigmoid(x: Any) -> Any:
    return (1 + np.tanh(np.asarray(x) / 2)) / 2


# By name the function and its slope, at a corner or a jump that to its left; in scripts: nnbook.activations.
FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "step": (lambda x: (np.asarray(x) > 0) * 1.0, lambda x: np.zeros_like(x, dtype=float)),
    "sigmoid": (_sigmoid, lambda x: _sigmoid(x) * (1 - _sigmoid(x))),
    "relu": (lambda x: np.maximum(x, 0.0), lambda x: (np.asarray(x) > 0) * 1.0),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
}


def activation_function(name: str) -> Function:
    """The activation function of this name.

    Raises:
        ValueError: if there is none.
    """
    if name not in FUNCTIONS:
        choice = ", ".join(FUNCTIONS)
        raise ValueError(f"an activation function is one of {choice}; got {name!r}; choose one of these")
    return FUNCTIONS[name][0]
