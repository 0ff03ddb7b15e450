"""Matrix products in the pieces that BLAS, the library behind NumPy's products, works off fastest.

A product of (rows, depth) by (depth, columns) takes rows * depth * columns multiplications. Up to a million,
OpenBLAS uses kernels that read the matrices where they lie; above, it first copies them into another order, which
takes as long as the product itself if one side is as narrow as ten outputs. So a narrow product just above the
limit is cut into two or a few.
"""

import numpy as np

SMALL = 1_000_000
MOST_PIECES = 8

Pieces = tuple[np.ndarray, np.ndarray]


def pieces(length: int, multiplications: int) -> int:
    """Into how many equal pieces to cut an axis of `length`, so that none exceeds `SMALL`; 1 if too many."""
    for count in range(1, MOST_PIECES + 1):
        if length % count == 0 and multiplications <= SMALL * count:
            return count
    return 1


def by_rows(array: np.ndarray, count: int) -> np.ndarray:
    """A view (count, rows / count, columns) of `array` (rows, columns): upper piece first."""
    return array.reshape(count, -1, array.shape[1])


def by_columns(array: np.ndarray, count: int) -> np.ndarray:
    """A view (count, rows, columns / count) of `array` (rows, columns): left piece first."""
    return array.reshape(len(array), count, -1).transpose(1, 0, 2)
