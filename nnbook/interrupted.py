"""A training of minutes that is stopped goes on where it was: after each epoch, what it works with is written down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nnbook import model_cache
from nnbook.network import Layer

if TYPE_CHECKING:
    from nnbook.training import Run

WORTH_KEEPING = 10  # seconds that a training has taken
CURVES = ("losses", "accuracies", "held_back_losses", "held_back_accuracies")


def keep(run: Run, path: Path | None, seconds: float) -> None:
    """Write down how far `run` has come, if it has taken long enough to be worth it.

    One with checkpoints is not kept: those are of short trainings, and would have to be kept, too.
    """
    if path is None or run.checkpoints or seconds < WORTH_KEEPING:
        return
    document = {name: getattr(run, name) for name in CURVES} | {
        "rng": run.rng.bit_generator.state,
        "seconds": seconds,
        "steps": getattr(run.optimiser, "steps", None),
    }
    model_cache.store(path, document, _arrays(run))


def go_on(run: Run, path: Path | None) -> float:
    """Take up what `keep` wrote down, if there is something; gives the seconds that the training has taken so far."""
    kept = None if path is None else model_cache.load(path, lambda *content: content)
    if kept is None:
        return 0.0
    document, arrays = kept
    for name in CURVES:
        getattr(run, name).extend(document[name])
    run.rng.bit_generator.state = document["rng"]
    if document["steps"] is not None:
        run.optimiser.steps = document["steps"]  # type: ignore[attr-defined]
    for number, layer, name in _memories(run):
        setattr(layer, name, arrays[f"{number}.{name}"])
    for name, array in _vectors(run).items():
        array[...] = arrays[name]
    return float(document["seconds"])


def _arrays(run: Run) -> dict[str, np.ndarray]:
    return _vectors(run) | {f"{number}.{name}": getattr(layer, name) for number, layer, name in _memories(run)}


def _vectors(run: Run) -> dict[str, np.ndarray]:
    """The order of the examples, the parameters, and what the optimiser remembers."""
    of_optimiser = {name: array for name, array in vars(run.optimiser).items() if isinstance(array, np.ndarray)}
    return {"order": run.order} | of_optimiser


def _memories(run: Run) -> list[tuple[int, Layer, str]]:
    """What layers remember from step to step, by their number."""
    layers = enumerate(run.network.trained_layers)
    return [(number, layer, name) for number, layer in layers for name in layer.memory]
