"""The layouts in which CIFAR-10 is distributed, each decoded to images (N, 32, 32, 3) and labels (N,).

All of them have five training batches and one test batch. The official ones (binary and Python) write a picture as
three planes, red, green, blue, of 32 rows each: https://www.cs.toronto.edu/~kriz/cifar.html
"""

import io
import json
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from nnbook.datasets import pickled
from nnbook.datasets.decoded import Decoded, Find
from nnbook.datasets.errors import FormatError

Batch = tuple[NDArray[np.uint8], NDArray[np.uint8]]

SIDE = 32
PIXELS = SIDE * SIDE
TRAIN = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST = "test_batch"
LABEL_FILES = ("train_lables.json", "test_lables.json")  # so spelled in the package
NAMES = frozenset(name + suffix for name in (*TRAIN, TEST) for suffix in (".bin", "", ".png")) | set(LABEL_FILES)


def read(find: Find, where: str) -> Decoded | None:
    """The whole data set from the first layout of which `find` has every file; None if it has none whole."""
    for suffix, decode in ((".bin", binary_batch), ("", python_batch)):
        contents = [find(name + suffix) for name in (*TRAIN, TEST)]
        if None not in contents:
            return _from_batches([content for content in contents if content], where, suffix, decode)
    return _from_pictures(find, where)


def binary_batch(content: bytes, file: str) -> Batch:
    """A batch of the binary version: each picture is one byte with its label, then 3072 bytes of planes."""
    record = 1 + 3 * PIXELS
    if not content or len(content) % record:
        raise FormatError(
            f"A binary CIFAR-10 batch is a whole number of records of {record} bytes; {file} has {len(content)} "
            "bytes. It was probably cut off: download it again."
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, record)
    return _from_planes(records[:, 1:]), records[:, 0].copy()


def python_batch(content: bytes, file: str) -> Batch:
    """A batch of the Python version: a pickled dictionary, read without running what a pickle may ask for."""
    batch = pickled.read(content, file)
    data = batch.get("data") if isinstance(batch, dict) else None
    labels = batch.get("labels") if isinstance(batch, dict) else None
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape[1:] != (3 * PIXELS,):
        raise FormatError(
            f'A CIFAR-10 batch for Python has "data", an array of (N, {3 * PIXELS}) bytes; {file} has none. '
            "Download it again."
        )
    return _from_planes(data), _labels(labels, len(data), file)


def picture_batch(content: bytes, file: str) -> NDArray[np.uint8]:
    """A batch kept as one PNG, in which each row is a picture: its 32 rows of 32 pixels one after the other."""
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except (UnidentifiedImageError, OSError) as error:
        raise FormatError(f"{file} must be a PNG; reading it failed: {error}. Download it again.") from error
    if pixels.shape[1] != PIXELS:
        raise FormatError(
            f"A CIFAR-10 batch as a PNG is {PIXELS} pixels wide, one picture a row; {file} is {pixels.shape[1]} "
            "pixels wide. Download it again."
        )
    return pixels.reshape(-1, SIDE, SIDE, 3)


def _from_batches(contents: Sequence[bytes], where: str, suffix: str, decode: Callable[[bytes, str], Batch]) -> Decoded:
    names = [f"{where}: {name}{suffix}" for name in (*TRAIN, TEST)]
    batches = [decode(content, name) for content, name in zip(contents, names, strict=True)]
    train = f"{where}: data_batch_1{suffix} to data_batch_5{suffix}"
    return Decoded(
        (np.concatenate([images for images, _ in batches[:-1]]), np.concatenate([labels for _, labels in batches[:-1]]))
        + batches[-1],
        (train, train, names[-1], names[-1]),
    )


def _from_pictures(find: Find, where: str) -> Decoded | None:
    contents = [find(f"{name}.png") for name in (*TRAIN, TEST)]
    labels = [find(name) for name in LABEL_FILES]
    if None in contents or None in labels:
        return None
    names = [f"{where}: {name}.png" for name in (*TRAIN, TEST)]
    batches = [picture_batch(content, name) for content, name in zip(contents, names, strict=True) if content]
    train, test = np.concatenate(batches[:-1]), batches[-1]
    files = [f"{where}: {name}" for name in LABEL_FILES]
    return Decoded(
        (train, _json_labels(labels[0], len(train), files[0]), test, _json_labels(labels[1], len(test), files[1])),
        (f"{where}: data_batch_1.png to data_batch_5.png", files[0], names[-1], files[1]),
    )


def _json_labels(content: bytes | None, count: int, file: str) -> NDArray[np.uint8]:
    try:
        return _labels(json.loads(content or b""), count, file)
    except ValueError as error:
        raise FormatError(f"{file} must be JSON; reading it failed: {error}. Download it again.") from error


def _labels(labels: object, count: int, file: str) -> NDArray[np.uint8]:
    if (
        not isinstance(labels, list)
        or len(labels) != count
        or not all(type(label) is int and 0 <= label < 10 for label in labels)
    ):
        raise FormatError(
            f"CIFAR-10 has one label from 0 to 9 for each picture, {count} here; {file} holds something else. "
            "Download it again."
        )
    return np.array(labels, np.uint8)


def _from_planes(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rows of red, green and blue planes (N, 3072) as pictures (N, 32, 32, 3)."""
    return np.ascontiguousarray(planes.reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1))
