"""Trained networks on disk, by content: the name of a file is a digest of all that determines what is in it.

A file is one `.npz`: the recipe and the results as JSON, the arrays beside them, and a digest over everything.
Nothing in it is ever unpickled, so a file from elsewhere cannot run code. It is written under a temporary name and
renamed when it is whole: whoever reads sees no file or a whole one.
"""

import ast
import hashlib
import io
import json
import os
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import platformdirs

FORMAT = 2  # of the files; older ones are not found any more
_LEFTOVER_SECONDS = 3600
Found = TypeVar("Found")


class DamagedModelWarning(UserWarning):
    """A file in the cache could not be read; it was moved aside, and its network is trained again."""


class DamagedModelError(Exception):
    """A file in the cache is not what was once written."""


def folder(cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """Where models are kept: below `cache_dir`, else `NNBOOK_CACHE`, else the user's cache folder."""
    root = cache_dir or os.environ.get("NNBOOK_CACHE") or platformdirs.user_cache_dir("nnbook", appauthor=False)
    return Path(root).expanduser().absolute() / "models"


def key(recipe: Mapping[str, Any], dataset_digest: str, code_digest: str) -> str:
    """The content address, 64 hexadecimal digits: it changes when the recipe, the data or the mathematics does."""
    content = json.dumps([FORMAT, recipe, dataset_digest, code_digest], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def code_digest(paths: Iterable[Path]) -> str:
    """SHA-256 over Python files without their comments, docstrings and layout: those change no result."""
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.name):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        digest.update(f"{path.name}\n{ast.unparse(_without_docstrings(tree))}\n".encode())
    return digest.hexdigest()


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        has_docstring = (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None
        )
        if has_docstring:
            node.body = node.body[1:] or [ast.Pass()]  # type: ignore[attr-defined]
    return tree


def store(path: Path, document: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write the JSON `document` and the named `arrays` to `path`, whole or not at all."""
    text = json.dumps(document, sort_keys=True)
    named = {"document": np.array(text), "digest": np.array(_digest(text, arrays)), **arrays}
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **named)
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def load(path: Path, fitted: Callable[[dict[str, Any], dict[str, np.ndarray]], Found]) -> Found | None:
    """What `store` wrote to `path`, as `fitted` makes it of document and arrays; None if there is no (sound) file.

    A damaged file, or one of which `fitted` can make nothing, is moved to the same name with `.damaged` at its end, and
    a `DamagedModelWarning` says so.
    """
    try:
        content = read(path)
        try:
            return fitted(*content)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            cause = f"{type(error).__name__}: {error}"
            raise DamagedModelError(f"a model file must fit its recipe; {path} does not ({cause})") from error
    except FileNotFoundError:
        return None
    except DamagedModelError as error:
        aside = path.with_name(path.name + ".damaged")
        # Another process may have moved it, or put a good one in its place, at this very moment.
        if path.exists():
            path.replace(aside)
        warnings.warn(
            DamagedModelWarning(f"{error}; it was moved to {aside} and the network is trained again"), stacklevel=2
        )
        return None


def read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Document and arrays (read-only) of the file at `path`.

    Raises:
        FileNotFoundError: if there is none.
        DamagedModelError: if it is not exactly what was written.
    """
    if path.is_dir():
        raise DamagedModelError(f"a model file must be a file; {path} is a folder")
    content = io.BytesIO(path.read_bytes())
    try:
        with np.load(content, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        text, digest = str(arrays.pop("document")), str(arrays.pop("digest"))
        document: dict[str, Any] = json.loads(text)
    except Exception as error:  # whatever a reader of zip files and arrays can stumble over
        raise DamagedModelError(f"a model file must be whole; {path} cannot be read ({error})") from error
    if _digest(text, arrays) != digest:
        raise DamagedModelError(f"a model file must have the digest that it names; {path} has another")
    for array in arrays.values():
        array.flags.writeable = False
    return document, arrays


def _digest(text: str, arrays: Mapping[str, np.ndarray]) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.data)
    return digest.hexdigest()


def _remove_leftovers(directory: Path) -> None:
    """Delete temporary files of processes that were killed in the middle of writing."""
    for temporary in directory.glob(".*.tmp"):
        try:
            if time.time() - temporary.stat().st_mtime > _LEFTOVER_SECONDS:
                temporary.unlink()
        except FileNotFoundError:
            continue
