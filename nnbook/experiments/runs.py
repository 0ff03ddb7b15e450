"""From a name, or from data of one's own, to a trained network: out of the cache, or trained now."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from rich.console import Console
from rich.progress import Progress as Bar
from threadpoolctl import threadpool_limits

from nnbook import arrays, datasets, evaluation, model_cache, training
from nnbook.experiments import results
from nnbook.experiments.recipes import EXPERIMENTS, recipe
from nnbook.experiments.results import TrainedNetwork
from nnbook.network import at_the_same_time, layers_of
from nnbook.training import Progress, Recipe

Size = Literal["auto", "full", "sample"]

RECORD = "application/vnd.nnbook.network+json"  # the kind of output by which a cell tells the build what it trained
MOST_CLASSES = 256  # as many as the labels of a data set, which are bytes, can tell apart

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
    return _found_or_trained(path, name, recipe(name), dataset, progress)


def cache_path(name: str, dataset: datasets.Dataset, cache_dir: str | Path | None) -> Path:
    """The file for the network `name` trained on `dataset`."""
    return model_cache.folder(cache_dir) / f"{name}-{_key(recipe(name), dataset)}.npz"


def _key(recipe: Recipe, dataset: datasets.Dataset) -> str:
    return model_cache.key(asdict(recipe), dataset.digest, _code_digest())


@lru_cache
def _code_digest() -> str:
    package = Path(training.__file__).parent
    alone = [package / f"{room}.py" for room in ("augmentation", "evaluation", "training")]
    return model_cache.code_digest([*package.glob("network/*.py"), *alone])


def _found_or_trained(
    path: Path, name: str, recipe: Recipe, dataset: datasets.Dataset, progress: Progress | None
) -> TrainedNetwork:
    if path not in _trained:
        network = results.read(path, name, recipe)
        if network is None:
            with nullcontext(progress) if progress else _bar(name) as show:
                begun = path.with_suffix(".begun.npz")
                network = _train(name, recipe, dataset, show, begun)
            results.write(path, network)
            begun.unlink(missing_ok=True)
        _trained[path] = network
    return _trained[path]


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    # In a notebook a bar would become part of the cell's output, which belongs to the figure.
    console = Console(stderr=True, force_jupyter=False)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, epochs: bar.update(task, completed=done, total=epochs)


def train(
    images: Any,
    labels: Any,
    layers: Sequence[str],
    test: tuple[Any, Any] | None = None,
    class_keys: Sequence[Any] | None = None,
    name: str = "network",
    epochs: int = 10,
    batch_size: int = 100,
    rate: float = 0.1,
    momentum: float = 0.9,
    cache_dir: str | Path | None = None,
    progress: Progress | None = None,
    **recipe: Any,
) -> TrainedNetwork:
    """A network for images of your own: from the cache if it was trained before on the same, else trained now.

    Args:
        images: (N, H, W) or (N, H, W, 3), from 0 to 255 or from 0 to 1; see `arrays.images` for what else is taken.
        labels: (N,), the class of each image: numbers from 0, or keys of classes.
        layers: what the network is made of, in words, as in ["dense 100", "relu", "dense 10"]; the last layer has an
            output for each class.
        test: images and labels that the network is not trained with; without them, a sixth of the images is held back,
            drawn at random by the recipe's seed.
        class_keys: what the classes are called; left out, the numbers or keys in `labels`.
        name: under which the network is kept, and shown on the page that says how the book was made.
        epochs, batch_size, rate, momentum, recipe: see `Recipe`; `recipe` are its other parts, such as `seed`.
        cache_dir, progress: as for `trained`.

    Raises:
        ValueError: if images, labels, layers or recipe don't fit together.

    Example:
        >>> network = train(images, labels, ["dense 30", "relu", "dense 3"], epochs=20)
        >>> network.test_accuracy, network.history.loss
        >>> figures.confusion_matrix(network.confusion, network.class_keys)
    """
    _check_own(name, layers, recipe)
    chosen = Recipe(name, tuple(layers), epochs, batch_size, rate, momentum, **recipe)
    data = _own_data(name, images, labels, test, class_keys, chosen.seed)
    outputs = layers_of(chosen.layers, data.train.images.shape[1:])[-1].output_shape
    if outputs != (len(data.class_keys),):
        other = "" if 0 in data.train.labels else ", or pass labels - 1"
        raise ValueError(
            f"the last layer has an output for each class; got {layers[-1]!r} for {len(data.class_keys)} classes; "
            f'write "dense {len(data.class_keys)}" at the end{other}'
        )
    path = model_cache.folder(cache_dir) / f"{name}-{_key(chosen, data)}.npz"
    network = _found_or_trained(path, name, chosen, data, progress)
    if os.environ.get("NNBOOK_LANGUAGES"):  # as the build names its languages
        from IPython.display import display

        display({RECORD: {name: network.record()}}, raw=True)
    return network


def _check_own(name: str, layers: Sequence[str], recipe: Mapping[str, Any]) -> None:
    if not re.fullmatch(r"[\w-]+", name) or name in EXPERIMENTS:
        raise ValueError(
            "a network of your own has a name of letters, digits and hyphens that no network of the book has; "
            f'got {name!r}; choose a name such as "my-digits"'
        )
    if isinstance(layers, str):
        raise ValueError(f'layers are a list of texts; got the text {layers!r}; write ["dense 30", "relu", "dense 10"]')
    known = [part.name for part in fields(Recipe) if part.name not in ("dataset", "layers")]
    for unknown in recipe.keys() - set(known):
        raise ValueError(f"a recipe has the parts {', '.join(known)}; got {unknown!r}; choose one of these")


def _own_data(
    name: str, images: Any, labels: Any, test: tuple[Any, Any] | None, class_keys: Sequence[Any] | None, seed: int
) -> datasets.Dataset:
    """Arrays of others as a data set; what it is called and its digest are all that tells it from those of the book."""
    pictures = arrays.images(images)
    known = arrays.keys_in(labels) if class_keys is None else arrays.class_keys(class_keys)
    numbers = arrays.labels(labels, known, count=len(pictures))
    keys = arrays.class_keys(known, None if known else int(numbers.max()) + 1)
    if len(keys) > MOST_CLASSES:
        raise ValueError(
            f"a network has at most {MOST_CLASSES} classes; got {len(keys)}; if the labels are measurements, sort them "
            "into a few classes first"
        )
    if test is None:
        order = np.random.default_rng(seed).permutation(len(pictures))
        held_back, learnt = np.split(order, [max(1, len(order) // 6)])
        parts = [(pictures[some], numbers[some]) for some in (learnt, held_back)]
    else:
        shown = arrays.images(test[0], "the test images", pictures.shape[1:])
        parts = [(pictures, numbers), (shown, arrays.labels(test[1], keys, "the test labels", len(shown)))]
    digest = hashlib.sha256("\0".join(keys).encode())
    for part in (array for pair in parts for array in pair):
        digest.update(f"{part.shape} {part.dtype.str}".encode() + np.ascontiguousarray(part).tobytes())
    train, test_split = (datasets.Split(some.copy(), classes.astype(np.uint8)) for some, classes in parts)
    return datasets.Dataset(name, "full", train, test_split, keys, digest.hexdigest(), "folder", "", "")


def _train(
    name: str, recipe: Recipe, dataset: datasets.Dataset, progress: Progress | None = None, begun: Path | None = None
) -> TrainedNetwork:
    """Train a network by `recipe` on the training part of `dataset`, and evaluate it on both parts."""
    rng = np.random.default_rng(recipe.seed)
    learnt, judged = dataset.train, None
    if recipe.examples is not None:
        learnt, held_back = dataset.train.held_back()
        judged = held_back.images, held_back.labels
    images, labels = learnt.images[: recipe.examples], learnt.labels[: recipe.examples]
    network = training.prepare(recipe, images, rng)
    history = training.fit(network, images, labels, recipe, rng, progress, judged, begun)
    kept = {key: array.astype(np.float32) for key, array in network.named_parameters().items()}
    known = dataset.class_keys, len(images), dataset.digest, images.shape[1:], kept
    unrated = TrainedNetwork(name, recipe, history, np.nan, np.nan, np.empty((0, 0)), *known)
    with threadpool_limits(1, user_api="blas"):
        # What has seen the most examples takes the longest, so one half of them is left to another thread.
        others = at_the_same_time(replace(unrated).predictions, images[len(images) // 2 :])
        seen, predictions = unrated.predictions(images[: len(images) // 2]), unrated.predictions(dataset.test.images)
        seen = np.concatenate([seen, others()])
    return replace(
        unrated,
        train_accuracy=evaluation.accuracy(seen, labels),
        test_accuracy=evaluation.accuracy(predictions, dataset.test.labels),
        confusion=evaluation.confusion_matrix(predictions, dataset.test.labels, len(dataset.class_keys)),
    )
