"""One neuron: two products and a bias, stacked to a sum, and what an activation function makes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnbook import arrays
from nnbook.figures.kit import svg
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.functions import activation_function
from nnbook.figures.kit.sliders import sliders
from nnbook.localisation import decimal, signed, text

KEYS = ("x1", "x2", "w1", "w2", "b")
SIGNS = ("x₁", "x₂", "w₁", "w₂", "b")
LIMIT = 6  # the largest sum that the sliders reach
ZERO, UNIT = 168, 27  # of the axis that bars and curve share
WORDS, ABOVE = 160, 11  # where the words end, and how far above the middle of their bar they stand
ROWS, BAR = (26, 60, 94, 134), 12
TOP, BOTTOM = 168, 238  # of the curve
RANGES = {"step": (0, 1), "sigmoid": (0, 1), "relu": (0, LIMIT), "tanh": (-1, 1)}


@arrays.taken(inputs="pair", weights="pair")
def neuron(
    inputs: Any,
    weights: Any,
    bias: float,
    activation: str = "sigmoid",
    name: str = "neuron",
    interactive: bool = True,
) -> Figure:
    """A neuron with two inputs: each product and the bias as a bar from where the last one ends, their sum, its output.

    The reader moves inputs, weights and bias, and chooses the activation function, whose curve stands under the sum.

    Args:
        inputs: (2,), from 0 to 1; all numbers are rounded to the sliders' steps of 0.1.
        weights: (2,), from -2 to 2.
        bias: from -2 to 2.
        activation: "step", "sigmoid", "relu" or "tanh".
        name: of the figure in the page's address, as in `#neuron:w1=0.5`.
        interactive: whether it answers to the reader.

    Facts: `inputs`, `weights`, `bias`, `products`, `sum`, `activation`, `output`.

    Explained in: neural-networks, "One neuron is a weighted vote".

    Example:
        >>> neuron([1, 0.5], [0.8, -1.2], 0.3)
    """
    function = activation_function(activation)
    given = dict(zip(KEYS, (*inputs.tolist(), *weights.tolist(), bias), strict=True))
    start = sliders({key: given[key] for key in KEYS[:2]}, 0, 1, 0.1)
    start |= sliders({key: given[key] for key in KEYS[2:]}, -2, 2, 0.1)
    x1, x2, w1, w2, b = (slider[3] for slider in start.values())
    parts = [round(value, 6) + 0.0 for value in (w1 * x1, w2 * x2, b)]
    total = round(sum(parts), 6) + 0.0
    facts = {
        "inputs": [x1, x2],
        "weights": [w1, w2],
        "bias": b,
        "products": parts[:2],
        "sum": total,
        "activation": activation,
        "output": round(float(function(total)), 6),
    }
    static = Figure("neuron", lambda language: _drawing(facts, language), facts)
    if not interactive:
        return static
    data: dict[str, object] = {"name": name, "start": start, "activation": activation, "ranges": RANGES}
    data |= {"zero": ZERO, "unit": UNIT, "limit": LIMIT, "top": TOP, "bottom": BOTTOM}

    def names(language: str) -> Mapping[str, str]:
        kinds = ("input", "input", "weight", "weight", "bias")
        return {
            key: text(f"kit.slider_{kind}", language, sign=sign)
            for key, kind, sign in zip(KEYS, kinds, SIGNS, strict=True)
        }

    return interactive_figure("neuron", static, data, names)


def _drawing(facts: Mapping[str, Any], language: str) -> str:
    """Bars, and under them the curve; the script finds texts, bars and lines by their order, and changes them."""
    parts, total, output = [*facts["products"], facts["bias"]], facts["sum"], facts["output"]
    said = {key: signed(value, language) for key, value in zip(("first", "second", "bias"), parts, strict=True)}
    said |= {"sum": signed(total, language), "output": decimal(output, language)}
    said["name"] = text(f"kit.activation_{facts['activation']}", language)
    factors = zip(facts["weights"], facts["inputs"], (said["first"], said["second"]), strict=True)
    products = [
        svg.product(WORDS, row - ABOVE, at, f"{decimal(weight, language, 1)} × {decimal(x, language, 1)} = {value}")
        for row, at, (weight, x, value) in zip(ROWS, (1, 2), factors, strict=False)
    ]
    low, high = RANGES[facts["activation"]]
    words = [
        svg.indexed(WORDS, ROWS[2] - ABOVE, "b", "", "end", f" = {said['bias']}"),
        svg.label(WORDS, ROWS[3] - ABOVE, text("neuron.sum", language, **said), "end", "nnb-strong"),
        svg.label(WORDS, TOP + 8, text("neuron.activated", language, **said), "end"),
        svg.label(WORDS, TOP + 26, text("neuron.output", language, **said), "end", "nnb-strong"),
        svg.label(336, TOP - 4, str(high), "end", "nnb-quiet"),
        svg.label(336, BOTTOM + 12, str(low).replace("-", "−"), "end", "nnb-quiet"),
    ]
    function, sums = activation_function(facts["activation"]), np.sort([*np.linspace(-LIMIT, LIMIT, 61), 1e-6])
    curve = [place for at in sums for place in (_across(at), _down(float(function(at)), low, high))]
    ends = [*np.cumsum(parts).tolist(), total]
    thread: list[str | float] = [
        part
        for end, row, below in zip(ends, ROWS, (*(row - 6 for row in ROWS[1:]), _down(output, low, high)), strict=True)
        for part in ("M", _across(end), row + 6, "V", below)
    ]
    edges = _across(-LIMIT), _across(LIMIT)
    axes = ("M", ZERO, 6, "V", BOTTOM, "M", edges[0], 108, "H", edges[1], "M", edges[0], BOTTOM, "H", edges[1])
    lines: dict[str, Sequence[str | float]] = {"axes": axes, "thread": thread, "curve": ("M", *curve)}
    return svg.drawing(
        BOTTOM + 16,
        text("neuron.alt", language, **said),
        [
            *(f'<path class="nnb-{kind}" d="{svg.path(*line)}"/>' for kind, line in lines.items()),
            *map(_bar, ROWS, (0, ends[0], ends[1], 0), ends),
            f'<circle cx="{_across(total):.1f}" cy="{_down(output, low, high):.1f}" r="4.5"/>',
            svg.group([*products, *words], "nnb-halo"),
        ],
    )


def _bar(row: int, start: float, end: float) -> str:
    kind = "plus" if end > start else "minus"
    left, width = _across(min(start, end)), UNIT * abs(end - start)
    return f'<rect class="nnb-{kind}" x="{left:.2f}" y="{row - BAR // 2}" width="{width:.2f}" height="{BAR}"/>'


def _across(value: float) -> float:
    return ZERO + UNIT * value


def _down(output: float, low: float, high: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (output - low) / (high - low)
