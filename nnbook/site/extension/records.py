"""The directive {provenance}: the record of how the book was made, as tables in the page's language.

{translations} shows in the same way how far the translations are.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from nnbook.localisation import class_name, count, percent
from nnbook.localisation import text as words
from nnbook.site.book import read_plan
from nnbook.site.translations import desk, standing, told

Rows = Sequence[Sequence[Any]]  # of texts and of nodes


class Provenance(SphinxDirective):
    """One of the tables of the record: `datasets`, `experiments`, `confusion` or `versions`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        parts = {
            "datasets": self._datasets,
            "experiments": self._experiments,
            "confusion": self._confusion,
            "versions": self._versions,
        }
        return parts[directives.choice(self.arguments[0], tuple(parts))](self.config.nnbook_record)

    def _datasets(self, record: dict[str, Any]) -> list[nodes.Node]:
        """A column for each data set, a row for each fact."""
        columns = [
            {
                "dataset": _name(name),
                "train_images": count(data["train_images"], self.config.language),
                "test_images": count(data["test_images"], self.config.language),
                "origin": self._word(f"origin.{record['size']}"),
                "source": _linked(data["source"]),
                "licence": self._word(f"licence_of.{name}"),
                "digest": _code(data["digest"]),
            }
            for name, data in record["datasets"].items()
        ]
        heads, *rows = ([self._word(key), *(column[key] for column in columns)] for key in columns[0])
        return [_table(heads, rows, stub=True)]

    def _experiments(self, record: dict[str, Any]) -> list[nodes.Node]:
        language, runs = self.config.language, record["experiments"]
        rows = [
            [
                _name(name),
                count(run["parameters"], language),
                percent(run["train_accuracy"], language),
                percent(run["test_accuracy"], language, 2),
                str(run["seed"]),
            ]
            for name, run in runs.items()
        ]
        heads = map(self._word, ("experiment", "parameters", "train_accuracy", "test_accuracy", "seed"))
        return [
            _table([*heads], rows, numbers=True),
            *(self._folded("recipe_of", _recipe(run["recipe"]), name=name) for name, run in runs.items()),
        ]

    def _confusion(self, record: dict[str, Any]) -> list[nodes.Node]:
        """For each network a row for each label, a column for each prediction."""
        found = []
        for name, run in record["experiments"].items():
            names = [class_name(key, self.config.language) for key in run["classes"]]
            heads = [self._word("label_and_prediction"), *names]
            counted = ([count(number, self.config.language) for number in counts] for counts in run["confusion"])
            rows = [[label, *counts] for label, counts in zip(names, counted, strict=True)]
            matrix = _table(heads, rows, numbers=True, stub=True)
            accuracy = percent(run["test_accuracy"], self.config.language, 2)
            found.append(self._folded("confusion_of", matrix, name=name, accuracy=accuracy))
        return found

    def _versions(self, record: dict[str, Any]) -> list[nodes.Node]:
        rows = [[_name(name), number] for name, number in record["versions"].items()]
        return [_table([*map(self._word, ("package", "version"))], rows)]

    def _word(self, key: str, **values: Any) -> str:
        return words(f"site.record.{key}", self.config.language, **values)

    def _folded(self, key: str, content: nodes.Node, **values: Any) -> nodes.Node:
        """`content` under a summary that opens it."""
        head = nodes.raw("", '<details class="record"><summary>', format="html")
        middle, end = (nodes.raw("", markup, format="html") for markup in ("</summary>", "</details>"))
        return nodes.container("", head, nodes.inline("", self._word(key, **values)), middle, content, end)


class State(SphinxDirective):
    """The directive {translations}: how far each page is in each language, with the way to the next thing to do."""

    def run(self) -> list[nodes.Node]:
        book = read_plan(Path(self.env.srcdir).parents[1])
        found: list[nodes.Node] = []
        for language in book.languages[1:]:
            pages = desk.translated(book, language)
            for path in [path for page in pages for path in (page.source, page.path, page.ties)]:
                self.env.note_dependency(str(path))
            name = nodes.strong("", words("site.language_name", language), classes=[f"language-{language}"])
            heads = [name, *(self._word(key) for key in ("current", "behind", "untranslated"))]
            rows = [self._row(row) for row in told.counts(pages)]
            found.append(_table(heads, rows, numbers=True, stub=True))
        return found

    def _row(self, row: dict[str, Any]) -> list[Any]:
        waiting = {state: [block for block in row["open"] if block["state"] == state] for state in standing.STATES}
        behind = [block for state in standing.BEHIND for block in waiting[state]]
        title = self._word("words") if row["page"] == desk.WORDS else row["title"]
        return [
            self._linked(title, row["file"]),
            count(row[standing.CURRENT] + row[standing.OWN], self.config.language),
            self._places(behind, row["file"]),
            self._places(waiting[standing.UNTRANSLATED], row["file"]),
        ]

    def _places(self, blocks: list[dict[str, Any]], file: str) -> Any:
        """How many there are, and the way to the first."""
        number = count(len(blocks), self.config.language)
        return self._linked(number, f"{file}#L{blocks[0]['line']}") if blocks else number

    def _linked(self, text: str, file: str) -> Any:
        edit = self.config.nnbook_edit
        if not edit or Path(file).is_absolute():
            return text
        return nodes.inline("", "", nodes.reference("", text, refuri=f"{edit}/{file}"))

    def _word(self, key: str) -> str:
        return words(f"site.state.{key}", self.config.language)


def _recipe(recipe: dict[str, Any]) -> nodes.Node:
    """The recipe of one network: names and values as they stand in the code, without what it doesn't make use of."""
    used = {key: value for key, value in recipe.items() if value or key == "start_scale"}  # zero is a start, too
    lines = "\n".join(f"{key}: {_plain(value)}" for key, value in used.items())
    return nodes.literal_block(lines, lines, language="none")


def _table(heads: Sequence[Any], rows: Rows, numbers: bool = False, stub: bool = False) -> nodes.Node:
    """A table; if it is of `numbers`, all but the first column are set right; that is a head of each row if `stub`.

    Pages with many of them stay small: cells have no paragraphs, and no classes.
    """
    width = len(heads)
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1, stub=int(stub and not i)) for i in range(width)), cols=width)
    group += nodes.thead("", _row(heads))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.container(
        "", nodes.table("", group, classes=["record", *["numbers"] * numbers]), classes=["record-frame"]
    )


def _row(cells: Sequence[Any]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.Text(cell) if isinstance(cell, str) else cell) for cell in cells))


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
