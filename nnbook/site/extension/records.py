"""The directive {provenance}: the record of how the book was made, as tables in the page's language."""

from collections.abc import Callable, Sequence
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from nnbook.localisation import class_name, count, percent
from nnbook.localisation import text as words

Rows = list[list[Any]]  # of texts and of nodes


class Provenance(SphinxDirective):
    """One of the tables of the record: `datasets`, `experiments`, `confusion` or `versions`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        part = directives.choice(self.arguments[0], tuple(_PARTS))
        return _PARTS[part](self.config.nnbook_record, self.config.language)


def _datasets(record: dict[str, Any], language: str) -> list[nodes.Node]:
    """A column for each data set, a row for each fact."""
    origin = words(f"site.record.origin.{record['size']}", language)
    facts: dict[str, Callable[[str, dict[str, Any]], Any]] = {
        "train_images": lambda name, data: count(data["train_images"], language),
        "test_images": lambda name, data: count(data["test_images"], language),
        "origin": lambda name, data: origin,
        "source": lambda name, data: _linked(data["source"]),
        "licence": lambda name, data: words(f"site.record.licence_of.{name}", language),
        "digest": lambda name, data: _code(data["digest"]),
    }
    sets = record["datasets"]
    heads = [words("site.record.dataset", language), *map(_name, sets)]
    rows: Rows = [
        [words(f"site.record.{key}", language), *(fact(name, data) for name, data in sets.items())]
        for key, fact in facts.items()
    ]
    return [_table(heads, rows, stub=True)]


def _experiments(record: dict[str, Any], language: str) -> list[nodes.Node]:
    columns = ("experiment", "parameters", "train_accuracy", "test_accuracy", "seed")
    rows: Rows = [
        [
            _name(name),
            count(run["parameters"], language),
            percent(run["train_accuracy"], language),
            percent(run["test_accuracy"], language, 2),
            str(run["seed"]),
        ]
        for name, run in record["experiments"].items()
    ]
    results = _table(_heads(columns, language), rows, numeric={1, 2, 3, 4})
    return [results, *(_recipe(name, run["recipe"], language) for name, run in record["experiments"].items())]


def _recipe(name: str, recipe: dict[str, Any], language: str) -> nodes.Node:
    """The recipe of one network: names and values as they stand in the code."""
    rows: Rows = [[_code(key), _code(_plain(value))] for key, value in recipe.items()]
    return _folded(words("site.record.recipe_of", language, name=name), _table(None, rows))


def _confusion(record: dict[str, Any], language: str) -> list[nodes.Node]:
    return [_matrix(name, run, language) for name, run in record["experiments"].items()]


def _matrix(name: str, run: dict[str, Any], language: str) -> nodes.Node:
    """The confusion matrix of one network: a row for each label, a column for each prediction."""
    names = [class_name(key, language) for key in run["classes"]]
    heads = [words("site.record.label_and_prediction", language), *names]
    counted = ([count(number, language) for number in counts] for counts in run["confusion"])
    rows: Rows = [[label, *counts] for label, counts in zip(names, counted, strict=True)]
    accuracy = percent(run["test_accuracy"], language, 2)
    summary = words("site.record.confusion_of", language, name=name, accuracy=accuracy)
    return _folded(summary, _table(heads, rows, numeric=set(range(1, len(heads))), stub=True))


def _versions(record: dict[str, Any], language: str) -> list[nodes.Node]:
    rows: Rows = [[_name(name), number] for name, number in record["versions"].items()]
    return [_table(_heads(("package", "version"), language), rows)]


_PARTS: dict[str, Callable[[dict[str, Any], str], list[nodes.Node]]] = {
    "datasets": _datasets,
    "experiments": _experiments,
    "confusion": _confusion,
    "versions": _versions,
}


def _heads(columns: Sequence[str], language: str) -> list[str]:
    return [words(f"site.record.{column}", language) for column in columns]


def _table(
    heads: Sequence[Any] | None,
    rows: Rows,
    numeric: set[int] | frozenset[int] = frozenset(),
    stub: bool = False,
) -> nodes.Node:
    """A table; columns in `numeric` are set to the right; the first column of each row is a head if `stub`."""
    width = len(rows[0]) if rows else len(heads or ())
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1, stub=int(stub and not i)) for i in range(width)), cols=width)
    if heads is not None:
        group += nodes.thead("", _row(heads, numeric))
    group += nodes.tbody("", *(_row(row, numeric) for row in rows))
    return nodes.container("", nodes.table("", group, classes=["record"]), classes=["record-frame"])


def _row(cells: Sequence[Any], numeric: set[int] | frozenset[int]) -> nodes.row:
    row = nodes.row()
    for index, cell in enumerate(cells):
        content = nodes.Text(cell) if isinstance(cell, str) else cell
        entry = nodes.entry("", nodes.paragraph("", "", content))
        if index in numeric:
            entry["classes"].append("text-right")
        row += entry
    return row


def _folded(summary: str, content: nodes.Node) -> nodes.Node:
    """`content` under a `summary` that opens it."""
    head = nodes.raw("", '<details class="record"><summary>', format="html")
    middle = nodes.raw("", "</summary>", format="html")
    end = nodes.raw("", "</details>", format="html")
    return nodes.container("", head, nodes.inline("", summary), middle, content, end)


def _name(text: str) -> nodes.Node:
    return nodes.literal("", text)


def _code(text: str) -> nodes.Node:
    return nodes.literal("", text, classes=["digest"])


def _linked(text: str) -> nodes.Node:
    """A text whose last word may be an address."""
    before, _, last = text.rpartition(" ")
    if not last.strip("()").startswith(("https://", "http://")):
        return nodes.inline("", text)
    address = last.strip("()")
    return nodes.inline("", "", nodes.reference("", before.strip(" ,;:") or address, refuri=address))


def _plain(value: Any) -> str:
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)
