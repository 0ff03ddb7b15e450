"""How fast are convolutional networks trained? Ratios to PyTorch on the CPU, measured in turns in one process.

    python -m benchmarks.convolution_speed [--rounds 5] [--images 3200] [--busy] [NAME ...]

First PyTorch is a ruler for what comes out: with the same weights, in float64, it prints how far outputs and gradients
of the two are apart. Then each round times, one after the other, an epoch of `images` images in batches of 64, by
momentum of 0.9, in float32:

- ours, which starts from bytes; both halves of a batch at the same time.
- PyTorch as it comes: its usual order of axes, all processors. Its images lie ready as floats.
- channels last: the same, with the order of axes that its fastest code is made for.
- at best: the fastest of both orders, each with one thread or all, with its plain or its fused optimiser.
- products: the matrix products of the training alone, in the shapes of ours, both halves at the same time, on arrays
  that lie ready and stay the same.

A figure is the median over the rounds of our time on the clock divided by the ruler's in the same round; below one, we
are faster. With --busy, a process for each processor does nothing but count. Needs the extra `bench`.
"""

import argparse
import os
import statistics
from collections.abc import Callable
from functools import partial
from itertools import product
from multiprocessing import Process

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from benchmarks.training_speed import Run, ours, timed
from nnbook import datasets
from nnbook.network import Convolution, Dense, MaxPool, Network, at_the_same_time, layers_of
from nnbook.network.layers import Shape
from nnbook.training import Recipe


def _blocks(*convolutions: str) -> tuple[str, ...]:
    return (*(part for words in convolutions for part in (f"convolution {words}", "pool", "relu")), "dense 10")


NETWORKS = {
    "a": ("mnist", _blocks("5x5x8", "5x5x16")),
    "b": ("cifar10", _blocks("5x5x16", "5x5x20", "5x5x20")),
    "c": ("cifar10", _blocks("3x3x32", "3x3x64", "3x3x128")),
}
BATCH = 64
CPUS = os.cpu_count() or 1
PLAIN, LAST = (f"PyTorch, {CPUS} threads, plain, {order}" for order in ("usual", "channels last"))
RULERS = {"PyTorch": PLAIN, "channels last": LAST, "at best": "PyTorch", "products": "products"}


