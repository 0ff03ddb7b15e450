"""Optimisers: how the parameters move once the gradient is known.

They see one long vector of parameters and one of gradients, and know nothing of layers. Weight decay is added to the
gradient: it pulls every parameter a little towards zero.
"""

from typing import Protocol

import numpy as np


class Optimiser(Protocol):
    """What the training needs to know of an optimiser."""

    def step(self, rate: float) -> None:
        """Move the parameters against the gradients, by the learning `rate`."""


class _Descent:
    """What all optimisers share: the two vectors, and the gradient with weight decay."""

    def __init__(self, parameters: np.ndarray, gradients: np.ndarray, weight_decay: float = 0.0) -> None:
        self.parameters, self.gradients, self.weight_decay = parameters, gradients, weight_decay

    def slope(self) -> np.ndarray:
        """The gradient, plus weight_decay * parameters."""
        if self.weight_decay:
            self.gradients += self.weight_decay * self.parameters
        return self.gradients


class SGD(_Descent):
    """Stochastic gradient descent, with momentum: steps in a steady direction add up.

        velocity   <- momentum * velocity + slope
        parameters <- parameters - rate * velocity

    With `nesterov`, the slope is taken as if the step along the velocity had been made already: the parameters move by
    rate * (slope + momentum * velocity). Source: I. Sutskever et al., "On the importance of initialization and momentum
    in deep learning", ICML 2013, in the form that needs the gradient at the parameters themselves.
    """

    def __init__(
        self,
        parameters: np.ndarray,
        gradients: np.ndarray,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(parameters, gradients, weight_decay)
        self.momentum, self.nesterov = momentum, nesterov
        self.velocity = np.zeros_like(parameters)

    def step(self, rate: float) -> None:
        slope = self.slope()
        if self.momentum:
            self.velocity *= self.momentum
            self.velocity += slope
            slope = slope + self.momentum * self.velocity if self.nesterov else self.velocity
        self.parameters -= rate * slope


class RMSProp(_Descent):
    """Every parameter has its own step length: the slope over the root of its running mean square.

    Source: G. Hinton, N. Srivastava and K. Swersky, "Neural Networks for Machine Learning", lecture 6e, 2012.
    """

    def __init__(
        self,
        parameters: np.ndarray,
        gradients: np.ndarray,
        weight_decay: float = 0.0,
        square_decay: float = 0.9,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, gradients, weight_decay)
        self.square_decay, self.epsilon = square_decay, epsilon
        self.square = np.zeros_like(parameters)

    def step(self, rate: float) -> None:
        slope = self.slope()
        self.square += (1 - self.square_decay) * (slope**2 - self.square)
        self.parameters -= rate * slope / (np.sqrt(self.square) + self.epsilon)


class Adam(_Descent):
    """RMSProp with a running mean of the slopes in place of the last one.

    Source: D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1.
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
        super().__init__(parameters, gradients, weight_decay)
        self.mean_decay, self.square_decay, self.epsilon = mean_decay, square_decay, epsilon
        self.mean, self.square = np.zeros_like(parameters), np.zeros_like(parameters)
        self.steps = 0

    def step(self, rate: float) -> None:
        slope = self.slope()
        self.steps += 1
        self.mean += (1 - self.mean_decay) * (slope - self.mean)
        self.square += (1 - self.square_decay) * (slope**2 - self.square)
        # Both means start at zero, so at first they are too small by these factors.
        mean = self.mean / (1 - self.mean_decay**self.steps)
        square = self.square / (1 - self.square_decay**self.steps)
        self.parameters -= rate * mean / (np.sqrt(square) + self.epsilon)
