"""XOR: what no single neuron can do, and two hidden neurons and an output can."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import svg
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.sliders import sliders
from nnbook.localisation import signed, text

POINTS = ((0, 0), (0, 1), (1, 0), (1, 1))
WANTED = (0, 1, 1, 0)
SIDE, FIRST, UNIT = 104, 22, 60  # of a map: its width, where 0 lies, and how far 1 is from it
Neuron = tuple[float, float, float]  # two weights and a bias
# A single neuron, and then the two hidden ones and the output of a network that can do it.
START: tuple[Neuron, ...] = ((1, 1, -0.5), (1, 1, -0.5), (1, 1, -1.5), (1, -1, -0.5))
SIGNS = (*[("w₁", "w₂", "b")] * 3, ("v₁", "v₂", "c"))
ROUNDING = 1e-9  # sums of tenths that are zero may miss it by less
NAMES = ("one", "hidden", "hidden", "output")
Polygon = Sequence[tuple[float, float]]


def xor(name: str = "xor", interactive: bool = True) -> Figure:
    """Four points of which two opposite ones should give 1: maps of one neuron, and of a 2-2-1 network of step neurons.

    The reader tries one neuron, and then the network, by weights and biases.

    Args:
        name: of the figure in the page's address, as in `#xor:view=two`.
        interactive: whether it answers to the reader.

    Facts: `best_single`, how many points one neuron gets right at best, of all with weights and bias on the sliders;
    `single`, how many the one shown gets right; `solution`, the weights and biases of the network's neurons, and
    `solved`, how many that gets right.

    Explained in: neural-networks, "What one neuron can't do".
    """
    outputs = _outputs(START, np.array(POINTS))
    right = [int((output == WANTED).sum()) for output in outputs]
    solution = [list(map(float, neuron)) for neuron in START[1:]]
    facts = {"best_single": _best(), "single": right[0], "solution": solution, "solved": right[3]}

    def render(language: str) -> str:
        maps = [_map(number, output.tolist(), right[number], language) for number, output in enumerate(outputs)]
        legend = f'<p class="nnb-sum nnb-quiet">{escape(text("xor.legend", language))}</p>'
        return f'<div class="nnb-xor-maps">{"".join(maps)}</div>{legend}'

    static = Figure("xor", render, facts)
    if not interactive:
        return static
    starts = [
        sliders({f"{key}{number}": value for key, value in zip("pqb", neuron, strict=True)}, -2, 2, 0.1)
        for number, neuron in enumerate(START)
    ]
    data = {"name": name, "starts": starts, "signs": SIGNS, "first": FIRST, "unit": UNIT, "side": SIDE}
    data |= {"points": POINTS, "wanted": WANTED}
    return interactive_figure(
        "xor", static, data, lambda language: {f"name.{number}": _name(number, language) for number in range(4)}
    )


def _best() -> int:
    """The most points that one neuron with weights and bias of the sliders gets right."""
    steps = np.arange(-20, 21) / 10
    w1, w2, b = np.meshgrid(steps, steps, steps, sparse=True)
    right = sum(((b + w1 * x + w2 * y > ROUNDING) == wanted) * 1 for (x, y), wanted in zip(POINTS, WANTED, strict=True))
    return int(np.max(right))


def _outputs(neurons: Sequence[Neuron], points: NDArray[np.integer]) -> list[NDArray[np.int64]]:
    """What the single neuron, both hidden ones and the output give out for `points` (N, 2): 0 or 1, (N,) each."""

    def fires(neuron: Neuron, inputs: NDArray[np.integer]) -> NDArray[np.int64]:
        return np.asarray(inputs @ neuron[:2] + neuron[2] > ROUNDING, dtype=np.int64)

    first = [fires(neuron, points) for neuron in neurons[:3]]
    return [*first, fires(neurons[3], np.stack(first[1:], axis=1))]


def _name(number: int, language: str) -> str:
    return text(f"xor.{NAMES[number]}", language, number=number)


def _map(number: int, output: Sequence[int], right: int, language: str) -> str:
    """The side on which a neuron says 1, the four points, and crosses on those that it gets wrong."""
    judged = number in (0, 3)
    low, high = -FIRST / UNIT, 1 + FIRST / UNIT
    square = [(low, low), (low, high), (high, high), (high, low)]
    shapes = [_side(square, START[number])] if number < 3 else _both(square)
    corners = [[part for point in shape for part in _place(*point)] for shape in shapes if shape]
    region = "".join(svg.path("M", *shape, "z") for shape in corners)
    dots = "".join(
        f'<circle class="nnb-{"full" if wanted else "hollow"}" cx="{x}" cy="{y}" r="7"/>'
        for wanted, (x, y) in zip(WANTED, (_place(*point) for point in POINTS), strict=True)
    )
    wrong = [point for point, says, wanted in zip(POINTS, output, WANTED, strict=True) if judged and says != wanted]
    crosses = "".join(f"M{x - 11:g} {y - 11:g}l22 22m0-22l-22 22" for x, y in (_place(*point) for point in wrong))
    ones = ", ".join(f"({x}, {y})" for (x, y), is_one in zip(POINTS, output, strict=True) if is_one)
    alt = text("xor.map", language, name=_name(number, language), points=ones or text("xor.nowhere", language))
    terms = zip(START[number], ("x₁", "x₂", "") if number < 3 else ("h₁", "h₂", ""), strict=True)
    total = " ".join(f"{signed(value, language, 1)} {sign}" for value, sign in terms).strip()
    result = f"<b>{escape(text('xor.right', language, right=right))}</b>" if judged else ""
    return (
        f'<div class="nnb-xor-map"><span class="nnb-tile-name">{escape(_name(number, language))}</span>'
        f'<svg viewBox="0 0 {SIDE} {SIDE}" role="img" aria-label="{escape(alt)}">'
        f'<path class="nnb-region" d="{region}"/>{dots}<path class="nnb-crosses" d="{crosses}"/></svg>'
        f'<span class="nnb-tile-note">{escape(total)}</span><span class="nnb-result">{result}</span></div>'
    )


def _place(x: float, y: float) -> tuple[float, float]:
    return FIRST + UNIT * x, SIDE - FIRST - UNIT * y


def _both(square: Polygon) -> list[Polygon]:
    """The parts of the `square` in which the output of the network says 1: for each answer of both hidden neurons."""
    p, q, b = START[3]
    parts: list[Polygon] = []
    for first, second in POINTS:
        if p * first + q * second + b > ROUNDING:
            part = square
            for answer, neuron in zip((first, second), START[1:3], strict=True):
                part = _side(part, neuron if answer else (-neuron[0], -neuron[1], 2 * ROUNDING - neuron[2]))
            parts.append(part)
    return parts


def _side(polygon: Polygon, neuron: Neuron) -> Polygon:
    """The part of a convex `polygon` in which the sum of a `neuron` is above zero."""
    kept: list[tuple[float, float]] = []
    sums = [neuron[0] * x + neuron[1] * y + neuron[2] - ROUNDING for x, y in polygon]
    for at, (x, y) in enumerate(polygon):
        before, after, (left, below) = sums[at - 1], sums[at], polygon[at - 1]
        if (before > 0) != (after > 0):
            share = before / (before - after)
            kept.append((left + share * (x - left), below + share * (y - below)))
        if after > 0:
            kept.append((x, y))
    return kept
