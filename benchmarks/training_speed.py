"""How fast is the training? Ratios to three rulers, measured in turns in one process.

    python benchmarks/training_speed.py [--rounds 5] [--epochs 3] [NAME ...]

For every experiment, each round times one after the other: the training of this package in float32 and in float64, and

- PyTorch on the CPU in float32: the same layers, batch size, optimiser and epochs. Its images lie ready as centred
  float32, which is not counted; ours start from bytes. It is run with its plain and with its fused optimiser, with one
  and with two threads, and the fastest of the four counts. Ours has one thread.
- scikit-learn's MLPClassifier in float32 and float64, where it can do the same: it has no network without a hidden layer.
- only the matrix products of the training, on matrices that never change, each written as one `matmul`.

A figure is the median over the rounds of the ratio of two times of the same round; below one, we are faster. Against
PyTorch it is time on the clock; against the other two, which have one thread like ours, it is processor time, which other
work on the machine disturbs less. Needs the extra: pip install -e ".[bench]".
"""

import argparse
import os
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
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
from nnbook.training import Recipe, prepare, train

NAMES = [f"{dataset}-{shape}" for dataset in ("mnist", "cifar10") for shape in ("1-layer", "2-layer", "2-layer-wide")]
DTYPES = ("float32", "float64")
RULERS = ("PyTorch", "scikit-learn", "products")

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
    parser.add_argument("--epochs", type=int, default=3, help="epochs for each training (default: 3)")
    options = parser.parse_args()
    console, results = Console(width=120), {}
    for name in options.names or NAMES:
        contenders = all_contenders(replace(EXPERIMENTS[name], epochs=options.epochs))
        results[name] = []
        for number in range(options.rounds):
            console.print(f"{name}: round {number + 1} of {options.rounds}, load {os.getloadavg()[0]:.1f}")
            results[name].append({label: timed(prepared()) for label, prepared in contenders.items()})
    console.print(table(results, f"ours / ruler, medians of {options.rounds} rounds of {options.epochs} epochs"))


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
        typed = replace(recipe, dtype=dtype)
        contenders[dtype] = lambda typed=typed: ours(typed, split)
        contenders[f"products {dtype}"] = lambda typed=typed: products_alone(typed, len(pixels))
        if len(recipe.units) > 2:
            contenders[f"scikit-learn {dtype}"] = lambda t=dtype: with_scikit_learn(
                recipe, ready.astype(t), split.labels
            )
    images, labels = torch.from_numpy(ready), torch.from_numpy(split.labels.astype(np.int64))
    for threads in (1, 2):
        for fused in (False, True):
            label = f"PyTorch {threads} {'fused' if fused else 'plain'}"
            contenders[label] = lambda t=threads, f=fused: with_torch(recipe, images, labels, t, f)
    return contenders


def ours(recipe: Recipe, split: datasets.Split) -> Run:
    """A training by this package."""
    rng = np.random.default_rng(recipe.seed)
    network = prepare(recipe, split.images, rng)
    return lambda: train(network, split.images, split.labels, recipe, rng)


def with_torch(recipe: Recipe, images: torch.Tensor, labels: torch.Tensor, threads: int, fused: bool) -> Run:
    """The same training by PyTorch: `images` (N, inputs) float32, `labels` (N,) int64."""
    layers: list[torch.nn.Module] = []
    for inputs, outputs in pairwise(recipe.units):
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
        recipe.units[1:-1],
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


def products_alone(recipe: Recipe, examples: int) -> Run:
    """The matrix products of a training on so many `examples`, into arrays that are ready."""
    steps = recipe.epochs * (examples // recipe.batch_size)
    calls = [call for place, pair in enumerate(pairwise(recipe.units)) for call in products(recipe, *pair, place > 0)]

    def run() -> None:
        with threadpool_limits(1, user_api="blas"):
            for _ in range(steps):
                for left, right, out in calls:
                    np.matmul(left, right, out=out)

    return run


def products(recipe: Recipe, inputs: int, outputs: int, with_input_gradient: bool) -> list[tuple[np.ndarray, ...]]:
    """Forward, gradient by the weights and, if wanted, by the inputs, for one dense layer: left, right and result."""
    rng = np.random.default_rng(0)
    x, weights, y = (
        rng.standard_normal(shape).astype(recipe.dtype)
        for shape in ((recipe.batch_size, inputs), (outputs, inputs), (recipe.batch_size, outputs))
    )
    calls = [(x, weights.T, np.empty_like(y)), (y.T, x, np.empty_like(weights))]
    return [*calls, (y, weights, np.empty_like(x))] if with_input_gradient else calls


def table(results: dict[str, list[dict[str, Time]]], title: str) -> Table:
    """The ratios by experiment, and their geometric means."""
    columns = [(ruler, dtype) for ruler in RULERS for dtype in DTYPES]
    shown = Table(title=title)
    shown.add_column("network", no_wrap=True)
    shown.add_column("ours, s", justify="right")
    for ruler, dtype in columns:
        shown.add_column(f"{ruler} {dtype}", justify="right")
    ratios: dict[tuple[str, str], list[float]] = {column: [] for column in columns}
    for name, rounds in results.items():
        cells = [" ".join(f"{statistics.median(times[dtype].clock for times in rounds):.2f}" for dtype in DTYPES)]
        for column in columns:
            ratio = median_ratio(rounds, *column)
            ratios[column] += [] if ratio is None else [ratio]
            cells.append("-" if ratio is None else f"{ratio:.2f}")
        shown.add_row(name, *cells)
    means = [f"{statistics.geometric_mean(values):.2f}" if values else "-" for values in ratios.values()]
    shown.add_row("geometric mean", "", *means)
    return shown


def median_ratio(rounds: list[dict[str, Time]], ruler: str, dtype: str) -> float | None:
    """The median over the rounds of our time in `dtype` over the ruler's; None if the ruler was not measured."""
    ratios = []
    for times in rounds:
        if ruler == "PyTorch":
            fastest = min(time.clock for label, time in times.items() if label.startswith(ruler))
            ratios.append(times[dtype].clock / fastest)
        elif f"{ruler} {dtype}" in times:
            ratios.append(times[dtype].processor / times[f"{ruler} {dtype}"].processor)
    return statistics.median(ratios) if ratios else None


if __name__ == "__main__":
    main()
