"""A table to compare networks: how large they are, how good, how long they train."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from nnbook.figures.kit.figure import Figure
from nnbook.localisation import count, percent, text

DATASET_NAMES = {"mnist": "MNIST", "cifar10": "CIFAR-10"}  # proper names, the same in every language


def accuracy_table(rows: Sequence[Mapping[str, Any]], multiplications: bool = False) -> Figure:
    """Networks side by side, by data set: size, accuracy on training and on test images, time of training.

    Args:
        rows: for each network `name`, `dataset`, `layers` (such as (784, 10, 10), or (784, "5x5x8", 10) with filters),
            `parameters` (their number), `train_accuracy`, `test_accuracy` (0 to 1) and, if known, `seconds` of training
            and `multiplications` for an image; `network.summary()` gives them.
        multiplications: whether they have a column.

    Facts: for each network by its name, what its row says; and `guessing`, the accuracy of blind guessing by data set.

    Explained in: looking-inside-neural-networks, "Why it helps".
    """
    needed = ["name", "dataset", "layers", "parameters", "train_accuracy", "test_accuracy"]
    needed += ["multiplications"] if multiplications else []
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
    extra = ("parameters", "multiplications") if multiplications else ("parameters",)
    with_time = any(row.get("seconds") is not None for row in rows)

    def render(language: str) -> str:
        heads = {"network": "accuracy_table.network"} | {name: f"kit.{name}" for name in extra}
        heads |= {"train": "kit.training_images", "test": "kit.test_images"}
        heads |= {"seconds": "accuracy_table.seconds"} if with_time else {}
        head = "".join(f'<th scope="col" class="nnb-{name}">{text(key, language)}</th>' for name, key in heads.items())
        bodies = "".join(
            _group(name, group, facts["guessing"][name], extra, with_time, language) for name, group in groups.items()
        )
        return f'<table class="nnb-table nnb-accuracies"><thead><tr>{head}</tr></thead>{bodies}</table>'

    return Figure("accuracy-table", render, facts)


def _row_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    facts = {
        "dataset": str(row["dataset"]),
        "layers": [size if isinstance(size, str) else int(size) for size in row["layers"]],
        "parameters": int(row["parameters"]),
        "train_accuracy": round(float(row["train_accuracy"]), 6),
        "test_accuracy": round(float(row["test_accuracy"]), 6),
    }
    if row.get("multiplications") is not None:
        facts["multiplications"] = int(row["multiplications"])
    if row.get("seconds") is not None:
        facts["seconds"] = round(float(row["seconds"]), 2)
    return facts


def _group(
    dataset: str,
    rows: Sequence[Mapping[str, Any]],
    guess: float,
    extra: Sequence[str],
    with_time: bool,
    language: str,
) -> str:
    """The networks of one data set; blind guessing is the first row, and a dashed line in all others."""
    width = 3 + len(extra) + with_time
    name = escape(DATASET_NAMES.get(dataset, dataset))
    guessing = escape(text("accuracy_table.guessing", language))
    time = "<td></td>" if with_time else ""
    lines = [
        f'<tr class="nnb-group"><th scope="rowgroup" colspan="{width}">{name}</th></tr>',
        f'<tr class="nnb-guess"><th scope="row">{guessing}</th>{"<td></td>" * len(extra)}'
        f"{_bar(guess, 'train', language)}{_bar(guess, 'test', language)}{time}</tr>",
    ]
    for row in rows:
        facts = _row_facts(row)
        layers = "→<wbr>".join(escape(str(size)).replace("x", "×") for size in facts["layers"])
        sizes = "".join(f"<td>{count(facts[name], language)}</td>" for name in extra)
        time = f"<td>{facts['seconds']:.1f}</td>" if "seconds" in facts else time
        lines.append(
            f'<tr><th scope="row">{layers}</th>'
            f"{sizes}{_bar(facts['train_accuracy'], 'train', language)}"
            f"{_bar(facts['test_accuracy'], 'test', language)}{time}</tr>"
        )
    return f'<tbody style="--guess:{guess}">{"".join(lines)}</tbody>'


def _bar(share: float, kind: str, language: str) -> str:
    return f'<td class="nnb-bar nnb-{kind}-bar" style="--s:{share:.4f}">{percent(share, language)}</td>'
