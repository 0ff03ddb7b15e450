"""A network after its training: what it knows, what it was trained on, and how well it does."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from nnbook import arrays, model_cache
from nnbook.network import Network, kept, softmax
from nnbook.training import ROWS_AT_ONCE, Checkpoint, History, Recipe, of_kind

_HELD_BACK = "held_back_loss", "held_back_accuracy"


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A trained network and its results on the data that it was trained and tested on.

    `named_parameters` holds the float32 arrays of all layers by name, for pixels from 0 to 1; `input_shape` is that of
    an image. `confusion` is (classes, classes) on the test set; rows are true classes, in the order of `class_keys`.
    Images are taken as `arrays.pixels` says, as bytes or from 0 to 1; results are computed in the type of the training.
    """

    name: str
    recipe: Recipe
    history: History = field(repr=False)
    train_accuracy: float
    test_accuracy: float
    confusion: np.ndarray = field(repr=False)
    class_keys: tuple[str, ...]
    train_images: int
    dataset_digest: str
    input_shape: tuple[int, ...]
    named_parameters: dict[str, np.ndarray] = field(repr=False)

    @property
    def weights(self) -> tuple[np.ndarray, ...]:
        """The weights of each layer that has some; (outputs, inputs) for a dense one."""
        return of_kind(self.named_parameters, "weights")

    @property
    def biases(self) -> tuple[np.ndarray, ...]:
        """The biases of each layer that has some, (outputs,)."""
        return of_kind(self.named_parameters, "biases")

    @property
    def layers(self) -> tuple[str, ...]:
        """Its layers in words, such as "convolution 5x5x8", "relu", "pool", "dense 10"; see `network.chain.kept`."""
        return kept(self.recipe.layers)

    @property
    def units(self) -> tuple[int, ...]:
        """How many numbers come in, and how many neurons each layer with weights has."""
        return self._network.units

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
        return sum(array.size for array in self.named_parameters.values())

    @property
    def multiplications(self) -> int:
        """How often a weight is multiplied for one image: at each output, once for each weight of its neuron.

        In a dense layer that is once for each weight; the weights of a filter are used again at every place.
        """
        with_weights = [layer for layer in self._network.layers if "weights" in layer.parameters]
        return sum(
            prod(layer.output_shape) * weights[0].size
            for layer, weights in zip(with_weights, self.weights, strict=True)
        )

    def summary(self) -> dict[str, Any]:
        """Name, data set, size and results, as a row of a table of networks.

        Its layers are what comes in and the neurons of each layer, as in (784, 10); of filters also their size, as in
        (784, "5x5x8", 10).
        """
        sizes = [layer.split()[1] for layer in self.layers if layer.startswith(("dense", "convolution"))]
        return {
            "name": self.name,
            "dataset": self.recipe.dataset,
            "layers": (self.units[0], *(size if "x" in size else int(size) for size in sizes)),
            "parameters": self.parameters,
            "multiplications": self.multiplications,
            "train_accuracy": self.train_accuracy,
            "test_accuracy": self.test_accuracy,
        }

    def record(self) -> dict[str, Any]:
        """What was done and what came out, as plain JSON values, for the page "How this book was made".

        The time that it took is left out: that is a fact of a computer and an hour. If examples were held back, their
        `loss` and `accuracy` at the end are there, too, and the `lowest_loss` of all epochs with its `epoch`.
        """
        losses, shares = self.history.held_back_loss, self.history.held_back_accuracy
        lowest = {"lowest_loss": min(losses), "epoch": losses.index(min(losses)) + 1} if losses else {}
        return {
            "dataset": self.recipe.dataset,
            "dataset_digest": self.dataset_digest,
            "classes": list(self.class_keys),
            "train_images": self.train_images,
            "test_images": int(self.confusion.sum()),
            "seed": self.recipe.seed,
            "recipe": {
                key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self.recipe).items()
            },
            "parameters": self.parameters,
            "multiplications": self.multiplications,
            "train_accuracy": float(self.train_accuracy),
            "test_accuracy": float(self.test_accuracy),
            "confusion": self.confusion.tolist(),
            "weights_digest": self.weights_digest,
            "training_loss": self.history.loss[-1],
            **({"held_back": {"loss": losses[-1], "accuracy": shares[-1], **lowest}} if losses else {}),
        }

    @property
    def weights_digest(self) -> str:
        """The SHA-256 of all parameters, layer by layer, weights before biases: float32 in C order, little-endian."""
        digest = hashlib.sha256()
        for array in self.named_parameters.values():
            digest.update(array.astype("<f4").tobytes())
        return digest.hexdigest()

    def activations(self, images: np.ndarray) -> list[np.ndarray]:
        """What each layer of neurons gives out for `images` (N, ...), after its activation function; last: scores."""
        return [
            np.concatenate(of_layer)
            for of_layer in zip(*map(self._network.activations, self._parts(images)), strict=True)
        ]

    def outputs(self, images: np.ndarray) -> list[np.ndarray]:
        """What each of `layers` gives out for `images` (N, ...): maps (N, rows, columns, channels), at last scores."""
        parts = map(self._network.outputs, self._parts(images))
        return [found[0] if len(found) == 1 else np.concatenate(found) for found in zip(*parts, strict=True)]

    def input_gradient(self, images: np.ndarray, weighting: np.ndarray) -> np.ndarray:
        """How fast the sum of the scores, weighted by `weighting` (N, classes), grows with each pixel of `images`.

        Of the shape of `images` (N, ...), for pixels from 0 to 1.
        """
        found, start = [], 0
        for part in self._parts(images):
            self._network.forward(part)
            found.append(self._network.input_gradient(weighting[start : (start := start + len(part))]))
        return np.concatenate(found).reshape(len(images), *self.input_shape)

    def scores(self, images: np.ndarray) -> np.ndarray:
        """The scores (N, classes) for `images` (N, ...)."""
        return np.concatenate([self._network.forward(part) for part in self._parts(images)])

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """The softmax (N, classes) of the scores for `images` (N, ...)."""
        return softmax(self.scores(images))

    def predictions(self, images: np.ndarray) -> np.ndarray:
        """The class (N,) with the highest score for each of `images` (N, ...)."""
        return self.scores(images).argmax(axis=1)

    @cached_property
    def _network(self) -> Network:
        network = Network.of(self.layers, self.input_shape, self.recipe.dtype)
        for name, array in network.named_parameters().items():
            array[...] = self.named_parameters[name]
        return network

    def _parts(self, images: np.ndarray) -> Iterator[np.ndarray]:
        """The images from 0 to 1, some at a time."""
        images = arrays.pixels(images, shape=self.input_shape)
        for start in range(0, len(images), ROWS_AT_ONCE):
            part = images[start : start + ROWS_AT_ONCE]
            yield (part / 255 if part.dtype == np.uint8 else part).astype(self.recipe.dtype, copy=False)


