"""Activation functions: what a neuron makes of its weighted sum. Without one, two layers could do no more than one."""

import numpy as np


class _Activation:
    """A function of each number by itself; there are no parameters."""

    size = 0

    def __init__(self, units: int) -> None:
        self.inputs = self.outputs = units
        self._y = np.empty((0, units))

    def bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        self._y = np.empty((0, self.outputs), parameters.dtype)

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        pass

    def _allocate(self, rows: int) -> None:
        self._y = np.empty((rows, self.outputs), self._y.dtype)
        self._slope = np.empty_like(self._y)


class ReLU(_Activation):
    """The rectified linear unit: max(x, 0). Its slope is 1 above zero and 0 below; at zero, 0 is taken."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        if len(x) != len(self._y):
            self._allocate(len(x))
        return np.maximum(x, 0, out=self._y)

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        np.sign(self._y, out=self._slope)
        return np.multiply(output_gradient, self._slope, out=self._slope)


class Sigmoid(_Activation):
    """The logistic function y = 1 / (1 + e^-x): between 0 and 1, with slope y (1 - y)."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        if len(x) != len(self._y):
            self._allocate(len(x))
        # The same function as (1 + tanh(x / 2)) / 2, which can't overflow for any x.
        np.multiply(x, 0.5, out=self._y)
        np.tanh(self._y, out=self._y)
        self._y += 1
        self._y *= 0.5
        return self._y

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        np.subtract(1, self._y, out=self._slope)
        self._slope *= self._y
        self._slope *= output_gradient
        return self._slope
