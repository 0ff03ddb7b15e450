"""The frozen value that `load` returns: labelled pictures, split for training and for testing."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Size = Literal["full", "sample"]
Origin = Literal["folder", "cache", "mirror", "npm", "sample"]


@dataclass(frozen=True, eq=False)
class Split:
    """Pictures with their labels; example i is `images[i]` with `labels[i]`.

    images: uint8 (N, 28, 28) grey, or (N, 32, 32, 3) red-green-blue; 0 is black, 255 full brightness; read-only.
    labels: uint8 (N,), the positions of the classes in the data set's `class_keys`; read-only.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if len(self.images) != len(self.labels):
            raise ValueError(
                f"A split has one label for each image; got {len(self.images)} images and "
                f"{len(self.labels)} labels. Pass two arrays of equal length."
            )
        self.images.setflags(write=False)
        self.labels.setflags(write=False)

    def __len__(self) -> int:
        return len(self.labels)

    def held_back(self) -> tuple["Split", "Split"]:
        """The split cut in two, always the same way: five sixths to learn from, in random order, one sixth held back.

        Recipes are chosen by what is held back of a training set, so that the test set has no say in them.
        """
        order = np.random.default_rng(0).permutation(len(self))
        held_back, learnt = (Split(self.images[some], self.labels[some]) for some in np.split(order, [len(self) // 6]))
        return learnt, held_back


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set in the official split and order.

    size: "full", or "sample" for the small subset that ships with the package.
    class_keys: one key a class; `class_keys[label]` names the class (localisation turns keys into words).
    digest: SHA-256 (hex) over the digests of the four arrays: equal digests mean equal data.
    origin: where it came from this time: "folder", "cache", "mirror", "npm" or "sample".
    source, licence: who made it and where it is described; under which terms it is distributed.
    """

    name: str
    size: Size
    train: Split
    test: Split
    class_keys: tuple[str, ...]
    digest: str
    origin: Origin
    source: str
    licence: str
