"""Optimisers: how the parameters move when the gradient is known.

They see one long vector of parameters and one of gradients, and know nothing of layers. The vectors are worked through in pieces
that fit into the processor's fastest memory, because every piece is read and written several times.
"""

from typing import Protocol

import numpy as np

from nnbook.network.buffers import FloatArray

PIECE = 16_384


class Optimiser(Protocol):
    """What the training needs to know of an optimiser."""

    def step(self, rate: float) -> None:
        """Move the parameters against the gradients, by the learning `rate`."""


def _pieces(*vectors: FloatArray) -> list[tuple[FloatArray, ...]]:
    """The same pieces of several vectors of one length, side by side."""
    starts = range(0, len(vectors[0]), PIECE)
    return [tuple(vector[start : start + PIECE] for vector in vectors) for start in starts]


class SGD:
    """Stochastic gradient descent with momentum and weight decay.

        velocity   <- momentum * velocity + gradient + weight_decay * parameters
        parameters <- parameters - rate * velocity

    Momentum lets steps in a steady direction add up; weight decay pulls every parameter a little towards zero.
    """

    def __init__(
        self, parameters: FloatArray, gradients: FloatArray, momentum: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        self.momentum, self.weight_decay = momentum, weight_decay
        scratch = np.empty_like(parameters[:PIECE])
        # Without momentum the velocity is the gradient itself.
        velocity = np.zeros_like(parameters) if momentum else gradients
        self._pieces = [(*piece, scratch[: len(piece[0])]) for piece in _pieces(parameters, gradients, velocity)]

    def step(self, rate: float) -> None:
        for parameters, gradients, velocity, scratch in self._pieces:
            if self.momentum:
                velocity *= self.momentum
                velocity += gradients
            if self.weight_decay:
                np.multiply(parameters, self.weight_decay, out=scratch)
                velocity += scratch
            np.multiply(velocity, rate, out=scratch)
            parameters -= scratch


class Adam:
    """Every parameter gets its own step length: the gradient's running mean over the root of its running mean square.

    Source: D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1. Weight decay is
    added to the gradient, as in `SGD`.
    """

    def __init__(
        self,
        parameters: FloatArray,
        gradients: FloatArray,
        weight_decay: float = 0.0,
        mean_decay: float = 0.9,
        square_decay: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        self.weight_decay, self.epsilon = weight_decay, epsilon
        self.mean_decay, self.square_decay = mean_decay, square_decay
        self.steps = 0
        means, squares = np.zeros_like(parameters), np.zeros_like(parameters)
        scratch = np.empty_like(parameters[:PIECE])
        self._pieces = [(*piece, scratch[: len(piece[0])]) for piece in _pieces(parameters, gradients, means, squares)]

    def step(self, rate: float) -> None:
        self.steps += 1
        # Both means start at zero; these factors correct for that in the first steps.
        mean_correction = 1 - self.mean_decay**self.steps
        square_correction = 1 - self.square_decay**self.steps
        for parameters, gradients, means, squares, scratch in self._pieces:
            if self.weight_decay:
                np.multiply(parameters, self.weight_decay, out=scratch)
                gradients += scratch
            self._update_means(gradients, means, squares, scratch)
            np.divide(squares, square_correction, out=scratch)
            np.sqrt(scratch, out=scratch)
            scratch += self.epsilon
            np.divide(means, scratch, out=scratch)
            scratch *= rate / mean_correction
            parameters -= scratch

    def _update_means(self, gradients: FloatArray, means: FloatArray, squares: FloatArray, scratch: FloatArray) -> None:
        means *= self.mean_decay
        np.multiply(gradients, 1 - self.mean_decay, out=scratch)
        means += scratch
        squares *= self.square_decay
        np.multiply(gradients, gradients, out=scratch)
        scratch *= 1 - self.square_decay
        squares += scratch
