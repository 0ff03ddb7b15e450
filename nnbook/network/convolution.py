"""The convolution: one small filter at every place of an image, and what it finds there as a map.

A filter is a dense neuron that sees a window of the image. Its weights are the same wherever the window stands, so a
pattern that is learnt in one place is known in all others.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from nnbook.network.layers import Layer, Shape
from nnbook.network.maps import batch_first, batch_last


class Convolution(Layer):
    """y[f] at row r and column c = sum over i, j, k of weights[f, i, j, k] x[r + i, c + j, k], plus biases[f].

    `weights` is (filters, height, width, channels) with odd height and width: for each filter a window with a slice for
    each channel. `biases` is (filters,). Rows and columns are counted so that the middle of the window stands at the
    output's place; outside of the image are zeros, so a map is as large as the image. What comes out is
    (N, rows, columns, filters): the maps are the channels of the next layer.

    The function `convolved` says the same in three lines. Here, each row of the inputs is written down `width` times,
    shifted by a column each time. Of these, any `height` rows in a row are a matrix of windows, to be multiplied as it
    lies; the height * width copies of each pixel that are usual are never made. See also `maps`.
    """

    weights: np.ndarray
    biases: np.ndarray

    def __init__(self, input_shape: Shape, height: float, width: float, filters: float) -> None:
        super().__init__(input_shape)
        if len(input_shape) not in (2, 3) or not height % 2 or not width % 2:
            raise ValueError(
                "a convolution has a filter with odd sides, over images of rows, columns and perhaps channels; got "
                f"{height:g}x{width:g} over {input_shape}; use one such as 5x5x8 before the first dense layer"
            )
        rows, columns, channels = (*input_shape, 1)[:3]
        self.filters, self.height, self.width, self.channels = int(filters), int(height), int(width), channels
        self.output_shape = (rows, columns, self.filters)
        self.parameters = {"weights": (self.filters, self.height, self.width, channels), "biases": (self.filters,)}
        self._scratch: dict[str, np.ndarray] = {}  # what `_windows` writes into, by purpose

    def start_randomly(self, rng: np.random.Generator, scale: float) -> None:
        """As for a dense layer with the inputs of one window."""
        inputs = self.height * self.width * self.channels
        self.weights[...] = scale * np.sqrt(2 / inputs) * rng.standard_normal(self.weights.shape)
        self.biases[...] = 0

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        x = batch_last(x.reshape(len(x), *self.output_shape[:2], self.channels))
        self.windows = self._windows(x, "inputs")
        y = self.weights.reshape(self.filters, -1) @ self.windows
        y += self.biases[:, np.newaxis]
        return batch_first(y.reshape(*y.shape[:2], self.output_shape[1], -1))

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        gradient = batch_last(output_gradient).reshape(len(self.windows), self.filters, -1)
        by_row = self.windows @ gradient.transpose(0, 2, 1)  # this way round, BLAS is twice as fast with few filters
        self.gradients["weights"][...] = by_row.sum(axis=0).T.reshape(self.weights.shape)
        np.sum(gradient, axis=(0, 2), out=self.gradients["biases"])

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        """A convolution as well: of the outputs' gradient, with every filter turned by half a turn."""
        turned = self.weights[:, ::-1, ::-1].transpose(3, 1, 2, 0).reshape(self.channels, -1)
        gradient = turned @ self._windows(batch_last(output_gradient), "outputs")
        maps = batch_first(gradient.reshape(*gradient.shape[:2], self.output_shape[1], -1))
        return maps.reshape(-1, *self.input_shape)

    def _windows(self, x: np.ndarray, purpose: str) -> np.ndarray:
        """`x` (rows, channels, columns, N) as matrices of windows, (rows, height * width * channels, columns * N).

        They overlap in memory, so nobody may write into them, and hold until the next ones for the same `purpose`.
        """
        rows, channels, columns, count = x.shape
        above, left = self.height // 2, self.width // 2
        shape = (rows + 2 * above, self.width, channels, columns, count)
        shifted = self._scratch.get(purpose)
        if shifted is None or shifted.shape != shape or shifted.dtype != self.weights.dtype:
            shifted = self._scratch[purpose] = np.zeros(shape, self.weights.dtype)  # what is outside stays zero
        for shift in range(self.width):
            start, stop = max(0, left - shift), min(columns, columns + left - shift)
            shifted[above : above + rows, shift, :, start:stop] = x[:, :, start + shift - left : stop + shift - left]
        row, size = shifted.strides[0], shifted.itemsize
        deep, wide = self.height * self.width * channels, columns * count
        return as_strided(shifted, (rows, deep, wide), (row, wide * size, size), writeable=False)


def convolved(x: np.ndarray, weights: np.ndarray, biases: np.ndarray) -> np.ndarray:
    """What a `Convolution` gives out, as plainly as it can be written; many times slower.

    Args:
        x: (N, rows, columns, channels).
        weights: (filters, height, width, channels).
        biases: (filters,).
    """
    above, left = weights.shape[1] // 2, weights.shape[2] // 2
    padded = np.pad(x, ((0, 0), (above, above), (left, left), (0, 0)))
    # (N, rows, columns, channels, height, width)
    windows = sliding_window_view(padded, weights.shape[1:3], axis=(1, 2))
    return np.einsum("nrckij,fijk->nrcf", windows, weights) + biases
