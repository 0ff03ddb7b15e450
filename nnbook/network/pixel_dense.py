"""A dense layer for images as they are stored, one byte a pixel."""

import numpy as np

from nnbook.network.arrays import zeros
from nnbook.network.dense import Dense
from nnbook.network.products import by_columns, by_rows, pieces


class PixelDense(Dense):
    """y = W (x / 255 - centre) + b, with x from 0 to 255; `centre` (inputs,) is zero if not given.

    To divide and centre every pixel of every batch would take longer than the matrix product. The same comes out of
    arrays that are a hundred times smaller: not the pixels are divided but their weighted sums, and the centre rides
    along as one more example, whose sum W centre is then subtracted from all the others.

    It is a first layer: its gradient by the inputs means x / 255, and nobody asks for it.
    """

    def __init__(self, inputs: int, outputs: int, centre: np.ndarray | None = None) -> None:
        super().__init__(inputs, outputs)
        self.centre = centre

    def _allocate(self, rows: int) -> None:
        super()._allocate(rows)
        dtype, total = self.weights.dtype, rows if self.centre is None else rows + 1
        self._pixels = zeros((total, self.inputs), dtype)
        self._sums = zeros((total, self.outputs), dtype)
        self._sum_gradients = zeros((total, self.outputs), dtype)
        if self.centre is not None:
            self._pixels[rows] = 255 * self.centre
        self._example_pixels = self._pixels[:rows]
        self._example_sums, self._example_gradients = self._sums[:rows], self._sum_gradients[:rows]
        self._cut_into_pieces()

    def _cut_into_pieces(self) -> None:
        """Prepare views of the large arrays, through which the two products run (see products.py)."""
        multiplications = self._pixels.size * self.outputs
        count = pieces(len(self._pixels), multiplications)
        self._pixel_rows, self._sum_rows = by_rows(self._pixels, count), by_rows(self._sums, count)
        count = pieces(self.inputs, multiplications)
        self._pixel_columns = by_columns(self._pixels, count)
        self._gradient_columns = by_columns(self.weight_gradients, count)

    def forward(self, x: np.ndarray) -> np.ndarray:
        if len(x) != self._rows:
            self._allocate(len(x))
        np.copyto(self._example_pixels, x)
        np.matmul(self._pixel_rows, self.weights.T, out=self._sum_rows)
        self._sums *= 1 / 255
        shift = self.biases if self.centre is None else self.biases - self._sums[-1]
        return np.add(self._example_sums, shift, out=self._y)

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        np.matmul(self._ones, output_gradient, out=self.bias_gradients)
        np.multiply(output_gradient, 1 / 255, out=self._example_gradients)
        if self.centre is not None:
            np.multiply(self.bias_gradients, -1 / 255, out=self._sum_gradients[-1])
        np.matmul(self._sum_gradients.T, self._pixel_columns, out=self._gradient_columns)

    def folded_biases(self) -> np.ndarray:
        """The biases (outputs,) for inputs that are not centred: W (x - centre) + b = W x + (b - W centre)."""
        return self.biases.copy() if self.centre is None else self.biases - self.weights @ self.centre
