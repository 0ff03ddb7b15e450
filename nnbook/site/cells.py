"""Run each cell of the book once, keep what it showed, and give it to every page that has the cell.

All languages have the same cells, byte for byte (`nnbook.site.parity` sees to it), and the outputs hold the words of
all languages. Cells stand alone, so what one shows depends on its own text and on what is outside of the book: the code
of the package, the data, the versions of what draws. The folder of the outputs is named by a digest of the latter, each
file in it by a digest of the cell.
"""

import hashlib
import json
import os
import pickle
import shutil
import sys
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nnbook.site.book import Book
from nnbook.site.errors import BuildError
from nnbook.site.kernel import CellFailure, Kernel, started

PACKAGE = Path(__file__).parents[1]
# What no cell can reach: changes there leave every output as it is.
_NOT_IN_CELLS = {"site", "cli.py", "pipeline.py", "provenance.py"}
_KEPT_FOLDERS = 3
RECORD = "application/vnd.nnbook.network+json"  # by which a cell tells what network it trained


def cache_folder(work: Path, facts: Iterable[str], package: Path = PACKAGE) -> Path:
    """The folder of the outputs that belong to the code, the versions and the `facts` (data, languages)."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package)
        if path.suffix in {".py", ".json", ".js"} and name.parts[0] not in _NOT_IN_CELLS:
            digest.update(f"{name.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    versions = [f"{name} {version(name)}" for name in ("numpy", "pillow", "ipykernel", "nbclient")]
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


def read_cells(path: Path) -> Any:
    """The notebook in the file `path`, not run yet; None if it is a page without cells."""
    from myst_nb.core.read import is_myst_markdown_notebook

    text = path.read_text(encoding="utf-8")
    return notebook_in(text, path) if is_myst_markdown_notebook(text) else None


def notebook_in(text: str, path: Path | None = None) -> Any:
    """The `text` of a page as a notebook, not run yet; a new one at each call, to be changed at will.

    Args:
        path: the file, which only cells that take their code from another file need.
    """
    return pickle.loads(_pickled_notebook(text, path))


@lru_cache(maxsize=4)
def _pickled_notebook(text: str, path: Path | None) -> bytes:
    """Kept, since a page is asked for more than once while it is made, and parsing takes long."""
    from myst_nb.core.read import read_myst_markdown_notebook

    from nnbook.site.parity import parser_config

    return pickle.dumps(read_myst_markdown_notebook(text, config=parser_config(), add_source_map=True, path=path))


def pages_to_run(book: Book, cache: Path) -> list[str]:
    """The pages with cells whose outputs are not in the folder `cache` yet."""
    source = book.languages[0]
    return [page for page in book.pages if lacking(read_cells(book.file(source, page)), cache)]


def lacking(notebook: Any, cache: Path) -> list[int]:
    """The indices of the cells of a `notebook` (or of no notebook) whose outputs are not in the folder `cache`."""
    cells = [] if notebook is None else notebook.cells
    return [
        index
        for index, cell in enumerate(cells)
        if cell.cell_type == "code" and not outputs_file(cell.source, kernel_name(notebook), cache).exists()
    ]


def outputs_file(source: str, kernel: str, cache: Path) -> Path:
    """Where the outputs of the cell with this `source` lie, once it has been run: a list in JSON."""
    digest = hashlib.sha256(f"{kernel}\0{source}".encode())
    return cache / f"{digest.hexdigest()[:32]}.json"


def networks(book: Book, cache: Path) -> dict[str, Any]:
    """The records of the networks that cells of the book train on their own, by name; see `nnbook.experiments.train`.

    Raises:
        BuildError: if two networks have one name.
    """
    found: dict[str, Any] = {}
    for page in book.pages:
        notebook = read_cells(book.file(book.languages[0], page))
        for cell in [] if notebook is None else notebook.cells:
            file = outputs_file(cell.source, kernel_name(notebook), cache)
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


def without_records(outputs: list[Any]) -> list[Any]:
    """The `outputs` that readers see."""
    return [output for output in outputs if RECORD not in output.get("data", {})]


def kernel_name(notebook: Any) -> str:
    """The kind of kernel that the head of a page asks for."""
    return str(notebook.metadata.get("kernelspec", {}).get("name", "python3"))


def run_page(book: Book, page: str, cache: Path, environment: Mapping[str, str]) -> float:
    """Run the cells of `page` that have not been run, and keep their outputs in the folder `cache`.

    Args:
        environment: all environment variables of the kernel.

    Returns:
        The seconds that it took.

    Raises:
        BuildError: if a cell fails or warns; the outputs of those before it are kept.
    """
    begun = time.perf_counter()
    notebook = read_cells(book.file(book.languages[0], page))
    with started(kernel_name(notebook), timeout(book), environment) as kernel:
        run_lacking(book, book.languages[0], page, cache, kernel)
    return time.perf_counter() - begun


def timeout(book: Book) -> float:
    """The seconds that a cell of the `book` may take."""
    return float(book.settings.get("execute", {}).get("timeout", 600))


def run_lacking(book: Book, language: str, page: str, cache: Path, kernel: Kernel) -> int:
    """Run the cells of a page that have not been run in a `kernel` that is there already, and give their number.

    Raises:
        BuildError: as `run_page`.
    """
    notebook = read_cells(book.file(language, page))
    indices = lacking(notebook, cache)
    for index in indices:
        try:
            outputs = kernel.run(notebook.cells[index].source)
        except CellFailure as failure:
            raise _failure(notebook, book, language, page, index, str(failure)) from None
        _keep(outputs, outputs_file(notebook.cells[index].source, kernel_name(notebook), cache))
    return len(indices)


def _keep(outputs: list[Any], path: Path) -> None:
    """Write `outputs` whole or not at all; a cell that stands on two pages may be run twice at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(outputs, ensure_ascii=False), encoding="utf-8")
    half.replace(path)


def _failure(notebook: Any, book: Book, language: str, page: str, index: int, cause: str) -> BuildError:
    """The error that names the cell with this `index` as its author counts and finds it."""
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])
    line = notebook.metadata["source_map"][index]
    place = f"{language}  {book.shown(book.file(language, page))}:{line}, cell {number}"
    code = [f"    {text}" for text in notebook.cells[index].source.splitlines()]
    return BuildError(
        "Every cell of the book must run without errors and warnings.",
        [*code, f"{place}: {cause.strip()}"],
        "Mend the cell (paste it into a notebook to try), or what it calls:",
    )
