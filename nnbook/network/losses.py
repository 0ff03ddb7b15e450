"""Losses: one number that says how wrong the outputs are, and its gradient, which says how to change them.

Outputs and targets are (N, classes); a target is 1 at the true class and 0 elsewhere ("one-hot"). Value and
gradient are those of the mean over the N examples.
"""

from typing import Protocol

import numpy as np


class Loss(Protocol):
    """What the training needs to know of a loss."""

    def value_and_gradient(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """The mean loss, and its gradient by `outputs`, (N, classes)."""


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores (N, classes) to probabilities of the same shape: e^score, divided by its sum over the classes."""
    # Subtracting the largest score changes no quotient, and keeps e^score from overflowing.
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


class SoftmaxCrossEntropy:
    """Minus the logarithm of the probability that the softmax of the scores gives to the true class.

    Softmax and logarithm belong together: the gradient by the scores is then (probability - target) / N.
    """

    def value_and_gradient(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        scores = outputs - outputs.max(axis=1, keepdims=True)  # for the same reason as in the softmax
        powers = np.exp(scores)
        totals = powers.sum(axis=1, keepdims=True)
        value = (np.log(totals).sum() - np.vdot(scores, targets)) / len(outputs)
        return float(value), (powers / totals - targets) / len(outputs)


class MeanSquaredError:
    """The squared difference between output and target, added over the classes."""

    def value_and_gradient(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        difference = outputs - targets
        return float(np.vdot(difference, difference)) / len(outputs), difference * (2 / len(outputs))
