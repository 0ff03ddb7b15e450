"""Run the cells of a page once, keep what they showed, and give it to every language.

All languages have the same cells, byte for byte (`nnbook.site.parity` sees to it), and the outputs hold the words of
all languages. So the cells of the source language are run, and every language finds their outputs in one jupyter-cache.
That cache knows a page by the text of its cells alone; the folder's name therefore holds a digest of all else that
outputs depend on: the code of the package, the data, the versions of what draws.
"""

import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nnbook.site.book import Book
from nnbook.site.errors import BuildError

PACKAGE = Path(__file__).parents[1]
# What no cell can reach: changes there leave every output as it is.
_NOT_IN_CELLS = {"site", "cli.py", "pipeline.py", "provenance.py"}
_WARNING = re.compile(r":\d+: (\w*Warning: .*)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r"^File (.+?):(\d+)", re.MULTILINE)
_KEPT_FOLDERS = 3


def cache_folder(work: Path, facts: Iterable[str], package: Path = PACKAGE) -> Path:
    """The folder of the outputs that belong to the code, the versions and the `facts` (data, languages)."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package)
        if path.suffix in {".py", ".json"} and name.parts[0] not in _NOT_IN_CELLS:
            digest.update(f"{name.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    versions = [f"{name} {version(name)}" for name in ("numpy", "pillow", "ipykernel", "nbclient")]
    for fact in [sys.version, *versions, *facts]:
        digest.update(f"{fact}\0".encode())
    return work / "cells" / digest.hexdigest()[:32]


def prune(cache: Path) -> None:
    """Mark the folder `cache` as used now and remove all but the folders that were used last."""
    cache.mkdir(parents=True, exist_ok=True)
    os.utime(cache)
    folders = sorted(cache.parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT_FOLDERS:]:
        shutil.rmtree(folder, ignore_errors=True)


def read_cells(path: Path) -> Any:
    """The notebook in the file `path`, not run yet; None if it is a page without cells."""
    from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook

    from nnbook.site.parity import parser_config

    text = path.read_text(encoding="utf-8")
    if not is_myst_markdown_notebook(text):
        return None
    return read_myst_markdown_notebook(text, config=parser_config(), add_source_map=True, path=path)


def pages_to_run(book: Book, cache: Path) -> list[str]:
    """The pages whose cells have no outputs in the folder `cache` yet."""
    notebooks = {page: read_cells(book.file(book.languages[0], page)) for page in book.pages}
    with_cells = {page: notebook for page, notebook in notebooks.items() if notebook is not None}
    try:
        return [page for page, notebook in with_cells.items() if not _is_stored(notebook, cache)]
    except (RuntimeError, ValueError):  # a killed build may have left a data base without tables, or half an entry
        shutil.rmtree(cache)
        cache.mkdir()
        return list(with_cells)


def _is_stored(notebook: Any, cache: Path) -> bool:
    """Whether the folder `cache` has the outputs of the `notebook`.

    Raises:
        ValueError: if it says so but has not.
    """
    from jupyter_cache import get_cache

    stored = get_cache(cache)
    try:
        record = stored.match_cache_notebook(notebook)
    except KeyError:
        return False
    try:
        stored.get_cache_bundle(record.pk)
    except KeyError as error:
        raise ValueError(f"an entry of the cache must have its notebook; {error}") from None
    return True


def run_page(book: Book, page: str, cache: Path, environment: Mapping[str, str]) -> float:
    """Run the cells of `page` and keep their outputs in the folder `cache`.

    Args:
        environment: all environment variables of the kernel.

    Returns:
        The seconds that it took.

    Raises:
        BuildError: if a cell fails or warns; nothing is kept then.
    """
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn

    started = time.perf_counter()
    path = book.file(book.languages[0], page)
    notebook = read_cells(path)
    if any(cell.cell_type == "code" for cell in notebook.cells):
        _run(notebook, book, page, environment)
    seconds = time.perf_counter() - started
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    get_cache(cache).cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return seconds


def _run(notebook: Any, book: Book, page: str, environment: Mapping[str, str]) -> None:
    """Fill in the outputs of the `notebook`."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError
    from traitlets.config import Config

    reached = [0]
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            kernel_name=notebook.metadata.get("kernelspec", {}).get("name", "python3"),
            timeout=book.settings.get("execute", {}).get("timeout", 600),
            resources={"metadata": {"path": folder}},
            record_timing=False,
            # Where the system has them, sockets that are files: nobody else can reach them.
            config=Config(
                {"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}} if sys.platform != "win32" else {}
            ),
            on_cell_start=lambda cell, cell_index: reached.__setitem__(0, cell_index),
        )
        # A profile of its own: start-up files of the builder's IPython must not reach the book.
        variables = {**environment, "IPYTHONDIR": folder}
        try:
            client.execute(env=variables)
        except (CellExecutionError, CellControlSignal, DeadKernelError) as error:
            raise _failure(notebook, book, page, reached[0], _cause(notebook.cells[reached[0]], error)) from None
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr" and (found := _WARNING.search(output.text)):
                raise _failure(notebook, book, page, index, found[1])


def _cause(cell: Any, error: Exception) -> str:
    """What went wrong in a `cell`, in one sentence, and where in a file if it was there.

    The exception alone does not tell when a figure fails to draw itself; what the kernel sent does.
    """
    shown = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    if not shown:
        return f"{type(error).__name__}: {error}"
    frames = _FRAME.findall(_COLOUR.sub("", "\n".join(shown[-1].traceback)))
    place = f" (raised at {frames[-1][0]}:{frames[-1][1]})" if frames else ""
    return f"{shown[-1].ename}: {shown[-1].evalue}{place}"


def _failure(notebook: Any, book: Book, page: str, index: int, cause: str) -> BuildError:
    """The error that names the cell with this `index` as its author counts and finds it."""
    source = book.languages[0]
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])
    line = notebook.metadata["source_map"][index]
    place = f"{source}  {book.shown(book.file(source, page))}:{line}, cell {number}"
    code = [f"    {text}" for text in notebook.cells[index].source.splitlines()]
    return BuildError(
        "Every cell of the book must run without errors and warnings.",
        [*code, f"{place}: {cause.strip()}"],
        "Mend the cell (paste it into a notebook to try), or what it calls:",
    )
