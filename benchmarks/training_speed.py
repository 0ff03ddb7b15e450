"""How fast is the training? Ratios to other ways, measured in turns in one process.

    python benchmarks/training_speed.py [--rounds 5] [--epochs 2] [NAME ...]

For every experiment, each round times, one after the other, our training in float32 and in float64 and these rulers:

- PyTorch on the CPU, in float32, as it comes: the same layers, batch size, optimiser and epochs. Its images lie ready
  as centred float32, which is not counted; ours start from bytes. "at best" is the fastest of four ways to run it: one
  thread or two, with its plain or its fused optimiser. Ours has one thread.
- scikit-learn's MLPClassifier, in our type, where it can do the same: it has no network without a hidden layer.
- products: only the matrix products of the training, each as one `matmul` into a ready array, on batch after batch of
  ready floats. "in cache" is the same with one batch that never changes.

A figure is the median over the rounds of our time divided by the ruler's in the same round; below one, we are faster.
Against PyTorch it is time on the clock; against the others, which have one thread like ours, it is processor time,
which other work on the machine disturbs less. Needs the extra: pip install -e ".[bench]".
"""

import argparse
import os
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from nnbook import datasets
from nnbook.experiments import EXPERIMENTS
from nnbook.training import Recipe, fit, prepare

NAMES = [f"{dataset}-{shape}" for dataset in ("mnist", "cifar10") for shape in ("1-layer", "2-layer", "2-layer-wide")]
DTYPES = ("float32", "float64")
RULERS = ("PyTorch", "PyTorch at best", "scikit-learn", "products", "products in cache")
AS_IT_COMES = f"PyTorch, {os.cpu_count()} threads, plain"

Run = Callable[[], object]


@dataclass(frozen=True)
class Time:
    """Seconds on the clock and seconds of this thread on a processor."""

    clock: float
    processor: float


