"""What all arrays of others have in common: they are numbers, or words, and say what is wrong in three parts.

`name` is what the caller calls the argument. Every function raises a ValueError that says the rule, what came, and what
to do.
"""

from contextlib import suppress
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray


def numbers(values: Any, name: str) -> NDArray[Any]:
    """`values` as an array of finite numbers or truth values."""
    array = as_array(values, name)
    if array.dtype.kind == "O" and not is_words(array):
        with suppress(TypeError, ValueError):
            array = array.astype(np.float64)
    if array.dtype.kind not in "biuf":
        refuse(f"{name} are numbers", f"{array.dtype} such as {array.ravel()[:1]}", "convert them to numbers")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        place = np.argwhere(~np.isfinite(array))[0].tolist()
        refuse(f"{name} are finite numbers", f"{array[tuple(place)]} at {place}", "look for a division by zero")
    return array


def vector(values: Any, count: int | None = None, name: str = "biases") -> NDArray[np.floating]:
    """Numbers in a row, such as the biases of a layer (neurons,); (neurons, 1) and (1, neurons) are taken, too."""
    array = numbers(values, name)
    if array.ndim == 2 and 1 in array.shape:
        array = array.ravel()
    if array.ndim != 1 or not len(array) or (count is not None and len(array) != count):
        wanted = "a row of them" if count is None else f"{count} of them"
        refuse(
            f"of {name} there are {wanted} here", f"{name} of shape {np.shape(values)}", "pass those of the same layer"
        )
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def positions(values: Any, among: int | None, name: str = "indices", count: int | None = None) -> NDArray[np.int64]:
    """Whole numbers (n,) that each name one of `among` examples; `count` says how many there must be."""
    array = whole(np.atleast_1d(numbers(values, name)), name).ravel()
    same_length(name, len(array), count)
    if len(array) and (array.min() < 0 or (among is not None and array.max() >= among)):
        wrong = int(next(number for number in array if number < 0 or (among is not None and number >= among)))
        known = "counts from 0" if among is None else f"names one of the examples, 0 to {among - 1}"
        refuse(f"an index {known}", f"{wrong} in {name}", "pass positions in the arrays that you pass")
    return array


def same_length(name: str, found: int, count: int | None) -> None:
    """Refuse arrays that belong together and differ in length; `count` None asks for nothing."""
    if count is not None and found != count:
        refuse(
            "arrays that belong together have one length", f"{found} {name} for {count} examples", "pass all of them"
        )


def as_array(values: Any, name: str) -> NDArray[Any]:
    """`values` as an array; a tensor of PyTorch gives its numbers by itself once it is free and in memory."""
    for step in ("detach", "cpu"):
        if hasattr(values, step):
            values = getattr(values, step)()
    try:
        return np.asarray(values)
    except (TypeError, ValueError):
        refuse(f"{name} form one array", "rows of different lengths", "make all rows equally long")


def is_words(array: NDArray[Any]) -> bool:
    return array.dtype.kind in "US" or (array.dtype.kind == "O" and any(isinstance(value, str) for value in array.flat))


def whole(array: NDArray[Any], name: str) -> NDArray[np.int64]:
    if (array != np.rint(array)).any():
        refuse(f"{name} are whole numbers", f"{array[array != np.rint(array)][0]:g} in {name}", "pass whole numbers")
    return array.astype(np.int64)


def refuse(rule: str, came: str, remedy: str) -> NoReturn:
    raise ValueError(f"{rule}; got {came}; {remedy}")
