"""Four activation functions and their slopes, as small charts that share their axes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from nnbook.figures.kit.charts import Chart, axes_for, drawing_of, word
from nnbook.figures.kit.functions import FUNCTIONS
from nnbook.localisation import decimal, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE = 4  # sums run from -EDGE to EDGE
SUMS = np.sort([*np.linspace(-EDGE, EDGE, 161), 1e-9])
ROWS = ("function", "slope")


def activations(ax: "Axes | None" = None) -> Chart:
    """Step, sigmoid, ReLU and tanh over the weighted sum, and under each its slope; a step has none where it jumps.

    Args:
        ax: axes of matplotlib to draw on, if it is to be part of a larger figure; eight smaller ones share its place.

    Facts: for each of `step`, `sigmoid`, `relu`, `tanh`: its values `at_zero` and `at_four`, and `slope_at_zero` and
    `slope_at_four`; `steepest`, its largest slope but for jumps.

    Explained in: neural-networks, "Activation functions".
    """
    facts = {name: _facts(name) for name in FUNCTIONS}
    with axes_for(ax) as axes:
        axes.set_axis_off()
        for column, (name, pair) in enumerate(FUNCTIONS.items()):
            for row, values in enumerate(function(SUMS) for function in pair):
                place = (0.06 + 0.24 * column, 0.56 - 0.5 * row, 0.2, 0.36)
                _small(axes.inset_axes(place), values, row, name if row == 0 else "", column == 0)
    return Chart("activations", drawing_of(axes), lambda language: _alt(facts, language), facts)


def _small(axes: "Axes", values: np.ndarray, row: int, name: str, first: bool) -> None:
    """One of the charts; those of a `row` share their heights, which are said at the `first`."""
    axes.plot(SUMS, np.where(values > 2.2, np.nan, values), color="#1c2024" if row == 0 else "#5b6470")
    axes.axvline(0, color="#c9ced6", linewidth=0.8)
    ticks = (-1, 0, 1, 2) if row == 0 else (0, 0.5, 1)
    axes.set(xlim=(-EDGE, EDGE), ylim=(-1.2, 2.2) if row == 0 else (-0.1, 1.15))
    axes.set_xticks((-3, 0, 3))  # not at the edges, where those of two charts would meet on a phone
    axes.set_yticks(ticks, None if first else [""] * len(ticks))
    if name:
        axes.set_title(word(f"kit.activation_{name}"))
    if first:
        axes.set_ylabel(word(f"activations.{ROWS[row]}"))
        if row == 1:
            axes.set_xlabel(word("activations.sum"))


def _facts(name: str) -> dict[str, float]:
    function, slope = FUNCTIONS[name]
    ends = np.array([0.0, EDGE])
    found = dict(zip(("at_zero", "at_four"), function(ends).tolist(), strict=True))
    found |= dict(zip(("slope_at_zero", "slope_at_four"), slope(ends).tolist(), strict=True))
    return {key: round(value, 6) for key, value in found.items()} | {"steepest": round(float(slope(SUMS).max()), 6)}


def _alt(facts: Mapping[str, Mapping[str, float]], language: str) -> str:
    said = [
        text(
            "activations.point",
            language,
            name=text(f"kit.activation_{name}", language),
            **{key: decimal(value, language) for key, value in found.items()},
        )
        for name, found in facts.items()
    ]
    return f"{text('activations.alt', language)} {' · '.join(said)}"
