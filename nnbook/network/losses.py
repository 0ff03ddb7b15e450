"""Losses: one number that says how wrong the outputs are, and its gradient, which says how to change them.

Outputs and targets are (N, classes); a target is 1 at the true class and 0 elsewhere ("one-hot"). Value and
gradient are those of the mean over the N examples.
"""

from typing import Protocol

import numpy as np


class Loss(Protocol):
    """What the training needs to know of a loss."""

    def value_and_gradient(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """The mean loss, and its gradient by `outputs`, (N, classes), which is valid until the next call."""


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores (N, classes) to probabilities of the same shape: e^score, divided by its sum over the classes."""
    # Subtracting the largest score changes no quotient, and keeps e^score from overflowing.
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


class SoftmaxCrossEntropy:
    """Minus the logarithm of the probability that the softmax of the scores gives to the true class.

    Softmax and logarithm belong together: the gradient by the scores is then simply (probability - target) / N.
    """

    def __init__(self) -> None:
        self._by_class = np.empty((0, 0))

    def value_and_gradient(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        count = len(outputs)
        scores, row = self._one_row_a_class(outputs)
        scores -= np.maximum.reduce(scores, axis=0, out=row, keepdims=True)
        true_scores = np.vdot(scores, targets.T)
        powers = np.exp(scores, out=scores)
        powers /= np.add.reduce(powers, axis=0, out=row, keepdims=True)
        value = (np.log(row, out=row).sum() - true_scores) / count
        gradient = powers.T
        gradient -= targets
        gradient *= 1 / count
        return float(value), gradient

    def _one_row_a_class(self, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The outputs as (classes, N), which NumPy adds and compares much faster than rows of ten; and a row (1, N)."""
        if self._by_class.T.shape != outputs.shape or self._by_class.dtype != outputs.dtype:
            self._by_class = np.empty(outputs.T.shape, outputs.dtype)
            self._row = np.empty((1, len(outputs)), outputs.dtype)
        np.copyto(self._by_class, outputs.T)
        return self._by_class, self._row


class MeanSquaredError:
    """The squared difference between output and target, added over the classes."""

    def __init__(self) -> None:
        self._gradient = np.empty((0, 0))

    def value_and_gradient(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        if self._gradient.shape != outputs.shape or self._gradient.dtype != outputs.dtype:
            self._gradient = np.empty_like(outputs)
        difference = np.subtract(outputs, targets, out=self._gradient)
        value = float(np.vdot(difference, difference)) / len(outputs)
        difference *= 2 / len(outputs)
        return value, difference
