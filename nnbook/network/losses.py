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
        # One row a class: NumPy adds ten long rows much faster than many rows of ten.
        scores = self._transposed(outputs)
        largest_or_sum = np.maximum.reduce(scores, axis=0, out=self._row, keepdims=True)
        scores -= largest_or_sum
        true_scores = np.vdot(scores.T, targets)
        np.exp(scores, out=scores)
        np.add.reduce(scores, axis=0, out=largest_or_sum, keepdims=True)
        scores /= largest_or_sum
        gradient = scores.T
        gradient -= targets
        gradient *= 1 / len(outputs)
        value = (np.log(largest_or_sum).sum() - true_scores) / len(outputs)
        return float(value), gradient

    def _transposed(self, outputs: np.ndarray) -> np.ndarray:
        if self._by_class.T.shape != outputs.shape or self._by_class.dtype != outputs.dtype:
            self._by_class = np.empty(outputs.T.shape, outputs.dtype)
            self._row = np.empty((1, len(outputs)), outputs.dtype)
        np.copyto(self._by_class, outputs.T)
        return self._by_class


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
