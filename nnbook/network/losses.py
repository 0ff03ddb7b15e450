"""Losses: one number that says how wrong the outputs are, and its gradient, which says how to change them.

Outputs and targets are (N, classes); a target is 1 at the true class and 0 elsewhere ("one-hot"). Both the value and the
gradient are those of the mean over the N examples.
"""

from typing import Protocol

import numpy as np

from nnbook.network.buffers import Buffers, FloatArray


class Loss(Protocol):
    """What the training needs to know of a loss."""

    def value(self, outputs: FloatArray, targets: FloatArray) -> float:
        """The mean loss of `outputs` (N, classes) against `targets` (N, classes)."""

    def gradient(self, outputs: FloatArray, targets: FloatArray) -> FloatArray:
        """Its gradient by `outputs`, (N, classes); valid until the next call."""


def softmax(scores: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """Scores (N, classes) to probabilities of the same shape: e^score, divided by its sum over the classes."""
    # Subtracting the largest score changes no quotient, and keeps e^score from overflowing.
    out = np.subtract(scores, scores.max(axis=1, keepdims=True), out=out)
    np.exp(out, out=out)
    out /= out.sum(axis=1, keepdims=True)
    return out


class SoftmaxCrossEntropy:
    """Minus the logarithm of the probability that the softmax of the scores gives to the true class.

    Softmax and logarithm belong together: the gradient by the scores is then simply (probability - target) / N.
    """

    def __init__(self) -> None:
        self._buffers = Buffers()

    def value(self, outputs: FloatArray, targets: FloatArray) -> float:
        shifted = outputs - outputs.max(axis=1, keepdims=True)
        true_scores = np.einsum("nk,nk->n", shifted, targets)
        return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - true_scores))

    def gradient(self, outputs: FloatArray, targets: FloatArray) -> FloatArray:
        gradient = softmax(outputs, out=self._buffers.get("gradient", outputs.shape, outputs.dtype))
        gradient -= targets
        gradient *= 1 / len(outputs)
        return gradient


class MeanSquaredError:
    """The squared difference between output and target, added over the classes."""

    def __init__(self) -> None:
        self._buffers = Buffers()

    def value(self, outputs: FloatArray, targets: FloatArray) -> float:
        return float(np.mean(np.sum((outputs - targets) ** 2, axis=1)))

    def gradient(self, outputs: FloatArray, targets: FloatArray) -> FloatArray:
        gradient = self._buffers.get("gradient", outputs.shape, outputs.dtype)
        np.subtract(outputs, targets, out=gradient)
        gradient *= 2 / len(outputs)
        return gradient