def main() -> None:
    """Compare what comes out, then measure; print both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a, b, c (default: all)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=3200)
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args()
    console = Console(width=110)
    names = options.names or list(NETWORKS)
    for name in names:
        outputs, gradients = distances(*NETWORKS[name])
        console.print(f"{name}: outputs differ by {outputs:.0e} at most, gradients by {gradients:.0e} of the largest")
    others = [Process(target=count, daemon=True) for _ in range(CPUS if options.busy else 0)]
    for other in others:
        other.start()
    results: dict[str, list[dict[str, float]]] = {}
    for name in names:
        contenders, results[name] = all_contenders(*NETWORKS[name], options.images), []
        for number in range(options.rounds):
            console.print(f"{name}: round {number + 1} of {options.rounds}, load {os.getloadavg()[0]:.1f}")
            results[name].append({label: timed(prepared()).clock for label, prepared in contenders.items()})
    for other in others:
        other.terminate()
    console.print(table(results, f"ours / ruler: {options.rounds} rounds of {options.images} images"))


def count() -> None:
    """Keep a processor busy."""
    while True:
        pass


def distances(dataset: str, words: tuple[str, ...]) -> tuple[float, float]:
    """How far outputs and gradients of a network and of the same one in PyTorch are apart, in float64."""
    images = datasets.load(dataset).train.images[:BATCH] / 255
    weighting = np.random.default_rng(1).standard_normal((BATCH, 10))
    network = Network.of(words, images.shape[1:])
    network.start_randomly(np.random.default_rng(1))
    model = model_of(words, images.shape[1:]).double()
    load(model, network)
    scores = network.forward(images)
    network.backward(weighting)
    theirs = model(torch.from_numpy(channels_first(images)))
    theirs.backward(torch.from_numpy(weighting))
    mine = network.gradients.copy()
    gradients = Network.of(words, images.shape[1:])
    read(model, gradients)
    furthest = np.abs(mine - gradients.parameters).max() / np.abs(mine).max()
    return float(np.abs(scores - theirs.detach().numpy()).max()), float(furthest)


def load(model: torch.nn.Sequential, network: Network) -> None:
    """Give `model` the parameters of `network`."""
    for layer, (weights, biases) in pairs(model, network):
        with torch.no_grad():
            weights.copy_(torch.from_numpy(theirs(layer, layer.weights)))
            biases.copy_(torch.from_numpy(layer.biases))


def read(model: torch.nn.Sequential, network: Network) -> None:
    """Write the gradients of `model` where `network` has its parameters."""
    for layer, (weights, biases) in pairs(model, network):
        theirs(layer, layer.weights)[...] = weights.grad.numpy()
        layer.biases[...] = biases.grad.numpy()


def pairs(model: torch.nn.Sequential, network: Network) -> list[tuple[Convolution | Dense, list[torch.Tensor]]]:
    """Our layers with weights, and the parameters of theirs."""
    layers = [layer for layer in network.layers if isinstance(layer, Convolution | Dense)]
    found = [list(module.parameters()) for module in model if list(module.parameters())]
    return list(zip(layers, found, strict=True))


def theirs(layer: Convolution | Dense, weights: np.ndarray) -> np.ndarray:
    """A view of our `weights` in the order of PyTorch, which has the channels first in filters and in images."""
    if isinstance(layer, Convolution):
        return weights.transpose(0, 3, 1, 2)
    rows, columns, channels = layer.input_shape
    return weights.reshape(-1, rows, columns, channels).transpose(0, 3, 1, 2)


def model_of(words: tuple[str, ...], shape: Shape) -> torch.nn.Sequential:
    """The network of `words` for images of `shape` in PyTorch; a dense layer's weights are those of a whole map."""
    modules: list[torch.nn.Module] = []
    for layer in layers_of(words, shape):
        if isinstance(layer, Convolution):
            sides = layer.height, layer.width
            padding = layer.height // 2, layer.width // 2
            modules.append(torch.nn.Conv2d(layer.channels, layer.filters, sides, padding=padding))
        elif isinstance(layer, Dense):
            rows, columns, channels = layer.input_shape
            # The same product as that of a flattened map, written so that the order of its axes is plain.
            modules += [_Whole(layer.outputs, rows, columns, channels)]
        else:
            modules.append(torch.nn.MaxPool2d(2) if isinstance(layer, MaxPool) else torch.nn.ReLU())
    return torch.nn.Sequential(*modules)


class _Whole(torch.nn.Module):
    """A dense layer over maps (N, channels, rows, columns), with weights (outputs, channels, rows, columns)."""

    def __init__(self, outputs: int, rows: int, columns: int, channels: int) -> None:
        super().__init__()
        plain = torch.nn.Linear(channels * rows * columns, outputs)
        self.weight = torch.nn.Parameter(plain.weight.detach().reshape(outputs, channels, rows, columns))
        self.bias = plain.bias

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.linear(maps.flatten(1), self.weight.flatten(1), self.bias)


def channels_first(images: np.ndarray) -> np.ndarray:
    """Images (N, rows, columns, ...) as (N, channels, rows, columns)."""
    return np.moveaxis(images.reshape(*images.shape[:3], -1), -1, 1)


def all_contenders(dataset: str, words: tuple[str, ...], count: int) -> dict[str, Callable[[], Run]]:
    """By label, functions that set up a training and return the function to be timed."""
    split = datasets.load(dataset).train
    part = datasets.Split(split.images[:count], split.labels[:count])
    recipe = Recipe(dataset, words, 1, BATCH, rate=0.01, momentum=0.9, dtype="float32")
    contenders: dict[str, Callable[[], Run]] = {
        "ours": partial(ours, recipe, part),
        "products": partial(products_alone, words, part.images.shape),
    }
    for threads, fused, last in product(sorted({1, CPUS}), (False, True), (False, True)):
        kind, order = "fused" if fused else "plain", "channels last" if last else "usual"
        contenders[f"PyTorch, {threads} threads, {kind}, {order}"] = partial(
            with_torch, words, part, threads, fused, last
        )
    return contenders


