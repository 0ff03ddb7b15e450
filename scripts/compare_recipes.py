"""Compare recipes for the named networks on held-back training examples, as their choice asks for.

    python scripts/compare_recipes.py [--seeds 3] [--pictures FOLDER] [NAME ...]

Every row changes the recipe of an experiment in one place. A sixth of the training set is held back (the same for all);
the test set is not looked at. Trained in float32, which is faster and gives the same accuracies. With --pictures, the
weight images of each row's first seed are written, too: the networks of the book are to be read, not only to be right.

The table of a run, and what was chosen by it, is in benchmarks/README.md.
"""

import argparse
import statistics
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import track
from rich.table import Table

from nnbook import datasets
from nnbook.datasets import Split
from nnbook.experiments import EXPERIMENTS
from nnbook.network import use_one_thread
from nnbook.training import Recipe, fit, prepare

CHANGES: dict[str, list[dict[str, Any]]] = {
    "mnist-first": [
        {},
        {"rate": 0.1},
        {"rate": 1.0},
        {"epochs": 3},
        {"epochs": 10},
        {"start_scale": 1.0},
        {"weight_decay": 5e-4},
        {"momentum": 0.9, "rate": 0.03},
        {"layers": ("dense 15", "sigmoid", "dense 10", "sigmoid"), "rate": 3.0},
        {"layers": ("dense 15", "sigmoid", "dense 10", "sigmoid"), "loss": "mean squared error", "rate": 1.0},
    ],
    "mnist-linear": [
        {},
        {"rate": 0.1},
        {"start_scale": 1.0},
        {"weight_decay": 5e-4},
        {"weight_decay": 2e-3},
    ],
    "mnist-1-layer": [
        {},
        {"weight_decay": 0.0},
        {"weight_decay": 1e-3},
        {"weight_decay": 5e-3},
        {"weight_decay": 1e-2},
        {"start_scale": 1.0},
        {"rate": 0.1},
        {"rate": 0.6},
        {"centred": True},
        {"momentum": 0.9, "rate": 0.03},
    ],
    "mnist-2-layer": [
        {},
        {"weight_decay": 1e-4},
        {"weight_decay": 1e-3},
        {"weight_decay": 2e-3},
        {"epochs": 15},
        {"start_scale": 1.0},
        {"start_scale": 0.01},
        {"rate": 0.05},
        {"rate": 0.2},
        {"centred": False},
        {"momentum": 0.0, "rate": 0.3},
        {"optimiser": "adam", "rate": 0.002, "weight_decay": 0.0},
        {"layers": ("dense 10", "sigmoid", "dense 10"), "start_scale": 1.0, "weight_decay": 1e-4},
        {"loss": "mean squared error", "rate": 0.02, "weight_decay": 1e-4},
    ],
    "mnist-2-layer-wide": [
        {},
        {"weight_decay": 0.0},
        {"weight_decay": 2e-3},
        {"start_scale": 1.0},
        {"rate": 0.05},
        {"rate": 0.2},
        {"centred": False},
        {"momentum": 0.0, "rate": 0.5},
    ],
    "cifar10-1-layer": [
        {},
        {"weight_decay": 1e-3},
        {"weight_decay": 3e-2},
        {"weight_decay": 1e-1},
        {"start_scale": 1.0},
        {"rate": 0.01},
        {"rate": 0.05},
        {"centred": False},
        {"momentum": 0.9, "rate": 0.0025},
    ],
    "cifar10-2-layer": [
        {},
        {"weight_decay": 1e-3},
        {"weight_decay": 1e-2},
        {"start_scale": 1.0},
        {"rate": 0.006},
        {"rate": 0.024},
        {"centred": False},
        {"momentum": 0.0, "rate": 0.1},
    ],
    "cifar10-2-layer-wide": [
        {},
        {"weight_decay": 1e-3},
        {"weight_decay": 1e-2},
        {"start_scale": 1.0},
        {"rate": 0.01},
        {"rate": 0.04},
        {"centred": False},
    ],
    "mnist-convolutional": [
        {},
        {"epochs": 3},
        {"epochs": 5},
        {"rate": 0.025},
        {"rate": 0.1},
        {"weight_decay": 5e-4},
    ],
    "cifar10-convolutional": [
        {},
        {"moved": 4},
        {"rate": 0.05},
        {"rate": 0.2},
        {"batch_size": 128, "rate": 0.2},
    ],
    "mnist-few": [
        {},
        *({"weight_decay": decay} for decay in (2e-3, 5e-3, 1e-2, 2e-2)),
        *({"layers": ("dense 100", "relu", f"dropout {share}", "dense 10")} for share in (0.2, 0.5, 0.7)),
    ],
    "mnist-many": [
        {},
        {"weight_decay": 5e-4},
        *({"layers": ("dense 100", "relu", f"dropout {share}", "dense 10")} for share in (0.2, 0.5)),
    ],
    **{
        f"mnist-{race}": [{}, *({"rate": rate} for rate in rates)]
        for race, rates in {
            "race-sgd": (1, 3, 4),
            "race-momentum": (0.1, 0.3, 0.4),
            "race-nesterov": (0.1, 0.3, 0.4),
            "race-rmsprop": (0.004, 0.016, 0.03),
            "race-adam": (0.008, 0.03, 0.06),
            "deep-race-sgd": (3, 10),
            "deep-race-momentum": (0.3, 1),
            "deep-race-nesterov": (0.3, 1),
            "deep-race-rmsprop": (0.008, 0.03),
            "deep-race-adam": (0.008, 0.03),
        }.items()
    },
}
TILE = 4


