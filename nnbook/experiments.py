"""The book's named networks: a table of recipes, and `trained(name)`, which finds or trains the network of a recipe.

The recipes were chosen by scripts/compare_recipes.py on examples held back from the training set, never on the test set. They train
in float64 and keep float32: a difference in the last digit between two processors can push a float32 training onto another path;
in float64 it is a thousand million times smaller, and the rounding removes it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress as ProgressBar
from threadpoolctl import threadpool_limits

from nnbook import datasets, evaluation, model_cache, training
from nnbook.network import Network, softmax
from nnbook.training import Checkpoint, History, Progress, Recipe

CLASSES = 10
_ROWS_AT_ONCE = 1000

# A small random start: what is left of a large one would lie as grain over the pictures of the weights.
_MNIST_HIDDEN = Recipe(
    "mnist",
    (784, 10, 10),
    epochs=15,
    batch_size=100,
    rate=0.1,
    momentum=0.9,
    weight_decay=1e-3,
    start_scale=0.1,
    centred=True,
)
# With the centre (see PixelDense), 63 examples make 64 rows, which divide well.
_CIFAR_THIN = Recipe(
    "cifar10", (3072, 10), epochs=10, batch_size=63, rate=0.025, weight_decay=1e-2, start_scale=0, centred=True
)
_CIFAR_HIDDEN = replace(
    _CIFAR_THIN, units=(3072, 10, 10), rate=0.012, momentum=0.9, weight_decay=3e-3, start_scale=0.1
)
_MNIST_WIDE = replace(_MNIST_HIDDEN, units=(784, 100, 10), epochs=10, weight_decay=5e-4)


EXPERIMENTS: Mapping[str, Recipe] = MappingProxyType(
    {
        # From zero, which is allowed without a hidden layer: no grain at all, and pixels that are always dark keep weight zero.
        "mnist-1-layer": Recipe(
            "mnist",
            (784, 10),
            epochs=10,
            batch_size=100,
            rate=0.3,
            weight_decay=2e-3,
            start_scale=0,
            checkpoint_steps=(0, 10, 30, 100, 300),
            checkpoint_epochs=True,
        ),
        "mnist-2-layer": replace(_MNIST_HIDDEN, seed=5, checkpoint_steps=(0,)),
        "mnist-2-layer-wide": _MNIST_WIDE,
        "cifar10-1-layer": replace(_CIFAR_THIN, checkpoint_steps=(0,)),
        "cifar10-2-layer": replace(_CIFAR_HIDDEN, checkpoint_steps=(0,)),
        "cifar10-2-layer-wide": replace(_CIFAR_HIDDEN, units=(3072, 100, 10), batch_size=128, rate=0.02),
        # More neurons soon stop helping: the points of the chapter's curve, besides 10 and 100 hidden neurons.
        **{f"mnist-2-layer-{hidden}": replace(_MNIST_WIDE, units=(784, hidden, 10)) for hidden in (2, 5, 20, 50, 200)},
        "mnist-3-layer": replace(_MNIST_WIDE, units=(784, 100, 100, 10)),
    }
)


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A network after its training, with its results on the data that it was trained and tested on.

    `weights` and `biases` hold float32 arrays (outputs, inputs) and (outputs,), one for each dense layer. `confusion` is
    (10, 10) on the test set, rows are true classes. Images may be bytes from 0 to 255 or floats from 0 to 1; all results are
    computed in float64.
    """

    name: str
    recipe: Recipe
    history: History = field(repr=False)
    train_accuracy: float
    test_accuracy: float
    confusion: np.ndarray = field(repr=False)
    dataset_digest: str
    weights: tuple[np.ndarray, ...] = field(repr=False)
    biases: tuple[np.ndarray, ...] = field(repr=False)

    @property
    def checkpoints(self) -> tuple[Checkpoint, ...]:
        return self.history.checkpoints

    @property
    def seconds(self) -> float:
        return self.history.seconds

    @property
    def parameters(self) -> int:
        """How many weights and biases there are."""
        return sum(array.size for array in (*self.weights, *self.biases))

    def summary(self) -> dict[str, Any]:
        """Name, data set, size and results, as a row of a table of networks."""
        return {
            "name": self.name,
            "dataset": self.recipe.dataset,
            "layers": self.recipe.units,
            "parameters": self.parameters,
            "train_accuracy": self.train_accuracy,
            "test_accuracy": self.test_accuracy,
        }

    def activations(self, images: np.ndarray) -> list[np.ndarray]:
        """For `images` (N, ...), the outputs (N, units) of each layer after its activation function; the last are the scores."""
        return self._network.activations(_inputs(images))

    def scores(self, images: np.ndarray) -> np.ndarray:
        """The scores (N, 10) of the classes for `images` (N, ...)."""
        return np.concatenate([self._network.forward(part).copy() for part in _parts(images)])

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """The softmax (N, 10) of the scores for `images` (N, ...)."""
        return softmax(self.scores(images))

    def predictions(self, images: np.ndarray) -> np.ndarray:
        """The class (N,) with the highest score for each of `images` (N, ...)."""
        return self.scores(images).argmax(axis=1)

    @cached_property
    def _network(self) -> Network:
        network = Network.dense(self.recipe.units, self.recipe.activation, "float64", pixels=False)
        for layer, weights, biases in zip(network.dense_layers, self.weights, self.biases, strict=True):
            layer.weights[...], layer.biases[...] = weights, biases
        return network


