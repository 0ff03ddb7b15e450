"""The files in which others distribute the data sets, found in a folder or an archive and decoded to arrays."""

import gzip
import tarfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnbook.datasets import cifar, idx
from nnbook.datasets.catalogue import Description, Part
from nnbook.datasets.decoded import Decoded, Find
from nnbook.datasets.errors import FormatError

GZIP_MAGIC = b"\x1f\x8b"
LARGEST_MEMBER = 1 << 27  # bytes; the largest original file has 47 million


def read_folder(description: Description, folder: Path) -> Decoded | None:
    """The data set from the original files in `folder`; None if they are not all there."""
    for below in description.folders:
        place = folder / below
        if place.is_dir():
            decoded = _read(description, _folder_find(place), str(place))
            if decoded is not None:
                return decoded
    for archive in _archives(description, folder):
        decoded = read_archive(description, archive)
        if decoded is not None:
            return decoded
    return None


def read_archive(description: Description, archive: Path) -> Decoded | None:
    """The data set from the original files in a tar.gz archive; None if they are not all there."""
    return _read(description, members(archive, _names(description)).get, str(archive))


def members(archive: Path, names: Collection[str]) -> dict[str, bytes]:
    """The contents of the regular files in `archive` whose bare names are among `names`; nothing is unpacked."""
    contents = {}
    try:
        with tarfile.open(archive, "r:gz") as members:
            for member in members:
                name = member.name.rpartition("/")[2]
                if name in names and member.isfile() and member.size <= LARGEST_MEMBER:
                    file = members.extractfile(member)
                    contents[name] = file.read() if file else b""
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(
            f"{archive} must be a whole tar.gz archive; reading it failed: {error}. Download it again."
        ) from error
    return contents


def _read(description: Description, find: Find, where: str) -> Decoded | None:
    return cifar.read(find, where) if description.name == "cifar10" else _read_idx(description, find, where)


def _names(description: Description) -> Collection[str]:
    if description.name == "cifar10":
        return cifar.NAMES
    return {name for part in description.parts for name in _spellings(part)}


def _archives(description: Description, folder: Path) -> Iterator[Path]:
    for below in description.folders:
        for name in description.archives:
            if (folder / below / name).is_file():
                yield folder / below / name


def _folder_find(folder: Path) -> Find:
    def find(name: str) -> bytes | None:
        path = folder / name
        return path.read_bytes() if path.is_file() else None

    return find


def _read_idx(description: Description, find: Find, where: str) -> Decoded | None:
    arrays: list[NDArray[np.uint8]] = []
    files: list[str] = []
    for part in description.parts:
        for name in _spellings(part):
            content = find(name)
            if content is not None:
                arrays.append(idx.decode(_decompressed(content, f"{where}: {name}"), f"{where}: {name}"))
                files.append(f"{where}: {name}")
                break
        else:
            return None
    return Decoded((arrays[0], arrays[1], arrays[2], arrays[3]), (files[0], files[1], files[2], files[3]))


def _spellings(part: Part) -> tuple[str, ...]:
    """The names under which an idx file is passed round: with a dash or a dot before "idx", compressed or not."""
    dotted = part.file.replace("-idx", ".idx")
    return part.file, f"{part.file}.gz", dotted, f"{dotted}.gz"


def _decompressed(content: bytes, file: str) -> bytes:
    # The first bytes tell, not the name: some servers and browsers unpack while they send or save.
    if not content.startswith(GZIP_MAGIC):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(f"{file} must be whole; reading it failed: {error}. Download it again.") from error
