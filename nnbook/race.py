"""Optimisers raced over two parameters: the surfaces, the steps that each of them takes, and who arrives first.

The steps are those of `nnbook.network.optimisers`, on the exact gradient: no chance plays a part. In scripts it is
`nnbook.race`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.network.optimisers import SGD, Adam, Optimiser, RMSProp

Floats = NDArray[np.float64]
STEPS = 300  # of a race
RUNNERS: Mapping[str, Callable[[Floats, Floats], Optimiser]] = {
    "sgd": SGD,
    "momentum": partial(SGD, momentum=0.9),
    "nesterov": partial(SGD, momentum=0.9, nesterov=True),
    "rmsprop": RMSProp,
    "adam": Adam,
}
# A cubic through the middle two of four neighbours, with the slopes that lead from each one's left to its right: the
# powers of the place between them, 1, t, t^2, t^3, times these rows. E. Catmull and R. Rom, 1974.
CUBIC = np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]]) / 2


class Surface(Protocol):
    """What a race needs to know of a loss."""

    def at(self, points: Floats) -> tuple[Floats, Floats]:
        """The losses (...) at `points` (..., 2), and the slopes (..., 2) there."""


@dataclass(frozen=True)
class Formula:
    """The loss (a x^2 + 2 b x y + c y^2) / 2 + q y^4 / 4 + constant."""

    a: float
    b: float
    c: float
    q: float = 0.0
    constant: float = 0.0

    def at(self, points: Floats) -> tuple[Floats, Floats]:
        """See `Surface`."""
        x, y = points[..., 0], points[..., 1]
        squares = (self.a * x * x + 2 * self.b * x * y + self.c * y * y) / 2
        slopes = np.stack([self.a * x + self.b * y, self.b * x + self.c * y + self.q * y * y * y], axis=-1)
        return squares + self.q * y * y * y * y / 4 + self.constant, slopes


class Grid:
    """A loss that is known at the points of a grid, and interpolated bicubically; its slopes are those of the surface.

    Args:
        across: (columns,), even places; up: (rows,), likewise.
        losses: (rows, columns), rounded to 1e-4.
    """

    def __init__(self, across: Floats, up: Floats, losses: Floats) -> None:
        for name, places in (("across", across), ("up", up)):
            apart = np.diff(places)
            if len(places) < 4 or not np.allclose(apart, apart[:1], rtol=1e-3) or apart[0] <= 0:
                raise ValueError(
                    f"the places of a grid are four or more and grow evenly; got {name} of {len(places)} numbers that "
                    f"begin with steps of {apart[:3].round(6).tolist()}; pass those of np.linspace"
                )
        if losses.shape != (len(up), len(across)):
            raise ValueError(
                f"a grid has a loss for each place, {(len(up), len(across))}; got losses of shape {losses.shape}; "
                "pass (rows, columns)"
            )
        self.first, last = np.array([across[0], up[0]]), np.array([across[-1], up[-1]])
        self.counts = np.array([len(across), len(up)])
        self.step = (last - self.first) / (self.counts - 1)
        # One more row on each side, as far from its neighbour as that from the next.
        self.padded = np.pad(losses.astype(np.float64).round(4), 1, mode="reflect", reflect_type="odd").round(4)

    def at(self, points: Floats) -> tuple[Floats, Floats]:
        """See `Surface`; outside of the grid that of its edge, which nobody should use."""
        places = np.clip((points - self.first) / self.step, 0, self.counts - 1)
        cells = np.minimum(places.astype(int), self.counts - 2)
        along = places - cells
        powers = np.stack([np.ones_like(along), along, along**2, along**3], axis=-1)
        rises = np.stack([np.zeros_like(along), np.ones_like(along), 2 * along, 3 * along**2], axis=-1)
        by_value, by_slope = powers @ CUBIC, rises @ CUBIC / self.step[:, np.newaxis]
        near = cells[..., np.newaxis] + np.arange(4)
        patch = self.padded[near[..., 1, :, np.newaxis], near[..., 0, np.newaxis, :]]
        across = patch @ np.stack([by_value[..., 0, :], by_slope[..., 0, :]], axis=-1)
        up = np.stack([by_value[..., 1, :], by_slope[..., 1, :]], axis=-2)
        both = up @ across  # (..., 2, 2): value or slope by what lies up and across
        return both[..., 0, 0], np.stack([both[..., 0, 1], both[..., 1, 0]], axis=-1)


@dataclass(frozen=True)
class Course:
    """Where a race takes place.

    low, high: the lower left and the upper right corner of the map. start: where all begin, unless the reader chooses.
    goal: the loss that one must get below. reach: so many maps wide and high the surface is known.
    """

    surface: Surface
    low: tuple[float, float]
    high: tuple[float, float]
    start: tuple[float, float]
    goal: float
    reach: float = 50.0

    def known(self, points: Floats) -> NDArray[np.bool_]:
        """Whether the surface is known at `points` (..., 2)."""
        low, high = np.array(self.low), np.array(self.high)
        return np.asarray((np.abs(points - (low + high) / 2) <= self.reach * (high - low) / 2).all(axis=-1))

    def losses(self, points: Floats) -> Floats:
        """The losses (...) at `points` (..., 2), infinite where nothing is known."""
        return np.where(self.known(points), self.surface.at(points)[0], np.inf)


def ravine(curvature: float, degrees: float) -> Formula:
    """A ravine with curvature 1 along its floor, which is turned by `degrees`, and `curvature` across it."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    a, c = cosine**2 + curvature * sine**2, sine**2 + curvature * cosine**2
    return Formula(*(round(float(value), 6) for value in (a, (1 - curvature) * sine * cosine, c)))


