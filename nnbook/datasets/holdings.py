"""What of the data is there, and whether it is right: the work behind `nnbook data`, `data fetch`, `data verify`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nnbook.datasets import cache, catalogue, originals, sample
from nnbook.datasets.catalogue import Description, Part
from nnbook.datasets.dataset import Dataset, Origin
from nnbook.datasets.decoded import Decoded
from nnbook.datasets.errors import FormatError
from nnbook.datasets.loading import Places, load_described, places
from nnbook.datasets.progress import ConsoleProgress, Progress


@dataclass(frozen=True)
class Check:
    """One array of a data set, compared with its digest.

    origin: "folder", "cache" or "sample"; file: where the array was read from; size: its bytes, uncompressed;
    expected, found: the SHA-256 it must have and has; problem: "", or why it could not be read.
    """

    name: str
    origin: Origin
    file: str
    size: int
    expected: str
    found: str
    problem: str = ""

    @property
    def verified(self) -> bool:
        return not self.problem and self.found == self.expected


@dataclass(frozen=True)
class Holding:
    """What one local origin has of a data set.

    path: the folder; train, test: the numbers of images; size: bytes, uncompressed (0 if nothing is there);
    state: "verified", "damaged" or "absent"; problems: what is wrong, a sentence each.
    """

    name: str
    origin: Origin
    path: str
    train: int
    test: int
    size: int
    state: str
    problems: tuple[str, ...]


def inventory(data_dir: str | Path | None = None, cache_dir: str | Path | None = None) -> list[Holding]:
    """What the local origins have of each data set, read and verified: your folder if one is given, cache, sample.

    Asks no network. `data_dir` and `cache_dir` as for `load`.
    """
    folders = places(data_dir, cache_dir)
    return [
        _holding(description, origin, folders)
        for description in catalogue.CATALOGUE.values()
        for origin in _local_origins(folders)
    ]


def verify(
    names: Sequence[str] = (), data_dir: str | Path | None = None, cache_dir: str | Path | None = None
) -> list[Check]:
    """Compare every array that the local origins have of the data sets `names` (all if empty) with its digest.

    Origins that hold nothing give no checks. Changes no file: `fetch` replaces what is damaged. ValueError for an
    unknown name.
    """
    folders = places(data_dir, cache_dir)
    return [
        check
        for name in names or catalogue.CATALOGUE
        for origin in _local_origins(folders)
        for check in _checks(catalogue.describe(name), origin, folders)
    ]


def fetch(
    names: Sequence[str] = (),
    data_dir: str | Path | None = None,
    cache_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> list[Dataset]:
    """Get the full data sets `names` (all if empty) from the first origin that has them, the network included.

    What comes from the network is kept in the cache; what is in the folder or cache already is verified, a damaged
    cache replaced. Raises what `load(name, size="full")` raises.
    """
    reporter = progress or ConsoleProgress(routine=True)
    folders = places(data_dir, cache_dir)
    descriptions = [catalogue.describe(name) for name in names or catalogue.CATALOGUE]
    return [load_described(description, "full", folders, reporter) for description in descriptions]


def _local_origins(folders: Places) -> tuple[Origin, ...]:
    return ("folder", "cache", "sample") if folders.data else ("cache", "sample")


def _path(description: Description, origin: Origin, folders: Places) -> str:
    if origin == "folder":
        return str(folders.data)
    return str(cache.folder(folders.cache, description) if origin == "cache" else sample.folder())


def _holding(description: Description, origin: Origin, folders: Places) -> Holding:
    checks = _checks(description, origin, folders)
    parts = _parts(description, origin)
    right = all(check.verified for check in checks)
    return Holding(
        name=description.name,
        origin=origin,
        path=_path(description, origin, folders),
        train=parts[0].shape[0] if checks else 0,
        test=parts[2].shape[0] if checks else 0,
        size=sum(check.size for check in checks),
        state="absent" if not checks else "verified" if right else "damaged",
        problems=tuple(_problem(check) for check in checks if not check.verified),
    )


def _problem(check: Check) -> str:
    return check.problem or f"{check.file} has the SHA-256 {check.found} instead of {check.expected}"


def _parts(description: Description, origin: Origin) -> tuple[Part, Part, Part, Part]:
    return sample.describe(description) if origin == "sample" else description.parts


def _checks(description: Description, origin: Origin, folders: Places) -> list[Check]:
    """A check an array, or one with the problem if the files cannot be read, or none if there are none."""
    try:
        measured = _measured(description, origin, folders)
    except (FormatError, OSError) as error:
        return [Check(description.name, origin, _path(description, origin, folders), 0, "", "", str(error))]
    return [
        Check(description.name, origin, file, size, part.sha256, found)
        for part, (file, size, found) in zip(_parts(description, origin), measured, strict=bool(measured))
    ]


def _measured(description: Description, origin: Origin, folders: Places) -> list[tuple[str, int, str]]:
    """File, bytes and SHA-256 of each array in turn; nothing if the origin does not have the data."""
    if origin == "cache":
        return cache.measured(folders.cache, description)
    decoded = _decoded(description, origin, folders)
    if decoded is None:
        return []
    return [
        (file, len(part.header) + array.nbytes, part.digest(array))
        for part, array, file in zip(_parts(description, origin), decoded.arrays, decoded.files, strict=True)
    ]


def _decoded(description: Description, origin: Origin, folders: Places) -> Decoded | None:
    if origin == "sample":
        return sample.decoded(description)
    return originals.read_folder(description, folders.data) if folders.data else None
