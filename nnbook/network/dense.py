"""The dense layer: every output is a weighted sum of every input, plus a bias."""

import numpy as np

from nnbook.network.arrays import zeros


class Dense:
    """y = x W^T + b, row by row.

    `weights` W is (outputs, inputs): row k holds the weights into neuron k. `biases` b is (outputs,).
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        self.inputs, self.outputs = inputs, outputs
        self.size = outputs * (inputs + 1)

    def bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        self.weights, self.biases = self._views(parameters)
        self.weight_gradients, self.bias_gradients = self._views(gradients)
        self._rows = -1

    def _views(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        split = self.outputs * self.inputs
        return vector[:split].reshape(self.outputs, self.inputs), vector[split:]

    def _allocate(self, rows: int) -> None:
        dtype, self._rows = self.weights.dtype, rows
        self._y = zeros((rows, self.outputs), dtype)
        self._input_gradient = zeros((rows, self.inputs), dtype)
        self._ones = np.ones(rows, dtype)

    def forward(self, x: np.ndarray) -> np.ndarray:
        if len(x) != self._rows:
            self._allocate(len(x))
        self._x = x
        np.matmul(x, self.weights.T, out=self._y)
        self._y += self.biases
        return self._y

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        np.matmul(output_gradient.T, self._x, out=self.weight_gradients)
        # The sum over the examples; as a product with ones it takes a third of the time of `sum` for rows this short.
        np.matmul(self._ones, output_gradient, out=self.bias_gradients)

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        return np.matmul(output_gradient, self.weights, out=self._input_gradient)
