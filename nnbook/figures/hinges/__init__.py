"""Hinges: a curve and the sum of ReLU neurons that follows it, the more of them the closer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import svg
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.hinges import Hinges, fit
from nnbook.localisation import decimal, signed, text

LEFT, RIGHT = 48, svg.WIDTH - 6  # of both panels
CURVE, PARTS = (24, 190), (226, 326)  # their tops and bottoms: the curve with the sum, and the hinges alone
Numbers = NDArray[np.floating]


@arrays.taken(x="numbers", y="numbers", units="positions")
def hinges(
    x: Numbers,
    y: Numbers,
    units: Sequence[int] = range(1, 41),
    start: int = 6,
    name: str = "hinges",
    interactive: bool = True,
) -> Figure:
    """A curve, and the sum of ReLU neurons that follows it; the reader chooses how many.

    Args:
        x: (P,), the places of the curve, growing.
        y: (P,), its heights.
        units: (fits,), numbers of hidden neurons that are fitted.
        start: the one of them at rest; the nearest, if it is none of them.
        name: of the figure in the page's address, as in `#hinges:units=12`.
        interactive: whether it answers to the reader.

    Facts: `gaps`, the largest distance between curve and sum by the number of neurons; `first`, `shown` and `last`,
    each with its `units` and `gap`.

    Explained in: neural-networks, "Why there must be a bend".

    Example:
        >>> x = np.linspace(0, 1, 201)
        >>> hinges(x, np.sin(6 * x) + x)
    """
    fits = [_drawn(x, y, found) for found in fit(x, y, units)]
    shown = min(range(len(fits)), key=lambda at: abs(units[at] - start))
    picked = {"first": 0, "shown": shown, "last": len(fits) - 1}
    facts = {
        "gaps": {str(count): found["gap"] for count, found in zip(units, fits, strict=True)},
        **{key: {"units": units[at], "gap": fits[at]["gap"]} for key, at in picked.items()},
    }
    curve = _line(x, y, x, y)

    def render(language: str) -> str:
        now = fits[shown]
        said = {at: _said("hinges.gap", units[at], fits[at], language) for at in sorted(picked.values())}
        high, low = (signed(now[key], language, 1) for key in ("high", "low"))
        content = [
            *(f'<path class="nnb-hinges-frame" d="M{LEFT} {top}V{end}H{RIGHT}"/>' for top, end in (CURVE, PARTS)),
            f'<path class="nnb-hinges-curve" d="{curve}"/>',
            *(f'<path class="nnb-hinges-{key}" d="{line}"/>' for key, line in now["lines"].items()),
            svg.label(LEFT, CURVE[0] - 10, text("hinges.curve", language), "start", "nnb-quiet"),
            svg.label(RIGHT, CURVE[0] - 10, text("hinges.sum", language), "end", "nnb-strong"),
            svg.label(LEFT, PARTS[0] - 10, text("hinges.parts", language), "start"),
            svg.label(LEFT - 6, CURVE[0] + 4, decimal(y.max(), language), "end", "nnb-value"),
            svg.label(LEFT - 6, CURVE[1] + 4, decimal(y.min(), language), "end", "nnb-value"),
            svg.label(LEFT - 6, PARTS[0] + 4, high, "end", "nnb-value nnb-hinges-high"),
            svg.label(LEFT - 6, PARTS[1] + 4, low, "end", "nnb-value nnb-hinges-low"),
            svg.label(LEFT, PARTS[1] + 16, decimal(x[0], language), "", "nnb-value"),
            svg.label(RIGHT, PARTS[1] + 16, decimal(x[-1], language), "end", "nnb-value"),
        ]
        drawing = svg.drawing(PARTS[1] + 20, _said("hinges.alt", units[shown], now, language), content)
        return drawing + "".join(f'<p class="nnb-sum">{sentence}</p>' for sentence in said.values())

    static = Figure("hinges", render, facts)
    if not interactive:
        return static
    return interactive_figure("hinges", static, {"name": name, "units": units, "start": shown, "fits": fits})


def _said(key: str, units: int, found: Mapping[str, Any], language: str) -> str:
    return text(key, language, count=units, gap=decimal(found["gap"], language, 3))


def _drawn(x: Numbers, y: Numbers, found: Hinges) -> dict[str, Any]:
    """What a fit shows, as path data: the sum, its largest gap, and the hinges by their sign on a scale apart."""
    bends = np.unique([x[0], *found.knots, x[-1]])
    sums, ends = found(x), found.weights * (x[-1] - found.knots)
    worst = int(np.abs(sums - y).argmax())
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    starts, tips, zero = _across(found.knots, x), _place(ends, high, low, *PARTS), _place(0, high, low, *PARTS)
    hinges = [svg.path("M", start, zero, "L", RIGHT, tip) for start, tip in zip(starts, tips, strict=True)]
    return {
        "lines": {
            "zero": svg.path("M", LEFT, zero, "H", RIGHT),
            "up": "".join(np.array(hinges)[ends > 0]),
            "down": "".join(np.array(hinges)[ends < 0]),
            "sum": _line(bends, found(bends), x, y),
            "gap": _line(x[[worst, worst]], np.array([y[worst], sums[worst]]), x, y),
        },
        "high": round(high, 3),
        "low": round(low, 3),
        "gap": round(float(np.abs(sums - y).max()), 6),
    }


def _line(places: Numbers, heights: Numbers, x: Numbers, y: Numbers) -> str:
    """Path data of what goes through `places` and `heights` (N,) in the panel of the curve `x`, `y`."""
    points = np.column_stack([_across(places, x), _place(heights, y.max(), y.min(), *CURVE)])
    return svg.path("M", *points[0].tolist(), "L", *points[1:].ravel().tolist())


def _across(places: Numbers, x: Numbers) -> Numbers:
    return _place(places, x[0], x[-1], LEFT, RIGHT)


def _place(values: Any, first: float, last: float, start: float, end: float) -> Any:
    """Where on the drawing `values` lie if `first` lies at `start` and `last` at `end`."""
    return start + (values - first) / ((last - first) or 1) * (end - start)
