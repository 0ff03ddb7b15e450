"""The four arrays of a data set with the files they were read from, and the check that they are the right ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnbook.datasets.catalogue import Part
from nnbook.datasets.errors import DigestError

Arrays = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]

# Looks up a file by its bare name and returns its bytes, or None if it is not there: the readers need not know
# whether the files lie in a folder or in an archive.
Find = Callable[[str], bytes | None]


@dataclass(frozen=True)
class Decoded:
    """Training images and labels, test images and labels, and for each the file that it was read from."""

    arrays: Arrays
    files: tuple[str, str, str, str]


def checked(parts: Sequence[Part], decoded: Decoded, remedy: str) -> Arrays:
    """The arrays of `decoded` if all have the digests of `parts`.

    Raises DigestError, which names the first wrong file, both digests and the `remedy`.
    """
    for part, array, file in zip(parts, decoded.arrays, decoded.files, strict=True):
        require_digest(file, part.digest(array), part.sha256, remedy)
    return decoded.arrays


def require_digest(file: str, found: str, expected: str, remedy: str) -> None:
    """Raise DigestError unless the digest `found` of `file` is the one `expected`."""
    if found != expected:
        raise DigestError(
            f"The numbers in a data file must be those that the book was written with (SHA-256 {expected}); "
            f"{file} holds others (SHA-256 {found}). {remedy}"
        )
