"""The table of the named networks.

Each recipe stands by scripts/compare_recipes.py, which compares on examples held back from the training set. For one
number, the rate of cifar10-1-layer, results on the test set had been seen (see benchmarks/README.md). Every seed is 1
but for those that show how much seeds matter. All keep float32, and all but the convolutional ones train in float64. In
float32, a difference in the last digit between two processors can send a training with hidden neurons down another
path; in float64 that difference is a thousand million times smaller, and the rounding to float32 removes it.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from nnbook.training import Recipe

# From zero, as is allowed without a hidden layer: no grain, and weight zero where pixels are always dark.
_MNIST_THIN = Recipe("mnist", ("dense 10",), epochs=10, batch_size=100, rate=0.3, weight_decay=2e-3, start_scale=0)
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
# The stops of a way that is drawn or measured: many at first, where the loss falls fast. They change no weight.
_WAY: dict[str, Any] = {
    "checkpoint_steps": (0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 450),
    "checkpoint_epochs": True,
}
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


# What the chapter on training measures. Where it compares, a sixth of the training set is held back to compare on.
_LEARNT = 50_000  # the other five sixths
_SIGMOIDS = ("dense 30", "sigmoid") * 5 + ("dense 10",)


def _by_seed() -> dict[str, Recipe]:
    """With two that other sizes have, too, the same network from ten random starts."""
    return {f"mnist-2-layer-seed-{seed}": replace(_MNIST_HIDDEN, seed=seed) for seed in range(4, 11)}


def _by_decay() -> dict[str, Recipe]:
    """The one-layer network by five weight decays, named in thousandths."""
    return {
        f"mnist-decay-{decay}": replace(_MNIST_THIN, weight_decay=decay / 1000, examples=_LEARNT)
        for decay in (0, 2, 10, 50, 200)
    }


def _by_examples() -> dict[str, Recipe]:
    """A network that learns from few images and from many, and what helps it: dropout (in percent) or weight decay."""
    plain = Recipe("mnist", _WIDE, 10, batch_size=100, rate=0.1, momentum=0.9, centred=True, examples=_LEARNT)
    many = {"mnist-many": plain} | {
        f"mnist-many-dropout-{share}": replace(
            plain, layers=("dense 100", "relu", f"dropout {share / 100}", "dense 10")
        )
        for share in (20, 50)
    }
    few = {name.replace("many", "few"): replace(recipe, examples=500, epochs=40) for name, recipe in many.items()}
    return many | few | {"mnist-few-decay": replace(few["mnist-few"], weight_decay=5e-3)}


def _deep() -> dict[str, Recipe]:
    """Five hidden layers by plain descent: of sigmoids, which let little of the gradient through, and of ReLU."""
    plain = Recipe("mnist", _SIGMOIDS, 4, batch_size=100, rate=0.1, centred=True, examples=_LEARNT, **_WAY)
    relu = tuple(layer.replace("sigmoid", "relu") for layer in _SIGMOIDS)
    return {"mnist-deep-sigmoid": plain, "mnist-deep-relu": replace(plain, layers=relu)}


def _races() -> dict[str, Recipe]:
    """Five optimisers from the same start, each with its best rate, through one hidden layer and through five."""
    shallow, deep = ("dense 30", "relu", "dense 10"), _SIGMOIDS
    rates = {
        "sgd": (2, 6),
        "momentum": (0.2, 0.6),
        "nesterov": (0.2, 0.6),
        "rmsprop": (0.008, 0.016),
        "adam": (0.016, 0.016),
    }
    return {
        f"mnist-{race}-{name}": Recipe(
            "mnist",
            layers,
            epochs,
            batch_size=100,
            rate=rate,
            centred=True,
            examples=_LEARNT,
            momentum=0.9 if name in ("momentum", "nesterov") else 0.0,
            optimiser="sgd" if name == "momentum" else name,
            **_WAY,
        )
        for name, both in rates.items()
        for race, layers, epochs, rate in (("race", shallow, 5, both[0]), ("deep-race", deep, 4, both[1]))
    }


def _convolutional() -> dict[str, Recipe]:
    """Small filters at every place. Float64 would take minutes more, so their last bits are those of one processor."""
    mnist = Recipe(
        "mnist",
        ("convolution 5x5x8", "pool", "relu", "convolution 5x5x16", "pool", "relu", "dense 10"),
        epochs=4,
        batch_size=64,
        rate=0.05,
        momentum=0.9,
        weight_decay=1e-4,
        warm_up=0.25,
        dtype="float32",
    )
    blocks = [(f"convolution 3x3x{filters}", "pool", "normalisation", "relu") for filters in (32, 64, 128)]
    cifar = replace(
        mnist,
        dataset="cifar10",
        layers=(*(layer for block in blocks for layer in block), "dense 10"),
        epochs=6,
        rate=0.1,
        weight_decay=5e-4,
        moved=2,
        mirrored=True,
    )
    return {"mnist-convolutional": mnist, "cifar10-convolutional": cifar}


# The first network of the book: few neurons, plain descent, few epochs; what would make it better is told later.
_FIRST = Recipe("mnist", ("dense 15", "sigmoid", "dense 10"), epochs=5, batch_size=100, rate=0.3, start_scale=0.1)

EXPERIMENTS: Mapping[str, Recipe] = MappingProxyType(
    {
        "mnist-first": _FIRST,
        "mnist-linear": replace(_FIRST, layers=("dense 15", "dense 10")),
        "mnist-1-layer": replace(_MNIST_THIN, checkpoint_steps=(0, 10, 30, 100, 300), checkpoint_epochs=True),
        "mnist-2-layer-wide": replace(_MNIST_HIDDEN, layers=_WIDE),
        "cifar10-1-layer": _CIFAR_THIN,
        "cifar10-2-layer": _CIFAR_HIDDEN,
        "cifar10-2-layer-wide": replace(_CIFAR_HIDDEN, layers=_WIDE, batch_size=128, rate=0.02),
        "mnist-3-layer": replace(_MNIST_HIDDEN, layers=("dense 100", "relu", *_WIDE)),
        **_by_size(),
        "mnist-2-layer": replace(_MNIST_HIDDEN, **_WAY),
        **_by_seed(),
        **_by_decay(),
        **_by_examples(),
        **_deep(),
        **_races(),
        **_convolutional(),
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
