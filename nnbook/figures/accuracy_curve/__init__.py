"""Curves of accuracy against the size of the hidden layer."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nnbook.figures.kit.charts import Chart, axes_for, drawing_of, said, word
from nnbook.localisation import count, decimal, percent, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

_LOOKS: dict[str, dict[str, Any]] = {
    "train": {"color": "#5b6470", "linewidth": 1.1, "linestyle": (0, (4, 3))},
    "test": {"color": "#1c2024"},
}


def accuracy_curve(
    units: Sequence[int],
    train_accuracy: Sequence[float],
    test_accuracy: Sequence[float],
    parameters: Sequence[int] | None = None,
    ax: "Axes | None" = None,
) -> Chart:
    """Accuracy on training and on test images against the number of hidden neurons, which grows by factors.

    Args:
        units: (networks,), hidden neurons of each network, growing.
        train_accuracy: (networks,), 0 to 1.
        test_accuracy: (networks,), 0 to 1.
        parameters: (networks,), what each network costs, if it is to be shown.
        ax: axes of matplotlib to draw on, if it is to be part of a larger figure.

    Facts: `points`, for each network `units`, `train_accuracy`, `test_accuracy`, `gap` (the first minus the second)
    and, if given, `parameters`; `last_gain`, by how much the last step raises the test accuracy; `best` (a point).

    Explained in: looking-inside-neural-networks, "How far does this go?".
    """
    columns = {"train_accuracy": train_accuracy, "test_accuracy": test_accuracy}
    if parameters is not None:
        columns["parameters"] = parameters
    wrong = [name for name, values in columns.items() if len(values) != len(units)]
    if wrong or len(units) < 2 or list(units) != sorted(set(units)):
        raise ValueError(
            f"a curve needs two networks or more of growing size and one number of each kind for each; got units "
            f"{list(units)}{f' and {len(columns[wrong[0]])} in {wrong[0]}' if wrong else ''}; pass equally long lists"
        )
    points = [_point(*numbers) for numbers in zip(units, train_accuracy, test_accuracy, strict=True)]
    for point, number in zip(points, parameters or [], strict=False):
        point["parameters"] = int(number)
    facts = {
        "points": points,
        "last_gain": round(points[-1]["test_accuracy"] - points[-2]["test_accuracy"], 6),
        "best": max(points, key=lambda point: point["test_accuracy"]),
    }

    with axes_for(ax) as axes:
        for kind, look in _LOOKS.items():
            _curve(axes, points, kind, look)
        lowest = max(math.floor(10 * min(*train_accuracy, *test_accuracy) - 0.5) / 10, 0)
        grid = np.arange(1, lowest - 1e-9, -0.1 if lowest >= 0.5 else -0.2)
        axes.set(xscale="log", xlim=(units[0] ** 1.12 / units[-1] ** 0.12, units[-1]), ylim=(lowest, 1))
        axes.set_yticks(grid, [said(_percent, share) for share in grid.tolist()])
        _row(axes.xaxis, units, [said(count, number) for number in units], "accuracy_curve.hidden_neurons")
        if parameters is not None:
            below = axes.secondary_xaxis("bottom")
            below.spines["bottom"].set(position=("outward", 30), visible=False)
            _row(below.xaxis, units, [_short(int(number)) for number in parameters], "kit.parameters")
    return Chart("accuracy-curve", drawing_of(axes), lambda language: _alt(points, language), facts)


def _curve(axes: "Axes", points: Sequence[Mapping[str, Any]], kind: str, look: Mapping[str, Any]) -> None:
    """A curve with its points, their numbers, which step aside from where it climbs, and at its end its name."""
    units, shares = ([point[key] for point in points] for key in ("units", f"{kind}_accuracy"))
    axes.plot(units, shares, marker="o", **look)
    above = kind == "train"
    place: dict[str, Any] = {"xytext": (2, 6), "ha": "right"} if above else {"xytext": (-2, -13), "ha": "left"}
    how = {"textcoords": "offset points", "color": look["color"], "annotation_clip": False}
    for x, share in zip(units, shares, strict=True):
        axes.annotate(said(_points, share), (x, share), **place, **how)
    name = word("kit.training_images" if above else "kit.test_images")
    axes.annotate(name, (x, share), (4, 20 if above else -31), ha="right", fontweight="bold", **how)


def _row(axis: "Axis", units: Sequence[int], words: Sequence[str], key: str) -> None:
    """Words under the units, and below them what they count."""
    axis.set_ticks(units, words)
    axis.set_ticks([], minor=True)
    axis.set_label_text(word(key))


def _percent(share: float, language: str) -> str:
    return percent(share, language, 0)


def _points(share: float, language: str) -> str:
    return decimal(100 * share, language, 1)


def _point(units: int, train: float, test: float) -> dict[str, Any]:
    train, test = round(float(train), 6), round(float(test), 6)
    return {"units": int(units), "train_accuracy": train, "test_accuracy": test, "gap": round(train - test, 6)}


def _short(number: int) -> str:
    """A number of parameters in a few characters: 795 stays, 7,960 becomes 8k."""
    return str(number) if number < 1000 else f"{number / 1000:.1f}k" if number < 9950 else f"{number / 1000:.0f}k"


def _alt(points: Sequence[Mapping[str, Any]], language: str) -> str:
    said = [
        text(
            "accuracy_curve.point",
            language,
            count=point["units"],
            train=percent(point["train_accuracy"], language),
            test=percent(point["test_accuracy"], language),
        )
        for point in points
    ]
    return f"{text('accuracy_curve.alt', language)} {' · '.join(said)}"
