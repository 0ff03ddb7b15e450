"""What is there for speed alone; every number comes out as it would without it, but for the rounding.

What each thing gains is measured by leaving it out while the six networks of the first chapter are trained in float64,
on two processors with nothing else to do.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import cache, partial
from typing import Any, TypeVar

import numpy as np

from nnbook.network.convolution import Convolution
from nnbook.network.dense import Dense
from nnbook.network.layers import Layer, Shape
from nnbook.network.maps import batch_first, batch_last
from nnbook.network.network import Network, bind

SMALL_PRODUCT, LARGE_PRODUCT, MOST_PIECES = 1_000_000, 16_000_000, 8  # multiplications
_one_thread = False
Result = TypeVar("Result")


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


class PixelConvolution(Convolution):
    """A first convolution for pixels as they are stored, from 0 to 255."""

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        pixels = batch_last(x.reshape(len(x), *self.output_shape[:2], self.channels))
        return super().forward(batch_first(pixels * self.weights.dtype.type(1 / 255)))


class HalvedNetwork(Network):
    """A network that works off the two halves of a batch at the same time, each with layers and gradients of its own.

    Batch normalisation sees a half. The halves are the same whether or not there is a second thread, so that the
    results are.
    """

    def __init__(self, layers: Sequence[Layer], dtype: str | np.dtype = "float64") -> None:
        keep_freed_memory()
        others = deepcopy(list(layers))
        super().__init__(layers, dtype)
        self.other = Network(others, dtype)
        self.other.parameters = self.parameters
        bind(others, self.parameters, self.other.gradients)

    @property
    def trained_layers(self) -> tuple[Layer, ...]:
        return *self.layers, *self.other.layers

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        if rng is None:
            return super().forward(x)
        mine, others = np.array_split(x, 2)
        my_rng, other_rng = map(np.random.default_rng, rng.integers(2**63, size=2))
        rest = at_the_same_time(self.other.forward, others, other_rng)
        return np.concatenate([super().forward(mine, my_rng), rest()])

    def backward(self, output_gradient: np.ndarray) -> None:
        mine, others = np.array_split(output_gradient, 2)
        rest = at_the_same_time(self.other.backward, others)
        super().backward(mine)
        rest()
        self.gradients += self.other.gradients


def for_pixels(layers: Sequence[Layer], centre: np.ndarray | None, dtype: str) -> Network:
    """The network of `layers`, made for images of bytes, less the `centre` (inputs,) if given."""
    first, *others = layers
    if isinstance(first, Dense):
        return Network([PixelDense(first.input_shape, first.outputs, centre), *others], dtype)
    if centre is not None:
        raise ValueError(
            f"only before a dense layer the mean image is subtracted; got centred=True for {type(first).__name__}; "
            "leave it out"
        )
    if isinstance(first, Convolution):
        first = PixelConvolution(first.input_shape, first.height, first.width, first.filters)
        return HalvedNetwork([first, *others], dtype)
    return Network(layers, dtype)


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
    other = at_the_same_time(np.matmul, a[-1], b[-1], out=out[1])
    np.matmul(a[0], b[0], out=out[0])
    other()


def keep_freed_memory() -> None:
    """Let memory of freed arrays be used again, and not be handed back to the system and asked for anew in each step.

    Without it, the training of a convolutional network takes 10 % longer, since the system clears what it gives out.
    The C library of Linux keeps up to twice the size of the largest array that it has seen freed, if that is below
    32 MB. Elsewhere this does nothing.
    """
    np.empty(2**25 - 2**14, np.uint8)


def use_one_thread() -> None:
    """For a process beside others that train: a second thread would only wait for a processor."""
    global _one_thread
    _one_thread = True


def at_the_same_time(function: Callable[..., Result], *arguments: Any, **options: Any) -> Callable[[], Result]:
    """Begin to work off `function`, if there is a second thread; what is returned waits for its result and gives it."""
    if _one_thread:
        return partial(function, *arguments, **options)
    return _second_thread().submit(function, *arguments, **options).result


@cache
def _second_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "nnbook-product")
