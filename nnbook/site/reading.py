"""How myst-nb reads a page: its text, with what its cells have shown put in, made ready for one language.

Outputs hold all languages and all pictures, many times what a page needs; so they are cut down first of all.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from nnbook.site.cell_options import CellMistake, loaded_files
from nnbook.site.cells import RECORD, notebook_in, outputs_file, steps
from nnbook.site.extension.outputs import TO_PICTURES, in_language, move_pictures

_page = Path()  # myst-nb gives a reader the text alone


def note_page(app: Any, page: str, content: list[str]) -> None:
    """Keep which file Sphinx is about to read, and what it depends on; called by Sphinx."""
    global _page
    _page = Path(app.env.doc2path(page))
    for file in loaded_files(content[0], _page):
        app.env.note_dependency(str(file))


def read_page(text: str, cells: str, language: str, pictures: str) -> Any:
    """The page in `text` as a notebook; a page without cells is one, too.

    Args:
        cells: the folder of the cells' outputs; those of this page must be there.
        language: the code of the language in which the page is.
        pictures: the folder for larger pictures.
    """
    from nbformat import from_dict
    from sphinx.errors import SphinxError

    try:
        notebook = notebook_in(text, _page)
    except CellMistake as mistake:
        raise SphinxError(f"{_page}:{mistake}") from None
    if "kernelspec" in notebook.metadata:  # a kernel would have said so, and how cells are coloured depends on it
        notebook.metadata["language_info"] = from_dict({"name": "python", "pygments_lexer": "ipython3"})
    for step in steps(notebook):
        path = outputs_file(step, Path(cells))
        notebook.cells[step.index].outputs = from_dict(
            json.loads(_prepared(path, path.stat().st_mtime_ns, language, Path(pictures)))
        )
    return notebook


@cache
def _prepared(path: Path, time: int, language: str, pictures: Path) -> str:
    """The outputs in the file `path`, cut down, in JSON; kept, since a preview reads a page again and again."""
    shown = json.loads(path.read_text(encoding="utf-8"))
    outputs = [output for output in shown if RECORD not in output.get("data", {})]
    for output in outputs:
        for kind, content in output.get("data", {}).items():
            if kind == "text/html":
                output["data"][kind] = move_pictures(in_language(content, language), pictures, TO_PICTURES)
    return json.dumps(outputs, ensure_ascii=False)
