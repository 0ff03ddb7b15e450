"""Forward: a small network calculated by hand, every product, sum and activation written out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import svg
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.functions import activation_function
from nnbook.localisation import decimal, signed, text

Arrays = Sequence[NDArray[np.floating]]
RADIUS, ROW = 20, 66  # of a neuron in the drawing; from one to the next


@dataclass
class _Neuron:
    """An input or a neuron. All numbers that are calculated have numbers of their own, in order, inputs first."""

    symbol: str
    index: int
    place: tuple[float, float]
    value: float
    known: int  # the number of its value
    given: int  # where its weights, and then its bias, stand among all that is given; of an input, its value
    sources: "list[_Neuron]" = field(default_factory=list)
    weights: Sequence[float] = ()
    bias: float = 0.0

    @property
    def products(self) -> list[float]:
        return [float(weight * source.value) for weight, source in zip(self.weights, self.sources, strict=True)]

    @property
    def sum(self) -> float:
        return sum(self.products) + self.bias

    @property
    def spoken(self) -> str:
        return f"{self.symbol}{self.index}"

    @property
    def name(self) -> str:
        return f"<i>{self.symbol}</i><sub>{self.index}</sub>"


@arrays.taken(weights="layers", biases="all_biases", inputs="numbers")
def forward(
    weights: Arrays,
    biases: Arrays,
    inputs: NDArray[np.floating],
    activation: str = "sigmoid",
    name: str = "forward",
    interactive: bool = True,
) -> Figure:
    """A forward pass through a few neurons, number by number; the reader goes step by step and changes what is given.

    Args:
        weights: of each layer, (neurons, inputs of the layer).
        biases: of each layer, (neurons,).
        inputs: (inputs,) of the first layer.
        activation: of all neurons: `sigmoid`, `relu` or `tanh`.
        name: of the figure in the page's address, as in `#forward:step=3`.
        interactive: whether it answers to the reader.

    Facts: in `layers`, for each, the `sums` and the `activations` of its neurons; `parameters`, how many there are.

    Explained in: neural-networks, "Layers, and the way forward".

    Example:
        >>> forward([[[1, -2, 1], [-1, 1, 2]], [[2, -1]]], [[0, -1], [0.5]], inputs=[1, 0.5, 0])
    """
    inputs = arrays.vector(inputs, weights[0].shape[1], "inputs")
    layers = _layers(weights, biases, inputs.tolist(), activation)
    neurons = [neuron for layer in layers[1:] for neuron in layer]
    sizes = [len(layer) for layer in layers]
    facts = {
        "layers": [
            {"sums": [round(one.sum, 6) for one in layer], "activations": [round(one.value, 6) for one in layer]}
            for layer in layers[1:]
        ],
        "parameters": sum(layer.size + len(layer) for layer in weights),
    }

    def render(language: str) -> str:
        drawing = svg.drawing(ROW * max(sizes), text("forward.alt", language, sizes="–".join(map(str, sizes))), [
            *(_wires(neuron) for neuron in neurons),
            *(_node(neuron, language) for layer in layers for neuron in layer),
        ])  # fmt: skip
        rows = ""
        for one in layers[0]:
            field = _given(one.given, text("forward.input_of", language, name=one.spoken), decimal(one.value, language))
            rows += f'<tr><th scope="row">{one.name}</th><td></td>{field}<td></td></tr>'
        sums = _table(escape(text("forward.inputs", language)), rows)
        sums += "".join(_table(one.name, _rows(one, activation, language)) for one in neurons)
        legend = f'<p class="nnb-sum">{escape(text("forward.legend", language))}</p>'
        return f'{drawing}{legend}<div class="nnb-equation nnb-forward-sums">{sums}</div>'

    static = Figure("forward", render, facts)
    if not interactive:
        return static
    given = [*inputs, *(number for one in neurons for number in (*one.weights, one.bias))]
    data = {"name": name, "sizes": sizes, "activation": activation, "given": [float(number) for number in given]}
    return interactive_figure("forward", static, data)


def _layers(weights: Arrays, biases: Arrays, inputs: Sequence[float], activation: str) -> list[list[_Neuron]]:
    """The inputs, and then the neurons of each layer; hidden ones are counted through all layers."""
    tall, apart = max(len(inputs), *map(len, biases)), (svg.WIDTH - 4 * RADIUS) / len(weights)

    def place(depth: int, number: int, size: int) -> tuple[float, float]:
        return 2 * RADIUS + depth * apart, ROW * ((tall - size) / 2 + number + 0.62)

    layers = [[_Neuron("x", at + 1, place(0, at, len(inputs)), value, at, at) for at, value in enumerate(inputs)]]
    known = given = len(inputs)
    hidden = 0
    for depth, (rows, bias) in enumerate(zip(weights, biases, strict=True), 1):
        last, before = depth == len(weights), layers[-1]
        layers.append([])
        for number, (row, start) in enumerate(zip(rows, bias, strict=True)):
            hidden += not last
            known += len(row) + 2
            which = ("y", number + 1) if last else ("h", hidden)
            neuron = _Neuron(*which, place(depth, number, len(rows)), 0.0, known - 1, given, before, row, float(start))
            neuron.value = float(activation_function(activation)(neuron.sum))
            given += len(row) + 1
            layers[-1].append(neuron)
    return layers


def _wires(neuron: _Neuron) -> str:
    """The connections that lead to a neuron, as wide as their weights are large."""
    (x, y), first = neuron.place, neuron.known - len(neuron.weights) - 1
    drawn = ""
    for at, (source, weight) in enumerate(zip(neuron.sources, neuron.weights, strict=True)):
        line = svg.path("M", source.place[0] + RADIUS, source.place[1], "L", x - RADIUS, y)
        drawn += f'<path data-wire="{neuron.given + at}" data-product="{first + at}" d="{line}"'
        drawn += f' class="nnb-forward-{"minus" if weight < 0 else "plus"}"'
        drawn += f' style="stroke-width:{min(6, abs(2 * weight)):.2f}"/>'
    return drawn


def _node(neuron: _Neuron, language: str) -> str:
    """A neuron with its value inside and its symbol above."""
    x, y = neuron.place
    inside = decimal(neuron.value, language, 3 if neuron.sources else 2)
    return (
        f'<circle class="nnb-neurons" data-node="{neuron.known}" cx="{x:g}" cy="{y:g}" r="{RADIUS}"/>'
        f'<text data-known="{neuron.known}" class="nnb-value" x="{x:g}" y="{y + 4:g}">{inside}</text>'
        f"{svg.indexed(x, y - RADIUS - 5, neuron.symbol, neuron.index)}"
    )


def _table(caption: str, rows: str) -> str:
    return f'<table class="nnb-table nnb-forward-sum"><caption>{caption}</caption><tbody>{rows}</tbody></table>'


def _rows(neuron: _Neuron, activation: str, language: str) -> str:
    """The sum of a neuron: a row for each product, the bias, the sum, and what the activation makes of it."""
    own, first = neuron.spoken, neuron.known - len(neuron.weights) - 1
    rows = []
    for at, (source, weight, product) in enumerate(zip(neuron.sources, neuron.weights, neuron.products, strict=True)):
        label = text("forward.weight_of", language, source=source.spoken, name=own)
        value = decimal(source.value, language, 3 if source.sources else 2)
        row = f'<tr><th scope="row">{source.name}</th><td data-known="{source.known}">{value}</td>'
        row += _given(neuron.given + at, label, signed(weight, language), "× ")
        rows.append(row + _made(first + at, signed(product, language, 3)))
    bias, total, out = (escape(text(f"forward.{key}", language)) for key in ("bias", "sum", activation))
    label, made = text("forward.bias_of", language, name=own), signed(neuron.sum, language, 3)
    field = _given(neuron.given + len(neuron.weights), label, signed(neuron.bias, language))
    rows.append(f'<tr><th scope="row" colspan="2">{bias}</th>{field}<td></td></tr>')
    rows.append(f'<tr><th scope="row" colspan="3">{total}</th>{_made(neuron.known - 1, made)}')
    rows.append(f'<tr><th scope="row" colspan="3">{out}</th>{_made(neuron.known, decimal(neuron.value, language, 3))}')
    return "".join(rows)


def _given(at: int, label: str, value: str, sign: str = "") -> str:
    return f'<td>{sign}<span data-given="{at}" data-label="{escape(label)}">{value}</span></td>'


def _made(known: int, value: str) -> str:
    return f'<td>= <span data-known="{known}">{value}</span></td></tr>'
