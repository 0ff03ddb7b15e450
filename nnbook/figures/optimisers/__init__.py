"""Five optimisers race over the loss of two parameters, from where the reader lets them start."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any, Protocol

import contourpy  # what matplotlib draws contours with
import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import svg
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.packing import pack
from nnbook.localisation import count, decimal, text
from nnbook.race import RUNNERS, STEPS, Course, Formula, Grid, arrivals, best_rate, run, turned_ravine

LEFT, TOP, ACROSS, DOWN = 22, 4, 308, 231  # of the map
LEVELS = 10
GIVEN = {
    "ravine": Course(turned_ravine(100, 0), (-2, -1.5), (2, 1.5), (-1.6, 0.5), 0.05),
    "turned": Course(turned_ravine(100, 30), (-2, -1.5), (2, 1.5), (-1.6, -0.4), 0.05),
    "saddle": Course(Formula(10, 0, -1, 1, 0.25), (-2, -1.5), (2, 1.5), (-1.5, 0.01), 0.01),
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
        """The way of the training, (stops, 2), whose beginning is where the race starts."""


def optimisers(
    slice: Slice | None = None, surface: str = "ravine", name: str = "optimisers", interactive: bool = True
) -> Figure:
    """A race of five optimisers on a map of the loss; the reader chooses the surface, the start and how fast they learn.

    The surfaces are a ravine that lies along a parameter, the same one turned by 30 degrees, a saddle between two valleys,
    and a slice of a real loss. The gradient is exact, so that nothing but the rule differs. Each runs at a rate of its
    own, the one that takes it to the goal soonest on average over 13 starts; the reader multiplies all of them. Who gets
    below the goal's loss, and stays there to the end of 300 steps, has arrived.

    The rules, in the form of `nnbook.network.optimisers` (w parameters, g gradient, and the rate):
        sgd: w <- w - rate g.
        momentum: v <- 0.9 v + g; w <- w - rate v. B. T. Polyak, "Some methods of speeding up the convergence of
            iteration methods", 1964.
        nesterov: v <- 0.9 v + g; w <- w - rate (g + 0.9 v). Y. Nesterov, "A method of solving a convex programming
            problem with convergence rate O(1/k^2)", 1983, in the form of I. Sutskever et al., 2013.
        rmsprop: s <- 0.9 s + 0.1 g^2; w <- w - rate g / sqrt(s). T. Tieleman and G. Hinton, "Neural Networks for Machine
            Learning", lecture 6.5, 2012.
        adam: m <- 0.9 m + 0.1 g; s <- 0.999 s + 0.001 g^2; w <- w - rate m' / sqrt(s'), where m' = m / (1 - 0.9^t) and
            s' = s / (1 - 0.999^t) after t steps. D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015.

    Args:
        slice: of a real loss, at least 4 x 4 points; without it there are the other surfaces alone.
        surface: the one at rest: "ravine", "turned", "saddle" or "real".
        name: of the figure in the page's address, as in `#optimisers:surface=saddle,step=20`.
        interactive: whether it answers to the reader.

    Facts: `surface`, `limit` (steps of a race), and for each surface (`ravine`, `turned`, `saddle`, `real`) its `start`,
    `start_loss`, `goal` (a loss), `first` (who arrives first, none if nobody does) and `steps` (after how many), `arrived`
    (how many of the five do), and for each of `sgd`, `momentum`, `nesterov`, `rmsprop` and `adam` its `rate`, `steps`
    (none if it does not arrive) and `loss` (after 300 steps). All are at the start and the rates at rest.

    Explained in: how-neural-networks-are-trained, "Better steps".

    Example:
        >>> optimisers(landscape.around(network, images, labels))
    """
    courses = GIVEN | ({} if slice is None else {"real": _real(slice)})
    if surface not in courses:
        raise ValueError(
            f"a race is on one of {', '.join(courses)}; got {surface!r}; choose one of these, or pass the slice of a loss"
        )
    rates = {key: _rates(course) for key, course in courses.items()}
    facts: dict[str, Any] = {key: _raced(course, rates[key]) for key, course in courses.items()}
    facts |= {"surface": surface, "limit": STEPS}
    static = Figure("optimisers", lambda language: _drawing(courses[surface], facts[surface], language), facts)
    if not interactive:
        return static
    drawn = {key: _script(course, rates[key]) for key, course in courses.items()}
    data = {"name": name, "surface": surface, "steps": STEPS, "courses": drawn, "left": LEFT, "top": TOP, "across": ACROSS}
    return interactive_figure("optimisers", static, data | {"down": DOWN})


def _real(slice: Slice) -> Course:
    """The race starts where the training did; the goal is 98 % of the way down from there."""
    across, up = (np.asarray(places, dtype=np.float64) for places in (slice.across, slice.up))
    grid, start = Grid(across, up, np.asarray(slice.losses)), np.asarray(slice.path, dtype=np.float64)[0].round(2)
    lowest, highest = float(np.min(slice.losses)), float(grid.at(start)[0])
    corners = ((float(places[end]) for places in (across, up)) for end in (0, -1))
    low, high = ((first, second) for first, second in corners)
    return Course(grid, low, high, (start[0].item(), start[1].item()), round(lowest + 0.02 * (highest - lowest), 4), 1.0)


@lru_cache(maxsize=8)
def _rates(course: Course) -> dict[str, float]:
    return {runner: best_rate(runner, course, np.random.default_rng(1)) for runner in RUNNERS}


def _raced(course: Course, rates: Mapping[str, float]) -> dict[str, Any]:
    """What the race from the course's own start is like."""
    found: dict[str, Any] = {"start": list(course.start), "goal": course.goal}
    found["start_loss"] = round(float(course.losses(np.array(course.start))), 6)
    for runner, rate in rates.items():
        losses = course.losses(run(runner, course, course.start, rate))
        steps = int(arrivals(losses, course.goal))
        found[runner] = {"rate": rate, "steps": None if steps < 0 else steps, "loss": round(float(losses[-1]), 6)}
    arrived = {runner: found[runner]["steps"] for runner in rates if found[runner]["steps"] is not None}
    first = min(arrived, key=lambda runner: arrived[runner], default=None)
    return found | {"first": first, "steps": arrived.get(first), "arrived": len(arrived)}


