"""How good is a classifier, and where does it go wrong? Arrays in, arrays out; see `arrays` for what is taken, and for
the errors.

In a confusion matrix, row k counts the examples whose true class is k, column k those that were predicted to be k.
"""

import numpy as np

from nnbook import arrays
from nnbook.network.losses import softmax as softmax


@arrays.taken()
def accuracy(predictions: np.ndarray, labels: np.ndarray) -> float:
    """The share, from 0 to 1, of `predictions` (N,) that equal `labels` (N,)."""
    return float(np.mean(predictions == labels))


@arrays.taken(classes="class_count")
def confusion_matrix(predictions: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Counts (classes, classes), int64: how often each true class (row) got each prediction (column).

    Args:
        predictions, labels: (N,).
        classes: how many there are, or their keys.
    """
    cells = labels * classes + predictions
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


@arrays.taken()
def shares(confusion: np.ndarray, normalise: str) -> np.ndarray:
    """`confusion` (classes, classes) as shares: of each true class ("true"), predicted class ("pred"), or of "all".

    Where nothing was counted the shares are 0, as in scikit-learn.
    """
    if normalise not in ("true", "pred", "all"):
        raise ValueError(f"counts are shared by true, pred or all; got {normalise!r}; choose one of them, or None")
    axis = {"true": 1, "pred": 0, "all": None}[normalise]
    return np.asarray(confusion / np.maximum(confusion.sum(axis=axis, keepdims=True), 1))


@arrays.taken()
def recall(confusion: np.ndarray) -> np.ndarray:
    """For each class, the share of its examples that were recognised, (classes,); NaN for a class without examples."""
    return _share_of_diagonal(confusion, confusion.sum(axis=1))


@arrays.taken()
def precision(confusion: np.ndarray) -> np.ndarray:
    """For each class, the share of its predictions that were right, (classes,); NaN for a class never predicted."""
    return _share_of_diagonal(confusion, confusion.sum(axis=0))


@arrays.taken()
def largest_confusions(confusion: np.ndarray, count: int) -> list[tuple[int, int, int]]:
    """The `count` largest cells off the diagonal, as (actual, predicted, examples); ties by row, then column."""
    mistakes = confusion.copy()
    np.fill_diagonal(mistakes, -1)
    order = np.argsort(-mistakes, axis=None, kind="stable")[: min(count, mistakes.size - len(mistakes))]
    rows, columns = np.unravel_index(order, mistakes.shape)
    return [(int(row), int(column), int(mistakes[row, column])) for row, column in zip(rows, columns, strict=True)]


@arrays.taken()
def most_confident(
    probabilities: np.ndarray, labels: np.ndarray, actual: int, predicted: int, count: int | None = None
) -> np.ndarray:
    """Indices of the examples of class `actual` that were predicted to be `predicted`, the most certain first.

    `probabilities` is (N, classes), `labels` (N,). At most `count` indices come back, ordered by falling
    probability of the predicted class, ties by index.
    """
    chosen = np.flatnonzero((labels == actual) & (probabilities.argmax(axis=1) == predicted))
    order = np.argsort(-probabilities[chosen, predicted], kind="stable")
    return chosen[order[:count]]


def _share_of_diagonal(confusion: np.ndarray, totals: np.ndarray) -> np.ndarray:
    shares = np.full(len(confusion), np.nan)
    return np.divide(confusion.diagonal(), totals, out=shares, where=totals > 0)
