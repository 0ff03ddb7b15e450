"""The one place where arrays of others come in: lists, NumPy, pandas, what scikit-learn and PyTorch hand out.

Each function gives the array in the one form that the rest of the package works with, or says what is wrong: the rule,
what came, and what to do. `name` is what the caller calls the argument.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-3  # of the sum of a row of probabilities: float16 adds up no better


def images(values: Any, name: str = "images", shape: Sequence[int] | None = None) -> NDArray[np.uint8]:
    """Pictures as bytes, (N, H, W) of one brightness or (N, H, W, 3) in colour, 0 black and 255 full brightness.

    Args:
        values: numbers from 0 to 255 or from 0 to 1, or truth values; (N, H, W), (N, H, W, 1), (N, H, W, 3), or rows
            (N, pixels) of square pictures.
        shape: of a picture, where rows hold pictures that are not square.

    Raises:
        ValueError: if this is no array of pictures.
    """
    array = numbers(values, name)
    if array.ndim == 2:
        array = array.reshape(len(array), *(shape or _square(array, name)))
    elif array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    if array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[3] != 3) or not array.size:
        _refuse(
            "pictures are (N, height, width), or (N, height, width, 3) in colour",
            f"{name} of shape {np.shape(values)}",
            "reshape the array" if array.size else "pass at least one picture",
        )
    if array.dtype == np.uint8:
        return array
    low, high = array.min(), array.max()
    if low < 0 or high > 255:
        _refuse(
            "pixels run from 0 to 255, or from 0 to 1",
            f"{name} from {low:g} to {high:g}",
            "undo the standardisation, or scale the numbers into one of these ranges",
        )
    is_share = array.dtype == bool or (np.issubdtype(array.dtype, np.floating) and high <= 1)
    return np.rint(array * np.float64(255) if is_share else array).astype(np.uint8)


def labels(
    values: Any, class_keys: Sequence[str] | int | None = None, name: str = "labels", count: int | None = None
) -> NDArray[np.int64]:
    """The number of the class of each example, (N,).

    Args:
        values: whole numbers, as (N,), (N, 1) or one-hot (N, classes); or keys of classes.
        class_keys: of all classes, or how many there are; None if the labels themselves tell.
        count: how many labels there must be, as there are so many examples.

    Raises:
        ValueError: if this is no array of labels.
    """
    keys = None if class_keys is None or isinstance(class_keys, int) else [str(key) for key in class_keys]
    array = _array(values, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.dtype.kind in "OUS":
        array = _positions([str(value) for value in array.ravel()], keys, name).reshape(array.shape)
    array = numbers(array, name)
    if array.ndim == 2 and array.shape[1] > 1 and np.isin(array, (0, 1)).all() and (array.sum(axis=1) == 1).all():
        array = array.argmax(axis=1)
    if array.ndim != 1 or not len(array):
        _refuse(
            "each example has one label, (N,)", f"{name} of shape {np.shape(values)}", "pass a flat list of classes"
        )
    if (array != np.rint(array)).any():
        _refuse("labels are whole numbers", f"{name} such as {array[array != np.rint(array)][0]:g}", "pass classes")
    classes = len(keys) if keys is not None else class_keys if isinstance(class_keys, int) else None
    low, high = int(array.min()), int(array.max())
    if low < 0 or (classes is not None and high >= classes):
        whole = f"classes are numbered from 0{f' to {classes - 1}' if classes else ''}"
        shifted = low == 1 and high == classes
        _refuse(whole, f"{name} from {low} to {high}", f"pass {name} - 1" if shifted else "pass the numbers of classes")
    same_length(name, len(array), count)
    return array.astype(np.int64)


def probabilities(values: Any, name: str = "probabilities", count: int | None = None) -> NDArray[np.float64]:
    """How probable each class is for each example, (N, classes), rows that add up to one.

    Raises:
        ValueError: if these are no probabilities.
    """
    array = numbers(values, name).astype(np.float64)
    if array.ndim != 2 or array.shape[1] < 2 or not len(array):
        _refuse(
            "probabilities are (N, classes), a row for each example",
            f"{name} of shape {np.shape(values)}",
            "pass what predict_proba or softmax gives",
        )
    sums = array.sum(axis=1)
    if array.min() < 0 or (np.abs(sums - 1) > TOLERANCE).any():
        worst = int(np.abs(sums - 1).argmax())
        _refuse(
            "probabilities are not negative and add up to one in each row",
            f"{name} from {array.min():g} to {array.max():g}, row {worst} adding up to {sums[worst]:g}",
            "if these are scores (logits), pass them through a softmax first",
        )
    same_length(name, len(array), count)
    return array


def weights(
    values: Any, inputs: int | None = None, outputs: int | None = None, name: str = "weights"
) -> NDArray[np.floating]:
    """The weights of a dense layer, (outputs, inputs): a row for each neuron.

    Raises:
        ValueError: if this is no such array, or one of another size.
    """
    array = numbers(values, name)
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    if array.ndim != 2 or not array.size:
        _refuse(
            "weights are (outputs, inputs), a row for each neuron", f"{name} of shape {np.shape(values)}", "reshape"
        )
    wanted = (outputs or array.shape[0], inputs or array.shape[1])
    if array.shape != wanted:
        turned = array.shape[::-1] == wanted
        _refuse(
            f"here the weights are {wanted}: a row for each neuron, a column for each input",
            f"{name} of shape {array.shape}",
            f"pass {name}.T" if turned else "pass the layer that belongs to these images",
        )
    return array


def class_keys(values: Iterable[Any] | None, count: int | None = None, name: str = "class_keys") -> tuple[str, ...]:
    """The keys of the classes as texts; numbered from 0 if there are none and `count` says how many are needed.

    Raises:
        ValueError: if a key stands twice, or there are too few or too many.
    """
    keys = tuple(map(str, range(count or 0))) if values is None else tuple(str(key) for key in values)
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        _refuse("every class has a key of its own", f"{twice!r} twice in {name}", "make them differ")
    if count is not None and len(keys) != count:
        _refuse("every class has one key", f"{len(keys)} {name} for {count} classes", f"pass {count} of them")
    return keys


def numbers(values: Any, name: str) -> NDArray[Any]:
    """`values` as an array of finite numbers or truth values.

    Raises:
        ValueError: if they are none.
    """
    array = _array(values, name)
    if array.dtype.kind == "O":
        with suppress(TypeError, ValueError):
            array = array.astype(np.float64)
    if array.dtype.kind not in "biuf":
        _refuse(f"{name} are numbers", f"{array.dtype} such as {array.ravel()[:1]}", "convert them to numbers")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        place = np.argwhere(~np.isfinite(array))[0].tolist()
        _refuse(f"{name} are finite numbers", f"{array[tuple(place)]} at {place}", "look for a division by zero")
    return array


def same_length(name: str, found: int, count: int | None) -> None:
    """Refuse arrays that belong together and differ in length; `count` None asks for nothing."""
    if count is not None and found != count:
        _refuse(
            "arrays that belong together have one length", f"{found} {name} for {count} examples", "pass all of them"
        )


def _array(values: Any, name: str) -> NDArray[Any]:
    """`values` as an array; a tensor of PyTorch gives its numbers by itself."""
    if hasattr(values, "detach"):
        values = values.detach()
    try:
        return np.asarray(values)
    except ValueError:
        _refuse(f"{name} form one array", "rows of different lengths", "make all rows equally long")


def _positions(found: list[str], keys: list[str] | None, name: str) -> NDArray[np.int64]:
    """Where in `keys` each of the texts `found` stands."""
    known = sorted(set(found)) if keys is None else keys
    unknown = [value for value in found if value not in known]
    if unknown:
        _refuse("labels are numbers or keys of classes", f"{unknown[0]!r} in {name}", f"use one of {', '.join(known)}")
    return np.array([known.index(value) for value in found], dtype=np.int64)


def _square(array: NDArray[Any], name: str) -> tuple[int, ...]:
    """The shape of square pictures that lie in rows; in colour if that alone gives a square."""
    for channels in (1, 3):
        side = round((array.shape[1] / channels) ** 0.5)
        if side * side * channels == array.shape[1]:
            return (side, side) if channels == 1 else (side, side, 3)
    _refuse(
        "rows of pixels are square pictures unless their shape is told",
        f"{name} with {array.shape[1]} pixels in a row",
        "reshape to (N, height, width)",
    )


def _refuse(rule: str, came: str, remedy: str) -> NoReturn:
    raise ValueError(f"{rule}; got {came}; {remedy}")
