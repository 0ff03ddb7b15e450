"""The line that a neuron draws between points of two classes, and how many lie on the right side of it."""

import math
from collections.abc import Iterator, Mapping, Sequence
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
KEYS = {"w1": ("weight", "w₁"), "w2": ("weight", "w₂"), "b": ("bias", "b")}


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
    facts: dict[str, Any] = {"weights": [w1, w2], "bias": b}
    facts |= {"right": int((~wrong).sum()), "wrong": int(wrong.sum()), "total": len(wrong)}
    margin = 0.04 * float(np.ptp(points)) or 1.0
    low, high = float(points.min()) - margin, float(points.max()) + margin
    scale = SIDE / (high - low)
    places = np.stack([LEFT + scale * (points[:, 0] - low), TOP + scale * (high - points[:, 1])], axis=1)
    line = _line(w1, w2, b, (low + high) / 2, scale)

    def render(language: str) -> str:
        said = {key: count(facts[key], language) for key in ("right", "wrong", "total")}
        axes = [localisation.name(key, key, language) for key in features or ("x₁", "x₂")]
        ends = [decimal(float(end), language, 1) for end in (points.min(), points.max())]
        names = [*(class_name(key, language) for key in class_keys), text("boundary.wrong", language)]
        rule = {
            key: signed(value, language) for key, value in zip(("first", "second", "bias"), (w1, w2, b), strict=True)
        }
        drawn = [*_drawn(places, labels, wrong, line), *_words(axes, ends, names)]
        sums = text("boundary.rule", language, name=names[1], **rule), text("boundary.count", language, **said)
        return svg.drawing(TOP + SIDE + 56, text("boundary.alt", language, **said), drawn) + (
            f'<p class="nnb-sum">{escape(sums[0])}</p><p class="nnb-sum"><b>{escape(sums[1])}</b></p>'
        )

    static = Figure("boundary", render, facts)
    if not interactive:
        return static
    data = {"name": name, "start": start, "points": points.tolist(), "labels": labels.tolist()}
    data |= {"low": low, "high": high, "side": SIDE, "left": LEFT, "top": TOP}

    def names(language: str) -> Mapping[str, str]:
        words = {key: text(f"kit.slider_{kind}", language, sign=sign) for key, (kind, sign) in KEYS.items()}
        return words | {"positive": class_name(class_keys[1], language)}

    return interactive_figure("boundary", static, data, names)


def _line(w1: float, w2: float, b: float, middle: float, scale: float) -> str:
    """Where the half-plane of positive sums lies: its edge is the x-axis of a group that is moved there and turned."""
    length, total = math.hypot(w1, w2), b + (w1 + w2) * middle
    away = max(-SIDE, min(SIDE, scale * total / length)) if length else math.copysign(SIDE, total or -1)
    angle = math.degrees(math.atan2(-w1, -w2))
    return f"translate({SIDE / 2:g} {SIDE / 2:g}) rotate({angle:.2f}) translate(0 {-away:.2f})"


def _drawn(
    places: NDArray[np.float64], labels: NDArray[np.integer], wrong: NDArray[np.bool_], line: str
) -> Iterator[str]:
    """Both sides, the points, rings of the wrong ones, and the line, with handles for the script, which moves them."""
    halves = "".join(f'<rect class="nnb-{kind}" x="-600" width="1200" height="1200"/>' for kind in ("paper", "yes"))
    handles = "".join(f'<circle class="nnb-handle" cx="{x}" r="9"/>' for x in (0, 90))
    edge = f'<path d="M-600 0h1200"/><path class="nnb-grip" d="M-600 0h1200"/>{handles}'
    frame = f'<svg x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}">'
    yield f'{frame}<rect class="nnb-no" width="{SIDE}" height="{SIDE}"/><g transform="{line}">{halves}</g></svg>'
    for kind in (0, 1):
        dots = svg.path(*(part for x, y in places[labels == kind].tolist() for part in ("M", x, y, svg.DOT)))
        yield f'<path class="nnb-kind-{kind}" d="{dots}"/>'
    yield f'<path class="nnb-rings" d="{"".join(_ring(x, y) for x, y in places[wrong])}"/>'
    yield f'{frame}<g class="nnb-line" transform="{line}">{edge}</g></svg>'


def _words(axes: Sequence[str], ends: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """What the axes are, from where to where they go, and below them the two kinds of points and the rings."""
    bottom, right, row = TOP + SIDE, LEFT + SIDE, TOP + SIDE + 44
    yield svg.label(LEFT + SIDE / 2, bottom + 16, axes[0])
    yield f'<g transform="translate({LEFT - 10} {TOP + SIDE // 2}) rotate(-90)">{svg.label(0, 0, axes[1])}</g>'
    yield svg.label(LEFT, bottom + 16, ends[0], "start", "nnb-quiet")
    yield svg.label(right, bottom + 16, ends[1], "end", "nnb-quiet")
    yield svg.label(LEFT - 6, bottom, ends[0], "end", "nnb-quiet")
    yield svg.label(LEFT - 6, TOP + 10, ends[1], "end", "nnb-quiet")
    x = LEFT + 8.0
    for kind, word in zip(("kind-0", "kind-1", "rings"), names, strict=True):
        yield f'<path class="nnb-{kind}" d="{_ring(x, row) if kind == "rings" else svg.path("M", x, row, svg.DOT)}"/>'
        yield svg.label(x + 10, row + 4, word, "start")
        x += 30 + svg.width_of(word, 12)


def _ring(x: float, y: float) -> str:
    return f"M{x - 5:.1f} {y:.1f}a5 5 0 1 0 0-.01z"
