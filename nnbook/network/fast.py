"""What is there for speed alone; every number comes out as it would without it, but for the rounding.

What each thing gains is measured by leaving it out while the six networks of the first chapter are trained in float64,
on two processors with nothing else to do.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from nnbook.network.dense import Dense
from nnbook.network.layers import Shape

SMALL_PRODUCT, LARGE_PRODUCT, MOST_PIECES = 1_000_000, 16_000_000, 8  # multiplications
_one_thread = False


class PixelDense(Dense):
    """A first dense layer for pixels as they are stored: y = W (x / 255 - centre) + b, with bytes x from 0 to 255.

    Without it, training takes 28 % longer, since to divide and centre every pixel of every batch takes as long as a
    narrow matrix product. The same comes out of arrays that are a hundred times smaller: not the pixels are divided but
    their weighted sums, and the weighted sum of the `centre` (inputs,), which is zero if not given, is subtracted.
    """

    def __init__(self, input_shape: Shape, outputs: float, centre: np.ndarray | None = None) -> None:
        super().__init__(input_shape, outputs)
        self.centre = None if centre is None else centre.ravel()

    def bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        super().bind(parameters, gradients)
        if self.centre is not None:
            self.centre = self.centre.astype(parameters.dtype)
        self.x = np.empty((0, self.inputs))

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        if len(x) != len(self.x):
            self.x = np.empty((len(x), self.inputs), self.weights.dtype)
        np.copyto(self.x, x.reshape(self.x.shape))
        shift = self.biases if self.centre is None else self.biases - self.weights @ self.centre
        y = product_by_rows(self.x, self.weights.T)
        y *= 1 / 255
        y += shift
        return y

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        product_by_columns(output_gradient.T * (1 / 255), self.x, self.gradients["weights"])
        np.sum(output_gradient, axis=0, out=self.gradients["biases"])
        if self.centre is not None:
            self.gradients["weights"] -= np.outer(self.gradients["biases"], self.centre)

    def plain(self) -> dict[str, np.ndarray]:
        """The parameters for inputs from 0 to 1 that are not centred: W (x - centre) + b = W x + (b - W centre)."""
        shift = 0 if self.centre is None else self.weights @ self.centre
        return {"weights": self.weights, "biases": self.biases - shift}


def pieces(length: int, multiplications: int) -> int:
    """Into how many equal pieces to cut an axis of `length` for products of so many `multiplications`.

    Without pieces, training takes 20 % longer. Up to a million multiplications, OpenBLAS uses kernels that read the
    matrices where they lie; above, it first copies them into another order, which takes as long as the product itself
    if one side is as narrow as ten outputs. Where that can't be avoided, two pieces are worked off at the same time:
    without it, training takes 16 % longer (no longer at all if the other processor is busy). Other than threads of
    BLAS, that changes no bit.
    """
    fitting = [count for count in range(1, MOST_PIECES + 1) if length % count == 0]
    small = next((count for count in fitting if multiplications <= SMALL_PRODUCT * count), 1)
    return 2 if multiplications >= LARGE_PRODUCT and 2 in fitting else small


def product_by_rows(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product of `a` (rows, depth) and `b` (depth, columns), in pieces of rows."""
    count, out = pieces(len(a), a.size * b.shape[1]), np.empty((len(a), b.shape[1]), a.dtype)
    _multiply(a.reshape(count, -1, a.shape[1]), b[np.newaxis], out.reshape(count, -1, b.shape[1]))
    return out


def product_by_columns(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """The product of `a` (rows, depth) and `b` (depth, columns) into `out`, in pieces of columns."""
    count = pieces(b.shape[1], a.shape[0] * b.size)
    columns, out_columns = (array.reshape(len(array), count, -1).transpose(1, 0, 2) for array in (b, out))
    _multiply(a[np.newaxis], columns, out_columns)


def _multiply(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """Products of the matrices in `a` and `b` (pieces or 1, ...) into `out`; large ones at the same time."""
    if _one_thread or len(out) != 2 or out[0].size * a.shape[2] * 2 < LARGE_PRODUCT:
        np.matmul(a, b, out=out)
        return
    other = _second_thread().submit(np.matmul, a[-1], b[-1], out=out[1])
    np.matmul(a[0], b[0], out=out[0])
    other.result()


def use_one_thread() -> None:
    """For a process beside others that train: a second thread would only wait for a processor."""
    global _one_thread
    _one_thread = True


@cache
def _second_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "nnbook-product")
