"""The record of how a copy of the book was made: data, networks with their results, versions.

It holds no time of day and no path of the builder's machine: the same commit, data and versions give the same record.
"""

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from nnbook.datasets import Dataset
from nnbook.experiments import TrainedNetwork

PACKAGES = (
    "nnbook",
    "numpy",
    "pillow",
    "jupyter-book",
    "math-core",
    "myst-nb",
    "pagefind-bin",
    "pydata-sphinx-theme",
    "sphinx",
    "sphinx-book-theme",
)
# By what route verified bytes reached this machine leaves no trace in the book; whether they are all of them does.
_ORIGINS = {"full": "the original files, verified by SHA-256", "sample": "the sample that ships with the package"}


def record(
    sets: Mapping[str, Dataset], networks: Mapping[str, TrainedNetwork], own: Mapping[str, Any]
) -> dict[str, Any]:
    """The record of a book made from the data `sets` and the `networks`, both by name, as plain JSON values.

    `own` are the records of the networks that pages trained themselves.

    The data sets must all have the same size, full or sample.
    """
    return {
        "size": next(iter(sets.values())).size,
        "datasets": {name: _dataset(found) for name, found in sets.items()},
        "experiments": {name: network.record() for name, network in networks.items()} | dict(own),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "origin": _ORIGINS[dataset.size],
        "source": dataset.source,
        "licence": dataset.licence,
        "digest": dataset.digest,
        "classes": list(dataset.class_keys),
        "train_images": len(dataset.train.labels),
        "test_images": len(dataset.test.labels),
    }
