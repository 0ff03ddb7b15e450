"""Run the cells of each page once, in order, keep what they showed, and give it to the page in every language.

All languages have the same cells (`nnbook.site.parity` sees to it), and the outputs hold the words of all languages.
What a cell shows depends on it and those before it on its page, and on what is outside of the book: the code of the
package, the data, the versions of what draws. The folder of the outputs is named by a digest of the latter, each file
in it by a digest of the cell and those before it.

myst-nb can run pages by itself with jupyter-cache, but not in this way: a change in the last cell would run the whole
page again; a warning would not stop the build, and an error would not name line and cell; and the pages would be run
within Sphinx, by every language at the same time, instead of once and before.
"""

import hashlib
import json
import os
import pickle
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nnbook.site.book import Book
from nnbook.site.cell_options import CellMistake, loaded_files, place_in, read_notebook
from nnbook.site.errors import BuildError, write_whole
from nnbook.site.kernel import CellFailure, Kernel, started

PACKAGE = Path(__file__).parents[1]
# What no cell can reach: changes there leave every output as it is. (Catalogues and data are among the facts.)
_NOT_IN_CELLS = {"site", "cli.py", "pipeline.py", "provenance.py"}
_KEPT_FOLDERS = 3
RECORD = "application/vnd.nnbook.network+json"  # by which a cell tells what network it trained
RESUMED = "resumed"  # a folder in that of the outputs: what a preview ran without beginning at the top of the page
STALE = ".stale"  # ends the name of a file there: words have changed since the cell was run


