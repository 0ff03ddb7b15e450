"""Pooling: of each two by two places of a map, the best is kept. What was found counts, and hardly where."""

import numpy as np

from nnbook.network.layers import Layer, Shape
from nnbook.network.maps import batch_first, batch_last, empty_maps


class MaxPool(Layer):
    """The largest of each 2 x 2 numbers, channel by channel: half the rows and half the columns are left.

    First the larger of each two rows is taken, then of each two columns. The gradient goes back to the number that won;
    of equal ones to the first alone, since a map is often the same number over a whole background.
    """

    def __init__(self, input_shape: Shape) -> None:
        super().__init__(input_shape)
        if len(input_shape) != 3 or input_shape[0] % 2 or input_shape[1] % 2:
            raise ValueError(
                "pooling halves maps with an even number of rows and of columns; got inputs of shape "
                f"{input_shape}; put it behind a convolution, where both sides are even"
            )
        rows, columns, channels = input_shape
        self.output_shape = rows // 2, columns // 2, channels

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        upper, lower = x[:, 0::2], x[:, 1::2]
        taller = np.maximum(upper, lower)
        left, right = taller[:, :, 0::2], taller[:, :, 1::2]
        self.upper_wins, self.left_wins = upper >= lower, left >= right
        return np.maximum(left, right)

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        gradient = batch_first(batch_last(output_gradient))  # as the masks lie; from a dense layer it comes otherwise
        taller = _dealt(gradient, self.left_wins, axis=2)
        return _dealt(taller, self.upper_wins, axis=1)


def _dealt(gradient: np.ndarray, first_wins: np.ndarray, axis: int) -> np.ndarray:
    """The `gradient` with twice the places along `axis`; of each two, it goes to the first where that wins."""
    shape = list(gradient.shape)
    shape[axis] *= 2
    dealt = empty_maps(tuple(shape), gradient.dtype)
    firsts, seconds = (dealt.swapaxes(0, axis)[start::2].swapaxes(0, axis) for start in (0, 1))
    np.multiply(gradient, first_wins, out=firsts)
    np.subtract(gradient, firsts, out=seconds)
    return dealt