def _inputs(images: np.ndarray) -> np.ndarray:
    rows = images.reshape(len(images), -1)
    return rows / 255 if rows.dtype == np.uint8 else rows.astype(np.float64)


def _parts(images: np.ndarray) -> Iterable[np.ndarray]:
    """The images as float64 rows, some at a time: all of CIFAR-10 at once would need more than a gigabyte."""
    starts = range(0, max(len(images), 1), _ROWS_AT_ONCE)
    return (_inputs(images[start : start + _ROWS_AT_ONCE]) for start in starts)


_loaded: dict[Path, TrainedNetwork] = {}


def trained(
    name: str,
    size: str = "auto",
    data_dir: str | Path | None = None,
    cache_dir: str | Path | None = None,
    progress: Progress | None = None,
) -> TrainedNetwork:
    """The trained network of the experiment `name`: from the cache, else trained now and put there.

    `size`, `data_dir` and `cache_dir` mean the same as in `datasets.load`. `progress` is called with the number of finished
    epochs and of all epochs; without one, a bar is shown on the terminal. A second call in the same process returns the same object.

    Raises:
        ValueError: if there is no such experiment.
    """
    dataset = datasets.load(_recipe(name).dataset, size, data_dir, cache_dir)
    path = _path(name, dataset, cache_dir)
    if path not in _loaded:
        _loaded[path] = _read(path, name, dataset) or _train_and_store(path, name, dataset, progress)
    return _loaded[path]


def train_all(
    names: Iterable[str],
    size: str = "auto",
    data_dir: str | Path | None = None,
    cache_dir: str | Path | None = None,
    progress: Callable[[str, int, int], object] | None = None,
    workers: int = 2,
) -> dict[str, TrainedNetwork]:
    """The trained networks of all `names`; those that the cache lacks are trained in `workers` processes at once.

    `progress` is called with the name of an experiment, the number of its finished epochs and of all its epochs.
    """
    names, report = list(names), progress or (lambda name, done, epochs: None)
    loaded = {name: datasets.load(_recipe(name).dataset, size, data_dir, cache_dir) for name in names}
    missing = [name for name in names if not _path(name, loaded[name], cache_dir).exists()]
    if workers > 1 and len(missing) > 1:
        # The largest first, so that at the end no process waits long for another.
        missing.sort(key=lambda name: -_work(EXPERIMENTS[name]))
        _train_in_processes(
            [(name, loaded[name].size, data_dir, cache_dir) for name in missing], report, min(workers, len(missing))
        )
    return {name: trained(name, size, data_dir, cache_dir, partial(report, name)) for name in names}


def _work(recipe: Recipe) -> int:
    """The multiplications that an epoch of the largest matrix costs, for comparisons."""
    return recipe.epochs * sum(inputs * outputs for inputs, outputs in pairwise(recipe.units))


_Job = tuple[str, str, "str | Path | None", "str | Path | None"]


def _train_in_processes(jobs: list[_Job], report: Callable[[str, int, int], object], workers: int) -> None:
    context = get_context("spawn")
    messages: Any = context.Queue()
    with ProcessPoolExecutor(workers, context, _start_worker, (messages,)) as pool:
        futures = [pool.submit(_train_in_worker, job) for job in jobs]
        for future in futures:
            future.add_done_callback(lambda _: messages.put(None))
        for _ in futures:
            for name, done, epochs in iter(messages.get, None):
                report(name, done, epochs)
    for future in futures:
        future.result()


_messages: Any = None


def _start_worker(messages: Any) -> None:
    global _messages
    _messages = messages
    threadpool_limits(1)


def _train_in_worker(job: _Job) -> None:
    name, size, data_dir, cache_dir = job
    trained(name, size, data_dir, cache_dir, lambda done, epochs: _messages.put((name, done, epochs)))


