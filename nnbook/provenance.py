"""The record of how a copy of the book was made: data, networks with their results, versions.

It holds no time of day and no path of the builder's machine: the same commit, data and versions give the same record.
"""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import asdict
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


def record(sets: Mapping[str, Dataset], networks: Mapping[str, TrainedNetwork]) -> dict[str, Any]:
    """The record of a book made from the data `sets` and the `networks`, both by name, as plain JSON values.

    The data sets must all have the same size, full or sample.
    """
    return {
        "size": next(iter(sets.values())).size,
        "datasets": {name: _dataset(found) for name, found in sets.items()},
        "experiments": {name: _experiment(network, sets) for name, network in networks.items()},
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


def _experiment(network: TrainedNetwork, sets: Mapping[str, Dataset]) -> dict[str, Any]:
    """What was done and what came out, without the time that it took: that is a fact of a computer and an hour."""
    data = sets[network.recipe.dataset]
    return {
        "dataset": network.recipe.dataset,
        "train_images": len(data.train.labels),
        "test_images": len(data.test.labels),
        "seed": network.recipe.seed,
        "recipe": _plain(asdict(network.recipe)),
        "parameters": network.parameters,
        "train_accuracy": float(network.train_accuracy),
        "test_accuracy": float(network.test_accuracy),
        "confusion": network.confusion.tolist(),
        "weights_digest": weights_digest(network),
    }


def weights_digest(network: TrainedNetwork) -> str:
    """The SHA-256 of all weights and biases, layer by layer, float32 in C order, little-endian."""
    digest = hashlib.sha256()
    for weights, biases in zip(network.weights, network.biases, strict=True):
        digest.update(weights.astype("<f4").tobytes() + biases.astype("<f4").tobytes())
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """The `value` as JSON knows it: tuples become lists."""
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, tuple | list) else value
