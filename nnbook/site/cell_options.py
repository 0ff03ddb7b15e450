"""What the head of a cell may ask for: the tags and options of MyST-NB that pages, notebooks and books here can keep.

What is not known here is refused, since MyST-NB passes over it in silence.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nnbook.site.boundary import REMEDY, RULE, leads_out
from nnbook.site.sources import read

TAGS = {
    "answer",
    "hide-cell",
    "hide-input",
    "hide-output",
    "raises-exception",
    "remove-cell",
    "remove-input",
    "remove-output",
    "remove-stderr",
    "remove-stdout",
    "scroll-output",
    "skip-execution",
}
# By option what it may hold, where MyST-NB does not say so itself.
MYSTNB = {
    "code_prompt_hide": None,
    "code_prompt_show": None,
    "error_lexer": None,
    "figure": {"align", "caption", "caption_before", "classes", "name"},
    "image": {"align", "alt", "classes", "height", "scale", "width"},
    "markdown_format": None,
    "number_source_lines": None,
    "output_stderr": None,
    "remove_code_outputs": None,
    "remove_code_source": None,
    "scroll_outputs": None,
    "text_lexer": None,
}
OPTIONS = {"load", "mystnb", "tags"}
_WORDS = {"alt", "caption", "code_prompt_hide", "code_prompt_show"}  # which each language has of its own
_CELL = re.compile(r"^(`{3,}|~{3,}|:{3,})\{code-cell\}.*?^\1", re.MULTILINE | re.DOTALL)
_HEAD = re.compile(r"\A---\n.*?^---$", re.MULTILINE | re.DOTALL)
_LOAD = re.compile(r"""^:?load:[ \t]*["']?([^"'\n]+?)["']?[ \t]*$""", re.MULTILINE)


class CellMistake(ValueError):
    """A cell asks for what there is not; the message begins with its line."""


def read_notebook(text: str, path: Path) -> Any:
    """The `text` of a page as a notebook whose cells ask for nothing unknown; arguments as for `cells.notebook_in`.

    Raises:
        CellMistake: if a cell can't be read or asks for what there is not.
    """
    from myst_nb.core.read import MystMetadataParsingError, read_myst_markdown_notebook

    from nnbook.site.parity import SYNTAX, parser_config

    for line, file in _loads(text, path):
        if not file.is_file():
            raise CellMistake(f"{line}: `load` must name a file beside the page; {file} does not exist; mend the path")
        if leads_out(file, path):
            raise CellMistake(f"{line}: {RULE}; got {file}; {REMEDY}")
    try:
        # Only blocks are read here, and the extension of task lists fails where the text in them is not.
        config = parser_config(set(SYNTAX) - {"tasklist"})
        notebook = read_myst_markdown_notebook(text, config=config, add_source_map=True, path=path)
    except MystMetadataParsingError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise CellMistake(f"{found[1] if found else 1}: {error}; mend the options, which are YAML") from None
    lines, starts = text.splitlines(), notebook.metadata["source_map"]
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":  # MyST-NB counts as if each text came after one empty line
            starts[index] += next(n for n, line in enumerate(lines[starts[index] :]) if line.strip()) - 1
        if cell.cell_type == "code":
            for mistake in _mistakes(cell.metadata):
                raise CellMistake(f"{place_in(notebook, index)}: {mistake}")
    return notebook


def cells_in(text: str, path: Path) -> tuple[str, ...]:
    """The head and the cells of a page, roughly, and the code they load; if they are as before, no cell has to run."""
    loaded = (read(file) for _, file in _loads(text, path) if file.is_file())
    heads = (match[0] for match in [_HEAD.match(text)] if match)
    return (*heads, *(match[0] for match in _CELL.finditer(text)), *loaded)


def without_words(content: str) -> str:
    """What all languages must share of a cell with this `content`: its code and its options but for their words."""
    if not content.startswith((":", "---")):
        return content.strip()
    # As MyST-NB does it, which takes half a second to be imported.
    from docutils.parsers.rst import Directive
    from myst_parser.parsers.directives import parse_directive_text

    cell = type("Cell", (Directive,), {"option_spec": {"options": str}, "has_content": True})
    parsed = parse_directive_text(cell, "", content, validate_options=False)
    if parsed.warnings:
        return content.rstrip()
    shared = _shared(parsed.options)
    return "\n".join([*([repr(shared)] if shared else []), *parsed.body]).strip()


def place_in(notebook: Any, index: int) -> str:
    """Line and number of the cell with this `index`, as its author finds and counts it."""
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])
    return f"{notebook.metadata['source_map'][index]}, cell {number}"


def _loads(text: str, path: Path) -> Iterator[tuple[int, Path]]:
    """Line and file of what the cells of the page at `path` load."""
    for cell in _CELL.finditer(text):
        for match in _LOAD.finditer(cell[0].partition("\n\n")[0]):
            yield text.count("\n", 0, cell.start() + match.start()) + 1, path.parent / match[1]


def loaded_files(text: str, path: Path) -> list[Path]:
    """The files from which the cells of the page at `path` take their code."""
    return [file for _, file in _loads(text, path)]


def _mistakes(options: Any) -> Iterator[str]:
    """What is wrong with the `options` of a cell, each in the three parts of an error."""
    yield from _unknown("an option", options, OPTIONS)
    tags = options.get("tags", [])
    if not isinstance(tags, list):
        yield f"tags must be a list; got {tags!r}; write for example `:tags: [remove-input]`"
    yield from _unknown("a tag", tags, TAGS)
    rendering = options.get("mystnb", {})
    if not isinstance(rendering, dict):
        yield f"mystnb must hold names and values; got {rendering!r}; write for example `image: {{alt: ...}}` in it"
        return
    yield from _unknown("an option in mystnb", rendering, MYSTNB)
    for name, known in MYSTNB.items():
        if known and name in rendering:
            yield from _unknown(f"an option in mystnb: {name}", rendering[name] or (), known)


def _unknown(what: str, names: Any, known: Any) -> Iterator[str]:
    for name in names:
        if name not in known:
            choice = ", ".join(sorted(known))
            yield f"{what} of a cell must be one that is supported; got {name!r}; choose among {choice}"


def _shared(options: Any) -> Any:
    if isinstance(options, dict):
        return {key: _shared(value) for key, value in sorted(options.items()) if key not in _WORDS}
    return options