def cache_folder(work: Path, facts: Iterable[str], package: Path = PACKAGE) -> Path:
    """The folder of the outputs that belong to the code, the versions and the `facts` (data, words)."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package)
        if path.suffix in {".py", ".js", ".mplstyle"} and name.parts[0] not in _NOT_IN_CELLS:
            digest.update(f"{name.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    versions = [f"{name} {version(name)}" for name in ("numpy", "matplotlib", "pillow", "ipykernel", "nbclient")]
    for fact in [sys.version, *versions, *facts]:
        digest.update(f"{fact}\0".encode())
    return work / "outputs" / digest.hexdigest()[:32]


def prune(cache: Path) -> None:
    """Mark the folder `cache` as used now and remove all but the folders that were used last."""
    cache.mkdir(parents=True, exist_ok=True)
    os.utime(cache)
    folders = sorted(cache.parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT_FOLDERS:]:
        shutil.rmtree(folder, ignore_errors=True)


def read_cells(book: Book, language: str, page: str) -> Any:
    """The `page` as a notebook, not run yet; None if it is a page without cells.

    Raises:
        BuildError: if a cell asks for what there is not.
    """
    from myst_nb.core.read import is_myst_markdown_notebook

    from nnbook.site.translations.composed import line_in_file, text_of

    path, place = book.file(language, page), (book.root, book.languages[0], language, page)
    text = text_of(*place)
    try:
        return notebook_in(text, path) if is_myst_markdown_notebook(text) else None
    except CellMistake as mistake:
        line, *_ = re.split(r"\D", str(mistake), maxsplit=1)
        said = str(mistake).removeprefix(line)
        shown = f"{language}  {book.shown(path)}:{line_in_file(*place, int(line))}{said}"
        raise BuildError("A cell must ask for what there is.", [shown], "Mend the cell:") from None


def notebook_in(text: str, path: Path) -> Any:
    """The `text` of a page as a notebook, not run yet; a new one at each call, to be changed at will.

    Args:
        path: the file, from whose folder `:load:` leads to code.

    Raises:
        CellMistake: if a cell can't be read or asks for what there is not.
    """
    loaded = tuple(file.read_bytes() for file in loaded_files(text, path) if file.is_file())
    return pickle.loads(_pickled_notebook(text, path, loaded))


@lru_cache(maxsize=4)
def _pickled_notebook(text: str, path: Path, loaded: tuple[bytes, ...]) -> bytes:
    """Kept, since a page is asked for more than once while it is made, and parsing takes long."""
    return pickle.dumps(read_notebook(text, path))


@dataclass(frozen=True)
class Step:
    """A cell to be run.

    Attributes:
        index: which cell of the notebook it is.
        name: the file of its outputs, a list in JSON: a digest of this cell and of those before it.
    """

    index: int
    name: str


def steps(notebook: Any) -> list[Step]:
    """The cells of a `notebook` (or of no notebook) that are run, in order."""
    found: list[Step] = []
    if notebook is None:
        return found
    digest = hashlib.sha256(kernel_name(notebook).encode())
    for index, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and "skip-execution" not in tags:
            digest.update(f"\0{'raises-exception' in tags}\0{cell.source}".encode())
            found.append(Step(index, f"{digest.hexdigest()[:32]}.json"))
    return found


def pages_to_run(book: Book, cache: Path) -> list[str]:
    """The pages with cells whose outputs are not in the folder `cache` yet."""
    return [page for page in book.pages if lacking(read_cells(book, book.languages[0], page), cache)]


def lacking(notebook: Any, cache: Path) -> list[int]:
    """Which `steps` have no outputs in the folder `cache` yet."""
    return [number for number, step in enumerate(steps(notebook)) if not outputs_file(step, cache).exists()]


def outputs_file(step: Step, cache: Path) -> Path:
    """Where the outputs of a `step` are, or will be; a preview has those of the builds, too."""
    above, own = cache.parent / step.name, cache / step.name
    return above if cache.name == RESUMED and above.exists() and not own.with_suffix(STALE).exists() else own


def networks(book: Book, cache: Path) -> dict[str, Any]:
    """The records of the networks that cells of the book train on their own, by name; see `nnbook.experiments.train`.

    Raises:
        BuildError: if two networks have one name.
    """
    found: dict[str, Any] = {}
    for page in book.pages:
        notebook = read_cells(book, book.languages[0], page)
        for step in steps(notebook):
            file = outputs_file(step, cache)
            for output in json.loads(file.read_text(encoding="utf-8")) if file.exists() else []:
                for name, record in output.get("data", {}).get(RECORD, {}).items():
                    if found.setdefault(name, record) != record:
                        place = book.shown(book.file(book.languages[0], page))
                        raise BuildError(
                            "Every network of the book must have a name of its own.",
                            [f"{place}: {name} is another network, too"],
                            "Pass train(...) a name:",
                        )
    return found


def kernel_name(notebook: Any) -> str:
    """The kind of kernel that the head of a page asks for."""
    return str(notebook.metadata.get("kernelspec", {}).get("name", "python3"))


def run_page(book: Book, page: str, cache: Path, environment: Mapping[str, str]) -> None:
    """Run the cells of `page` up to the last that has not been run, and keep their outputs in the folder `cache`.

    Args:
        environment: all environment variables of the kernel.

    Raises:
        BuildError: if a cell fails or warns; the outputs of those before it are kept.
    """
    notebook = read_cells(book, book.languages[0], page)
    with started(kernel_name(notebook), timeout(book), environment) as kernel:
        run_lacking(book, book.languages[0], page, cache, kernel)


def timeout(book: Book) -> float:
    """The seconds that a cell of the `book` may take."""
    return float(book.settings.get("execute", {}).get("timeout", 600))


def run_lacking(book: Book, language: str, page: str, cache: Path, kernel: Kernel) -> int:
    """Run the cells of a page that have not been run in a `kernel` that is there already, and give their number.

    If the kernel has run the cells before them, it goes on from there; otherwise it begins at the top. The names are
    then as they were, but not what a later cell did to an array in place, so such outputs are for a preview alone.

    Raises:
        BuildError: as `run_page`.
    """
    notebook = read_cells(book, language, page)
    todo = steps(notebook)
    numbers = lacking(notebook, cache)
    if not numbers:
        return 0
    names = [step.name for step in todo]
    new_words = any(cache.glob(f"*{STALE}"))  # the folder above belongs to the old ones
    begin = numbers[0] if kernel.done[: numbers[0]] == names[: numbers[0]] else 0
    kernel.go_back(begin)
    folder = cache if begin or cache.name != RESUMED or new_words else cache.parent
    for number in range(begin, numbers[-1] + 1):
        cell, shown = notebook.cells[todo[number].index], number in numbers or not new_words
        try:
            outputs = kernel.run(cell, names[number], shown)
        except CellFailure as failure:
            raise _failure(notebook, book, language, page, todo[number].index, str(failure)) from None
        if shown:
            write_whole(folder / names[number], json.dumps(outputs, ensure_ascii=False).encode())
    return numbers[-1] + 1 - begin


def _failure(notebook: Any, book: Book, language: str, page: str, index: int, cause: str) -> BuildError:
    """The error that names the cell with this `index` as its author counts and finds it."""
    place = f"{language}  {book.shown(book.file(language, page))}:{place_in(notebook, index)}"
    code = [f"    {text}" for text in notebook.cells[index].source.splitlines()]
    return BuildError(
        "Every cell of the book must run without errors and warnings.",
        [*code, f"{place}: {cause.strip()}"],
        "Mend the cell (run the page's notebook to try), or what it calls; an error that is to be shown has the tag "
        "raises-exception:",
    )
