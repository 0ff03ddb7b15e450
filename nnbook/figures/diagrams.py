"""Diagrams of fully connected networks: layers as columns, every neuron of a layer connected with all of the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nnbook.figures import svg
from nnbook.figures.figure import Figure
from nnbook.localisation import class_name, count, text

MOST = 10  # neurons of a layer that are all drawn; of a longer one only the first and last are
ENDS = 5
HEIGHT = 330.0  # of the columns of neurons: 30 for each of the 11 places in a long layer, 33 for each of 10
TOP = 4.0
GAP = 16.0  # between the last column and the names of its neurons
LEFT, RIGHT = 54.0, 290.0  # of the first column and, where names are short, of the last


@dataclass(frozen=True)
class Layer:
    """One column of the diagram: where it stands, and which of its neurons are drawn at which height."""

    kind: str  # "input", "hidden" or "output"
    size: int
    x: float
    neurons: tuple[int, ...]
    heights: tuple[float, ...]

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

    Facts: `sizes`, `inputs`, `outputs`, `weights` and `biases` (how many there are), `parameters` (both together); for
        each layer in `layers` its `kind`, `size`, and for all but the first its number of `weights`.

    Explained in: looking-inside-neural-networks, "Seeing the weights" and "A hidden layer".
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
        parts = [_connections(before, after) for before, after in pairwise(layers)]
        for layer in layers:
            parts.append(_neurons(layer))
            parts.append(_names(layer, input_shape, len(layers) > 3, language))
        parts.append(_outer_labels(layers, names))
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


def _layers(sizes: Sequence[int], names: Sequence[str]) -> list[Layer]:
    """Columns at even distances, each filling the height, with room for the `names` of the outputs on the right."""
    right = min(RIGHT, svg.WIDTH - GAP - max((svg.width_of(name, 12) for name in names), default=0))
    layers = []
    for number, (size, x) in enumerate(zip(sizes, np.linspace(LEFT, right, len(sizes)), strict=True)):
        neurons = drawn(size)
        slots = np.arange(len(neurons))
        if size > MOST:  # one slot in the middle is for the dots
            slots[ENDS:] += 1
        step = HEIGHT / (slots[-1] + 1)
        heights = tuple(int(TOP + (slot + 0.5) * step) for slot in slots)  # whole numbers keep the drawing small
        layers.append(Layer(_kind(number, len(sizes)), size, round(float(x)), neurons, heights))
    return layers


def _connections(before: Layer, after: Layer) -> str:
    """A line from each neuron of `before` to each of `after`, in an order in which most begin where one has ended."""
    ends = [
        ((before.x, start), (after.x, end))
        for to in _twos(after.heights)
        for start_pair in _twos(before.heights)
        for end, starts in zip(to, (start_pair, start_pair[::-1]), strict=False)
        for start in starts
    ]
    return f'<path class="nnb-connections" d="{svg.curves(ends)}"/>'


def _twos(heights: Sequence[float]) -> list[Sequence[float]]:
    return [heights[at : at + 2] for at in range(0, len(heights), 2)]


def _neurons(layer: Layer) -> str:
    """Inputs are pixels, so they are squares; neurons are circles; three dots stand for those not drawn."""
    shapes = []
    for y in layer.heights:
        if layer.kind == "input":
            shapes.append(f'<rect x="{layer.x - 5:g}" y="{y - 5:g}" width="10" height="10" rx="1"/>')
        else:
            shapes.append(f'<circle cx="{layer.x:g}" cy="{y:g}" r="{8 if layer.whole else 7}"/>')
    numbers = ",".join(map(str, layer.neurons))
    group = f'<g class="nnb-neurons" data-neurons="{numbers}">{"".join(shapes)}</g>'
    if layer.whole:
        return group
    middle = TOP + HEIGHT / 2
    dots = "".join(f'<circle cx="{layer.x:g}" cy="{middle + offset:g}" r="1.6"/>' for offset in (-6, 0, 6))
    return f'{group}<g class="nnb-dots">{dots}</g>'


def _names(layer: Layer, input_shape: tuple[int, ...], crowded: bool, language: str) -> str:
    """The layer's name and size, under it; only its size where there is no room."""
    y, size = TOP + HEIGHT, count(layer.size)
    if layer.kind == "input":
        size = f"{' × '.join(map(str, input_shape))} = {size}"
    elif not crowded:
        size = text("diagram.neurons", language, count=size)
    if layer.kind == "hidden" and crowded:
        return svg.label(layer.x, y + 20, size, kind="nnb-quiet")
    x = max(layer.x, svg.width_of(size, 11) / 2) if layer.kind == "input" else layer.x
    name = svg.label(x, y + 20, text(f"diagram.{layer.kind}_layer", language), kind="nnb-strong")
    return name + svg.label(x, y + 36, size, kind="nnb-quiet")


def _outer_labels(layers: Sequence[Layer], names: Sequence[str]) -> str:
    """x with its index beside the first inputs and the last, names beside the outputs."""
    inputs, outputs = layers[0], layers[-1]
    shown = {0, 1, 2, len(inputs.neurons) - 1}
    labels = [
        svg.indexed(inputs.x - 12, y + 4, "x", neuron + 1, "end")
        for place, (neuron, y) in enumerate(zip(inputs.neurons, inputs.heights, strict=True))
        if place in shown
    ]
    for neuron, y in zip(outputs.neurons, outputs.heights, strict=True):
        if names:
            labels.append(svg.label(outputs.x + GAP - 1, y + 4, names[neuron], "start"))
    return "".join(labels)


def _describe(layers: Sequence[Layer], weights: int, language: str) -> str:
    names = [f"{text(f'diagram.{layer.kind}_layer', language)} ({count(layer.size)})" for layer in layers]
    return text("diagram.alt", language, layers=" → ".join(names), weights=count(weights))
