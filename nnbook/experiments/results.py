"""A network after its training: what it knows, what it was trained on, and how well it does."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from nnbook import model_cache
from nnbook.network import Network, softmax
from nnbook.training import Checkpoint, History, Recipe

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A trained network and its results on the data that it was trained and tested on.

    `weights` and `biases` hold float32 arrays (outputs, inputs) and (outputs,), one for each dense layer.
    `confusion` is (10, 10) on the test set; rows are true classes. Images may be bytes from 0 to 255 or floats from
    0 to 1; results are computed in float64.
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
        """The weights on the way, by step."""
        return self.history.checkpoints

    @property
    def seconds(self) -> float:
        """How long the training took."""
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
        """What each layer gives out for `images` (N, ...), after its activation function, (N, units); last: scores."""
        parts = zip(*(self._network.activations(part) for part in _parts(images)), strict=True)
        return [np.concatenate(part) for part in parts]

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
        network = Network.dense(self.recipe.units, self.recipe.activation, "float64")
        for layer, weights, biases in zip(network.dense_layers, self.weights, self.biases, strict=True):
            layer.weights[...], layer.biases[...] = weights, biases
        return network


def _parts(images: np.ndarray) -> Iterable[np.ndarray]:
    """The images as rows from 0 to 1, a thousand at a time: all of CIFAR-10 at once would need more than a gigabyte."""
    for start in range(0, max(len(images), 1), _ROWS_AT_ONCE):
        part = images[start : start + _ROWS_AT_ONCE]
        rows = part.reshape(len(part), -1)
        yield rows / 255 if rows.dtype == np.uint8 else rows.astype(np.float64)


def write(path: Path, network: TrainedNetwork) -> None:
    """Put `network` into the model cache under `path`."""
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
    arrays = {"confusion": network.confusion, **_named("final", network.weights, network.biases)}
    for checkpoint in history.checkpoints:
        arrays.update(_named(f"step-{checkpoint.step}", checkpoint.weights, checkpoint.biases))
    model_cache.store(path, document, arrays)


def read(path: Path, name: str, recipe: Recipe) -> TrainedNetwork | None:
    """The network that `write` put under `path`, trained by `recipe`; None if there is none, or a damaged one."""
    found = model_cache.load(path)
    if found is None:
        return None
    document, arrays = found
    layers = len(recipe.units) - 1
    checkpoints = tuple(
        Checkpoint(step, *_unnamed(arrays, f"step-{step}", layers)) for step in document["checkpoint_steps"]
    )
    history = History(tuple(document["loss"]), tuple(document["accuracy"]), document["seconds"], checkpoints)
    return TrainedNetwork(
        name,
        recipe,
        history,
        document["train_accuracy"],
        document["test_accuracy"],
        arrays["confusion"],
        document["dataset_digest"],
        *_unnamed(arrays, "final", layers),
    )


_Arrays = tuple[np.ndarray, ...]


def _named(prefix: str, weights: _Arrays, biases: _Arrays) -> dict[str, np.ndarray]:
    named = {f"{prefix}-weights-{layer}": array for layer, array in enumerate(weights)}
    return named | {f"{prefix}-biases-{layer}": array for layer, array in enumerate(biases)}


def _unnamed(arrays: dict[str, np.ndarray], prefix: str, layers: int) -> tuple[_Arrays, _Arrays]:
    return (
        tuple(arrays[f"{prefix}-weights-{layer}"] for layer in range(layers)),
        tuple(arrays[f"{prefix}-biases-{layer}"] for layer in range(layers)),
    )
