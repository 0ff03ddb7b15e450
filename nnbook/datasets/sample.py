"""The subset of each data set that ships with the package, for a first look with no network at all.

One lossless WebP sheet a split, a grid of pictures in rows; `sample.json` holds, for each split, the labels, the
pictures' positions in the full split, and the digests. `scripts/make_sample.py` writes all of it.
"""

import io
import json
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nnbook.datasets.catalogue import Description, Part
from nnbook.datasets.decoded import Arrays, Decoded, checked
from nnbook.datasets.errors import FormatError

COLUMNS = 50
INDEX = "sample.json"
REMEDY = "The package is damaged: install it again."


def folder() -> Traversable:
    """The folder of the package that holds the sample."""
    return resources.files("nnbook.datasets") / "sample"


@cache
def index() -> dict[str, Any]:
    """What `sample.json` says: data set -> split -> labels (digits), positions, images_sha256, labels_sha256."""
    entries: dict[str, Any] = json.loads((folder() / INDEX).read_text("utf-8"))
    return entries


def describe(description: Description) -> tuple[Part, Part, Part, Part]:
    """The sample's arrays as parts: the sheets and labels, their shapes and their digests."""
    name = description.name
    parts = [
        part
        for split, images in (("train", description.parts[0]), ("test", description.parts[2]))
        for part in _parts(sheet_name(name, split), index()[name][split], images.shape[1:])
    ]
    return parts[0], parts[1], parts[2], parts[3]


def read(description: Description) -> Arrays:
    """The four arrays of the sample. Raises DigestError if the installed files are not those that were shipped."""
    return checked(describe(description), decoded(description), REMEDY)


def decoded(description: Description) -> Decoded:
    """The four arrays of the sample, not verified."""
    parts = describe(description)
    train, test = (index()[description.name][split] for split in ("train", "test"))
    arrays = (
        from_sheet((folder() / parts[0].file).read_bytes(), parts[0].shape),
        np.array(list(train["labels"]), np.uint8),
        from_sheet((folder() / parts[2].file).read_bytes(), parts[2].shape),
        np.array(list(test["labels"]), np.uint8),
    )
    files = (parts[0].file, parts[1].file, parts[2].file, parts[3].file)
    return Decoded(arrays, files)


def sheet_name(name: str, split: str) -> str:
    return f"{name}-{split}.webp"


def to_sheet(images: NDArray[np.uint8]) -> bytes:
    """All `images`, (N, H, W) or (N, H, W, 3), as one lossless WebP, `COLUMNS` a row, the last row filled up."""
    count, height, width = images.shape[:3]
    rows = -(-count // COLUMNS)
    grid = np.zeros((rows * COLUMNS, *images.shape[1:]), np.uint8)
    grid[:count] = images
    grid = grid.reshape(rows, COLUMNS, *images.shape[1:]).swapaxes(1, 2)
    buffer = io.BytesIO()
    sheet = Image.fromarray(grid.reshape(rows * height, COLUMNS * width, *images.shape[3:]))
    sheet.save(buffer, "WEBP", lossless=True, quality=100, method=6, exact=True)
    return buffer.getvalue()


def from_sheet(content: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The images of the given shape, (N, H, W) or (N, H, W, 3), from the sheet that `to_sheet` made of them."""
    count, height, width = shape[:3]
    try:
        with Image.open(io.BytesIO(content), formats=["WEBP"]) as sheet:
            # WebP has no grey pictures: the three channels of a grey sheet are equal.
            grid = np.asarray(sheet.convert("RGB") if len(shape) == 4 else sheet.getchannel(0))
        grid = grid.reshape(-1, height, COLUMNS, width, *shape[3:]).swapaxes(1, 2)
        return np.ascontiguousarray(grid.reshape(-1, *shape[1:])[:count])
    except (OSError, ValueError) as error:
        raise FormatError(f"A sample's sheet must be a whole WebP; reading it failed: {error}. {REMEDY}") from error


def _parts(sheet: str, entry: dict[str, Any], image_shape: tuple[int, ...]) -> tuple[Part, Part]:
    count = len(entry["labels"])
    return (
        Part(sheet, (count, *image_shape), entry["images_sha256"]),
        Part(INDEX, (count,), entry["labels_sha256"]),
    )
