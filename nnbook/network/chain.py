"""From the words of a recipe to layers: "convolution 5x5x8", "relu", "pool", "dense 10"."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from nnbook.network.activations import ReLU, Sigmoid, Tanh
from nnbook.network.convolution import Convolution
from nnbook.network.dense import Dense
from nnbook.network.dropout import Dropout
from nnbook.network.layers import Layer, Shape
from nnbook.network.normalisation import BatchNormalisation
from nnbook.network.pool import MaxPool

# The first word of a description, the layer, and numbers that may follow the word.
LAYERS: dict[str, tuple[type[Layer], str]] = {
    "dense": (Dense, "100"),
    "convolution": (Convolution, "5x5x8"),
    "pool": (MaxPool, ""),
    "normalisation": (BatchNormalisation, ""),
    "relu": (ReLU, ""),
    "sigmoid": (Sigmoid, ""),
    "tanh": (Tanh, ""),
    "dropout": (Dropout, "0.5"),
}
_NUMBER = re.compile(r"[0-9]*\.?[0-9]+")
_DESCRIPTION = re.compile(r"([a-z]+)((?:[ x][0-9]*\.?[0-9]+)*)")


def check(descriptions: Iterable[str]) -> None:
    """Refuse `descriptions` of layers that don't exist.

    Raises:
        ValueError: which names the rule, the description, and the choices.
    """
    descriptions = list(descriptions)
    if not descriptions:
        raise ValueError('a network has at least one layer; got none; name one such as "dense 10"')
    kinds = [parsed(description)[0] for description in descriptions]
    for before, kind in pairwise([None, *(kind for kind in kinds if kind is not MaxPool)]):
        if kind is BatchNormalisation and before not in (Convolution, Dense):
            raise ValueError(
                "normalisation stands behind a convolution or a dense layer, with at most a pool between; got "
                f"{', '.join(descriptions)}; put it before the activation"
            )


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
    layer, example = LAYERS[found[1]]
    numbers, wanted = ([float(number) for number in _NUMBER.findall(text)] for text in (found[2], example))
    if len(numbers) != len(wanted):
        raise ValueError(
            f"{found[1]!r} is followed by {('no number', 'one number', '', 'three numbers')[len(wanted)]}; got "
            f"{description!r}; write {f'{found[1]} {example}'.strip()!r}"
        )
    return layer, numbers


def kept(descriptions: Sequence[str]) -> tuple[str, ...]:
    """The layers that are left of a network once it is trained, in the order in which they are told.

    Normalisation has become a part of the weights. ReLU behind pooling does the same as before it, with a quarter of
    the work; what is shown of it is the usual order.
    """
    left = [description for description in descriptions if description != "normalisation"]
    for place, pair in enumerate(pairwise(left)):
        if pair == ("pool", "relu"):
            left[place : place + 2] = "relu", "pool"
    return tuple(left)


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
