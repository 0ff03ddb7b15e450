"""Layers: each is a function with parameters, and knows how to pass gradients back through itself.

`forward` computes the outputs from the inputs. `backward` receives the gradient of the loss with respect to the outputs,
stores the gradient with respect to the layer's own parameters, and returns the one with respect to its inputs, which is the
next layer's (seen from the end) turn: that is all of backpropagation.

A row is an example. Every array is allocated once for a number of rows and then reused, so what `forward` or `backward`
returns is valid until the next call of the same method.
"""

from typing import Protocol

import numpy as np

from nnbook.network.buffers import Buffers, FloatArray


class Layer(Protocol):
    """What a network needs to know of a layer."""

    inputs: int
    outputs: int

    @property
    def size(self) -> int:
        """How many parameters the layer has."""

    def bind(self, parameters: FloatArray, gradients: FloatArray) -> None:
        """Keep the parameters and their gradients in these two vectors (size,) of the network."""

    def forward(self, x: np.ndarray) -> FloatArray:
        """Inputs `x` (N, inputs) to outputs (N, outputs)."""

    def backward(self, output_gradient: FloatArray, with_input_gradient: bool = True) -> FloatArray | None:
        """Gradient by the outputs (N, outputs) to gradient by the inputs (N, inputs), or None if not wanted."""


class Dense:
    """Every output is a weighted sum of every input, plus a bias: y = x W^T + b.

    `weights` is (outputs, inputs): row k holds the weights into neuron k. `biases` is (outputs,).
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        self.inputs, self.outputs = inputs, outputs
        self._buffers = Buffers()

    @property
    def size(self) -> int:
        return self.outputs * (self.inputs + 1)

    def bind(self, parameters: FloatArray, gradients: FloatArray) -> None:
        self.weights, self.biases = self._views(parameters)
        self.weight_gradients, self.bias_gradients = self._views(gradients)

    def _views(self, vector: FloatArray) -> tuple[FloatArray, FloatArray]:
        split = self.outputs * self.inputs
        return vector[:split].reshape(self.outputs, self.inputs), vector[split:]

    def forward(self, x: FloatArray) -> FloatArray:
        y = self._buffers.get("y", (len(x), self.outputs), self.weights.dtype)
        np.matmul(x, self.weights.T, out=y)
        y += self.biases
        self._x = x
        return y

    def backward(self, output_gradient: FloatArray, with_input_gradient: bool = True) -> FloatArray | None:
        np.matmul(output_gradient.T, self._x, out=self.weight_gradients)
        self._sum_over_examples(output_gradient, out=self.bias_gradients)
        if not with_input_gradient:
            return None
        input_gradient = self._buffers.get("input gradient", self._x.shape, self.weights.dtype)
        return np.matmul(output_gradient, self.weights, out=input_gradient)

    def _sum_over_examples(self, rows: FloatArray, out: FloatArray) -> None:
        # A product with ones is three times as fast as `rows.sum(axis=0)` for rows this short.
        np.matmul(self._buffers.ones(len(rows), rows.dtype), rows, out=out)


class PixelDense(Dense):
    """A dense layer that reads bytes: y = W (x / 255 - centre) + b, with x from 0 to 255.

    Dividing and centring every pixel of every batch would cost as much as the matrix product itself. The same result comes
    from arrays that are a hundred times smaller: the sums are divided, not the pixels; and the centre rides along as one more
    example, whose sum W centre is then subtracted from all the others.

    `centre` is (inputs,), in units of x / 255; zeros if not given.
    """

    def __init__(self, inputs: int, outputs: int, centre: np.ndarray | None = None) -> None:
        super().__init__(inputs, outputs)
        self.centre = np.zeros(inputs) if centre is None else np.asarray(centre, dtype=np.float64)

    def forward(self, x: np.ndarray) -> FloatArray:
        dtype, count = self.weights.dtype, len(x)
        rows = self._rows_with_centre(x)
        sums = self._buffers.get("sums", (count + 1, self.outputs), dtype)
        np.matmul(rows, self.weights.T, out=sums)
        sums *= 1 / 255
        y = sums[:count]
        y += self.biases - sums[count]
        self._x = x
        return y

    def _rows_with_centre(self, x: np.ndarray) -> FloatArray:
        count, shape = len(x), (len(x) + 1, self.inputs)
        rows = self._buffers.get(
            "rows", shape, self.weights.dtype, lambda rows: np.multiply(255, self.centre, out=rows[-1])
        )
        rows[:count] = x
        self._rows = rows
        return rows

    def backward(self, output_gradient: FloatArray, with_input_gradient: bool = True) -> FloatArray | None:
        count, dtype = len(output_gradient), self.weights.dtype
        self._sum_over_examples(output_gradient, out=self.bias_gradients)
        sum_gradients = self._buffers.get("sum gradients", (count + 1, self.outputs), dtype)
        np.multiply(output_gradient, 1 / 255, out=sum_gradients[:count])
        np.multiply(self.bias_gradients, -1 / 255, out=sum_gradients[count])
        np.matmul(sum_gradients.T, self._rows, out=self.weight_gradients)
        if not with_input_gradient:
            return None
        input_gradient = self._buffers.get("input gradient", self._x.shape, dtype)
        return np.matmul(sum_gradients[:count], self.weights, out=input_gradient)


class ReLU:
    """Rectified linear unit: negative inputs become zero, others pass."""

    size = 0

    def __init__(self, units: int) -> None:
        self.inputs = self.outputs = units
        self._buffers = Buffers()

    def bind(self, parameters: FloatArray, gradients: FloatArray) -> None:
        """Nothing to keep: there are no parameters."""

    def forward(self, x: FloatArray) -> FloatArray:
        self._y = np.maximum(x, 0, out=self._buffers.get("y", x.shape, x.dtype))
        return self._y

    def backward(self, output_gradient: FloatArray, with_input_gradient: bool = True) -> FloatArray | None:
        if not with_input_gradient:
            return None
        passed = np.greater(self._y, 0, out=self._buffers.get("passed", self._y.shape, np.dtype(bool)))
        input_gradient = self._buffers.get("input gradient", self._y.shape, self._y.dtype)
        return np.multiply(output_gradient, passed, out=input_gradient)


class Sigmoid:
    """The logistic function 1 / (1 + e^-x): every output lies between 0 and 1, with slope y (1 - y)."""

    size = 0

    def __init__(self, units: int) -> None:
        self.inputs = self.outputs = units
        self._buffers = Buffers()

    def bind(self, parameters: FloatArray, gradients: FloatArray) -> None:
        """Nothing to keep: there are no parameters."""

    def forward(self, x: FloatArray) -> FloatArray:
        # The same function as (1 + tanh(x / 2)) / 2, which can't overflow for any x.
        y = self._buffers.get("y", x.shape, x.dtype)
        np.multiply(x, 0.5, out=y)
        np.tanh(y, out=y)
        y += 1
        y *= 0.5
        self._y = y
        return y

    def backward(self, output_gradient: FloatArray, with_input_gradient: bool = True) -> FloatArray | None:
        if not with_input_gradient:
            return None
        slope = np.subtract(1, self._y, out=self._buffers.get("input gradient", self._y.shape, self._y.dtype))
        slope *= self._y
        slope *= output_gradient
        return slope
