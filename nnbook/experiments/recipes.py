"""The table of the named networks.

Each recipe stands by scripts/compare_recipes.py, which compares on examples held back from the training set; where
test accuracy was seen on the way, benchmarks/README.md says so. All train in float64 and keep float32. In float32, a
difference in the last digit between two processors can send a training with hidden neurons down another path; in
float64 that difference is a thousand million times smaller, and the rounding to float32 removes it.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from nnbook.training import Recipe

# A small random start: what is left of a large one would lie as grain over the pictures of the weights.
_MNIST_HIDDEN = Recipe(
    "mnist",
    ("dense 10", "relu", "dense 10"),
    epochs=15,
    batch_size=100,
    rate=0.1,
    momentum=0.9,
    weight_decay=1e-3,
    start_scale=0.1,
    centred=True,
)
_CIFAR_THIN = Recipe(
    "cifar10", ("dense 10",), epochs=10, batch_size=64, rate=0.025, weight_decay=1e-2, start_scale=0, centred=True
)
_CIFAR_HIDDEN = replace(
    _CIFAR_THIN, layers=_MNIST_HIDDEN.layers, rate=0.012, momentum=0.9, weight_decay=3e-3, start_scale=0.1
)
_WIDE = ("dense 100", "relu", "dense 10")
_MNIST_WIDE = replace(_MNIST_HIDDEN, layers=_WIDE, epochs=10, weight_decay=5e-4)
_SIZES, _SEEDS = (2, 5, 10, 20, 50, 100, 200), (1, 2, 3)


def _curve() -> dict[str, Recipe]:
    """More neurons soon stop helping: networks of seven sizes, by one recipe, from three seeds each."""
    return {
        f"mnist-{hidden}-hidden-seed-{seed}": replace(_MNIST_WIDE, layers=(f"dense {hidden}", *_WIDE[1:]), seed=seed)
        for hidden in _SIZES
        for seed in _SEEDS
    }


EXPERIMENTS: Mapping[str, Recipe] = MappingProxyType(
    {
        # From zero, as is allowed without a hidden layer: no grain, and weight zero where pixels are always dark.
        "mnist-1-layer": Recipe(
            "mnist",
            ("dense 10",),
            epochs=10,
            batch_size=100,
            rate=0.3,
            weight_decay=2e-3,
            start_scale=0,
            checkpoint_steps=(0, 10, 30, 100, 300),
            checkpoint_epochs=True,
        ),
        "mnist-2-layer": replace(_MNIST_HIDDEN, checkpoint_steps=(0,)),
        "mnist-2-layer-wide": _MNIST_WIDE,
        "cifar10-1-layer": replace(_CIFAR_THIN, checkpoint_steps=(0,)),
        "cifar10-2-layer": replace(_CIFAR_HIDDEN, checkpoint_steps=(0,)),
        "cifar10-2-layer-wide": replace(_CIFAR_HIDDEN, layers=_WIDE, batch_size=128, rate=0.02),
        "mnist-3-layer": replace(_MNIST_WIDE, layers=("dense 100", "relu", *_WIDE)),
        **_curve(),
    }
)


def recipe(name: str) -> Recipe:
    """The recipe of the experiment `name`.

    Raises:
        ValueError: if there is no such experiment.
    """
    if name not in EXPERIMENTS:
        raise ValueError(
            f"an experiment has one of the names {', '.join(EXPERIMENTS)}; got {name!r}; choose one of these"
        )
    return EXPERIMENTS[name]
