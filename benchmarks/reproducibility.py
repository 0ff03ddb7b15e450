"""Do other processors train the same networks? The book's networks on the full data, with the kernels of each.

    python benchmarks/reproducibility.py [--dtype float64] [--epochs 2] [NAME ...]

OpenBLAS and NumPy choose other machine code for other processors, which adds in other orders. Each row compares a
training with the code that this processor gets to one with the code of an older one: the largest difference of a
parameter before it is rounded to float32, the number of float32 parameters that differ, and of test labels.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from nnbook import datasets
from nnbook.experiments import EXPERIMENTS
from nnbook.training import fit, prepare

NAMES = [f"{dataset}-{shape}" for dataset in ("mnist", "cifar10") for shape in ("1-layer", "2-layer", "2-layer-wide")]
PROCESSORS = {
    "this one": {},
    "AVX2": {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4"},
    "AVX": {"OPENBLAS_CORETYPE": "Sandybridge", "NPY_DISABLE_CPU_FEATURES": "X86_V4,X86_V3"},
    "SSE": {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V4,X86_V3"},
}


def main() -> None:
    """Train in a process for each processor, and print the differences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="experiments (default: the six of the chapter)")
    parser.add_argument("--dtype", choices=["float64", "float32"], help="default: that of the recipe")
    parser.add_argument("--epochs", type=int, help="default: those of the recipe")
    parser.add_argument("--save", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = options.names or NAMES
    if options.save:
        changes = {"dtype": options.dtype, "epochs": options.epochs}
        save_all(names, {part: value for part, value in changes.items() if value}, options.save)
        return
    given = [f"--{part}={value}" for part in ("dtype", "epochs") if (value := getattr(options, part))]
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for processor, environment in PROCESSORS.items():
            file = Path(folder) / f"{processor}.npz"
            command = [sys.executable, __file__, *names, *given, "--save", str(file)]
            subprocess.run(command, env=os.environ | environment, check=True)
            found[processor] = dict(np.load(file))
    Console(width=110).print(table(names, found))


def save_all(names: list[str], changes: dict[str, Any], file: str) -> None:
    """Train the networks `names`, with `changes` of their recipes, and write what comes out to `file`.

    That is parameters, rounded parameters and predicted test labels.
    """
    arrays = {}
    for name in names:
        recipe = replace(EXPERIMENTS[name], **changes)
        data = datasets.load(recipe.dataset, size="full")
        rng = np.random.default_rng(recipe.seed)
        network = prepare(recipe, data.train.images, rng)
        fit(network, data.train.images, data.train.labels, recipe, rng)
        arrays[f"{name} parameters"] = network.parameters.copy()
        arrays[f"{name} rounded"] = network.parameters.astype(np.float32)
        parts = np.array_split(data.test.images, 100)
        arrays[f"{name} labels"] = np.concatenate([network.forward(part).argmax(axis=1) for part in parts])
    np.savez(file, **arrays)


def table(names: list[str], found: dict[str, dict[str, np.ndarray]]) -> Table:
    """What differs from the training with this processor's own code."""
    shown = Table(title="compared to this processor's own code")
    for heading in ("network", "processor", "largest difference", "float32 parameters that differ", "labels"):
        shown.add_column(heading, justify="left" if heading in ("network", "processor") else "right")
    own = found["this one"]
    for name in names:
        for processor in list(PROCESSORS)[1:]:
            other = found[processor]
            largest = np.abs(own[f"{name} parameters"] - other[f"{name} parameters"]).max()
            rounded = int((own[f"{name} rounded"] != other[f"{name} rounded"]).sum())
            labels = int((own[f"{name} labels"] != other[f"{name} labels"]).sum())
            of = own[f"{name} rounded"].size
            shown.add_row(name, processor, f"{largest:.0e}", f"{rounded:,} of {of:,}", str(labels))
    return shown


if __name__ == "__main__":
    main()
