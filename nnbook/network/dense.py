"""The dense layer: every output is a weighted sum of every input, plus a bias."""

import math

import numpy as np

from nnbook.network.layers import Layer, Shape


class Dense(Layer):
    """y = x W^T + b, row by row.

    `weights` W is (outputs, inputs): row k holds the weights into neuron k. `biases` b is (outputs,). An image is
    unrolled into one row of inputs.
    """

    weights: np.ndarray
    biases: np.ndarray

    def __init__(self, input_shape: Shape, outputs: float) -> None:
        super().__init__(input_shape)
        self.inputs, self.outputs = math.prod(input_shape), int(outputs)
        self.output_shape = (self.outputs,)
        self.parameters = {"weights": (self.outputs, self.inputs), "biases": (self.outputs,)}

    def start_randomly(self, rng: np.random.Generator, scale: float) -> None:
        """Draw weights from a normal distribution of standard deviation `scale` * sqrt(2 / inputs); biases are zero.

        With a scale of 1, ReLU layers hand on sums of the same size from first to last. Source: K. He et al.,
        "Delving Deep into Rectifiers", ICCV 2015.
        """
        self.weights[...] = scale * np.sqrt(2 / self.inputs) * rng.standard_normal(self.weights.shape)
        self.biases[...] = 0

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        self.x = x.reshape(len(x), self.inputs)
        return self.x @ self.weights.T + self.biases

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        np.matmul(output_gradient.T, self.x, out=self.gradients["weights"])
        np.sum(output_gradient, axis=0, out=self.gradients["biases"])

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        return (output_gradient @ self.weights).reshape(-1, *self.input_shape)