def write(path: Path, network: TrainedNetwork) -> None:
    """Put `network` into the model cache under `path`."""
    history = network.history
    document = {
        "name": network.name,
        "recipe": asdict(network.recipe),
        "class_keys": network.class_keys,
        "train_images": network.train_images,
        "dataset_digest": network.dataset_digest,
        "loss": history.loss,
        "accuracy": history.accuracy,
        "held_back_loss": history.held_back_loss,
        "held_back_accuracy": history.held_back_accuracy,
        "seconds": history.seconds,
        "train_accuracy": network.train_accuracy,
        "test_accuracy": network.test_accuracy,
        "checkpoint_steps": [checkpoint.step for checkpoint in history.checkpoints],
        "input_shape": network.input_shape,
    }
    found = {"confusion": network.confusion, **_prefixed("final", network.named_parameters)}
    for checkpoint in history.checkpoints:
        found |= _prefixed(f"step-{checkpoint.step}", checkpoint.parameters)
    model_cache.store(path, document, found)


def read(path: Path, name: str, recipe: Recipe) -> TrainedNetwork | None:
    """The network that `write` put under `path`, trained by `recipe`; None if there is none, or a damaged one."""

    def fitted(document: dict[str, Any], found: dict[str, np.ndarray]) -> TrainedNetwork:
        shape, keys = tuple(document["input_shape"]), tuple(document["class_keys"])
        wanted = {key: array.shape for key, array in Network.of(kept(recipe.layers), shape).named_parameters().items()}
        steps = [Checkpoint(step, _fitting(f"step-{step}", found, wanted)) for step in document["checkpoint_steps"]]
        results = [np.array(document[part], np.float64) for part in ("loss", "accuracy", *_HELD_BACK)]
        shares = np.array([document["train_accuracy"], document["test_accuracy"], document["seconds"]], np.float64)
        epochs = [recipe.epochs] * 2 + [recipe.epochs if recipe.examples else 0] * 2
        if not all(np.isfinite(array).all() for array in (*results, shares)) or [len(r) for r in results] != epochs:
            raise ValueError("results of each epoch are finite numbers")
        if found["confusion"].shape != (len(keys), len(keys)) or found["confusion"].dtype.kind not in "iu":
            raise ValueError(f"confusion of shape {found['confusion'].shape} for {len(keys)} classes")
        return TrainedNetwork(
            name,
            recipe,
            History(
                tuple(document["loss"]),
                tuple(document["accuracy"]),
                document["seconds"],
                tuple(steps),
                *(tuple(document[part]) for part in _HELD_BACK),
            ),
            document["train_accuracy"],
            document["test_accuracy"],
            found["confusion"],
            keys,
            document["train_images"],
            document["dataset_digest"],
            shape,
            _fitting("final", found, wanted),
        )

    return model_cache.load(path, fitted)


def _prefixed(prefix: str, parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{prefix}/{name}": array for name, array in parameters.items()}


def _fitting(
    prefix: str, written: Mapping[str, np.ndarray], wanted: Mapping[str, tuple[int, ...]]
) -> dict[str, np.ndarray]:
    """The parameters that `_prefixed` named; ValueError if they are not numbers in the shapes that are `wanted`."""
    found = {name: written[f"{prefix}/{name}"] for name in wanted}
    for name, array in found.items():
        if array.shape != wanted[name] or array.dtype.kind != "f" or not np.isfinite(array).all():
            raise ValueError(f"{prefix}/{name} of shape {array.shape}, not finite numbers of shape {wanted[name]}")
    return found
