"""Each page with cells as a notebook in its language, to be taken along: written when the page is.

A notebook holds no outputs, times or chance, so the same page gives the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from nbformat import v4
from sphinx.application import Sphinx
from sphinx.util import logging

from nnbook.localisation import text as words
from nnbook.site.cells import notebook_in
from nnbook.site.extension.folded import Folded
from nnbook.site.extension.markdown import Markdown
from nnbook.site.take_along import NOTEBOOKS
from nnbook.site.translations.composed import text_of

LOGGER = logging.getLogger(__name__)
_SETUP = """\
# {comment}
import importlib.util
import os

os.environ["NNBOOK_LANGUAGE"] = "{language}"
if importlib.util.find_spec("nnbook") is None:
    %pip install -q "nnbook @ git+{repository}"
"""
_CHARTS = """
from nnbook import figures

figures.in_notebook()  # {comment}
"""

FAILING = "raises-exception"  # the tag of a cell after whose error the others are to be run
Cell = tuple[str, str]  # "markdown", "code" or FAILING, and its source


def write_notebook(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write the notebook of a page whose references are resolved, or remove that of a page that lost its cells."""
    path = Path(app.builder.outdir) / NOTEBOOKS / f"{page}.ipynb"
    path.unlink(missing_ok=True)
    if not any(_is_cell(node) for node in doctree.findall(nodes.container)):
        return
    try:
        source = Path(doctree["source"])
        text = text_of(Path(app.srcdir).parents[1], app.config.nnbook_source, app.config.language, page)
        hidden = _Sources(notebook_in(text, source).cells)
        found = [*_cells(doctree, hidden, Markdown(app, page), 0), *hidden.up_to(None)]
        cells = [("code", _setup(app, charts="matplotlib" in str(found))), *_merged(found)]
    except ValueError as error:
        LOGGER.warning(str(error), location=page)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook(cells), encoding="utf-8", newline="\n")


def notebook(cells: list[Cell]) -> str:
    """The file with these `cells`."""
    content = v4.new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, (kind, source) in enumerate(cells):
        make = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
        metadata = {"tags": [FAILING]} if kind == FAILING else {}
        content.cells.append(make(source.strip("\n"), id=f"cell-{number}", metadata=metadata))
    return str(nbformat.writes(content)) + "\n"


def _setup(app: Sphinx, charts: bool) -> str:
    """The cell that installs what the others need, if it is not there, and chooses language and look of the figures."""
    language = app.config.language
    setup = _SETUP.format(
        comment=words("site.notebook_setup", language),
        language=language,
        repository=app.config.nnbook_repository,
    )
    return setup + (_CHARTS.format(comment=words("site.notebook_charts", language)) if charts else "")


class _Sources:
    """Gives the code of a page's `cells` piece by piece, with what the page itself does not show."""

    def __init__(self, cells: Sequence[Any]) -> None:
        self._cells = cells
        self._given = 0

    def up_to(self, index: int | None) -> Iterator[Cell]:
        """The code of the cells that have not been given, up to the one with this `index`, or of all."""
        end = len(self._cells) if index is None else index + 1
        yield from (_cell(cell) for cell in self._cells[self._given : end] if cell.cell_type == "code")
        self._given = max(end, self._given)


def _cell(cell: Any) -> Cell:
    """A cell of the page in the notebook, where one that is not to be run is a text: some programs would run it."""
    tags = cell.metadata.get("tags", [])
    if "skip-execution" in tags:
        return "markdown", f"```python\n{cell.source}\n```"
    return FAILING if FAILING in tags else "code", cell.source


def _cells(parent: Iterable[nodes.Node], sources: "_Sources", write: Markdown, level: int) -> Iterator[Cell]:
    """The cells of the notebook in the order of the page; a "break" where a text may not run on: headings, captions.

    Args:
        sources: the cells of the page's source; Sphinx does not keep those that are removed or whose code is.
    """
    for node in parent:
        if _is_cell(node):
            yield from sources.up_to(node["cell_index"])
            captions = node.findall(nodes.caption)  # of what it shows
            yield from (("markdown", text) for caption in captions for text in write.block(caption, level))
        elif isinstance(node, Folded):
            yield "markdown", write.folded(node, (child for child in node[1:] if not _is_cell(child)), level)
            yield from _cells(filter(_is_cell, node), sources, write, level)
        elif isinstance(node, nodes.section):
            yield "break", ""
            yield from _cells(node, sources, write, level + 1)
        else:
            yield from (("markdown", text) for text in write.block(node, level))
            if isinstance(node, nodes.figure):
                yield "break", ""


def _merged(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Neighbouring texts become one cell, up to where a new one has to begin."""
    texts: list[str] = []
    for kind, source in cells:
        if kind == "markdown":
            texts.append(source)
            continue
        if texts:
            yield "markdown", "\n\n".join(texts)
            texts = []
        if kind != "break":
            yield kind, source
    if texts:
        yield "markdown", "\n\n".join(texts)


def _is_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"
