"""From the words of a recipe to layers: "dense 100", "relu", "dropout 0.5", "dense 10"."""

import re
from collections.abc import Iterable, Sequence

from nnbook.network.activations import ReLU, Sigmoid, Tanh
from nnbook.network.dense import Dense
from nnbook.network.dropout import Dropout
from nnbook.network.layers import Layer, Shape

# The first word of a description, the layer, and how many numbers follow the word.
LAYERS: dict[str, tuple[type[Layer], int]] = {
    "dense": (Dense, 1),
    "relu": (ReLU, 0),
    "sigmoid": (Sigmoid, 0),
    "tanh": (Tanh, 0),
    "dropout": (Dropout, 1),
}
_DESCRIPTION = re.compile(r"([a-z]+)((?:[ x][0-9]*\.?[0-9]+)*)")


def check(descriptions: Iterable[str]) -> None:
    """Refuse `descriptions` of layers that don't exist.

    Raises:
        ValueError: which names the rule, the description, and the choices.
    """
    descriptions = list(descriptions)
    if not descriptions:
        raise ValueError('a network has at least one layer; got none; name one such as "dense 10"')
    for description in descriptions:
        parsed(description)


def parsed(description: str) -> tuple[type[Layer], list[float]]:
    """The class of the layer that is described, and the numbers that follow its name.

    Raises:
        ValueError: as `check`.
    """
    found = _DESCRIPTION.fullmatch(description) if isinstance(description, str) else None
    if not found or found[1] not in LAYERS:
        raise ValueError(
            f"a layer is one of {', '.join(LAYERS)}, with its numbers behind it; got {description!r}; "
            'write it like "dense 100", "relu" or "dropout 0.5"'
        )
    layer, wanted = LAYERS[found[1]]
    numbers = [float(number) for number in re.findall(r"[0-9]*\.?[0-9]+", found[2])]
    if len(numbers) != wanted:
        raise ValueError(
            f"{found[1]!r} is followed by {('no number', 'one number')[wanted]}; got {description!r}; "
            f"write {' '.join([found[1], *['100' if layer is Dense else '0.5'] * wanted])!r}"
        )
    return layer, numbers


def layers_of(descriptions: Sequence[str], input_shape: Shape) -> list[Layer]:
    """The layers that are described, the first for inputs of `input_shape`, each following for what the last gives.

    Raises:
        ValueError: as `check`.
    """
    layers: list[Layer] = []
    for description in descriptions:
        layer, numbers = parsed(description)
        layers.append(layer(layers[-1].output_shape if layers else input_shape, *numbers))
    return layers