def with_torch(words: tuple[str, ...], split: datasets.Split, threads: int, fused: bool, last: bool) -> Run:
    """An epoch by PyTorch."""
    model, loss = model_of(words, split.images.shape[1:]), torch.nn.CrossEntropyLoss()
    ready = channels_first(split.images) / np.float32(255)
    images, labels = torch.from_numpy(np.ascontiguousarray(ready)), torch.from_numpy(split.labels.astype(np.int64))
    if last:
        model, images = model.to(memory_format=torch.channels_last), images.permute(0, 2, 3, 1).contiguous()
    optimiser = torch.optim.SGD(model.parameters(), 0.01, 0.9, fused=fused)

    def run() -> None:
        torch.set_num_threads(threads)
        order = torch.randperm(len(images))
        for start in range(0, len(images) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            batch = images[chosen].permute(0, 3, 1, 2) if last else images[chosen]
            optimiser.zero_grad()
            loss(model(batch), labels[chosen]).backward()
            optimiser.step()

    return run


def products_alone(words: tuple[str, ...], shape: Shape) -> Run:
    """The matrix products of a training on images of `shape` (N, ...), in two threads."""
    count, *image = shape
    halves = [_products(words, tuple(image)) for _ in range(2)]

    def run() -> None:
        with threadpool_limits(1, user_api="blas"):
            for _ in range(count // BATCH):
                rest = at_the_same_time(_multiply, halves[1])
                _multiply(halves[0])
                rest()

    return run


def _products(words: tuple[str, ...], image: Shape) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Two matrices and room for their product, for each product of a half batch; the numbers mean nothing."""
    found, half, rng = [], BATCH // 2, np.random.default_rng(1)

    def some(*shape: int) -> np.ndarray:
        return rng.random(shape, np.float32)

    for number, layer in enumerate(layers_of(words, image)):
        if isinstance(layer, Convolution):
            rows, columns, filters = layer.output_shape
            sides, wide = layer.height * layer.width, columns * half
            windows, outputs = some(rows, sides * layer.channels, wide), some(rows, filters, wide)
            found.append((some(filters, sides * layer.channels), windows, some(*outputs.shape)))
            found.append((windows, outputs.transpose(0, 2, 1), some(rows, sides * layer.channels, filters)))
            if number:
                back = some(rows, sides * filters, wide)
                found.append((some(layer.channels, sides * filters), back, some(rows, layer.channels, wide)))
        elif isinstance(layer, Dense):
            x, weights, y = some(half, layer.inputs), some(layer.outputs, layer.inputs), some(half, layer.outputs)
            found += [(x, weights.T, y), (y.T, x, weights.copy()), (y, weights, x.copy())]
    return found


def _multiply(products: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> None:
    for a, b, out in products:
        np.matmul(a, b, out=out)


def table(results: dict[str, list[dict[str, float]]], title: str) -> Table:
    """Our seconds for an epoch of all images, the ratios by network, and their geometric means."""
    shown = Table(title=title)
    for heading in ("network", "seconds", *RULERS):
        shown.add_column(heading, justify="left" if heading == "network" else "right")
    ratios: dict[str, list[float]] = {ruler: [] for ruler in RULERS}
    for name, rounds in results.items():
        cells = [f"{statistics.median(times['ours'] for times in rounds):.2f}"]
        for ruler, label in RULERS.items():
            fastest = [min(seconds for key, seconds in times.items() if key.startswith(label)) for times in rounds]
            ratio = statistics.median(times["ours"] / seconds for times, seconds in zip(rounds, fastest, strict=True))
            ratios[ruler].append(ratio)
            cells.append(f"{ratio:.2f}")
        shown.add_row(name, *cells)
    shown.add_row("geometric mean", "", *(f"{statistics.geometric_mean(values):.2f}" for values in ratios.values()))
    return shown


if __name__ == "__main__":
    main()
