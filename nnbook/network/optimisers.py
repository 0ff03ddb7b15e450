"""Optimisers: how the parameters move once the gradient is known.

They see one long vector of parameters and one of gradients, and know nothing of layers. The vectors are worked
through in pieces that stay in the processor's fast memory while they are read and written several times. The
gradients serve as scratch paper: after a step they mean nothing.
"""

from typing import Protocol

import numpy as np

from nnbook.network.arrays import zeros

PIECE = 16_384


class Optimiser(Protocol):
    """What the training needs to know of an optimiser."""

    def step(self, rate: float) -> None:
        """Move the parameters against the gradients, by the learning `rate`."""


def _pieces(*vectors: np.ndarray) -> list[tuple[np.ndarray, ...]]:
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
        self, parameters: np.ndarray, gradients: np.ndarray, momentum: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        self.momentum, self.weight_decay = momentum, weight_decay
        self._pieces = _pieces(parameters, gradients, zeros(parameters.shape, parameters.dtype))

    def step(self, rate: float) -> None:
        if self.momentum:
            self._step_with_momentum(rate)
            return
        for parameters, gradients, _ in self._pieces:
            if self.weight_decay:
                parameters *= 1 - rate * self.weight_decay
            gradients *= rate
            parameters -= gradients

    def _step_with_momentum(self, rate: float) -> None:
        for parameters, gradients, velocity in self._pieces:
            velocity *= self.momentum
            velocity += gradients
            if self.weight_decay:
                velocity += np.multiply(parameters, self.weight_decay, out=gradients)
            parameters -= np.multiply(velocity, rate, out=gradients)


class Adam:
    """Every parameter has its own step length: the gradient's running mean over the root of its running mean square.

    Weight decay is added to the gradient, as in `SGD`. Source: D. P. Kingma and J. Ba, "Adam: A Method for Stochastic
    Optimization", ICLR 2015, algorithm 1.
    """

    def __init__(
        self,
        parameters: np.ndarray,
        gradients: np.ndarray,
        weight_decay: float = 0.0,
        mean_decay: float = 0.9,
        square_decay: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        self.weight_decay, self.epsilon = weight_decay, epsilon
        self.mean_decay, self.square_decay = mean_decay, square_decay
        self.steps = 0
        means, squares, scratch = (zeros(parameters.shape, parameters.dtype) for _ in range(3))
        self._pieces = _pieces(parameters, gradients, means, squares, scratch)

    def step(self, rate: float) -> None:
        self.steps += 1
        # Both means start at zero, so at first they are too small by these factors.
        mean_correction = 1 - self.mean_decay**self.steps
        square_correction = 1 - self.square_decay**self.steps
        for parameters, gradients, means, squares, scratch in self._pieces:
            if self.weight_decay:
                gradients += np.multiply(parameters, self.weight_decay, out=scratch)
            _follow(means, gradients, self.mean_decay, scratch)
            np.square(gradients, out=gradients)
            _follow(squares, gradients, self.square_decay, scratch)
            np.multiply(squares, 1 / square_correction, out=scratch)
            np.sqrt(scratch, out=scratch)
            scratch += self.epsilon
            np.divide(means, scratch, out=scratch)
            scratch *= rate / mean_correction
            parameters -= scratch


def _follow(mean: np.ndarray, values: np.ndarray, decay: float, scratch: np.ndarray) -> None:
    """Move a running `mean` towards new `values`, by the share 1 - `decay`."""
    mean *= decay
    mean += np.multiply(values, 1 - decay, out=scratch)
