"""Activation functions: what a neuron makes of its weighted sum. Without one, two layers could do no more than one.

Each is a line of its own and its slope in the next; the slope is told by the outputs y alone.
"""

import numpy as np

from nnbook.network.layers import Layer


class Activation(Layer):
    """A function of each number by itself; there are no parameters."""

    is_activation = True

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        self.y = self.function(x)
        return self.y

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        return output_gradient * self.slope(self.y)

    def function(self, x: np.ndarray) -> np.ndarray:
        """The outputs y for the sums `x`."""
        raise NotImplementedError

    def slope(self, y: np.ndarray) -> np.ndarray:
        """How fast the function grows where its outputs are `y`."""
        raise NotImplementedError


class ReLU(Activation):
    """The rectified linear unit: nothing below zero, everything above. At zero itself the slope 0 is taken."""

    def function(self, x: np.ndarray) -> np.ndarray:
        return np.maximum(x, 0)

    def slope(self, y: np.ndarray) -> np.ndarray:
        return y > 0


class Sigmoid(Activation):
    """The logistic function 1 / (1 + e^-x), between 0 and 1."""

    def function(self, x: np.ndarray) -> np.ndarray:
        return (1 + np.tanh(x / 2)) / 2  # the same function, written so that it can't overflow for any x

    def slope(self, y: np.ndarray) -> np.ndarray:
        return y * (1 - y)


class Tanh(Activation):
    """The hyperbolic tangent: the sigmoid, stretched to run from -1 to 1."""

    def function(self, x: np.ndarray) -> np.ndarray:
        return np.tanh(x)

    def slope(self, y: np.ndarray) -> np.ndarray:
        return 1 - y**2