def main() -> None:
    """Measure, show the progress, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="experiments (default: the six of the chapter)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=2, help="epochs for each training (default: 2)")
    options = parser.parse_args()
    console = Console(width=110)
    results: dict[str, list[dict[str, Time]]] = {}
    for name in options.names or NAMES:
        contenders = all_contenders(replace(EXPERIMENTS[name], epochs=options.epochs))
        results[name] = []
        for number in range(options.rounds):
            console.print(f"{name}: round {number + 1} of {options.rounds}, load {os.getloadavg()[0]:.1f}")
            results[name].append({label: timed(prepared()) for label, prepared in contenders.items()})
    for dtype in DTYPES:
        console.print(
            table(results, dtype, f"ours in {dtype} / ruler: {options.rounds} rounds of {options.epochs} epochs")
        )


def timed(run: Run) -> Time:
    """How long one `run` takes."""
    clock, processor = time.perf_counter(), time.thread_time()
    run()
    return Time(time.perf_counter() - clock, time.thread_time() - processor)


def all_contenders(recipe: Recipe) -> dict[str, Callable[[], Run]]:
    """By label, functions that set up a training and return the function to be timed."""
    split = datasets.load(recipe.dataset).train
    pixels = split.images.reshape(len(split.images), -1)
    centre = pixels.mean(axis=0) / 255 if recipe.centred else 0
    ready = np.subtract(pixels / np.float32(255), centre, dtype=np.float32)
    contenders: dict[str, Callable[[], Run]] = {}
    for dtype in DTYPES:
        typed, examples = replace(recipe, dtype=dtype), ready.astype(dtype)
        contenders[dtype] = partial(ours, typed, split)
        contenders[f"products {dtype}"] = partial(products_alone, typed, examples, fresh=True)
        contenders[f"products in cache {dtype}"] = partial(products_alone, typed, examples, fresh=False)
        if len(units_of(recipe)) > 2:
            contenders[f"scikit-learn {dtype}"] = partial(with_scikit_learn, recipe, examples, split.labels)
    tensors = torch.from_numpy(ready), torch.from_numpy(split.labels.astype(np.int64))
    for threads in sorted({1, 2, os.cpu_count() or 1}):
        contenders[f"PyTorch, {threads} threads, plain"] = partial(with_torch, recipe, *tensors, threads, fused=False)
        contenders[f"PyTorch, {threads} threads, fused"] = partial(with_torch, recipe, *tensors, threads, fused=True)
    return contenders


def ours(recipe: Recipe, split: datasets.Split) -> Run:
    """A training by this package."""
    rng = np.random.default_rng(recipe.seed)
    network = prepare(recipe, split.images, rng)
    return lambda: fit(network, split.images, split.labels, recipe, rng)


def with_torch(recipe: Recipe, images: torch.Tensor, labels: torch.Tensor, threads: int, fused: bool) -> Run:
    """The same training by PyTorch: `images` (N, inputs) float32, `labels` (N,) int64."""
    layers: list[torch.nn.Module] = []
    for inputs, outputs in pairwise(units_of(recipe)):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model, loss = torch.nn.Sequential(*layers[:-1]), torch.nn.CrossEntropyLoss()
    optimiser = torch.optim.SGD(
        model.parameters(), recipe.rate, recipe.momentum, weight_decay=recipe.weight_decay, fused=fused
    )
    steps, size = len(images) // recipe.batch_size, recipe.batch_size

    def run() -> None:
        torch.set_num_threads(threads)
        for epoch in range(recipe.epochs):
            order = torch.randperm(len(images))
            for step in range(steps):
                rate = recipe.rate * (1 - (epoch * steps + step) / (steps * recipe.epochs))
                optimiser.param_groups[0]["lr"] = rate
                chosen = order[step * size : (step + 1) * size]
                optimiser.zero_grad()
                loss(model(images[chosen]), labels[chosen]).backward()
                optimiser.step()

    return run


def with_scikit_learn(recipe: Recipe, images: np.ndarray, labels: np.ndarray) -> Run:
    """The same training by scikit-learn, in the type of `images` (N, inputs); its rate does not fall."""
    model = MLPClassifier(
        units_of(recipe)[1:-1],
        solver="sgd",
        alpha=recipe.weight_decay,
        batch_size=recipe.batch_size,
        learning_rate_init=recipe.rate,
        max_iter=recipe.epochs,
        momentum=recipe.momentum,
        nesterovs_momentum=False,
        n_iter_no_change=recipe.epochs + 1,
        random_state=recipe.seed,
    )

    def run() -> None:
        with warnings.catch_warnings(), threadpool_limits(1, user_api="blas"):
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(images, labels)

    return run


def products_alone(recipe: Recipe, images: np.ndarray, fresh: bool) -> Run:
    """The matrix products of a training on `images` (N, inputs): on each batch if `fresh`, else again on the first."""
    size, steps = recipe.batch_size, len(images) // recipe.batch_size
    layers = [_Arrays(recipe, *pair) for pair in pairwise(units_of(recipe))]

    def run() -> None:
        with threadpool_limits(1, user_api="blas"):
            for step in range(steps * recipe.epochs):
                start = step % steps * size if fresh else 0
                layers[0].x = images[start : start + size]
                for layer in layers:
                    np.matmul(layer.x, layer.weights.T, out=layer.y)
                for layer in layers[:0:-1]:
                    np.matmul(layer.y.T, layer.x, out=layer.weight_gradients)
                    np.matmul(layer.y, layer.weights, out=layer.input_gradients)
                np.matmul(layers[0].y.T, layers[0].x, out=layers[0].weight_gradients)

    return run


def units_of(recipe: Recipe) -> list[int]:
    """The numbers of inputs, hidden neurons and outputs of a network of dense layers."""
    inputs = {"mnist": 784, "cifar10": 3072}[recipe.dataset]
    return [inputs, *(int(layer.split()[1]) for layer in recipe.layers if layer.startswith("dense"))]


class _Arrays:
    """What the products of one dense layer read and write; the numbers mean nothing."""

    def __init__(self, recipe: Recipe, inputs: int, outputs: int) -> None:
        rng = np.random.default_rng(0)
        self.x = rng.random((recipe.batch_size, inputs)).astype(recipe.dtype)
        self.weights = rng.random((outputs, inputs)).astype(recipe.dtype)
        self.y = rng.random((recipe.batch_size, outputs)).astype(recipe.dtype)
        self.weight_gradients, self.input_gradients = np.empty_like(self.weights), np.empty_like(self.x)


def table(results: dict[str, list[dict[str, Time]]], dtype: str, title: str) -> Table:
    """Our seconds and the ratios by experiment, and the geometric means."""
    shown = Table(title=title)
    shown.add_column("network", no_wrap=True)
    for heading in ("seconds", *RULERS):
        shown.add_column(heading, justify="right")
    ratios: dict[str, list[float]] = {ruler: [] for ruler in RULERS}
    for name, rounds in results.items():
        cells = [f"{statistics.median(times[dtype].clock for times in rounds):.2f}"]
        for ruler in RULERS:
            ratio = median_ratio(rounds, ruler, dtype)
            ratios[ruler] += [] if ratio is None else [ratio]
            cells.append("-" if ratio is None else f"{ratio:.2f}")
        shown.add_row(name, *cells)
    means = [f"{statistics.geometric_mean(values):.2f}" if values else "-" for values in ratios.values()]
    shown.add_row("geometric mean", "", *means)
    return shown


def median_ratio(rounds: list[dict[str, Time]], ruler: str, dtype: str) -> float | None:
    """The median over the rounds of our time in `dtype` over the ruler's; None if the ruler was not measured."""
    ratios = []
    for times in rounds:
        if ruler == "PyTorch at best":
            fastest = min(time.clock for label, time in times.items() if label.startswith("PyTorch"))
            ratios.append(times[dtype].clock / fastest)
        elif ruler == "PyTorch":
            ratios.append(times[dtype].clock / times[AS_IT_COMES].clock)
        elif f"{ruler} {dtype}" in times:
            ratios.append(times[dtype].processor / times[f"{ruler} {dtype}"].processor)
    return statistics.median(ratios) if ratios else None


if __name__ == "__main__":
    main()
