"""Five optimisers race over the loss of two parameters, from where the reader lets them start."""

import math
from collections.abc import Mapping
from dataclasses import astuple
from functools import lru_cache
from html import escape
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import svg
from nnbook.figures.kit.contours import Plane, regions
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.packing import pack
from nnbook.figures.kit.sliders import Slider, sliders
from nnbook.localisation import decimal, text
from nnbook.race import RUNNERS, STEPS, Course, Formula, Grid, arrivals, best_rate, run, turned_ravine

BOX = 42, 6, 288, 216  # left, top, width and height of the map
LEVELS = 10
AXES = {"across": "w₁", "up": "w₂"}
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
    """A race of five optimisers on a map of the loss; the reader chooses the surface, the start and the rates.

    The surfaces are a ravine that lies along a parameter, the same one turned by 30 degrees, a saddle between two
    valleys, and a slice of a real loss. The gradient is exact, so that nothing but the rule differs. Each runs at a rate
    of its own, the one that takes it to the goal soonest on average over 13 starts; the reader multiplies all of them.
    Who gets below the goal's loss, and stays there to the end of 300 steps, has arrived.

    The rules, in the form of `nnbook.network.optimisers` (w parameters, g gradient, and the rate):

    - sgd: w <- w - rate g.
    - momentum: v <- 0.9 v + g; w <- w - rate v. B. T. Polyak, "Some methods of speeding up the convergence of iteration
      methods", 1964.
    - nesterov: v <- 0.9 v + g; w <- w - rate (g + 0.9 v). Y. Nesterov, "A method of solving a convex programming problem
      with convergence rate O(1/k^2)", 1983, in the form of I. Sutskever et al., 2013.
    - rmsprop: s <- 0.9 s + 0.1 g^2; w <- w - rate g / sqrt(s). T. Tieleman and G. Hinton, "Neural Networks for Machine
      Learning", lecture 6.5, 2012.
    - adam: m <- 0.9 m + 0.1 g; s <- 0.999 s + 0.001 g^2; w <- w - rate m' / sqrt(s'), where m' = m / (1 - 0.9^t) and
      s' = s / (1 - 0.999^t) after t steps. D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015.

    Args:
        slice: of a real loss, at least 4 x 4 points; without it there are the other surfaces alone.
        surface: the one at rest: "ravine", "turned", "saddle" or "real".
        name: of the figure in the page's address, as in `#optimisers:surface=saddle,step=20`.
        interactive: whether it answers to the reader.

    Facts: `surface`, `limit` (steps of a race), and for each surface (`ravine`, `turned`, `saddle`, `real`) its `start`,
    `start_loss`, `goal` (a loss), `first` (who arrives first, none if nobody does) and `steps` (after how many),
    `arrived` (how many of the five do), and for each of `sgd`, `momentum`, `nesterov`, `rmsprop` and `adam` its `rate`,
    `steps` (none if it does not arrive) and `loss` (after 300 steps). All are at the start and the rates at rest.

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
    static = Figure(
        "optimisers", lambda language: _standing(courses[surface], surface, facts[surface], language), facts
    )
    if not interactive:
        return static
    drawn = {key: _script(course, facts[key]) for key, course in courses.items()}
    return interactive_figure(
        "optimisers", static, {"name": name, "surface": surface, "limit": STEPS, "courses": drawn}
    )


def _real(slice: Slice) -> Course:
    """The race starts where the training did; the goal is 98 % of the way down from there."""
    across, up = (np.asarray(places, dtype=np.float64) for places in (slice.across, slice.up))
    grid, start = Grid(across, up, np.asarray(slice.losses)), np.asarray(slice.path, dtype=np.float64)[0].round(1)
    lowest, highest = float(np.min(slice.losses)), float(grid.at(start)[0])
    corners = ((float(places[end]) for places in (across, up)) for end in (0, -1))
    low, high = ((first, second) for first, second in corners)
    return Course(
        grid, low, high, (start[0].item(), start[1].item()), round(lowest + 0.02 * (highest - lowest), 4), 1.0
    )


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


def _standing(course: Course, surface: str, facts: Mapping[str, Any], language: str) -> str:
    """The map with the ways of all up to where the first arrives, and what each has reached; the script changes both."""
    shown = STEPS if facts["steps"] is None else facts["steps"]
    paths = {runner: run(runner, course, course.start, facts[runner]["rate"], shown) for runner in RUNNERS}
    plane, maps = _plane(course), _map(course)
    drawn = [
        *(f'<path class="nnb-way nnb-runner-{at}" d="{plane.line(path)}"/>' for at, path in enumerate(paths.values())),
        f'<circle class="nnb-start" cx="{plane.across(course.start[0]):.1f}" cy="{plane.down(course.start[1]):.1f}" r="8"/>',
        *(_head(at, *_drawn(plane, path[-1])) for at, path in enumerate(paths.values())),
    ]
    names = {runner: text(f"optimisers.name_{runner}", language) for runner in RUNNERS}
    said = {
        "surface": text(f"optimisers.surface_{surface}", language),
        "standing": _first(facts, shown, names, language),
    }
    axes = [text(f"optimisers.{axis}", language) if surface == "real" else sign for axis, sign in AXES.items()]
    goal = f'<path class="nnb-goal" d="{maps["goal"]}"/>'
    drawing = svg.drawing(
        BOX[1] + BOX[3] + 20,
        text("optimisers.alt", language, **said),
        [plane.map(maps["regions"], [goal, *drawn]), plane.axes(axes, language)],
    )
    rows = "".join(
        _row(at, names[runner], facts[runner], float(course.losses(paths[runner][-1])), shown, language)
        for at, runner in enumerate(RUNNERS)
    )
    goal_said = text("optimisers.goal", language, loss=decimal(course.goal, language, 3))
    return (
        f'{drawing}<p class="nnb-sum"><b>{escape(said["standing"])}</b> <span class="nnb-quiet">{escape(goal_said)}</span></p>'
        f'<ol class="nnb-runners">{rows}</ol>'
    )


def _first(facts: Mapping[str, Any], shown: int, names: Mapping[str, str], language: str) -> str:
    if facts["first"] is None:
        return text("optimisers.nobody", language, count=shown)
    return text("optimisers.first", language, count=shown, name=names[facts["first"]])


def _row(at: int, name: str, facts: Mapping[str, Any], loss: float, shown: int, language: str) -> str:
    """Number, name and rule of an optimiser, its rate, and where it is."""
    runner, rate = list(RUNNERS)[at], facts["rate"]
    there = facts["steps"] is not None and facts["steps"] <= shown
    result = (
        text("optimisers.there", language, count=facts["steps"])
        if there
        else text("optimisers.loss", language, loss=decimal(loss, language, 3))
    )
    rated = text("optimisers.rate", language, rate=decimal(rate, language, max(0, 1 - math.floor(math.log10(rate)))))
    return (
        f'<li class="nnb-runner-{at}"><span class="nnb-badge">{at + 1}</span><b>{escape(name)}</b>'
        f'<span class="nnb-result">{escape(result)}</span><span class="nnb-rule">{text(f"optimisers.rule_{runner}", language)}'
        f'</span><span class="nnb-rate">{escape(rated)}</span></li>'
    )


def _head(at: int, x: float, y: float) -> str:
    return f'<g class="nnb-head nnb-runner-{at}" transform="translate({x:.1f} {y:.1f})"><circle r="7"/><text y="4">{at + 1}</text></g>'


def _drawn(plane: Plane, place: NDArray[np.float64]) -> tuple[float, float]:
    return float(plane.across(place[0])), float(plane.down(place[1]))


def _plane(course: Course) -> Plane:
    (left, bottom), (right, top) = course.low, course.high
    return Plane(*BOX, (left, right), (bottom, top))


def _map(course: Course) -> dict[str, Any]:
    """Path data of what lies below each of some losses, the lowest last, and of the goal."""
    across, up = np.meshgrid(*(np.linspace(*ends, 81) for ends in zip(course.low, course.high, strict=True)))
    losses, plane = course.surface.at(np.stack([across, up], axis=-1))[0], _plane(course)
    lowest, highest = float(losses.min()), float(losses.max())
    levels = [lowest + (highest - lowest) * (level / LEVELS) ** 3 for level in range(LEVELS - 1, 0, -1)]
    drawn = regions(losses, plane, levels)
    return {"regions": drawn + [""] * (len(levels) - len(drawn)), "goal": "".join(regions(losses, plane, [course.goal]))}


def _script(course: Course, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A course for `nnbook.race`, and how it is drawn."""
    found = {key: getattr(course, key) for key in ("low", "high", "start", "goal", "reach")}
    found |= {"rates": {runner: facts[runner]["rate"] for runner in RUNNERS}, "map": _map(course)}
    found |= {"plane": _plane(course).data(), "sliders": _sliders(course)}
    if isinstance(course.surface, Grid):
        grid, low = course.surface, float(course.surface.padded.min())
        losses = np.rint((grid.padded - low) * 1e4).astype(int).ravel().tolist()
        places = {key: getattr(grid, key).tolist() for key in ("first", "step", "counts")}
        return found | {"surface": {"grid": places | {"losses": pack(losses, 4), "low": low}}}
    return found | {"surface": {"formula": list(astuple(course.surface))}}


def _sliders(course: Course) -> dict[str, Slider]:
    """For the start, from edge to edge of the map in steps of about a hundredth, and for what all rates are multiplied by."""
    step = 10.0 ** math.floor(math.log10(course.high[0] - course.low[0])) / 100
    ends = zip("xy", course.start, course.low, course.high, strict=True)
    found = {
        key: sliders({key: at}, *(step * whole for whole in (math.ceil(low / step), math.floor(high / step))), step)[key]
        for key, at, low, high in ends
    }
    return found | sliders({"rates": 1}, 0.05, 3, 0.05)
