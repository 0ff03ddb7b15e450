"""A line through points: how wrong it is, which way is downhill, and the way down.

Slope and intercept are the two weights of the smallest network there is, one neuron with one input and no activation
function. Its loss is the mean of the squared errors. Over all slopes and intercepts this loss is a bowl, whose lowest
place least squares finds at once; gradient descent, which also works for networks, goes there step by step.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays

Numbers = NDArray[np.floating]


def points(
    count: int, rng: np.random.Generator, slope: float = 0.7, intercept: float = 0.4, noise: float = 0.3
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points about a line: x (count,) from 0 to 2, growing, and y (count,), with normal noise; in hundredths."""
    x = 2 * (np.arange(count) + rng.uniform(size=count)) / count
    y = intercept + slope * x + rng.normal(0, noise, count)
    return x.round(2), y.round(2)


@arrays.taken(x="numbers", y="numbers")
def loss(x: Numbers, y: Numbers, slope: Any, intercept: Any) -> Any:
    """The mean squared error of a line through points `x`, `y` (N,), or (...) for many slopes and intercepts (...)."""
    y = arrays.vector(y, len(x), "y")
    slope, intercept = np.asarray(slope)[..., np.newaxis], np.asarray(intercept)[..., np.newaxis]
    return np.mean((slope * x + intercept - y) ** 2, axis=-1)


@arrays.taken(x="numbers", y="numbers")
def gradient(x: Numbers, y: Numbers, slope: float, intercept: float) -> NDArray[np.float64]:
    """How fast the loss grows with slope and intercept (2,): the derivatives of `loss`. Downhill is minus it."""
    return _gradient(x, arrays.vector(y, len(x), "y"), slope, intercept)


def _gradient(x: Numbers, y: Numbers, slope: float, intercept: float) -> NDArray[np.float64]:
    errors = slope * x + intercept - y
    return np.array([np.mean(2 * errors * x), np.mean(2 * errors)])


@arrays.taken(x="numbers", y="numbers")
def least_squares(x: Numbers, y: Numbers) -> tuple[float, float]:
    """Slope and intercept of the line with the lowest loss.

    Raises:
        ValueError: if all points lie at one x.
    """
    y = arrays.vector(y, len(x), "y")
    if np.ptp(x) == 0:
        raise ValueError(f"a line needs points at two places x; got {len(x)} at {x[0]:g}; pass others")
    slope = float(np.mean((x - x.mean()) * (y - y.mean())) / np.var(x))
    return slope, float(y.mean() - slope * x.mean())


@arrays.taken(x="numbers")
def curvature(x: Numbers) -> NDArray[np.float64]:
    """The second derivatives of the loss by slope and intercept (2, 2): the same everywhere, whatever y is."""
    return 2 * np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]])


@arrays.taken(x="numbers")
def rate_limit(x: Numbers) -> float:
    """The learning rate from which on descent does not arrive: 2 / the largest curvature of the bowl."""
    return float(2 / np.linalg.eigvalsh(curvature(x))[-1])


def shuffled(count: int, epochs: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """The order (epochs * count,) in which examples are looked at: each once in an epoch, and then shuffled anew."""
    return np.concatenate([rng.permutation(count) for _ in range(epochs)])


@arrays.taken(x="numbers", y="numbers", start="pair")
def descent(x: Numbers, y: Numbers, start: Any, rate: float, steps: int, batches: Any = None) -> NDArray[np.float64]:
    """The way (steps + 1, 2) of slope and intercept under gradient descent.

    Args:
        x: (N,)
        y: (N,)
        start: (2,), slope and intercept at first.
        rate: how far a step goes, times the gradient.
        steps: how many.
        batches: (steps, size), the numbers of the examples that each step looks at; all of them when left out.

    Example:
        >>> order = shuffled(100, 20, np.random.default_rng(1))
        >>> descent(x, y, (0, 0), 0.1, 200, order.reshape(200, 10))
    """
    y, way = arrays.vector(y, len(x), "y"), [np.asarray(start, dtype=np.float64)]
    for step in range(steps):
        seen = slice(None) if batches is None else np.asarray(batches)[step]
        way.append(way[-1] - rate * _gradient(x[seen], y[seen], *way[-1]))
    return np.stack(way)