def _recipe(name: str) -> Recipe:
    if name not in EXPERIMENTS:
        raise ValueError(
            f"an experiment has one of the names {', '.join(EXPERIMENTS)}; got {name!r}; choose one of these"
        )
    return EXPERIMENTS[name]


def _path(name: str, dataset: datasets.Dataset, cache_dir: str | Path | None) -> Path:
    key = model_cache.key(asdict(EXPERIMENTS[name]), dataset.digest, _code_digest())
    return model_cache.folder(cache_dir) / f"{name}-{key}.npz"


@lru_cache
def _code_digest() -> str:
    folder = Path(training.__file__).parent
    return model_cache.code_digest([*folder.glob("network/*.py"), folder / "training.py", folder / "evaluation.py"])


def _train_and_store(path: Path, name: str, dataset: datasets.Dataset, progress: Progress | None) -> TrainedNetwork:
    if progress is None:
        with _bar(name) as show:
            network = _train(name, dataset, show)
    else:
        network = _train(name, dataset, progress)
    _write(path, network)
    return network


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    # In a notebook a bar would become part of the cell's output, which belongs to the figure.
    console = Console(stderr=True, force_jupyter=False)
    with ProgressBar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, epochs: bar.update(task, completed=done, total=epochs)


def _train(name: str, dataset: datasets.Dataset, progress: Progress) -> TrainedNetwork:
    recipe, train = EXPERIMENTS[name], dataset.train
    network, rng = start(recipe, train.images)
    history = training.train(network, train.images, train.labels, recipe, rng, progress)
    weights, biases = network.plain_parameters()
    unrated = TrainedNetwork(name, recipe, history, np.nan, np.nan, np.zeros((0, 0)), dataset.digest, weights, biases)
    predictions = unrated.predictions(dataset.test.images)
    return replace(
        unrated,
        train_accuracy=evaluation.accuracy(unrated.predictions(train.images), train.labels),
        test_accuracy=evaluation.accuracy(predictions, dataset.test.labels),
        confusion=evaluation.confusion_matrix(predictions, dataset.test.labels, CLASSES),
    )


def start(recipe: Recipe, images: np.ndarray) -> tuple[Network, np.random.Generator]:
    """The network of `recipe` before its training on `images` (N, ...), and the generator for the rest of its randomness."""
    rng = np.random.default_rng(recipe.seed)
    centre = images.reshape(len(images), -1).mean(axis=0) / 255 if recipe.centred else None
    network = Network.dense(recipe.units, recipe.activation, recipe.dtype, centre)
    network.start_randomly(rng, recipe.start_scale)
    return network, rng


def _write(path: Path, network: TrainedNetwork) -> None:
    history = network.history
    document = {
        "name": network.name,
        "recipe": asdict(network.recipe),
        "dataset_digest": network.dataset_digest,
        "loss": history.loss,
        "accuracy": history.accuracy,
        "seconds": history.seconds,
        "train_accuracy": network.train_accuracy,
        "test_accuracy": network.test_accuracy,
        "checkpoint_steps": [checkpoint.step for checkpoint in history.checkpoints],
    }
    arrays = {"confusion": network.confusion}
    final = Checkpoint(-1, network.weights, network.biases)
    for checkpoint in (final, *history.checkpoints):
        for layer, (weights, biases) in enumerate(zip(checkpoint.weights, checkpoint.biases, strict=True)):
            arrays[f"weights {checkpoint.step} {layer}"] = weights
            arrays[f"biases {checkpoint.step} {layer}"] = biases
    model_cache.store(path, document, arrays)


def _read(path: Path, name: str, dataset: datasets.Dataset) -> TrainedNetwork | None:
    found = model_cache.load(path)
    if found is None:
        return None
    document, arrays = found
    layers = range(len(EXPERIMENTS[name].units) - 1)
    for array in arrays.values():
        array.flags.writeable = False

    def parameters(step: int) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        return (
            tuple(arrays[f"weights {step} {layer}"] for layer in layers),
            tuple(arrays[f"biases {step} {layer}"] for layer in layers),
        )

    checkpoints = tuple(Checkpoint(step, *parameters(step)) for step in document["checkpoint_steps"])
    history = History(tuple(document["loss"]), tuple(document["accuracy"]), document["seconds"], checkpoints)
    weights, biases = parameters(-1)
    return TrainedNetwork(
        name,
        EXPERIMENTS[name],
        history,
        document["train_accuracy"],
        document["test_accuracy"],
        arrays["confusion"],
        dataset.digest,
        weights,
        biases,
    )
