"""How good the networks are: a table to compare them, and curves of accuracy against size."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from nnbook.figures.chart import Line, line_chart
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import count, percent, text

DATASET_NAMES = {"mnist": "MNIST", "cifar10": "CIFAR-10"}  # proper names, the same in every language


def accuracy_table(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Networks side by side, by data set: size, accuracy on training and on test images, time of training.

    Args:
        rows: for each network `name`, `dataset`, `layers` (such as (784, 10, 10)), `parameters` (their number),
            `train_accuracy`, `test_accuracy` (0 to 1) and, if known, `seconds` of training.

    Facts: for each network by its name, what its row says; and `guessing`, the accuracy of blind guessing by data set.

    Explained in: looking-inside-neural-networks, "Why it helps".
    """
    needed = ("name", "dataset", "layers", "parameters", "train_accuracy", "test_accuracy")
    missing = [key for row in rows for key in needed if key not in row]
    if not rows or missing:
        raise ValueError(
            f"each network needs {', '.join(needed)}; got {f'none of {missing[0]!r}' if missing else 'no network'}; "
            f"pass one mapping for each network"
        )
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(str(row["dataset"]), []).append(row)
    facts: dict[str, Any] = {str(row["name"]): _row_facts(row) for row in rows}
    facts["guessing"] = {name: round(1 / int(group[0]["layers"][-1]), 6) for name, group in groups.items()}
    with_time = any(row.get("seconds") is not None for row in rows)

    def render(language: str) -> str:
        heads = ["network", "parameters", "train", "test", *(["seconds"] if with_time else [])]
        head = "".join(f'<th scope="col" class="nnb-{key}">{text(f"accuracy.{key}", language)}</th>' for key in heads)
        bodies = "".join(
            _group(name, group, facts["guessing"][name], with_time, language) for name, group in groups.items()
        )
        return f'<table class="nnb-table nnb-accuracies"><thead><tr>{head}</tr></thead>{bodies}</table>'

    return Figure("accuracy-table", render, facts)


def _row_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    facts = {
        "dataset": str(row["dataset"]),
        "layers": [int(size) for size in row["layers"]],
        "parameters": int(row["parameters"]),
        "train_accuracy": round(float(row["train_accuracy"]), 6),
        "test_accuracy": round(float(row["test_accuracy"]), 6),
    }
    if row.get("seconds") is not None:
        facts["seconds"] = round(float(row["seconds"]), 2)
    return facts


def _group(dataset: str, rows: Sequence[Mapping[str, Any]], guess: float, with_time: bool, language: str) -> str:
    """The networks of one data set; blind guessing is the first row, and a dashed line in all others."""
    width = 5 if with_time else 4
    name = escape(DATASET_NAMES.get(dataset, dataset))
    guessing = escape(text("accuracy.guessing", language))
    time = "<td></td>" if with_time else ""
    lines = [
        f'<tr class="nnb-group"><th scope="rowgroup" colspan="{width}">{name}</th></tr>',
        f'<tr class="nnb-guess"><th scope="row">{guessing}</th><td></td>'
        f"{_bar(guess, 'train', language)}{_bar(guess, 'test', language)}{time}</tr>",
    ]
    for row in rows:
        facts = _row_facts(row)
        layers = "→".join(str(size) for size in facts["layers"])
        time = f"<td>{facts['seconds']:.1f}</td>" if "seconds" in facts else time
        lines.append(
            f'<tr><th scope="row">{layers}</th>'
            f"<td>{count(facts['parameters'], language)}</td>{_bar(facts['train_accuracy'], 'train', language)}"
            f"{_bar(facts['test_accuracy'], 'test', language)}{time}</tr>"
        )
    return f'<tbody style="--guess:{guess}">{"".join(lines)}</tbody>'


def _bar(share: float, kind: str, language: str) -> str:
    return f'<td class="nnb-bar nnb-{kind}-bar" style="--s:{share:.4f}">{percent(share, language)}</td>'


def accuracy_curve(
    units: Sequence[int],
    train_accuracy: Sequence[float],
    test_accuracy: Sequence[float],
    parameters: Sequence[int] | None = None,
) -> Figure:
    """Accuracy on training and on test images against the number of hidden neurons, which grows by factors.

    Args:
        units: (networks,), hidden neurons of each network, growing.
        train_accuracy: (networks,), 0 to 1.
        test_accuracy: (networks,), 0 to 1.
        parameters: (networks,), what each network costs, if it is to be shown.

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

    def render(language: str) -> str:
        lines = [
            Line(text(f"accuracy.{kind}", language), [point[f"{kind}_accuracy"] for point in points], kind)
            for kind in ("train", "test")
        ]
        under = [_short(int(number)) for number in parameters] if parameters is not None else []
        return line_chart(
            [float(np.log(number)) for number in units],
            [count(number, language) for number in units],
            lines,
            axis=text("accuracy.hidden_neurons", language),
            under=under,
            under_axis=text("accuracy.parameters", language),
            alt=_curve_alt(points, language),
            language=language,
        )

    return Figure("accuracy-curve", render, facts)


def _point(units: int, train: float, test: float) -> dict[str, Any]:
    train, test = round(float(train), 6), round(float(test), 6)
    return {"units": int(units), "train_accuracy": train, "test_accuracy": test, "gap": round(train - test, 6)}


def _short(number: int) -> str:
    """A number of parameters in a few characters: 795 stays, 7,960 becomes 8k."""
    return str(number) if number < 1000 else f"{number / 1000:.1f}k" if number < 9950 else f"{number / 1000:.0f}k"


def _curve_alt(points: Sequence[Mapping[str, Any]], language: str) -> str:
    said = [
        text(
            "accuracy.point",
            language,
            count=point["units"],
            train=percent(point["train_accuracy"], language),
            test=percent(point["test_accuracy"], language),
        )
        for point in points
    ]
    return f"{text('accuracy.curve_alt', language)} {' · '.join(said)}"