def main() -> None:
    """Train all rows for all seeds in two processes, and print a table for each experiment."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="experiments (default: all that are compared)")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    console = Console(width=110)
    with ProcessPoolExecutor(2, get_context("spawn"), use_one_thread) as pool:
        for name in options.names or CHANGES:
            rows = CHANGES[name]
            jobs = [(name, row, seed, options.pictures) for row in range(len(rows)) for seed in range(options.seeds)]
            done = list(track(pool.map(try_out, jobs), name, len(jobs), transient=True, console=Console(stderr=True)))
            console.print(table(name, np.array(done).reshape(len(rows), options.seeds, 4)))


def try_out(job: tuple[str, int, int, Path | None]) -> tuple[float, float, float, float]:
    """Train one row with one seed: loss and accuracy on held-back examples, accuracy in training, seconds."""
    name, row, seed, folder = job
    recipe = replace(EXPERIMENTS[name], **CHANGES[name][row], dtype="float32", seed=EXPERIMENTS[name].seed + seed)
    learnt, held_back = splits(recipe.dataset)
    rng = np.random.default_rng(recipe.seed)
    images, labels = learnt.images[: recipe.examples], learnt.labels[: recipe.examples]
    network = prepare(recipe, images, rng)
    history = fit(network, images, labels, recipe, rng, held_back=(held_back.images, held_back.labels))
    if folder is not None and seed == 0 and network.weights[0].ndim == 2:
        folder.mkdir(parents=True, exist_ok=True)
        picture(network.weights[0], recipe).save(folder / f"{name}-{row}.png")
    return history.held_back_loss[-1], history.held_back_accuracy[-1], history.accuracy[-1], history.seconds


@lru_cache(maxsize=1)
def splits(dataset: str) -> tuple[Split, Split]:
    """The training set cut in two: what is learnt from, and what is held back."""
    return datasets.load(dataset).train.held_back()


def picture(weights: np.ndarray, recipe: Recipe) -> Image.Image:
    """The weight images (units, inputs) side by side, ten a row, each on its own scale, zero in the middle grey."""
    shape = (28, 28) if recipe.dataset == "mnist" else (32, 32, 3)
    tiles = weights.reshape(-1, *shape) / np.abs(weights).max(axis=1).reshape(-1, *[1] * len(shape))
    tiles = np.pad(tiles, [(0, -len(tiles) % 10), (1, 1), (1, 1)] + [(0, 0)] * (len(shape) - 2))
    rows = [np.concatenate(list(tiles[start : start + 10]), axis=1) for start in range(0, len(tiles), 10)]
    image = Image.fromarray((127.5 + 127.5 * np.concatenate(rows)).astype(np.uint8))
    return image.resize((image.width * TILE, image.height * TILE), Image.Resampling.NEAREST)


def table(name: str, results: np.ndarray) -> Table:
    """The rows of one experiment, from `results` (rows, seeds, 4) of `try_out`."""
    shown = Table(title=f"{name}: {EXPERIMENTS[name]}", title_justify="left")
    for heading in ("row", "change", "loss", "held back %", "by seed", "training %", "s"):
        shown.add_column(heading, justify="left" if heading == "change" else "right")
    for row, (change, seeds) in enumerate(zip(CHANGES[name], results, strict=True)):
        losses, held_back, training, seconds = seeds.T
        shown.add_row(
            str(row),
            ", ".join(f"{key}={value}" for key, value in change.items()) or "as chosen",
            f"{losses.mean():.3f}",
            f"{100 * held_back.mean():.2f}",
            " ".join(f"{100 * value:.2f}" for value in held_back),
            f"{100 * training.mean():.2f}",
            f"{statistics.median(seconds):.1f}",
        )
    return shown


if __name__ == "__main__":
    main()
