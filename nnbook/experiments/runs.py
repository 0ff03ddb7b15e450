"""From a name to a trained network: out of the cache, or trained now."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from rich.console import Console
from rich.progress import Progress as Bar
from threadpoolctl import threadpool_limits

from nnbook import datasets, evaluation, model_cache, training
from nnbook.experiments import results
from nnbook.experiments.recipes import EXPERIMENTS, recipe
from nnbook.experiments.results import TrainedNetwork
from nnbook.training import Progress, Recipe

Size = Literal["auto", "full", "sample"]

CLASSES = 10
_trained: dict[Path, TrainedNetwork] = {}


def trained(
    name: str,
    size: Size = "auto",
    data_dir: str | Path | None = None,
    cache_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> TrainedNetwork:
    """The trained network of the experiment `name`: from the cache, else trained now and put there.

    `size`, `data_dir` and `cache_dir` mean the same as in `datasets.load`. `progress` is called with the number of
    finished epochs and of all epochs; without one, a bar is shown on the terminal. A second call in the same
    process returns the same object.

    Raises:
        ValueError: if there is no such experiment.
    """
    dataset = datasets.load(recipe(name).dataset, size, data_dir, cache_dir)
    path = cache_path(name, dataset, cache_dir)
    if path not in _trained:
        _trained[path] = results.read(path, name, recipe(name)) or _train_and_write(path, name, dataset, progress)
    return _trained[path]


def cache_path(name: str, dataset: datasets.Dataset, cache_dir: str | Path | None) -> Path:
    """The file for the network `name` trained on `dataset`."""
    key = model_cache.key(asdict(recipe(name)), dataset.digest, _code_digest())
    return model_cache.folder(cache_dir) / f"{name}-{key}.npz"


@lru_cache
def _code_digest() -> str:
    package = Path(training.__file__).parent
    return model_cache.code_digest([*package.glob("network/*.py"), package / "training.py", package / "evaluation.py"])


def _train_and_write(path: Path, name: str, dataset: datasets.Dataset, progress: Progress | None) -> TrainedNetwork:
    if progress is None:
        with _bar(name) as show:
            network = train(name, EXPERIMENTS[name], dataset, show)
    else:
        network = train(name, EXPERIMENTS[name], dataset, progress)
    results.write(path, network)
    return network


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    # In a notebook a bar would become part of the cell's output, which belongs to the figure.
    console = Console(stderr=True, force_jupyter=False)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, epochs: bar.update(task, completed=done, total=epochs)


def train(name: str, recipe: Recipe, dataset: datasets.Dataset, progress: Progress | None = None) -> TrainedNetwork:
    """Train a network by `recipe` on the training part of `dataset`, and evaluate it on both parts."""
    rng = np.random.default_rng(recipe.seed)
    images, labels = dataset.train.images, dataset.train.labels
    network = training.prepare(recipe, images, rng)
    history = training.train(network, images, labels, recipe, rng, progress)
    unrated = TrainedNetwork(
        name, recipe, history, np.nan, np.nan, np.empty((0, 0)), dataset.digest, *network.plain_parameters()
    )
    with threadpool_limits(1, user_api="blas"):
        known, predictions = unrated.predictions(images), unrated.predictions(dataset.test.images)
    return replace(
        unrated,
        train_accuracy=evaluation.accuracy(known, labels),
        test_accuracy=evaluation.accuracy(predictions, dataset.test.labels),
        confusion=evaluation.confusion_matrix(predictions, dataset.test.labels, CLASSES),
    )
