"""Training: show a network its examples, a batch at a time, and move its parameters down the slope of the loss.

It prints nothing; who wants to see the progress passes a callback.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from nnbook import interrupted
from nnbook.augmentation import mirrored, moved
from nnbook.network import (
    SGD,
    Adam,
    Loss,
    MeanSquaredError,
    Network,
    Optimiser,
    RMSProp,
    SoftmaxCrossEntropy,
    check,
    for_pixels,
    layers_of,
)

LOSSES: dict[str, type[Loss]] = {"softmax cross-entropy": SoftmaxCrossEntropy, "mean squared error": MeanSquaredError}
OPTIMISERS = ("sgd", "nesterov", "rmsprop", "adam")
ROWS_AT_ONCE = 100  # where a network only answers: of more images, maps are larger than the processor's cache
_USUAL = {"epochs": 10, "batch_size": 100, "rate": 0.1, "examples": 1000}


@dataclass(frozen=True)
class Recipe:
    """Everything that determines a trained network, except the examples.

    `layers` are described in words, as in ("dense 100", "relu", "dense 10"); see `network.chain`. The learning rate
    falls in a straight line from `rate` to zero. Examples that are left over when an epoch is cut into batches are left
    out of that epoch; the next one has another order. Weight decay applies to all parameters. A `start_scale` of 0
    starts from zero, 1 from the usual random weights. `centred` subtracts the mean image in training. Checkpoints are
    kept after the steps and, if wanted, after each epoch. With `examples`, a sixth of the training set is held back, so
    many of the others are learnt from (or all, if there are fewer), and the history says how both went. Every time an
    image is shown, it is `moved` by up to so many pixels, and perhaps `mirrored`. For the share `warm_up` of all steps,
    the rate first rises from zero.

    Raises:
        ValueError: if there is no layer, a part has a name that does not exist, or a number can't be what it is.
    """

    dataset: str
    layers: tuple[str, ...]
    epochs: int
    batch_size: int
    rate: float
    momentum: float = 0.0
    weight_decay: float = 0.0
    optimiser: str = "sgd"
    loss: str = "softmax cross-entropy"
    start_scale: float = 1.0
    centred: bool = False
    dtype: str = "float64"
    seed: int = 1
    checkpoint_steps: tuple[int, ...] = ()
    checkpoint_epochs: bool = False
    examples: int | None = None
    moved: int = 0
    mirrored: bool = False
    warm_up: float = 0.0

    def __post_init__(self) -> None:
        check(self.layers)
        for part in ("epochs", "batch_size", "rate", *([] if self.examples is None else ["examples"])):
            if not getattr(self, part) > 0 or (part != "rate" and getattr(self, part) % 1):
                kind = "number" if part == "rate" else "whole number"
                raise ValueError(
                    f"{part} is a {kind} above zero; got {getattr(self, part)}; pass one such as {_USUAL[part]}"
                )
        _check_choice("a loss", self.loss, LOSSES)
        _check_choice("an optimiser", self.optimiser, OPTIMISERS)


@dataclass(frozen=True)
class Checkpoint:
    """The parameters after `step` steps, float32, as `Network.named_parameters` names them."""

    step: int
    parameters: dict[str, np.ndarray]

    @property
    def weights(self) -> tuple[np.ndarray, ...]:
        """The weights of each layer that has some; (outputs, inputs) for a dense one."""
        return of_kind(self.parameters, "weights")

    @property
    def biases(self) -> tuple[np.ndarray, ...]:
        """The biases of each layer that has some, (outputs,)."""
        return of_kind(self.parameters, "biases")


@dataclass(frozen=True)
class History:
    """How a training went: one value an epoch, and the time it took.

    `loss` and `accuracy` are means over the batches of an epoch, each taken just before the network learnt from it;
    `held_back_loss` and `held_back_accuracy` are those after the epoch on examples that are held back, if any are.
    """

    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    seconds: float
    checkpoints: tuple[Checkpoint, ...] = field(default=(), repr=False)
    held_back_loss: tuple[float, ...] = ()
    held_back_accuracy: tuple[float, ...] = ()


Progress = Callable[[int, int], object]


def of_kind(parameters: dict[str, np.ndarray], kind: str) -> tuple[np.ndarray, ...]:
    """Of named `parameters`, the arrays of one `kind`, layer by layer."""
    return tuple(array for name, array in parameters.items() if name.endswith(f".{kind}"))


def prepare(recipe: Recipe, images: np.ndarray, rng: np.random.Generator) -> Network:
    """The network of `recipe` before its training on `images` (N, ...) of bytes; its random start comes from `rng`.

    Its first layer takes images as they are, from 0 to 255.
    """
    centre = images.reshape(len(images), -1).mean(axis=0) / 255 if recipe.centred else None
    network = for_pixels(layers_of(recipe.layers, images.shape[1:]), centre, recipe.dtype)
    network.start_randomly(rng, recipe.start_scale)
    return network


def fit(
    network: Network,
    images: np.ndarray,
    labels: np.ndarray,
    recipe: Recipe,
    rng: np.random.Generator,
    progress: Progress | None = None,
    held_back: tuple[np.ndarray, np.ndarray] | None = None,
    begun: Path | None = None,
) -> History:
    """Train `network` on `images` (N, ...) and `labels` (N,), all randomness from `rng`.

    `held_back` are other images and labels, by which the network is judged after each epoch; it learns nothing from
    them. `progress` is called with the number of finished epochs and of all epochs, first before the first
    of them. BLAS, the library that multiplies matrices, is held to one thread: for matrices this small, more are
    slower on a busy machine, and add in another order.

    A training of many seconds keeps in the file `begun`, after each epoch, how far it has come. If that is there, a
    training goes on from it, and ends as if it had never been stopped.

    Raises:
        ValueError: if there are fewer examples than a batch needs, the images do not fit labels or network, or the
            steps are so long that the loss grows beyond all numbers.
    """
    _check_data(network, images, labels, recipe)
    run = Run(network, images, labels, recipe, rng)
    started = time.perf_counter() - interrupted.go_on(run, begun)
    report = progress or (lambda done, epochs: None)
    with threadpool_limits(1, user_api="blas"), np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        report(len(run.losses), recipe.epochs)
        for epoch in range(len(run.losses), recipe.epochs):
            run.epoch(epoch)
            if held_back is not None:
                run.judge(*held_back)
            if not np.isfinite(run.losses[-1]):
                raise ValueError(
                    f"the loss stays finite if no step is too long; got {run.losses[-1]} in epoch {epoch + 1} with the "
                    f"rate {recipe.rate:g}; use a smaller rate"
                )
            report(epoch + 1, recipe.epochs)
            interrupted.keep(run, begun, time.perf_counter() - started)
    seconds = time.perf_counter() - started
    judged = tuple(run.held_back_losses), tuple(run.held_back_accuracies)
    return History(tuple(run.losses), tuple(run.accuracies), seconds, tuple(run.checkpoints), *judged)


class Run:
    """One training: what all its steps share."""

    def __init__(
        self, network: Network, images: np.ndarray, labels: np.ndarray, recipe: Recipe, rng: np.random.Generator
    ) -> None:
        self.network, self.recipe, self.rng = network, recipe, rng
        self.images, self.labels = images, labels
        self.loss, self.optimiser = LOSSES[recipe.loss](), optimiser_of(recipe, network)
        self.one_hot = np.eye(network.layers[-1].output_shape[0], dtype=network.dtype)
        self.order = np.arange(len(images))
        self.steps = len(images) // recipe.batch_size
        self.losses: list[float] = []
        self.accuracies: list[float] = []
        self.held_back_losses: list[float] = []
        self.held_back_accuracies: list[float] = []
        self.checkpoints: list[Checkpoint] = []

    def epoch(self, epoch: int) -> None:
        """Show the network every example once, in a new order."""
        self.rng.shuffle(self.order)
        batches = self.order[: self.steps * self.recipe.batch_size].reshape(self.steps, -1)
        labels = self.labels[batches]
        first = epoch * self.steps
        results = [self.step(first + step, batches[step], self.one_hot[labels[step]]) for step in range(self.steps)]
        losses, predictions = zip(*results, strict=True)
        self.losses.append(float(np.mean(losses)))
        self.accuracies.append(float(np.mean(np.stack(predictions) == labels)))
        if self.recipe.checkpoint_epochs:
            self.keep_checkpoint(first + self.steps)

    def step(self, number: int, batch: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """Learn from the examples with the indices `batch` (batch_size,): forward, loss, backward, move.

        Gives the loss and the predictions (batch_size,).
        """
        if number in self.recipe.checkpoint_steps:
            self.keep_checkpoint(number)
        outputs = self.network.forward(self.shown(batch), self.rng)
        loss, gradient = self.loss.value_and_gradient(outputs, targets)
        self.network.backward(gradient)
        self.optimiser.step(self.rate(number / (self.steps * self.recipe.epochs)))
        return loss, outputs.argmax(axis=1)

    def shown(self, batch: np.ndarray) -> np.ndarray:
        """The images with the indices `batch` as the network sees them this time."""
        images = self.images.take(batch, axis=0)
        if self.recipe.moved:
            images = moved(images, self.recipe.moved, self.rng)
        return mirrored(images, self.rng) if self.recipe.mirrored else images

    def rate(self, done: float) -> float:
        """The learning rate when the share `done` of all steps has been made."""
        up = self.recipe.warm_up
        return self.recipe.rate * (done / up if done < up else (1 - done) / (1 - up))

    def judge(self, images: np.ndarray, labels: np.ndarray) -> None:
        """How the network does now on `images` (N, ...) with `labels` (N,), without chance and without learning."""
        parts = (images[start : start + ROWS_AT_ONCE] for start in range(0, len(images), ROWS_AT_ONCE))
        outputs = np.concatenate([self.network.forward(part) for part in parts])
        self.held_back_losses.append(self.loss.value_and_gradient(outputs, self.one_hot[labels])[0])
        self.held_back_accuracies.append(float(np.mean(outputs.argmax(axis=1) == labels)))

    def keep_checkpoint(self, step: int) -> None:
        """Keep the parameters as they are now; the end of an epoch may be one of the wanted steps."""
        if not self.checkpoints or self.checkpoints[-1].step != step:
            arrays = self.network.named_parameters().items()
            self.checkpoints.append(Checkpoint(step, {name: array.astype(np.float32) for name, array in arrays}))


def optimiser_of(recipe: Recipe, network: Network) -> Optimiser:
    """The optimiser that `recipe` names, for the parameters of `network`."""
    vectors = network.parameters, network.gradients, recipe.weight_decay
    if recipe.optimiser in ("sgd", "nesterov"):
        return SGD(*vectors, recipe.momentum, nesterov=recipe.optimiser == "nesterov")
    return {"rmsprop": RMSProp, "adam": Adam}[recipe.optimiser](*vectors)


def _check_choice(what: str, given: str, choices: Iterable[str]) -> None:
    names = tuple(choices)
    if given not in names:
        raise ValueError(f"{what} is one of {', '.join(names)}; got {given!r}; choose one of these")


def _check_data(network: Network, images: np.ndarray, labels: np.ndarray, recipe: Recipe) -> None:
    if len(images) != len(labels):
        raise ValueError(
            f"every image needs one label; got {len(images)} images and {len(labels)} labels; pass arrays of one length"
        )
    if len(images) < recipe.batch_size:
        raise ValueError(
            f"a batch needs {recipe.batch_size} examples; got {len(images)} in all; use smaller batches or more data"
        )
    pixels, inputs = int(np.prod(images.shape[1:])), int(np.prod(network.layers[0].input_shape))
    if pixels != inputs:
        raise ValueError(
            f"a network has one input for each value of an image; got {pixels} values for {inputs} inputs; "
            f"use a network with {pixels} inputs"
        )
