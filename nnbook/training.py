"""Training: show a network examples in random order, and let an optimiser improve it after each batch.

Nothing is printed: who wants to see the progress passes a callback.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from nnbook.network import SGD, Adam, MeanSquaredError, Network, SoftmaxCrossEntropy

LOSSES = {"softmax cross-entropy": SoftmaxCrossEntropy, "mean squared error": MeanSquaredError}
OPTIMISERS = ("sgd", "adam")


@dataclass(frozen=True)
class Recipe:
    """Everything that determines a trained network, except the examples.

    The learning rate falls in a straight line from `rate` to zero. Examples that are left over when an epoch is cut into
    batches are left out of that epoch; the next one has another order. Weight decay applies to all parameters.
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

    `loss` and `accuracy` are means over the batches of the epoch, each taken just before the network learnt from it.
    """

    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    seconds: float
    checkpoints: tuple[Checkpoint, ...] = field(default=(), repr=False)


Progress = Callable[[int, int], object]


def train(
    network: Network,
    images: np.ndarray,
    labels: np.ndarray,
    recipe: Recipe,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> History:
    """Train `network` on `images` (N, ...) and `labels` (N,), all randomness from `rng`.

    `progress` is called with the number of finished epochs and of all epochs. BLAS, the library that multiplies matrices, is
    held to one thread: for matrices this small more are slower on a busy machine, and add in another order.

    Raises:
        ValueError: if there are fewer examples than one batch needs, or the images do not fit the network.
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
        self.steps = len(images) // recipe.batch_size
        self.loss = LOSSES[recipe.loss]()
        self.optimiser = _optimiser(network, recipe)
        classes = network.layers[-1].outputs
        self.one_hot = np.eye(classes, dtype=network.dtype)
        self.order = np.arange(len(images))
        self.batch = np.empty((recipe.batch_size, self.images.shape[1]), self.images.dtype)
        self.scores = np.empty((self.steps * recipe.batch_size, classes), network.dtype)
        self.losses: list[float] = []
        self.accuracies: list[float] = []
        self.checkpoints: list[Checkpoint] = []

    def epoch(self, epoch: int, rng: np.random.Generator) -> None:
        rng.shuffle(self.order)
        used = self.order[: len(self.scores)]
        targets = self.one_hot[self.labels[used]]
        first = epoch * self.steps
        for step, part in enumerate(self._batches(), start=first):
            self._keep_checkpoint(step)
            self._step(used[part], targets[part], self.scores[part], self._rate(step))
        self.losses.append(self.loss.value(self.scores, targets))
        self.accuracies.append(float(np.mean(self.scores.argmax(axis=1) == self.labels[used])))
        self._keep_checkpoint(first + self.steps, end_of_epoch=True)

    def _batches(self) -> Iterator[slice]:
        size = self.recipe.batch_size
        return (slice(start, start + size) for start in range(0, len(self.scores), size))

    def _step(self, chosen: np.ndarray, targets: np.ndarray, scores: np.ndarray, rate: float) -> None:
        # mode="clip" writes straight into the batch; the default would go through a copy.
        self.images.take(chosen, axis=0, out=self.batch, mode="clip")
        outputs = self.network.forward(self.batch)
        scores[...] = outputs
        self.network.backward(self.loss.gradient(outputs, targets))
        self.optimiser.step(rate)

    def _rate(self, step: int) -> float:
        return self.recipe.rate * (1 - step / (self.steps * self.recipe.epochs))

    def _keep_checkpoint(self, step: int, end_of_epoch: bool = False) -> None:
        wanted = self.recipe.checkpoint_epochs if end_of_epoch else step in self.recipe.checkpoint_steps
        if wanted:
            self.checkpoints.append(Checkpoint(step, *self.network.plain_parameters()))


def _optimiser(network: Network, recipe: Recipe) -> SGD | Adam:
    if recipe.optimiser == "adam":
        return Adam(network.parameters, network.gradients, recipe.weight_decay)
    return SGD(network.parameters, network.gradients, recipe.momentum, recipe.weight_decay)


def _check_choice(what: str, given: str, choices: object) -> None:
    if given not in choices:  # type: ignore[operator]
        names = ", ".join(repr(name) for name in choices)  # type: ignore[attr-defined]
        raise ValueError(f"{what} is one of {names}; got {given!r}; choose one of these")


def _check_data(network: Network, images: np.ndarray, labels: np.ndarray, recipe: Recipe) -> None:
    if len(images) != len(labels):
        raise ValueError(
            f"every image needs one label; got {len(images)} images and {len(labels)} labels; pass arrays of one length"
        )
    if len(images) < recipe.batch_size:
        raise ValueError(
            f"a batch needs {recipe.batch_size} examples; got {len(images)} in all; use a smaller batch_size or more data"
        )
    pixels = int(np.prod(images.shape[1:]))
    if pixels != network.layers[0].inputs:
        raise ValueError(
            f"an image must have one value for each input; got {pixels} values for {network.layers[0].inputs} inputs; "
            f"use a network with {pixels} inputs"
        )
