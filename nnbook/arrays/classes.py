"""Classes: their keys, the labels of examples, probabilities and counts; for the errors see `numbers`."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.arrays.numbers import as_array, is_words, numbers, refuse, same_length, whole

TOLERANCE = 1e-3  # of the sum of a row of probabilities: float16 adds up no better


def labels(
    values: Any, class_keys: Sequence[str] | int | None = None, name: str = "labels", count: int | None = None
) -> NDArray[np.int64]:
    """The number of the class of each example, (N,).

    Args:
        values: whole numbers, as (N,), (N, 1) or one-hot (N, classes), as texts too; or keys of classes.
        class_keys: of all classes, or how many there are; None if the labels themselves tell.
        count: how many labels there must be, as there are so many examples.
    """
    keys = None if class_keys is None or isinstance(class_keys, int) else [str(key) for key in class_keys]
    array = as_array(values, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if is_words(array):
        array = _positions([str(value) for value in array.ravel()], keys, name).reshape(array.shape)
    array = numbers(array, name)
    if array.ndim == 2 and array.shape[1] > 1 and np.isin(array, (0, 1)).all() and (array.sum(axis=1) == 1).all():
        array = array.argmax(axis=1)
    if array.ndim != 1 or not len(array):
        refuse(
            "each example has one label, (N,)",
            f"{name} of shape {np.shape(values)}",
            "pass a flat list of classes, of probabilities their .argmax(axis=1)",
        )
    array = whole(array, name)
    classes = len(keys) if keys is not None else class_keys if isinstance(class_keys, int) else None
    low, high = int(array.min()), int(array.max())
    if low < 0 or (classes is not None and high >= classes):
        rule = f"classes are numbered from 0{f' to {classes - 1}' if classes else ''}"
        shifted = low == 1 and high == classes
        refuse(rule, f"{name} from {low} to {high}", f"pass {name} - 1" if shifted else "pass the numbers of classes")
    same_length(name, len(array), count)
    return array


def keys_in(values: Any) -> list[str] | None:
    """The keys that labels in words use, in alphabetical order; None if these labels are numbers."""
    found = (
        sorted({str(value) for value in as_array(values, "labels").ravel()})
        if is_words(as_array(values, "labels"))
        else []
    )
    return found if any(not key.isdecimal() for key in found) else None


def probabilities(values: Any, name: str = "probabilities", count: int | None = None) -> NDArray[np.float64]:
    """How probable each class is for each example, (N, classes), rows that add up to one."""
    array = numbers(values, name).astype(np.float64)
    if array.ndim != 2 or array.shape[1] < 2 or not len(array):
        refuse(
            "probabilities are (N, classes), a row for each example",
            f"{name} of shape {np.shape(values)}",
            "pass what predict_proba or softmax gives",
        )
    sums = array.sum(axis=1)
    if array.min() < 0 or (np.abs(sums - 1) > TOLERANCE).any():
        worst = int(np.abs(sums - 1).argmax())
        refuse(
            "probabilities are not negative and add up to one in each row",
            f"{name} from {array.min():g} to {array.max():g}, row {worst} adding up to {sums[worst]:g}",
            "if these are scores (logits), pass them through a softmax first",
        )
    same_length(name, len(array), count)
    return array


def counts(values: Any, classes: int | None = None, name: str = "confusion") -> NDArray[np.int64]:
    """A confusion matrix, (classes, classes): whole numbers, a row for each true class."""
    array = numbers(values, name)
    wanted = (classes or len(np.atleast_1d(array)),) * 2
    if array.shape != wanted or not array.size or (array != np.rint(array)).any() or array.min() < 0:
        refuse(
            "a confusion matrix holds whole numbers, a row and a column for each class",
            f"{array.dtype} of shape {array.shape}{f' for {classes} class keys' if classes else ''}",
            "pass counts of (true class, predicted class)",
        )
    return array.astype(np.int64)


def class_keys(values: Any, count: int | None = None, name: str = "class_keys") -> tuple[str, ...]:
    """The keys of the classes as texts; numbered from 0 if there are none and `count` says how many are needed."""
    if values is None or isinstance(values, (int, np.integer)):
        values = range((count or 0) if values is None else int(values))
    if not isinstance(values, Iterable):
        refuse("class keys are a list with a key for each class", f"{name} {values!r}", "pass such a list")
    keys = tuple(str(key) for key in values)
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        refuse("every class has a key of its own", f"{twice!r} twice in {name}", "make them differ")
    if (count is not None and len(keys) != count) or not keys:
        wanted = count or "all"
        refuse("every class has one key", f"{len(keys)} {name} for {wanted} classes", f"pass {wanted} of them")
    return keys


def class_number(value: Any, class_keys: Sequence[str]) -> int:
    """The number of a class that is given by its key or by its number."""
    keys = list(class_keys)
    if isinstance(value, str) and value in keys:
        return keys.index(value)
    if isinstance(value, (int, np.integer)) and 0 <= value < len(keys):
        return int(value)
    refuse(
        "a class is given by its key or its number",
        repr(value),
        f"choose one of {', '.join(keys)} or 0 to {len(keys) - 1}",
    )


def _positions(found: list[str], keys: list[str] | None, name: str) -> NDArray[np.int64]:
    """Where in `keys` each of the texts `found` stands; without keys, the whole numbers that they write."""
    if keys is None and all(value.isdecimal() for value in found):
        return np.array(found, dtype=np.int64)
    known = [] if keys is None else keys
    unknown = next((value for value in found if value not in known), None)
    if unknown is not None:
        remedy = f"use one of {', '.join(known)}" if known else "pass numbers, or class_keys where they are taken"
        refuse("labels are numbers or keys of classes", f"{unknown!r} in {name}", remedy)
    return np.array([known.index(value) for value in found], dtype=np.int64)
