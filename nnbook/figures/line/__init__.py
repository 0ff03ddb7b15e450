"""A line through points with its squared errors, and the same line as a place on the map of the loss."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import svg
from nnbook.figures.kit.bowl import Bowl
from nnbook.figures.kit.contours import Plane
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import decimal, signed, text

Numbers = NDArray[np.floating]
HEIGHT = 316  # of both drawings


@arrays.taken(x="numbers", y="numbers", start="pair")
def line(
    x: Numbers,
    y: Numbers,
    start: Any = None,
    name: str = "line",
    interactive: bool = True,
) -> Figure:
    """A line through points, its errors as the sides of squares, and the same line as a place on the map of the loss.

    The reader drags the line or its handles, or the place on the map; the other follows, and the loss is told.

    Args:
        x: (N,), on the scale of `y`, so that squares are square.
        y: (N,)
        start: (2,), slope and intercept of the line at rest, rounded to steps of the sliders; a bad one when left out.
        name: of the figure in the page's address, as in `#line:slope=0.5`.
        interactive: whether it answers to the reader.

    Facts: `points`, how many; `slope`, `intercept` and `loss` of the line at rest; `best`, the same three of the line
    of least squares; `above`, how much more the loss is than the best one; `largest`, the largest error, with its `x`,
    `y`, `error` (line minus point) and `square`.

    Explained in: how-neural-networks-are-trained, "A line through points".

    Example:
        >>> x, y = line.points(12, np.random.default_rng(6))
        >>> figures.line(x, y)
    """
    bowl = Bowl(x, y)
    slope, intercept = bowl.place(start, -0.4, 0.6)
    loss, errors = bowl.loss((slope, intercept)), slope * bowl.x + intercept - bowl.y
    worst = int(np.abs(errors).argmax())
    largest = {"x": bowl.x[worst], "y": bowl.y[worst], "error": errors[worst], "square": errors[worst] ** 2}
    facts = {
        "points": len(x),
        **bowl.told((slope, intercept)),
        "best": bowl.told(bowl.best),
        "above": round(loss - bowl.lowest, 6),
        "largest": {key: round(float(value), 6) for key, value in largest.items()},
    }
    middle = [(values.min() + values.max()) / 2 for values in (bowl.x, bowl.y)]
    reach = 0.75 * max(np.ptp(bowl.x), np.ptp(bowl.y))
    across, up = ((at - reach, at + reach) for at in middle)
    view = replace(bowl.plane, x=across, y=up)

    def render(language: str) -> str:
        said = {"loss": decimal(loss, language, 3), "above": decimal(loss - bowl.lowest, language, 3)}
        said |= {"lowest": decimal(bowl.lowest, language, 3), "slope": decimal(slope, language)}
        said |= {"intercept": decimal(intercept, language), "plus": signed(slope, language)}
        points = text("line.alt", language, count=len(x), **said), _points(bowl, view, facts, language)
        place = ['<path class="nnb-lowest" d=""/>', bowl.plane.dot((slope, intercept), 7, "nnb-drag")]
        map_ = text("line.map_alt", language, **said), [bowl.map(place, language)]
        drawings = svg.drawing(HEIGHT, *points) + svg.drawing(HEIGHT, *map_)
        sums = "".join(
            f'<p class="nnb-sum">{text(key, language, count=len(x), **said)}</p>' for key in ("line.rule", "line.loss")
        )
        legend = f'<p class="nnb-sum nnb-quiet">{text("line.legend", language)}</p>'
        return f'<div class="nnb-panels">{drawings}</div>{sums}{legend}'

    static = Figure("line", render, facts)
    if not interactive:
        return static
    data = {"name": name, "view": view.data(), "start": bowl.sliders((slope, intercept)), **bowl.data()}
    return interactive_figure("line", static, data)


def _points(bowl: Bowl, view: Plane, facts: Mapping[str, Any], language: str) -> Iterator[str]:
    """Squares, line and points, and in a corner the square that is as large as the others are on average."""
    slope, intercept = facts["slope"], facts["intercept"]
    errors, scale = slope * bowl.x + intercept - bowl.y, view.width / (view.x[1] - view.x[0])
    squares = {True: "", False: ""}
    for at, height, error in zip(bowl.x, bowl.y, errors, strict=True):
        side, top = scale * abs(error), float(view.down(max(height, height + error)))
        left = float(view.across(at)) - (0 if at < np.mean(view.x) else side)  # to the middle, so that it is seen whole
        squares[bool(error > 0)] += svg.path("M", left, top, "h", side, "v", side, "h", -side, "z")
    ends = np.array([[at, slope * at + intercept] for at in view.x])
    dots = view.spots(np.column_stack([bowl.x, bowl.y]))
    side, right, bottom = scale * facts["loss"] ** 0.5, view.left + view.width - 8, view.top + view.height - 8
    mean = f'x="{right - side:.1f}" y="{bottom - side:.1f}" width="{side:.1f}" height="{side:.1f}"'
    yield view.inside([
        f'<path class="nnb-over" d="{squares[True]}"/><path class="nnb-under" d="{squares[False]}"/>',
        f'<path class="nnb-best" d=""/><path class="nnb-fit" d="{view.line(ends)}"/>',
        f'<path class="nnb-spots" d="{dots}"/><path class="nnb-grip" d=""/>',
        '<g class="nnb-ends"><circle class="nnb-drag" r="7"/><circle class="nnb-drag" r="7"/></g>',
        f'<rect class="nnb-mean" {mean}/>',
    ])  # fmt: skip
    words = text("line.mean", language, loss=decimal(facts["loss"], language, 3))
    above = svg.label(right, max(bottom - side - 6, view.top + 14), words, "end", "nnb-mean-word")
    yield svg.group([above], "nnb-halo")
    yield view.axes(("x", "y"), language)
