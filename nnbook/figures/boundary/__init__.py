"""The line that a neuron draws between points of two classes, and how many lie on the right side of it."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, localisation
from nnbook.figures.kit import svg
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.sliders import sliders
from nnbook.localisation import class_name, count, decimal, signed, text

SIDE, LEFT, TOP = 300, 32, 4  # of the square that the points lie in
KEYS = {"w1": "weight", "w2": "weight", "b": "bias"}


@arrays.taken(weights="pair")
def boundary(
    points: NDArray[np.float64],
    labels: NDArray[np.integer],
    weights: Any,
    bias: float,
    class_keys: Sequence[str],
    features: Sequence[str] | None = None,
    name: str = "boundary",
    interactive: bool = True,
) -> Figure:
    """Points of two classes, and the line b + w1 x1 + w2 x2 = 0 between what a neuron reads as the one and the other.

    The reader moves the line with sliders, or drags it, and sees how many points are on the right side.

    Args:
        points: (N, 2), both columns on one scale.
        labels: (N,), 1 where the neuron's sum should be positive, else 0.
        weights: (2,), rounded to hundredths of the sliders, which is what is drawn and counted.
        bias: rounded likewise.
        class_keys: (2,).
        features: (2,), what the two columns are: keys of the catalogue, or words that are the same in all languages.
        name: of the figure in the page's address, as in `#boundary:b=0.5`.
        interactive: whether it answers to the reader.

    Facts: `weights`, `bias`, `right`, `wrong`, `total`.

    Explained in: neural-networks, "A neuron draws a line".

    Example:
        >>> boundary([[0, 1], [1, 0]], [0, 1], [1, -1], 0, class_keys=["cat", "dog"])
    """
    most = max(1.5 * float(np.abs([*weights, bias]).max()), 2)
    power = 10 ** math.floor(math.log10(most))
    limit = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= most)
    start = sliders(dict(zip(KEYS, (*weights.tolist(), bias), strict=True)), -limit, limit, limit / 100)
    w1, w2, b = (slider[3] for slider in start.values())
    points = points.round(4)
    wrong = (points @ [w1, w2] + b > 0) != (labels == 1)
    facts = {
        "weights": [w1, w2],
        "bias": b,
        "right": int((~wrong).sum()),
        "wrong": int(wrong.sum()),
        "total": len(wrong),
    }
    margin = 0.04 * float(np.ptp(points)) or 1.0
    low, high = float(points.min()) - margin, float(points.max()) + margin
    scale = SIDE / (high - low)
    places = np.stack([LEFT + scale * (points[:, 0] - low), TOP + scale * (high - points[:, 1])], axis=1)
    slope = _line(w1, w2, b, (low + high) / 2, scale)

    def render(language: str) -> str:
        said = {key: count(int(facts[key]), language) for key in ("right", "wrong", "total")}
        words = [localisation.name(key, key, language) for key in features] if features else ["x₁", "x₂"]
        ends = [decimal(value, language, 1) for value in (float(points.min()), float(points.max()))]
        names = [class_name(key, language) for key in class_keys]
        rule = dict(zip(("first", "second", "bias"), (signed(value, language) for value in (w1, w2, b)), strict=True))
        return (
            svg.drawing(
                TOP + SIDE + 56,
                text("boundary.alt", language, **said),
                _drawn(places, labels, wrong, slope, words, ends, names, language),
            )
            + f'<p class="nnb-sum">{escape(text("boundary.rule", language, name=names[1], **rule))}</p>'
            + f'<p class="nnb-sum"><b>{escape(text("boundary.count", language, **said))}</b></p>'
        )

    static = Figure("boundary", render, facts)
    if not interactive:
        return static
    data = {"name": name, "start": start, "points": points.tolist(), "labels": labels.tolist()}
    data |= {"low": low, "high": high, "side": SIDE, "left": LEFT, "top": TOP}

    def names(language: str) -> Mapping[str, str]:
        signs = ("w₁", "w₂", "b")
        words = {
            key: text(f"kit.slider_{kind}", language, sign=sign)
            for (key, kind), sign in zip(KEYS.items(), signs, strict=True)
        }
        return words | {"positive": class_name(class_keys[1], language)}

    return interactive_figure("boundary", static, data, names)


def _line(w1: float, w2: float, b: float, middle: float, scale: float) -> str:
    """Where the half-plane of positive sums lies: its edge is the x-axis of a group that is moved there and turned."""
    length, total = math.hypot(w1, w2), b + (w1 + w2) * middle
    away = max(-SIDE, min(SIDE, scale * total / length)) if length else math.copysign(SIDE, total or -1)
    angle = math.degrees(math.atan2(-w1, -w2))
    return f"translate({SIDE / 2:g} {SIDE / 2:g}) rotate({angle:.2f}) translate(0 {-away:.2f})"


def _drawn(
    places: NDArray[np.float64],
    labels: NDArray[np.integer],
    wrong: NDArray[np.bool_],
    slope: str,
    features: Sequence[str],
    ends: Sequence[str],
    names: Sequence[str],
    language: str,
) -> list[str]:
    """Ground, line, points, rings of those on the wrong side, and the words around; the script changes line and rings."""
    handles = "".join(f'<circle class="nnb-handle" cx="{x}" r="9"/>' for x in (0, 90))
    edge = f'<path d="M-600 0h1200"/><path class="nnb-grip" d="M-600 0h1200"/>{handles}'
    dots = [svg.path(*(part for x, y in places[labels == kind] for part in ("M", x, y, svg.DOT))) for kind in (0, 1)]
    rings = "".join(f"M{x - 5:.1f} {y:.1f}a5 5 0 1 0 0-.01z" for x, y in places[wrong])
    bottom = TOP + SIDE
    ringed = text("boundary.wrong", language)
    # of both classes and of the rings, under the axis
    at = [LEFT + 8, LEFT + 28 + svg.width_of(names[0], 12), LEFT + 56 + sum(svg.width_of(word, 12) for word in names)]
    signs = [svg.path("M", at[kind], bottom + 44, svg.DOT) for kind in (0, 1)]
    return [
        f'<svg x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}"><rect class="nnb-no" width="{SIDE}" height="{SIDE}"/>'
        f'<g class="nnb-line" transform="{slope}"><rect class="nnb-paper" x="-600" width="1200" height="1200"/>'
        f'<rect class="nnb-yes" x="-600" width="1200" height="1200"/>{edge}</g></svg>',
        *(f'<path class="nnb-kind-{kind}" d="{dots[kind]}{signs[kind]}"/>' for kind in (0, 1)),
        f'<path class="nnb-rings" d="{rings}"/><path class="nnb-rings" d="M{at[2] - 5:.1f} {bottom + 44}a5 5 0 1 0 0-.01z"/>',
        svg.label(LEFT + SIDE / 2, bottom + 16, features[0]),
        f'<g transform="translate({LEFT - 10} {TOP + SIDE / 2:g}) rotate(-90)">{svg.label(0, 0, features[1])}</g>',
        svg.group(
            (svg.label(LEFT, bottom + 16, ends[0], "start"), svg.label(LEFT + SIDE, bottom + 16, ends[1], "end")),
            "nnb-quiet",
        ),
        svg.group((svg.label(LEFT - 6, bottom, ends[0]), svg.label(LEFT - 6, TOP + 10, ends[1])), "nnb-quiet", "end"),
        svg.group(
            (svg.label(x + 10, bottom + 48, word) for x, word in zip(at, (*names, ringed), strict=True)), "", "start"
        ),
    ]
