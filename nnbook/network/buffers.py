"""Arrays that are allocated once and reused at every step of the training.

Asking the operating system for fresh memory at every step would cost more time than the arithmetic on it.
"""

from collections.abc import Callable

import numpy as np

FloatArray = np.ndarray


class Buffers:
    """A drawer of arrays by name; an array is replaced only when another shape or type is asked for."""

    def __init__(self) -> None:
        self._arrays: dict[str, np.ndarray] = {}

    def get(
        self,
        name: str,
        shape: tuple[int, ...],
        dtype: np.dtype,
        prepare: Callable[[np.ndarray], object] | None = None,
    ) -> np.ndarray:
        """The array `name`, with whatever it held last; `prepare` is called on it when it is new."""
        array = self._arrays.get(name)
        if array is None or array.shape != shape or array.dtype != dtype:
            array = self._arrays[name] = np.empty(shape, dtype)
            if prepare is not None:
                prepare(array)
        return array

    def ones(self, count: int, dtype: np.dtype) -> np.ndarray:
        """A vector (count,) of ones."""
        return self.get("ones", (count,), dtype, lambda array: array.fill(1))
