"""Gradient descent on the map of the loss of a line, and its loss by step."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook import line as lines
from nnbook.figures.kit import svg
from nnbook.figures.kit.bowl import Bowl
from nnbook.figures.kit.contours import Plane
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.sliders import sliders
from nnbook.localisation import decimal, signed, text

Numbers = NDArray[np.floating]
CHART = Plane(42, 6, 288, 150, (0, 1), (0, 1))
SHARES = {"creeping": 0.02, "arriving": 0.5, "overshooting": 0.95, "beyond": 1.1}  # of the limit, told as facts


@arrays.taken(x="numbers", y="numbers", start="pair")
def descent(
    x: Numbers,
    y: Numbers,
    start: Any = None,
    rate: float | None = None,
    steps: int = 20,
    name: str = "descent",
    interactive: bool = True,
) -> Figure:
    """Gradient descent on the map of the loss of a line, and beside it the loss by step.

    The reader chooses start and rate, steps, plays, and sees it creep, arrive, overshoot or run away.

    Args:
        x: (N,)
        y: (N,)
        start: (2,), slope and intercept at first.
        rate: the learning rate at rest; two fifths of the limit when left out.
        steps: how many are shown at rest.
        name: of the figure in the page's address, as in `#descent:rate=0.5`.
        interactive: whether it answers to the reader.

    Facts: `rate`, `limit` (2 / the largest curvature), `curvatures` with `smallest` and `largest`; `steps`; `start`,
    `first` (after one step), `end` (after all) and `best` (least squares), each with `slope`, `intercept` and `loss`;
    `gradient` at the start, with `slope` and `intercept`; and how other rates end, each with `rate`, `share` of the
    limit and `loss` after as many steps: `creeping`, `arriving`, `overshooting`, `beyond` the limit.

    Explained in: how-neural-networks-are-trained, "How long a step?".

    Example:
        >>> figures.descent(x, y, rate=0.3)
    """
    bowl = Bowl(x, y)
    limit = lines.rate_limit(bowl.x)
    step = 10.0 ** math.floor(math.log10(limit)) / 10
    first = bowl.place(start, -0.9, -0.1)
    wanted = 0.4 * limit if rate is None else rate
    moved = sliders({"rate": wanted}, step, math.ceil(1.3 * limit / step) * step, step) | bowl.sliders(first)
    rate = moved["rate"][3]
    way = lines.descent(bowl.x, bowl.y, first, rate, steps)
    gradient, curvatures = bowl.gradient(first), np.linalg.eigvalsh(lines.curvature(bowl.x)).round(6).tolist()
    facts: dict[str, Any] = {"rate": rate, "limit": round(limit, 6), "steps": steps}
    facts |= {
        key: bowl.told(at)
        for key, at in zip(("start", "first", "end", "best"), (*way[[0, 1, -1]], bowl.best), strict=True)
    }
    facts |= {"curvatures": dict(zip(("smallest", "largest"), curvatures, strict=True))}
    facts |= {"gradient": {"slope": round(gradient[0], 6), "intercept": round(gradient[1], 6)}}
    for key, share in SHARES.items():
        end = lines.descent(bowl.x, bowl.y, first, share * limit, steps)[-1]
        facts[key] = {"rate": round(share * limit, 6), "share": share, "loss": bowl.told(end)["loss"]}
    static = Figure("descent", lambda language: _drawn(bowl, way, facts, language), facts)
    if not interactive:
        return static
    data = {
        "name": name,
        "start": moved,
        "steps": steps,
        "curvature": curvatures[1],
        "chart": CHART.data(),
        **bowl.data(),
    }
    return interactive_figure("descent", static, data)


def _drawn(bowl: Bowl, way: NDArray[np.float64], facts: Mapping[str, Any], language: str) -> str:
    """The way on the map, the loss by step, and the last place and the next step in numbers."""
    seen, losses = bowl.zoomed(way), lines.loss(bowl.x, bowl.y, *way.T)
    chart = replace(CHART, x=(0, facts["steps"]), y=(0, float(losses.max())))
    numbers = {key: decimal(facts["end"][key], language) for key in ("slope", "intercept")}
    said = numbers | {"rate": decimal(facts["rate"], language), "lowest": decimal(bowl.lowest, language, 3)}
    said |= {"from_slope": decimal(way[0, 0], language), "from_intercept": decimal(way[0, 1], language)}
    said |= {"first": decimal(losses[0], language, 3), "loss": decimal(losses[-1], language, 3)}
    said |= {"limit": decimal(facts["limit"], language), "curvature": decimal(facts["curvatures"]["largest"], language)}
    count, gradient = facts["steps"], bowl.gradient(way[-1])
    content = [
        f'<path class="nnb-lowest" d="{seen.cross(bowl.best)}"/>',
        f'<path class="nnb-trail" d="{seen.line(way)}"/><path class="nnb-spots" d="{seen.spots(way)}"/>',
        f'<path class="nnb-next" d="{seen.line(way[-1] - [[0, 0], facts["rate"] * np.array(gradient)])}"/>',
        seen.dot(way[0], 7, "nnb-drag"),
    ]
    by_step = np.column_stack([np.arange(len(way)), losses])
    bottom = np.array([[end, bowl.lowest] for end in chart.x])
    curves = [
        f'<path class="nnb-lowest" d="{chart.line(bottom)}"/><path class="nnb-trail" d="{chart.line(by_step)}"/>',
        f'<path class="nnb-spots" d="{chart.spots(by_step)}"/>',
    ]
    axes = chart.axes([text(key, language) for key in ("descent.steps", "kit.loss")], language, (0, 2))
    drawings = [
        svg.drawing(316, text("descent.alt", language, count=count, **said), [bowl.map(content, language, seen)]),
        svg.drawing(178, text("descent.chart_alt", language, count=count, **said), [*curves, axes]),
    ]
    sums = [text("descent.after", language, count=count, **said)]
    for key, steep in zip(("slope", "intercept"), gradient, strict=True):
        now, then = (decimal(facts["end"][key] - rate * steep, language, 3) for rate in (0, facts["rate"]))
        by = signed(steep, language, 3)
        sums.append(text(f"descent.{key}", language, **{**said, "from": now, "by": by, "to": then}))
    sums.append(text(f"descent.{_course(facts['rate'] / facts['limit'])}", language, **said))
    told = "".join(f'<p class="nnb-sum">{each}</p>' for each in sums)
    return f'<div class="nnb-panels">{drawings[0]}<div>{drawings[1]}{told}</div></div>'


def _course(share: float) -> str:
    """What a rate of this share of the limit leads to."""
    return next((key for key, most in (("creeps", 0.1), ("calm", 0.5), ("swings", 1)) if share < most), "bursts")
