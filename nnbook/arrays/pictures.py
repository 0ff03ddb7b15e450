"""Pictures, and what else a network looks at; for the errors see `numbers`."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.arrays.numbers import numbers, refuse

UNCLEAR = 16  # a largest brightness up to this belongs to neither range of pixels: scikit-learn's digits end there


def pixels(values: Any, name: str = "images", shape: Sequence[int] | None = None) -> NDArray[Any]:
    """Pictures (N, H, W) or, in colour, (N, H, W, 3): bytes as they are, all else as float64 from 0 to 1.

    Args:
        values: numbers from 0 to 255 or from 0 to 1, or truth values; (N, H, W), (N, H, W, 1), (N, H, W, 3), rows
            (N, pixels) of pictures that are square or have the `shape`, or as PyTorch has them, (N, channels, H, W).
        shape: of each picture, if it is known; one alone may come without the axis N then.
    """
    array = numbers(values, name)
    if shape is not None and array.shape == tuple(shape):
        array = array[np.newaxis]
    if array.ndim == 2 and array.size:
        is_told = shape is not None and math.prod(shape) == array.shape[1]
        array = array.reshape(len(array), *(shape if is_told and shape is not None else _square(array, name)))
    elif array.ndim == 4 and array.shape[3] not in (1, 3) and array.shape[1] in (1, 3):
        array = np.moveaxis(array, 1, 3)
    if array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    if array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[3] != 3) or not array.size:
        refuse(
            "pictures are (N, height, width), or (N, height, width, 3) in colour",
            f"{name} of shape {np.shape(values)}",
            "reshape the array" if array.size else "pass at least one picture",
        )
    if shape is not None and array.shape[1:] != tuple(shape):
        refuse(
            f"here a picture is {tuple(shape)}", f"{name} of shape {np.shape(values)}", "pass those that belong here"
        )
    if array.dtype == np.uint8:
        return array
    low, high = float(array.min()), float(array.max())
    if low < 0 or high > 255:
        remedy = "undo the standardisation, or scale the numbers into one of these ranges"
    elif 1 < high <= UNCLEAR:
        remedy = f"divide by {UNCLEAR} (as for load_digits of scikit-learn), or by the largest possible value"
    else:
        return array / np.float64(1 if high <= 1 else 255)
    refuse("pixels run from 0 to 255, or from 0 to 1", f"{name} from {low:g} to {high:g}", remedy)


def images(values: Any, name: str = "images", shape: Sequence[int] | None = None) -> NDArray[np.uint8]:
    """Pictures as bytes, 0 black and 255 full brightness; see `pixels` for what is taken."""
    array = pixels(values, name, shape)
    return array if array.dtype == np.uint8 else np.rint(array * 255).astype(np.uint8)


def inputs(values: Any, shape: Sequence[int], name: str = "x") -> NDArray[Any]:
    """What a network looks at, (N, ...) with the numbers of `shape` in each example; as it is."""
    array = numbers(values, name)
    if not array.ndim or array.size != len(array) * math.prod(shape):
        wanted = ", ".join(map(str, ("N", *shape)))
        refuse(
            f"this network takes ({wanted})", f"{name} of shape {array.shape}", "reshape the array, or add the axis N"
        )
    return array


def _square(array: NDArray[Any], name: str) -> tuple[int, ...]:
    """The shape of square pictures that lie in rows; in colour if that alone gives a square."""
    for channels in (1, 3):
        side = round((array.shape[1] / channels) ** 0.5)
        if side * side * channels == array.shape[1]:
            return (side, side) if channels == 1 else (side, side, 3)
    refuse(
        "rows of pixels are square pictures unless their shape is told",
        f"{name} with {array.shape[1]} pixels in a row",
        "reshape to (N, height, width)",
    )