def _scale(course: Course) -> tuple[float, NDArray[np.float64]]:
    """How long one unit of both parameters is on the drawing, and where their zero lies on the map."""
    low, high = np.array(course.low), np.array(course.high)
    scale = float(min((ACROSS, DOWN) / (high - low)))
    middle = (low + high) / 2
    return scale, np.array([ACROSS / 2 - scale * middle[0], DOWN / 2 + scale * middle[1]])


def _map(course: Course) -> tuple[list[str], str]:
    """Path data of what lies below each of some losses, the lowest last, and of the goal."""
    across, up = np.meshgrid(*(np.linspace(*ends, 121) for ends in zip(course.low, course.high, strict=True)))
    losses = course.surface.at(np.stack([across, up], axis=-1))[0]
    scale, (left, top) = _scale(course)
    contours = contourpy.contour_generator(left + scale * across, top - scale * up, losses, fill_type="OuterOffset")
    lowest, highest = float(losses.min()), float(losses.max())

    def below(loss: float) -> str:
        parts = zip(*contours.filled(-np.inf, loss), strict=True)
        return "".join(_outline(points[start:end]) for points, ends in parts for start, end in _pairs(ends))

    levels = [lowest + (highest - lowest) * (level / LEVELS) ** 3 for level in range(LEVELS, 0, -1)]
    return [below(level) for level in levels], below(course.goal)


def _pairs(ends: NDArray[np.integer]) -> Iterator[tuple[int, int]]:
    return zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)


def _outline(points: NDArray[np.float64]) -> str:
    """Path data of a closed line through `points` (N, 2), without those that lie on the way between others."""
    points = points.round(1)
    kept = [points[0]]
    for point, following in zip(points[1:-1], points[2:], strict=True):
        (right, down), (further, lower) = point - kept[-1], following - point
        if abs(right * lower - down * further) > 0.4:
            kept.append(point)
    steps = np.diff([*kept, points[-1]], axis=0)
    return svg.path("M", *points[0].tolist(), "l", *steps.ravel().tolist(), "z")
