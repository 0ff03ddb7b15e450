"""Writes the sample that ships with the package: nnbook/datasets/sample/.

Run it after `nnbook data fetch`:  python scripts/make_sample.py

Of each class it takes the same number of pictures, evenly spaced through the official order (no random numbers: the
choice is the same for ever; and spaced, because the first half of MNIST's test set is cleaner than the second).
"""

import hashlib
import json
from pathlib import Path

import numpy as np

from nnbook.datasets import Split, load, sample

FOLDER = Path(sample.__file__).parent / "sample"
A_CLASS = {"mnist": {"train": 600, "test": 100}, "cifar10": {"train": 200, "test": 50}}


def positions(labels: np.ndarray, a_class: int) -> np.ndarray:
    """The ascending positions, (10 * a_class,), of `a_class` evenly spaced examples of each class in `labels`, (N,)."""
    chosen = []
    for label in range(10):
        members = np.flatnonzero(labels == label)
        chosen.append(members[np.arange(a_class) * len(members) // a_class])
    return np.sort(np.concatenate(chosen))


def write_split(name: str, split: str, full: Split) -> dict[str, object]:
    """Write the sheet of one split and return its entry of the index."""
    chosen = positions(full.labels, A_CLASS[name][split])
    images, labels = full.images[chosen], full.labels[chosen]
    (FOLDER / sample.sheet_name(name, split)).write_bytes(sample.to_sheet(images))
    return {
        "images_sha256": hashlib.sha256(images.tobytes()).hexdigest(),
        "labels": "".join(map(str, labels)),
        "labels_sha256": hashlib.sha256(labels.tobytes()).hexdigest(),
        "positions": chosen.tolist(),
    }


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    index = {}
    for name in A_CLASS:
        full = load(name, size="full")
        index[name] = {"train": write_split(name, "train", full.train), "test": write_split(name, "test", full.test)}
    (FOLDER / sample.INDEX).write_text(json.dumps(index, separators=(",", ":")) + "\n", "utf-8")
    for file in sorted(FOLDER.iterdir()):
        print(f"{file.stat().st_size:>9,} bytes  {file.name}")


if __name__ == "__main__":
    main()
