"""The training that runs in a page, step by step in NumPy: the same start, the same batches, the same numbers.

The script is `figures/trainer/`. Both draw chance from `Chance`, which is easy to write in any language, and both do
what `nnbook.network` does; so a figure can be drawn before its script has run, and the script be judged.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from nnbook.network import SGD, Network, SoftmaxCrossEntropy

GOLDEN = 0x9E3779B9  # 2^32 / the golden ratio: multiples of it spread evenly


class Chance:
    """Random numbers that a script can repeat, as much of a `numpy.random.Generator` as a network needs to start.

    Number k is made of seed and k alone, by the last steps of MurmurHash3 (A. Appleby, 2011), which change half of the
    bits of its result if one bit of k changes.
    """

    def __init__(self, seed: int) -> None:
        self.first, self.drawn = int(_mixed(np.array([seed * GOLDEN % 2**32], np.uint32))[0]), 0

    def uniform(self, count: int) -> NDArray[np.float64]:
        """The next `count` numbers, each from 0 to below 1, (count,)."""
        steps = np.arange(self.drawn + 1, self.drawn + count + 1, dtype=np.uint64)
        self.drawn += count
        return _mixed(((steps * GOLDEN + self.first) % 2**32).astype(np.uint32)) / 2**32

    def standard_normal(self, shape: Sequence[int]) -> NDArray[np.float64]:
        """Normally distributed numbers of a `shape`, each made of two uniform ones (G. Box and M. Muller, 1958)."""
        radius, turn = self.uniform(2 * math.prod(shape)).reshape(-1, 2).T
        return (np.sqrt(-2 * np.log(1 - radius)) * np.cos(2 * np.pi * turn)).reshape(shape)

    def order(self, count: int) -> NDArray[np.intp]:
        """The numbers below `count` in an order of chance: each draws a number, and the lowest is first."""
        return np.argsort(self.uniform(count), kind="stable")


def _mixed(bits: NDArray[np.uint32]) -> NDArray[np.uint32]:
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        bits = (bits ^ (bits >> np.uint32(shift))) * np.uint32(factor)
    return bits ^ (bits >> np.uint32(16))


@dataclass(frozen=True)
class Settings:
    """What the reader may choose: dense layers with an `activation` between them, and how they learn."""

    hidden: tuple[int, ...] = ()
    activation: str = "relu"
    rate: float = 0.1
    batch: int = 32
    momentum: float = 0.0
    decay: float = 0.0
    start: float = 1.0  # of the usual size of random weights
    seed: int = 1


class Run:
    """A training of the examples `inputs` (N, numbers) with their `labels` (N,), `outputs` classes, step by step.

    The rate stays as it is. Each epoch has an order of its own; what is left over when it is cut into batches waits for
    another one. A batch has at most all examples.
    """

    def __init__(self, inputs: NDArray[Any], labels: NDArray[np.integer], settings: Settings, outputs: int) -> None:
        self.inputs, self.labels, self.settings = np.asarray(inputs, np.float64), labels, settings
        described = [part for size in settings.hidden for part in (f"dense {size}", settings.activation)]
        self.network = Network.of([*described, f"dense {outputs}"], (inputs.shape[1],))
        self.chance = Chance(settings.seed)
        self.network.start_randomly(cast(np.random.Generator, self.chance), settings.start)
        self.optimiser = SGD(self.network.parameters, self.network.gradients, settings.decay, settings.momentum)
        self.targets, self.loss = np.eye(outputs), SoftmaxCrossEntropy()
        self.batch = min(settings.batch, len(labels))
        self.steps_per_epoch = len(labels) // self.batch
        self.steps = 0

    def step(self) -> tuple[float, int]:
        """Learn from one batch; gives its loss, and how many of it were right, both before the step."""
        place = self.steps % self.steps_per_epoch
        if place == 0:
            self.order = self.chance.order(len(self.labels))
        rows = self.order[place * self.batch : (place + 1) * self.batch]
        outputs = self.network.forward(self.inputs[rows])
        loss, gradient = self.loss.value_and_gradient(outputs, self.targets[self.labels[rows]])
        self.network.backward(gradient)
        self.optimiser.step(self.settings.rate)
        self.steps += 1
        return loss, int((outputs.argmax(axis=1) == self.labels[rows]).sum())

    def judged(self, inputs: NDArray[Any], labels: NDArray[np.integer]) -> tuple[float, int]:
        """The mean loss of the network as it is now for `inputs` (N, numbers), and how many it gets right."""
        outputs = self.network.forward(np.asarray(inputs, np.float64))
        loss, _ = self.loss.value_and_gradient(outputs, self.targets[labels])
        return loss, int((outputs.argmax(axis=1) == labels).sum())


def followed(
    run: Run, epochs: int, every: int, held_back: tuple[NDArray[Any], NDArray[np.integer]] | None = None
) -> list[dict[str, float]]:
    """Let `run` learn for some `epochs`, and look at it after `every` so many examples.

    Each look has `epoch`; `train_loss` and `train_accuracy`, means over the batches since the last look, each taken
    just before the network learnt from it; and if numbers (N, inputs) and labels (N,) are `held_back`, `loss` and
    `accuracy` for these.
    """
    looks, losses, right = list[dict[str, float]](), list[float](), 0
    with threadpool_limits(1, user_api="blas"):
        for step in range(1, epochs * run.steps_per_epoch + 1):
            loss, correct = run.step()
            losses.append(loss)
            right += correct
            if step * run.batch // every == (step - 1) * run.batch // every:
                continue
            look = {"epoch": step / run.steps_per_epoch, "train_loss": float(np.mean(losses))}
            look["train_accuracy"] = right / (len(losses) * run.batch)
            if held_back:
                look["loss"], correct = run.judged(*held_back)
                look["accuracy"] = correct / len(held_back[1])
            looks.append(look)
            losses, right = [], 0
    return looks