COURSES: Mapping[str, Course] = {
    "ravine": Course(ravine(100, 0), (-1.7, -0.9), (0.7, 0.9), (-1.5, 0.4), 0.2),
    "turned": Course(ravine(100, 30), (-1.7, -1.2), (0.7, 0.6), (-1.5, -0.4), 0.2),  # the same start, turned with it
    "saddle": Course(Formula(10, 0, -1, 1, 0.25), (-1.6, -1.2), (1.6, 1.2), (-1.2, 0.01), 0.01),
}


class Slice(Protocol):
    """A part of a real loss, as `nnbook.landscape.around` cuts it."""

    @property
    def across(self) -> NDArray[np.floating]:
        """Even places, (columns,)."""

    @property
    def up(self) -> NDArray[np.floating]:
        """Even places, (rows,)."""

    @property
    def losses(self) -> NDArray[np.floating]:
        """The loss at each of them, (rows, columns)."""

    @property
    def path(self) -> NDArray[np.floating]:
        """The way of the training, (stops, 2), which begins where the race starts."""


def real_course(view: Slice) -> Course:
    """A race over a real loss from where its training started; the goal is 98 % of the way down from there."""
    named = {"across": view.across, "up": view.up}
    across, up = (arrays.vector(places, None, name).astype(np.float64) for name, places in named.items())
    losses = np.asarray(view.losses)
    arrays.vector(losses.ravel(), None, "losses")  # refuses what is no finite number
    grid = Grid(across, up, losses)
    digits = 2 - math.floor(math.log10(np.ptp(across)))  # a hundredth of the map or less
    start = (round(float(view.path[0][0]), digits), round(float(view.path[0][1]), digits))
    lowest, highest = float(losses.min()), float(grid.at(np.array(start))[0])
    low, high = ((float(across[end]), float(up[end])) for end in (0, -1))
    return Course(grid, low, high, start, round(lowest + 0.02 * (highest - lowest), 4), 1.0)


def run(runner: str, course: Course, starts: Any, rates: Any, steps: int = STEPS) -> Floats:
    """The places (steps + 1, ..., 2) of an optimiser; who leaves the known surface stays where it left.

    Args:
        runner: one of `RUNNERS`.
        starts: (..., 2).
        rates: a number, or an array that NumPy spreads over `starts`.
    """
    here = np.array(np.broadcast_to(starts, np.broadcast_shapes(np.shape(starts), np.shape(rates))), dtype=np.float64)
    slopes = np.zeros_like(here)
    optimiser = RUNNERS[runner](here, slopes)
    path = [here.copy()]
    for _ in range(steps):
        slopes[...] = course.surface.at(here)[1]
        optimiser.step(rates)
        here[...] = np.where(course.known(path[-1])[..., np.newaxis], here, path[-1])
        path.append(here.copy())
    return np.array(path)


def arrivals(losses: Floats, goal: float) -> NDArray[np.int64]:
    """After how many steps each of `losses` (steps + 1, ...) is below `goal` for the rest of the race, -1 if never.

    Who only flies through has not arrived.
    """
    to_the_end = np.logical_and.accumulate((losses <= goal)[::-1])[::-1]
    return np.where(to_the_end.any(axis=0), to_the_end.argmax(axis=0), -1)


@lru_cache(maxsize=8)
def best_rates(course: Course) -> Mapping[str, float]:
    """For each optimiser the rate, to two digits, that lets it arrive from the course's start, and soonest in the mean.

    The mean is over that start and 12 others; of rates that never arrive the one that ends lowest is taken.
    """
    random = np.random.default_rng(1)
    starts = np.concatenate([[course.start], random.uniform(course.low, course.high, (12, 2))])
    rates = 10 ** np.linspace(-3, 2, 41)
    found = {}
    for runner in RUNNERS:
        losses = course.losses(run(runner, course, starts, rates[:, np.newaxis, np.newaxis]))
        steps = arrivals(losses, course.goal)
        needed = np.where(steps < 0, STEPS + 1, steps).mean(axis=1)
        best = np.lexsort([losses[-1, :, 0], needed, steps[:, 0] < 0])[0]
        found[runner] = float(f"{rates[best]:.2g}")
    return found


def result(course: Course) -> dict[str, Any]:
    """How the race goes from the course's own start, with the best rates: see the facts of `figures.optimisers`."""
    found: dict[str, Any] = {"start": list(course.start), "goal": course.goal}
    found["start_loss"] = round(float(course.losses(np.array(course.start))), 6)
    for runner, rate in best_rates(course).items():
        losses = course.losses(run(runner, course, course.start, rate))
        steps = int(arrivals(losses, course.goal))
        found[runner] = {"rate": rate, "steps": None if steps < 0 else steps, "loss": round(float(losses[-1]), 6)}
    arrived = {runner: found[runner]["steps"] for runner in RUNNERS if found[runner]["steps"] is not None}
    first = min(arrived, key=lambda runner: arrived[runner], default=None)
    return found | {"first": first, "steps": min(arrived.values(), default=None), "arrived": len(arrived)}
