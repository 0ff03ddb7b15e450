"""The table of the named networks.

Each recipe stands by scripts/compare_recipes.py, which compares on examples held back from the training set. For one
number, the rate of cifar10-1-layer, results on the test set had been seen (see benchmarks/README.md). Every seed is 1
but for those that show how much seeds matter. All train in float64 and keep float32. In float32, a difference in the
last digit between two processors can send a training with hidden neurons down another path; in float64 that difference
is a thousand million times smaller, and the rounding to float32 removes it.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from nnbook.training import Recipe

# A small random start: what is left of a large one would lie as grain over the pictures of the weights.
_MNIST_HIDDEN = Recipe(
    "mnist",
    ("dense 10", "relu", "dense 10"),
    epochs=10,
    batch_size=100,
    rate=0.1,
    momentum=0.9,
    weight_decay=5e-4,
    start_scale=0.1,
    centred=True,
)
_CIFAR_THIN = Recipe(
    "cifar10", ("dense 10",), epochs=10, batch_size=64, rate=0.025, weight_decay=1e-2, start_scale=0, centred=True
)
_CIFAR_HIDDEN = replace(
    _CIFAR_THIN, layers=_MNIST_HIDDEN.layers, rate=0.012, momentum=0.9, weight_decay=3e-3, start_scale=0.1
)
_EARLY = 0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 450  # a loss falls fast at first, then slowly
_WIDE = ("dense 100", "relu", "dense 10")


def _by_size() -> dict[str, Recipe]:
    """More neurons soon stop helping: hidden layers of seven sizes by one recipe, from three seeds each.

    Two of the sizes are networks of the chapter with names of their own; a seed other than 1 is said in the name.
    """
    names = {size: f"mnist-2-layer-{size}" for size in (2, 5, 10, 20, 50, 100, 200)}
    names |= {10: "mnist-2-layer", 100: "mnist-2-layer-wide"}
    return {
        name if seed == 1 else f"{name}-seed-{seed}": replace(
            _MNIST_HIDDEN, layers=(f"dense {size}", *_WIDE[1:]), seed=seed
        )
        for seed in (1, 2, 3)
        for size, name in names.items()
    }


# The first network of the book: few neurons, plain descent, few epochs; what would make it better is told later.
_FIRST = Recipe("mnist", ("dense 15", "sigmoid", "dense 10"), epochs=5, batch_size=100, rate=0.3, start_scale=0.1)

EXPERIMENTS: Mapping[str, Recipe] = MappingProxyType(
    {
        "mnist-first": _FIRST,
        "mnist-linear": replace(_FIRST, layers=("dense 15", "dense 10")),
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
        "mnist-2-layer-wide": replace(_MNIST_HIDDEN, layers=_WIDE),
        "cifar10-1-layer": _CIFAR_THIN,
        "cifar10-2-layer": _CIFAR_HIDDEN,
        "cifar10-2-layer-wide": replace(_CIFAR_HIDDEN, layers=_WIDE, batch_size=128, rate=0.02),
        "mnist-3-layer": replace(_MNIST_HIDDEN, layers=("dense 100", "relu", *_WIDE)),
        **_by_size(),
        # The way of its training is drawn; to keep it changes no weight.
        "mnist-2-layer": replace(_MNIST_HIDDEN, checkpoint_steps=_EARLY, checkpoint_epochs=True),
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
