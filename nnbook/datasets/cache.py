"""The folder in which fetched data sets stay, in a form that is quick to read and to verify."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from nnbook.datasets.catalogue import Description, Part
from nnbook.datasets.decoded import Arrays, require_digest
from nnbook.datasets.progress import Progress

LOCK_SECONDS = 1800.0


def folder(cache_root: Path, description: Description) -> Path:
    """Where the cache keeps the files of this data set."""
    return cache_root / "datasets" / description.name


def read(cache_root: Path, description: Description) -> Arrays | None:
    """The data set from the cache, verified; None if it is not there.

    The arrays lie in immutable memory. Raises DigestError if a file is damaged.
    """
    place = folder(cache_root, description)
    if not all((place / part.file).is_file() for part in description.parts):
        return None
    with ThreadPoolExecutor(len(description.parts)) as pool:  # hashing leaves the interpreter to other threads
        arrays = list(pool.map(lambda part: _read_part(place / part.file, part, description.name), description.parts))
    return arrays[0], arrays[1], arrays[2], arrays[3]


def _read_part(path: Path, part: Part, name: str) -> NDArray[np.uint8]:
    content = path.read_bytes()
    remedy = f"It will be fetched again; `nnbook data fetch {name}` does so now."
    require_digest(str(path), hashlib.sha256(content).hexdigest(), part.sha256, remedy)
    return np.frombuffer(content, np.uint8, offset=len(part.header)).reshape(part.shape)


def measured(cache_root: Path, description: Description) -> list[tuple[str, int, str]]:
    """File, bytes and SHA-256 of each array in turn; nothing if the data set is not there."""
    paths = [folder(cache_root, description) / part.file for part in description.parts]
    if not all(path.is_file() for path in paths):
        return []
    contents = ((path, path.read_bytes()) for path in paths)
    return [(str(path), len(content), hashlib.sha256(content).hexdigest()) for path, content in contents]


def store(cache_root: Path, description: Description, arrays: Arrays) -> None:
    """Keep verified `arrays`. Each file appears whole under its name or not at all; OSError if it cannot."""
    place = folder(cache_root, description)
    place.mkdir(parents=True, exist_ok=True)
    for killed in place.glob(".new-*"):
        killed.unlink()
    for part, array in zip(description.parts, arrays, strict=True):
        new = place / f".new-{os.getpid()}-{part.file}"
        try:
            with new.open("wb") as file:
                file.write(part.header)
                file.write(np.ascontiguousarray(array).data)
            new.replace(place / part.file)
        finally:
            new.unlink(missing_ok=True)


def discard(cache_root: Path, description: Description) -> None:
    """Remove the data set's files from the cache."""
    shutil.rmtree(folder(cache_root, description), ignore_errors=True)


@contextmanager
def workspace(cache_root: Path, description: Description, progress: Progress) -> Iterator[Path]:
    """A folder to download into, for one process at a time.

    A second process waits here until the first is done. What a killed download left in the folder is still there for
    the next one to go on from. Where the cache cannot be locked or written, it is a temporary folder.
    """
    place = folder(cache_root, description).with_suffix(".download")
    lock = FileLock(place.with_suffix(".lock"))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _acquire(lock, description.name, progress)
        place.mkdir(exist_ok=True)
    except (OSError, NotImplementedError) as error:  # Timeout is an OSError too
        progress.line(f"{description.name}: the cache {cache_root} cannot be used ({error})")
        place = Path(tempfile.mkdtemp(prefix="nnbook-"))
    try:
        yield place
    finally:
        if lock.is_locked:
            lock.release()
        else:
            shutil.rmtree(place, ignore_errors=True)


def _acquire(lock: FileLock, name: str, progress: Progress) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress.line(f"{name}: another process is fetching it; waiting for that one")
        lock.acquire(timeout=LOCK_SECONDS)
