"""Five optimisers race over the loss of two parameters, from where the reader lets them start."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import svg
from nnbook.figures.kit.contours import Plane, regions
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.packing import pack
from nnbook.figures.kit.sliders import Slider, sliders
from nnbook.localisation import count, decimal, text
from nnbook.race import COURSES, RUNNERS, STEPS, Course, Grid, Slice, best_rates, real_course, result, run

MAP, CHART = (42, 6, 288, 216), (42, 262, 288, 96)  # left, top, width and height
LEVELS = 10
SEEN = 150  # steps of the chart, after which little changes
AXES = {"across": "w₁", "up": "w₂"}


def optimisers(
    slice: Slice | None = None, surface: str = "ravine", name: str = "optimisers", interactive: bool = True
) -> Figure:
    """A race of five optimisers on a map of the loss; the reader chooses the surface, the start and the rates.

    The surfaces are a ravine that lies along a parameter, the same one turned by 30 degrees, a saddle between two
    valleys, and a slice of a real loss. The gradient is exact, so that nothing but the rule differs. Each runs at its
    own rate, the one that takes it to the goal soonest on average over 13 starts; the reader multiplies all of them.
    Who gets below the goal's loss, and stays there to the end of 300 steps, has arrived. Of the real loss nothing is
    known outside of the slice: who leaves it is out of the race, which keeps the rates of those with momentum low.

    The rules, in the form of `nnbook.network.optimisers` (w parameters, g gradient, and the rate):

    - sgd: w <- w - rate g.
    - momentum: v <- 0.9 v + g; w <- w - rate v. B. T. Polyak, "Some methods of speeding up the convergence of iteration
      methods", 1964.
    - nesterov: v <- 0.9 v + g; w <- w - rate (g + 0.9 v). Y. Nesterov, "A method of solving a convex programming
      problem with convergence rate O(1/k^2)", 1983, in the form of I. Sutskever et al., 2013.
    - rmsprop: s <- 0.9 s + 0.1 g^2; w <- w - rate g / sqrt(s). T. Tieleman and G. Hinton, "Neural Networks for Machine
      Learning", lecture 6.5, 2012.
    - adam: m <- 0.9 m + 0.1 g; s <- 0.999 s + 0.001 g^2; w <- w - rate m' / sqrt(s'), where m' = m / (1 - 0.9^t) and
      s' = s / (1 - 0.999^t) after t steps. D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015.

    Args:
        slice: of a real loss, at least 4 x 4 points; without it there are the other surfaces alone.
        surface: the one at rest: "ravine", "turned", "saddle" or "real".
        name: of the figure in the page's address, as in `#optimisers:surface=saddle,step=20`.
        interactive: whether it answers to the reader.

    Facts: `surface`, `limit` (steps of a race); for each surface (`ravine`, `turned`, `saddle`, `real`) its `start`,
    `start_loss`, `goal` (a loss), `first` (who arrives first, none if nobody does), `steps` (after how many), `arrived`
    (how many of the five do), and for each of `sgd`, `momentum`, `nesterov`, `rmsprop` and `adam` its `rate`, `steps`
    (none if it does not arrive) and `loss` (after 300 steps). All are at the start and the rates at rest.

    Explained in: how-neural-networks-are-trained, "Better steps".

    Example:
        >>> optimisers(landscape.around(network, images, labels))
    """
    courses = {**COURSES, **({} if slice is None else {"real": real_course(slice)})}
    if surface not in courses:
        rule = f"a race is on one of {', '.join(courses)}"
        raise ValueError(f"{rule}; got {surface!r}; choose one of these, or pass the slice of a real loss")
    facts: dict[str, Any] = {key: result(course) for key, course in courses.items()}
    facts |= {"surface": surface, "limit": STEPS}
    static = Figure(
        "optimisers", lambda language: _standing(courses[surface], surface, facts[surface], language), facts
    )
    if not interactive:
        return static
    drawn = {key: _script(course) for key, course in courses.items()}
    return interactive_figure(
        "optimisers", static, {"name": name, "surface": surface, "limit": STEPS, "courses": drawn}
    )


def _standing(course: Course, surface: str, facts: Mapping[str, Any], language: str) -> str:
    """The map with the ways of all until the first arrives, and how far each has come; the script changes both."""
    shown = STEPS if facts["steps"] is None else facts["steps"]
    drawn = _drawn(course)
    plane = drawn["plane"]
    paths = [run(runner, course, course.start, facts[runner]["rate"]) for runner in RUNNERS]
    losses = [course.losses(path) for path in paths]
    names = {runner: text(f"optimisers.name_{runner}", language) for runner in RUNNERS}
    who = {} if facts["first"] is None else {"name": names[facts["first"]]}
    said = text("optimisers.first" if who else "optimisers.nobody", language, count=shown, **who)
    ends = [(float(plane.across(x)), float(plane.down(y))) for x, y in (course.start, *(path[shown] for path in paths))]
    content = [
        f'<path class="nnb-goal" d="{drawn["goal"]}"/>',
        *_lines("way", [plane.line(path[: shown + 1]) for path in paths]),
        f'<circle class="nnb-drag" cx="{ends[0][0]:.1f}" cy="{ends[0][1]:.1f}" r="6"/>',
        *(
            f'<g class="nnb-head nnb-runner-{at}" transform="translate({x:.1f} {y:.1f})"><circle r="7"/>'
            f'<text y="4">{at + 1}</text></g>'
            for at, (x, y) in enumerate(ends[1:])
        ),
    ]
    axes = [text(f"optimisers.{axis}", language) if surface == "real" else sign for axis, sign in AXES.items()]
    parts = [plane.map(drawn["regions"], content), plane.axes(axes, language)]
    parts += _chart(drawn["chart"], course.goal, losses, shown, language)
    alt = text("optimisers.alt", language, surface=text(f"optimisers.surface_{surface}", language), standing=said)
    drawing = svg.drawing(CHART[1] + CHART[3] + 20, alt, parts)
    goal = text("optimisers.goal", language, loss=decimal(course.goal, language, 3))
    told = f'<p class="nnb-sum"><b>{escape(said)}</b> <span class="nnb-quiet">{escape(goal)}</span></p>'
    rows = "".join(_row(at, names[runner], facts[runner], language) for at, runner in enumerate(RUNNERS))
    return f'<div class="nnb-race-map">{drawing}{told}</div><ol class="nnb-runners">{rows}</ol>'


def _chart(chart: Plane, goal: float, losses: Sequence[NDArray[np.float64]], shown: int, language: str) -> list[str]:
    """The `losses` (steps + 1,) of all by step on a logarithmic scale, the goal, and where the race is `shown`."""
    steps = np.arange(SEEN + 1)
    curves = [chart.line(np.column_stack([steps, np.log10(np.clip(row[: SEEN + 1], 1e-9, 1e9))])) for row in losses]
    level, below = round(float(chart.down(math.log10(goal))), 1), chart.top + chart.height + 16
    return [
        chart.inside([
            f'<rect class="nnb-clear" x="{chart.left}" y="{chart.top}" width="{chart.width}" height="{chart.height}"/>',
            f'<path class="nnb-goal" d="M{chart.left} {level:.1f}h{chart.width}"/>',
            *_lines("loss", curves),
            f'<path class="nnb-race-now" d="{chart.line(np.array([(shown, end) for end in chart.y]))}"/>',
        ]),
        f'<path class="nnb-frame" d="M{chart.left} {chart.top}v{chart.height}h{chart.width}"/>',
        svg.label(chart.left - 6, level + 4, decimal(goal, language), "end", "nnb-quiet nnb-goal-word"),
        svg.label(chart.left + chart.width / 2, below, text("optimisers.chart", language)),
        svg.label(chart.left, below, count(0, language), "start", "nnb-quiet"),
        svg.label(chart.left + chart.width, below, count(SEEN, language), "end", "nnb-quiet"),
    ]  # fmt: skip


def _lines(kind: str, lines: Sequence[str]) -> Iterator[str]:
    """A path for each optimiser."""
    yield from (f'<path class="nnb-{kind} nnb-runner-{at}" d="{line}"/>' for at, line in enumerate(lines))


def _row(at: int, name: str, facts: Mapping[str, Any], language: str) -> str:
    """Number and name of an optimiser, what it has reached in the end, its rule and its rate."""
    rate = facts["rate"]
    rule = text(f"optimisers.rule_{list(RUNNERS)[at]}", language).split("; ")
    rule.append(
        text("optimisers.rate", language, rate=decimal(rate, language, max(0, 1 - math.floor(math.log10(rate)))))
    )
    result = (
        text("optimisers.loss", language, loss=decimal(facts["loss"], language, 3))
        if facts["steps"] is None
        else text("optimisers.there", language, count=facts["steps"])
    )
    return (
        f'<li class="nnb-runner-{at}"><span class="nnb-badge">{at + 1}</span><b>{escape(name)}</b>'
        f'<span class="nnb-result">{escape(result)}</span>'
        f'<span class="nnb-rule">{"".join(f"<span>{escape(part)}</span>" for part in rule)}</span></li>'
    )


def _drawn(course: Course) -> dict[str, Any]:
    """Map and chart: where they lie, what lies below each of some losses, the lowest last, and what below the goal."""
    plane = Plane(*MAP, *((low, high) for low, high in zip(course.low, course.high, strict=True)))
    points = np.stack(np.meshgrid(np.linspace(*plane.x, 81), np.linspace(*plane.y, 81)), axis=-1)
    losses = course.surface.at(points)[0]
    lowest, highest = float(losses.min()), float(losses.max())
    levels = [lowest + (highest - lowest) * (level / LEVELS) ** 3 for level in range(LEVELS - 1, 0, -1)]
    below = regions(losses, plane, levels)
    return {
        "plane": plane,
        "chart": Plane(*CHART, (0, SEEN), (math.log10(max(course.goal / 10, 0.8 * lowest)), math.log10(highest))),
        "regions": below + [""] * (len(levels) - len(below)),  # the script fills as many for every surface
        "goal": "".join(regions(losses, plane, [course.goal])),
    }


def _script(course: Course) -> dict[str, Any]:
    """A course for `nnbook.race`, how it is drawn, and the sliders for its start and for what all rates are times."""
    drawn = _drawn(course)
    found = {key: getattr(course, key) for key in ("low", "high", "goal", "reach")}
    found |= {"rates": best_rates(course), "map": {key: drawn[key] for key in ("regions", "goal")}}
    found |= {key: drawn[key].data() for key in ("plane", "chart")}
    step = 10.0 ** math.floor(math.log10(course.high[0] - course.low[0])) / 100
    start: dict[str, Slider] = {}
    for key, at, low, high in zip("xy", course.start, course.low, course.high, strict=True):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        start |= sliders({key: at}, round(step * first, 9), round(step * last, 9), step)
    found["sliders"] = start | sliders({"rates": 1}, 0.05, 3, 0.05)
    if isinstance(course.surface, Grid):
        grid, low = course.surface, float(course.surface.padded.min())
        losses = np.rint((grid.padded - low) * 1e4).astype(int).ravel().tolist()
        places = {key: getattr(grid, key).tolist() for key in ("first", "step", "counts")}
        return found | {"surface": {"grid": places | {"losses": pack(losses, 4), "low": low}}}
    return found | {"surface": {"formula": astuple(course.surface)}}  # type: ignore[call-overload]
