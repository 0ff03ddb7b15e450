"""A curve as a sum of hinges: what a hidden layer of ReLU neurons with one input can draw.

A ReLU neuron is zero up to its knot and a straight line behind it. Weights and a bias add such hinges up to a line
that bends once for each neuron. Which points of a curve such a line should go through is decided by calculation alone:
of all choices, the one whose largest gap is smallest, so that one neuron more is never worse.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays


@dataclass(frozen=True)
class Hinges:
    """The sum of `weights` (units,) times what rises from `knots` (units,), which grow, and a `bias`."""

    knots: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def __call__(self, x: NDArray[np.floating]) -> NDArray[np.float64]:
        """The heights (...) of the sum at the places `x` (...)."""
        return np.asarray(np.maximum(x[..., np.newaxis] - self.knots, 0) @ self.weights + self.bias)


@arrays.taken(x="numbers", y="numbers", units="positions")
def fit(x: NDArray[np.floating], y: NDArray[np.floating], units: Sequence[int]) -> list[Hinges]:
    """For each of `units`, as many hinges (or fewer, if more don't help) that follow a curve by its points.

    Args:
        x: (P,), the places of the curve, growing.
        y: (P,), its heights.
        units: (fits,), numbers of hinges.

    Raises:
        ValueError: if `x` does not grow, or there is no room for so many hinges between so many points.
    """
    y = arrays.vector(y, len(x), "y")
    if len(x) < 2 or (np.diff(x) <= 0).any():
        raise ValueError(f"a curve has places that grow; got x of {len(x)} numbers that do not; sort them, none twice")
    if not len(units) or min(units) < 1 or max(units) >= len(x):
        raise ValueError(
            f"there are 1 to {len(x) - 1} hinges between {len(x)} points; got {units}; pass others, or more points"
        )
    gaps = np.stack([_gaps(x, y, start) for start in range(len(x))])
    best, before = gaps[0], []  # largest gap from the first point to each, and where its last straight piece begins
    for _ in range(max(units) - 1):
        through = np.maximum(best[:, np.newaxis], gaps)
        before.append(through.argmin(axis=0))
        best = through.min(axis=0)
    return [_through(x, y, before[: count - 1]) for count in units]


def _gaps(x: NDArray[np.floating], y: NDArray[np.floating], start: int) -> NDArray[np.float64]:
    """How far the curve is, at most, from the straight line between the point `start` and each (P,) that follows."""
    along, up = x - x[start], y - y[start]
    slopes = up / np.where(along > 0, along, 1)
    gaps = np.triu(np.abs(np.outer(along, slopes) - up[:, np.newaxis]))[start:].max(axis=0)
    return np.where(along >= 0, gaps, np.inf)


def _through(x: NDArray[np.floating], y: NDArray[np.floating], before: Sequence[NDArray[np.intp]]) -> Hinges:
    """The hinges that bend at the points to which `before`, from the last point on, leads back."""
    bends = [len(x) - 1]
    for step in reversed(before):
        bends.append(int(step[bends[-1]]))
    bends = sorted({0, *bends})
    slopes = np.diff(y[bends]) / np.diff(x[bends])
    return Hinges(x[bends[:-1]].astype(float), np.diff(slopes, prepend=0.0), float(y[0]))
