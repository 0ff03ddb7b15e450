"""Convolutional networks for the scripts: all weights as short text, and how far the rounding of them goes.

The script `convolution/convolution.js` reads it and calculates what every layer gives out, in float32. A weight becomes
one of 704,969 steps between minus and plus the largest of its filter (see `numbers`): three characters each; one of the
first layer, one of 62,742,241, in four.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit.numbers import as_packed, packed_layer

# What can stand in a chain, in words and as `nnbook.convolution` knows it.
KINDS = ("convolution", "dense", "relu", "pool", "sigmoid", "tanh", "dropout")


class Convolutional(Protocol):
    """What the figures ask of a network: `nnbook.trained` gives such ones, and others may be as well."""

    @property
    def layers(self) -> Sequence[str]:
        """In words: "convolution 5x5x8", "relu", "pool", "dense 10"."""

    @property
    def weights(self) -> Sequence[NDArray[np.floating]]:
        """Of a convolution (filters, height, width, channels), of a dense layer (outputs, inputs)."""

    @property
    def biases(self) -> Sequence[NDArray[np.floating]]:
        """Of each layer that has weights, (filters,) or (outputs,)."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Of an image: (rows, columns) or (rows, columns, 3)."""

    def outputs(self, images: NDArray[Any]) -> list[NDArray[np.floating]]:
        """What each layer gives out for `images` (N, ...): maps (N, rows, columns, channels), at last scores."""


def checked(network: Convolutional) -> Convolutional:
    """The `network`, if it is one that the figures of maps can show.

    Raises:
        ValueError: if it has other layers, or no convolution at its beginning.
    """
    kinds = [words.split()[0] for words in network.layers]
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds or kinds[0] != "convolution" or kinds[-1] != "dense":
        raise ValueError(
            "maps are shown of networks that begin with a convolution, end with a dense layer, and have between them "
            f"{', '.join(KINDS)}; got {', '.join(network.layers) or 'no layer'}; pass such a one"
        )
    return network


def packed_network(network: Convolutional) -> dict[str, Any]:
    """A network for `nnbook.convolution`; it belongs to what a script asks for `later`."""
    checked(network)
    return {
        "layers": list(network.layers),
        "shape": list(network.input_shape),
        "parameters": [
            packed_layer(rows, biases, width)
            for (rows, width), biases in zip(_rows(network), network.biases, strict=True)
        ],
    }


def _rows(network: Convolutional) -> Iterator[tuple[NDArray[np.float64], int]]:
    """The weights of each layer as (outputs, inputs), and how many characters each of them has."""
    for at, weights in enumerate(network.weights):
        # What the first layer is off by, all others pass on; and it has few weights.
        yield np.asarray(weights, dtype=float).reshape(len(weights), -1), 3 if at else 4


def rounding(network: Convolutional) -> float:
    """How far a packed weight is from the network's own at most, as a share of the largest weight of its filter."""
    worst = 0.0
    for rows, width in _rows(network):
        limits = np.abs(rows).max(axis=1, keepdims=True)
        apart = np.abs(as_packed(rows, width) - rows) / np.where(limits > 0, limits, 1)
        worst = max(worst, float(apart.max()))
    return worst


def fitting(network: Convolutional, images: NDArray[np.uint8], class_keys: Sequence[str]) -> Convolutional:
    """The `network`, if it is `checked`, looks at such `images` (N, ...), and has a score for each of `class_keys`.

    Raises:
        ValueError: if not.
    """
    shape, scores = tuple(checked(network).input_shape), len(network.weights[-1])
    if images.shape[1:] != shape or len(class_keys) != scores:
        raise ValueError(
            f"images and classes are those of the network, {shape} and {scores} classes; got images of shape "
            f"{images.shape[1:]} and {len(class_keys)} class keys; pass what the network was trained with"
        )
    return network


def groups(layers: Sequence[str]) -> list[range]:
    """The places of each layer with weights, with those that follow it, up to the next one."""
    starts = [at for at, words in enumerate(layers) if words.startswith(("convolution", "dense"))]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(layers)], strict=True)]


def as_maps(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """What a layer gives out for an image, (rows, columns, channels) or (units,), as maps (channels, rows, columns)."""
    flat = np.asarray(values, dtype=float)
    return flat[:, np.newaxis, np.newaxis] if flat.ndim == 1 else np.moveaxis(flat, -1, 0)


def scale_end(maps: NDArray[np.floating]) -> float:
    """Where the colours of sums `maps` end: at the largest above zero. What is far below zero goes no further, and has
    the last colour, or the darkest blue would leave none for what goes on."""
    return float(maps.max() if maps.max() > 0 else np.abs(maps).max())


def tiled(maps: NDArray[np.floating], columns: int, gap: int = 1) -> NDArray[np.float64]:
    """Many `maps` (N, H, W) as one, `columns` in a row, with `gap` pixels of zero between them."""
    rows, (height, width) = -(-len(maps) // columns), maps.shape[1:]
    sheet = np.zeros((rows * columns, height + gap, width + gap))
    sheet[: len(maps), :height, :width] = maps
    whole = sheet.reshape(rows, columns, height + gap, width + gap).swapaxes(1, 2)
    return whole.reshape(rows * (height + gap), -1)[: -gap or None, : -gap or None]


def field(layers: Sequence[str], at: int) -> tuple[int, int]:
    """How many rows and columns of the image a number of layer `at` looks at, where the image does not end before."""
    rows = columns = 1
    for words in reversed(layers[: at + 1]):
        kind, _, size = words.partition(" ")
        if kind == "convolution":
            height, width, _ = map(int, size.split("x"))
            rows, columns = rows + height - 1, columns + width - 1
        elif kind == "pool":
            rows, columns = 2 * rows, 2 * columns
    return rows, columns
