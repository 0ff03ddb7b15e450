"""Diagrams of fully connected networks: layers as columns, every neuron of a layer connected with all of the next."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nnbook.figures.kit import svg
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, count, text

MOST = 10  # neurons of a layer that are all drawn; of a longer one only the first and last are
ENDS = 5
UNIT = 15  # all neurons are whole units apart, so that their lines are written with small whole numbers
PLACES = 11  # in a long layer, two units each: 24 px for a finger on the narrowest phone
HEIGHT = 2 * UNIT * PLACES
TOP = 4
MIDDLE = TOP + HEIGHT // 2
GAP = 16  # between the last column and the names of its neurons
LEFT, RIGHT = 54, 294  # of the first column and, where names are short, of the last
SQUARE = "h5v10h-10v-10z"  # an input, from the middle of its upper edge
CIRCLE = "a8 8 0 1 0 .01 0z"  # a neuron, from its highest point: a circle that ends where it begins is none


@dataclass(frozen=True)
class Layer:
    """One column of the diagram: where it stands, and which of its neurons are drawn at which height."""

    kind: str  # "input", "hidden" or "output"
    size: int
    x: float
    neurons: tuple[int, ...]
    heights: tuple[int, ...]

    @property
    def whole(self) -> bool:
        return len(self.neurons) == self.size


def network_diagram(
    sizes: Sequence[int],
    class_keys: Sequence[str] | None = None,
    input_shape: tuple[int, ...] = (28, 28),
) -> Figure:
    """A fully connected network as a diagram; of a long layer only the first and the last neurons are drawn.

    Args:
        sizes: the number of inputs, of the neurons of each hidden layer, and of the output neurons.
        class_keys: (outputs,), the classes that the output neurons stand for.
        input_shape: of the images that the network sees; its product is the number of inputs.

    Facts: those of `figures.network_diagram`.
    """
    _check(sizes, class_keys, input_shape)
    weights = [before * after for before, after in pairwise(sizes)]
    facts = {
        "sizes": list(sizes),
        "inputs": sizes[0],
        "outputs": sizes[-1],
        "weights": sum(weights),
        "biases": sum(sizes[1:]),
        "parameters": sum(weights) + sum(sizes[1:]),
        "layers": [
            {"kind": _kind(number, len(sizes)), "size": size} | ({"weights": weights[number - 1]} if number else {})
            for number, size in enumerate(sizes)
        ],
    }

    def render(language: str) -> str:
        names = [class_name(key, language) for key in class_keys or ()]
        layers = _layers(sizes, names)
        parts = [_connections(layers)]
        parts += [_neurons(layer) for layer in layers]
        parts += [_names(layers, input_shape, language), _outer_labels(layers, names)]
        return svg.drawing(TOP + HEIGHT + 42, _describe(layers, sum(weights), language), parts)

    return Figure("network-diagram", render, facts)


def _check(sizes: Sequence[int], class_keys: Sequence[str] | None, input_shape: tuple[int, ...]) -> None:
    if len(sizes) < 2:
        raise ValueError(f"a network has inputs and outputs; got sizes {tuple(sizes)}; pass two or more sizes")
    if np.prod(input_shape) != sizes[0]:
        raise ValueError(
            f"there is one input for each of the {np.prod(input_shape)} numbers of an image of {input_shape}; "
            f"got {sizes[0]} inputs; pass the input_shape that the network sees"
        )
    if class_keys is not None and len(class_keys) != sizes[-1]:
        raise ValueError(
            f"each output neuron stands for one class; got {sizes[-1]} outputs and {len(class_keys)} class keys; "
            "pass as many keys as outputs, or none"
        )


def _kind(number: int, layers: int) -> str:
    return "input" if number == 0 else "output" if number == layers - 1 else "hidden"


def drawn(size: int) -> tuple[int, ...]:
    """The neurons of a layer of `size` neurons that are drawn: all of them, or the first and the last."""
    return tuple(range(size)) if size <= MOST else (*range(ENDS), *range(size - ENDS, size))


def heights(size: int) -> tuple[int, ...]:
    """Where the drawn neurons of a layer of `size` neurons stand: about the middle, at even distances."""
    slots = np.arange(len(drawn(size)))
    if size > MOST:  # one slot in the middle is for the dots
        slots[ENDS:] += 1
    count = int(slots[-1]) + 1
    step = 2 * PLACES // count
    if count % 2 == 0:  # so that the two in the middle are whole units away from it
        step -= step % 2
    return tuple(MIDDLE + UNIT * (step * int(2 * slot - count + 1) // 2) for slot in slots)


def _layers(sizes: Sequence[int], names: Sequence[str]) -> list[Layer]:
    """Columns at even distances, with room for the `names` of the outputs on the right."""
    right = min(RIGHT, svg.WIDTH - GAP - max((svg.width_of(name, 12) for name in names), default=0))
    step = UNIT / 2 * int((right - LEFT) * 2 / UNIT / (len(sizes) - 1))
    return [
        Layer(_kind(number, len(sizes)), size, LEFT + step * number, drawn(size), heights(size))
        for number, size in enumerate(sizes)
    ]


def _connections(layers: Sequence[Layer]) -> str:
    """Every line, in units from the middle of the first column, there and back without lifting the pen.

    Two neurons at a time: from the one to the next layer's first, back to the other, to the second, back to the one.
    """
    parts: list[str | float] = []
    for before, after in pairwise(layers):
        x, across = (before.x - LEFT) / UNIT, (after.x - before.x) / UNIT
        starts, ends = ([(y - MIDDLE) // UNIT for y in layer.heights] for layer in (before, after))
        for pair in zip(starts[::2], [*starts[1::2], starts[-1]], strict=False):
            parts += ["M", x, pair[0], "c"]
            for number, end in enumerate(ends):
                here, there = pair[number % 2], pair[1 - number % 2]
                parts += [*svg.curve(across, end - here), *svg.curve(-across, there - end)]
    place = f"translate({LEFT} {MIDDLE})scale({UNIT})"
    return f'<path class="nnb-connections" transform="{place}" d="{svg.path(*parts)}"/>'


def _neurons(layer: Layer) -> str:
    """Inputs are pixels, so they are squares; neurons are circles; three dots stand for those not drawn."""
    shape, above = (SQUARE, 5) if layer.kind == "input" else (CIRCLE, 8)
    drawn_ones = svg.row_of(shape, layer.x, [y - above for y in layer.heights])
    dots = svg.row_of(svg.DOT, layer.x, [MIDDLE - 6, MIDDLE, MIDDLE + 6])
    return f'<path class="nnb-neurons" d="{drawn_ones}"/>' + (
        "" if layer.whole else f'<path class="nnb-dots" d="{dots}"/>'
    )


def _names(layers: Sequence[Layer], input_shape: tuple[int, ...], language: str) -> str:
    """Under each layer its name and its size; only the size of hidden ones where there is no room."""
    names, sizes = [], []
    for layer in layers:
        crowded, size, x = len(layers) > 3, count(layer.size, language), layer.x
        if layer.kind == "input":
            size = f"{' × '.join(map(str, input_shape))} = {size}"
            x = max(x, math.ceil(svg.width_of(size, 11) / 2))
        elif not crowded:
            size = text("network_diagram.neurons", language, count=layer.size)
        nameless = layer.kind == "hidden" and crowded
        if not nameless:
            names.append(svg.label(x, TOP + HEIGHT + 20, text(f"network_diagram.{layer.kind}_layer", language)))
        sizes.append(svg.label(x, TOP + HEIGHT + (20 if nameless else 36), size))
    return svg.group(names, "nnb-strong") + svg.group(sizes, "nnb-quiet")


def _outer_labels(layers: Sequence[Layer], names: Sequence[str]) -> str:
    """x with its index beside the first inputs and the last, names beside the outputs."""
    inputs, outputs = layers[0], layers[-1]
    shown = {0, 1, 2, len(inputs.neurons) - 1}
    symbols = [
        svg.indexed(inputs.x - 12, y + 4, "x", neuron + 1)
        for place, (neuron, y) in enumerate(zip(inputs.neurons, inputs.heights, strict=True))
        if place in shown
    ]
    classes = [
        svg.label(outputs.x + GAP - 1, y + 4, names[neuron])
        for neuron, y in zip(outputs.neurons, outputs.heights, strict=True)
        if names
    ]
    return svg.group(symbols, "nnb-value", "end") + svg.group(classes, anchor="start")


def _describe(layers: Sequence[Layer], weights: int, language: str) -> str:
    names = [
        f"{text(f'network_diagram.{layer.kind}_layer', language)} ({count(layer.size, language)})" for layer in layers
    ]
    return text("network_diagram.alt", language, layers=" → ".join(names), count=weights)
