"""How maps (N, rows, columns, channels) lie in memory: as (rows, channels, columns, N), so the examples side by side.

Whatever is done to a map is then done along whole rows of examples. Layers hand them on as views, in the usual order.
"""

import numpy as np


def batch_last(maps: np.ndarray) -> np.ndarray:
    """`maps` (N, rows, columns, channels) as (rows, channels, columns, N), in C order; no copy if they lie so."""
    return np.ascontiguousarray(maps.transpose(1, 3, 2, 0))


def batch_first(maps: np.ndarray) -> np.ndarray:
    """`maps` (rows, channels, columns, N) as a view (N, rows, columns, channels)."""
    return maps.transpose(3, 0, 2, 1)


def empty_maps(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Room for maps of the `shape` (N, rows, columns, channels)."""
    count, rows, columns, channels = shape
    return batch_first(np.empty((rows, channels, columns, count), dtype))
