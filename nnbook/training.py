"""Training: show a network examples in random order, and let an optimiser improve it after each batch.

Nothing is printed: who wants to see the progress passes a callback.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from nnbook.network import SGD, Adam, Loss, MeanSquaredError, Network, Optimiser, SoftmaxCrossEntropy

LOSSES: dict[str, type[Loss]] = {"softmax cross-entropy": SoftmaxCrossEntropy, "mean squared error": MeanSquaredError}
OPTIMISERS = ("sgd", "adam")


@dataclass(frozen=True)
class Recipe:
    """Everything that determines a trained network, except the examples.

    The learning rate falls in a straight line from `rate` to zero. Examples that are left over when an epoch is cut
    into batches are left out of that epoch; the next one has another order. Weight decay applies to all parameters.
    A `start_scale` of 0 starts from zero, 1 from the usual random weights. `centred` subtracts the mean image in
    training. Checkpoints are kept after the steps and, if wanted, after each epoch.
    """

    dataset: str
    units: tuple[int, ...]
    epochs: int
    batch_size: int
    rate: float
    momentum: float = 0.0
    weight_decay: float = 0.0
    optimiser: str = "sgd"
    activation: str = "relu"
    loss: str = "softmax cross-entropy"
    start_scale: float = 1.0
    centred: bool = False
    dtype: str = "float64"
    seed: int = 1
    checkpoint_steps: tuple[int, ...] = ()
    checkpoint_epochs: bool = False

    def __post_init__(self) -> None:
        _check_choice("a loss", self.loss, LOSSES)
        _check_choice("an optimiser", self.optimiser, OPTIMISERS)


@dataclass(frozen=True)
class Checkpoint:
    """The weights (outputs, inputs) and biases (outputs,) of each dense layer, float32, after `step` steps."""

    step: int
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class History:
    """How a training went: one value an epoch, and the time it took.

    `loss` and `accuracy` are means over the batches of an epoch, each taken just before the network learnt from it.
    """

    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    seconds: float
    checkpoints: tuple[Checkpoint, ...] = field(default=(), repr=False)


Progress = Callable[[int, int], object]


def prepare(recipe: Recipe, images: np.ndarray, rng: np.random.Generator) -> Network:
    """The network of `recipe` before its training on `images` (N, ...) of bytes; its random start comes from `rng`."""
    centre = images.reshape(len(images), -1).mean(axis=0) / 255 if recipe.centred else None
    network = Network.dense(recipe.units, recipe.activation, recipe.dtype, pixels=True, centre=centre)
    network.start_randomly(rng, recipe.start_scale)
    return network


def train(
    network: Network,
    images: np.ndarray,
    labels: np.ndarray,
    recipe: Recipe,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> History:
    """Train `network` on `images` (N, ...) and `labels` (N,), all randomness from `rng`.

    `progress` is called with the number of finished epochs and of all epochs. BLAS, the library that multiplies
    matrices, is held to one thread: for matrices this small, more are slower on a busy machine, and add in another
    order.

    Raises:
        ValueError: if there are fewer examples than a batch needs, or the images do not fit labels or network.
    """
    _check_data(network, images, labels, recipe)
    started = time.perf_counter()
    run = _Run(network, images, labels, recipe)
    with threadpool_limits(1, user_api="blas"):
        for epoch in range(recipe.epochs):
            run.epoch(epoch, rng)
            if progress is not None:
                progress(epoch + 1, recipe.epochs)
    seconds = time.perf_counter() - started
    return History(tuple(run.losses), tuple(run.accuracies), seconds, tuple(run.checkpoints))


class _Run:
    """One training: the arrays that all its steps share."""

    def __init__(self, network: Network, images: np.ndarray, labels: np.ndarray, recipe: Recipe) -> None:
        self.network, self.recipe = network, recipe
        self.images, self.labels = images.reshape(len(images), -1), labels
        self.loss, self.optimiser = LOSSES[recipe.loss](), _optimiser(network, recipe)
        self.classes = np.arange(network.layers[-1].outputs)
        self.order = np.arange(len(images))
        self.batch = np.empty((recipe.batch_size, self.images.shape[1]), images.dtype)
        self.steps = len(images) // recipe.batch_size
        self.predictions = np.empty((self.steps, recipe.batch_size), np.intp)
        self.losses: list[float] = []
        self.accuracies: list[float] = []
        self.checkpoints: list[Checkpoint] = []

    def epoch(self, epoch: int, rng: np.random.Generator) -> None:
        rng.shuffle(self.order)
        batches = self.order[: self.predictions.size].reshape(self.predictions.shape)
        labels = self.labels[batches]
        first = epoch * self.steps
        # Stored class by class, because the losses work so; seen as (steps, batch_size, classes).
        one_hot = (labels[:, np.newaxis, :] == self.classes[:, np.newaxis]).astype(self.network.dtype)
        self.losses.append(float(np.mean([*self._steps(batches, one_hot.swapaxes(1, 2), first)])))
        self.accuracies.append(float(np.mean(self.predictions == labels)))
        if self.recipe.checkpoint_epochs:
            self._keep_checkpoint(first + self.steps)

    def _steps(self, batches: np.ndarray, targets: np.ndarray, first: int) -> Iterable[float]:
        """Take a step for each row of `batches` (steps, batch_size), indices of examples; yield the loss of each."""
        network, optimiser = self.network, self.optimiser
        for step in range(self.steps):
            if first + step in self.recipe.checkpoint_steps:
                self._keep_checkpoint(first + step)
            # With mode="clip" the rows go straight into the batch; by default they would go through a copy.
            self.images.take(batches[step], axis=0, out=self.batch, mode="clip")
            outputs = network.forward(self.batch)
            outputs.argmax(axis=1, out=self.predictions[step])
            loss, gradient = self.loss.value_and_gradient(outputs, targets[step])
            network.backward(gradient)
            optimiser.step(self._rate(first + step))
            yield loss

    def _rate(self, step: int) -> float:
        return self.recipe.rate * (1 - step / (self.steps * self.recipe.epochs))

    def _keep_checkpoint(self, step: int) -> None:
        # The end of an epoch may be one of the wanted steps.
        if not self.checkpoints or self.checkpoints[-1].step != step:
            self.checkpoints.append(Checkpoint(step, *self.network.plain_parameters()))


def _optimiser(network: Network, recipe: Recipe) -> Optimiser:
    if recipe.optimiser == "adam":
        return Adam(network.parameters, network.gradients, recipe.weight_decay)
    return SGD(network.parameters, network.gradients, recipe.momentum, recipe.weight_decay)


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
    pixels, inputs = int(np.prod(images.shape[1:])), network.layers[0].inputs
    if pixels != inputs:
        raise ValueError(
            f"a network has one input for each value of an image; got {pixels} values for {inputs} inputs; "
            f"use a network with {pixels} inputs"
        )
