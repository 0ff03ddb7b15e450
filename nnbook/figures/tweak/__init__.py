"""Tweak: one weight of the first layer is turned, and everything behind it moves."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import svg
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.functions import activation_function
from nnbook.figures.kit.sliders import sliders
from nnbook.localisation import decimal, signed, text

INPUTS = (1.0, 0.5)
# Of three layers of sigmoid neurons, (neurons, inputs of the layer), chosen so that no change is too small to be seen.
WEIGHTS: tuple[Sequence[Sequence[float]], ...] = (
    ((-1.3, -0.8), (-2, 2), (1.2, -0.5)),
    ((-2.9, 2.2, -0.5), (-1.7, 2.4, 1.2), (1.6, -2.7, -1.7)),
    ((-2.6, -0.6, 2.3), (1.7, -1.1, -2.7)),
)
TURNED = 0.7  # what the weight from the first input to the first neuron becomes
LIMIT = 4  # of what the reader can make of a weight
ACROSS, ROW, RADIUS = (22, 113, 204, 295), 98, 20
WIDEST, PER_UNIT = 8, 11  # of a line, and for each unit of change that it carries
Layers = list[NDArray[np.float64]]


def tweak(name: str = "tweak", interactive: bool = True) -> Figure:
    """A network of eight neurons in which one weight of the first layer is turned: what changes, and by how much.

    The reader chooses the weight and turns it. Activations are drawn as they were and as they are; lines are as wide as
    the change that they carry.

    Args:
        name: of the figure in the page's address, as in `#tweak:edge=2,w=1.5`.
        interactive: whether it answers to the reader.

    Facts, of the picture at rest: `weight` with `before`, `after` and `change`; `layers`, for each after the inputs the
    activations `before` and `after`, and the `changes`; of all `neurons`, how many `moved` and how many are `still`;
    `largest`, the change of largest size, and `outputs`, that among the outputs; `first_layer`, how many weights the
    first layer has, and `weights`, how many there are in all.

    Explained in: how-neural-networks-are-trained, "Why training is hard".
    """
    weights = [np.array(layer, dtype=float) for layer in WEIGHTS]
    before = _activations(weights)
    turned = [layer.copy() for layer in weights]
    turned[0][0, 0] = TURNED
    after = _activations(turned)
    changes = [new - old for old, new in zip(before, after, strict=True)]
    every = np.concatenate(changes[1:])
    found = {"before": before, "after": after, "changes": changes}
    facts = {
        "weight": {"before": WEIGHTS[0][0][0], "after": TURNED, "change": round(TURNED - WEIGHTS[0][0][0], 6)},
        "layers": [{key: np.round(values[depth], 6).tolist() for key, values in found.items()} for depth in (1, 2, 3)],
        "neurons": len(every),
        "moved": int((every != 0).sum()),
        "still": int((every == 0).sum()),
        "largest": round(float(every[np.abs(every).argmax()]), 6),
        "outputs": round(float(changes[-1][np.abs(changes[-1]).argmax()]), 6),
        "first_layer": weights[0].size,
        "weights": sum(layer.size for layer in weights),
    }

    def render(language: str) -> str:
        said = _said(facts, every, language)
        wires = [
            _wire(depth, source, neuron, float(weight * changes[depth][source]), (depth, source, neuron) == (0, 0, 0))
            for depth, layer in enumerate(turned)
            for neuron, row in enumerate(layer)
            for source, weight in enumerate(row)
        ]
        names = iter(_names())
        nodes = [
            _node(depth, number, next(names), (before[depth][number], after[depth][number]), language)
            for depth, layer in enumerate(before)
            for number in range(len(layer))
        ]
        labels = (svg.label(-6, y, said[key], "start", f"nnb-tweak-{key}") for key, y in (("weight", 8), ("turn", 23)))
        drawing = svg.drawing(3 * ROW, text("tweak.alt", language, **said), [*wires, *nodes, *labels])
        legend = escape(text("tweak.legend", language))
        return (
            f'{drawing}<p class="nnb-sum nnb-tweak-said">{escape(text("tweak.said", language, **said))}</p>'
            f'<p class="nnb-sum nnb-quiet">{legend}</p>'
        )

    static = Figure("tweak", render, facts)
    if not interactive:
        return static
    slider = sliders({"w": TURNED}, -LIMIT, LIMIT, 0.1)
    data = {"name": name, "inputs": INPUTS, "weights": WEIGHTS, "names": _names(), "start": slider}
    return interactive_figure("tweak", static, data | {"widest": WIDEST, "per_unit": PER_UNIT})


def _activations(weights: Layers) -> Layers:
    """The inputs, and what each layer gives out, for `weights` of each layer (neurons, inputs of the layer)."""
    found: Layers = [np.array(INPUTS)]
    for layer in weights:
        found.append(np.asarray(activation_function("sigmoid")(layer @ found[-1])))
    return found


def _names() -> list[str]:
    """What inputs and neurons are called; hidden ones are counted through all layers, as in `forward`."""
    hidden, outputs = sum(len(layer) for layer in WEIGHTS[:-1]), len(WEIGHTS[-1])
    counted = (("x", len(INPUTS)), ("h", hidden), ("y", outputs))
    return [f"{symbol}{'₀₁₂₃₄₅₆₇₈₉'[number]}" for symbol, count in counted for number in range(1, count + 1)]


def _said(facts: Mapping[str, Any], changes: NDArray[np.floating], language: str) -> dict[str, str]:
    """What the sentences about the picture are filled with."""
    names = _names()[len(INPUTS) :]
    before, after = (signed(facts["weight"][key], language) for key in ("before", "after"))
    return {
        "weight": f"{_names()[0]} → {names[0]}",
        "turn": f"{before} → {after}",
        "changes": ", ".join(
            f"{name} {signed(value, language, 3)}" for name, value in zip(names, changes, strict=True)
        ),
        "moved": str(facts["moved"]),
        "neurons": str(facts["neurons"]),
        "still": ", ".join(name for name, value in zip(names, changes, strict=True) if value == 0),
    }


def _place(depth: int, number: int) -> tuple[float, float]:
    """The middle of an input (`depth` 0) or a neuron."""
    size = len(INPUTS) if depth == 0 else len(WEIGHTS[depth - 1])
    return ACROSS[depth], ROW * ((3 - size) / 2 + number + 0.42)


def _wire(depth: int, source: int, neuron: int, change: float, turned: bool) -> str:
    """A connection, as wide as the `change` that it carries; the turned one is none of them."""
    line = svg.path("M", *_place(depth, source), "L", *_place(depth + 1, neuron))
    kind = "turned" if turned else _kind(change)
    width = 3 if turned else min(WIDEST, 1 + PER_UNIT * abs(change))
    return f'<path class="nnb-tweak-{kind}" d="{line}" style="stroke-width:{width:.2f}"/>'


def _node(depth: int, number: int, name: str, values: tuple[float, float], language: str) -> str:
    """An input or a neuron, lit up by its change: what it gives out, below it what it gave before, and the change."""
    x, y = _place(depth, number)
    before, after = values
    circle = f'<circle class="nnb-neurons" cx="{x:g}" cy="{y:g}" r="{RADIUS}"/>'
    symbol = svg.label(x, y - RADIUS - 5, name, kind="nnb-symbol")
    if depth == 0:
        return circle + symbol + svg.label(x, y + 4, decimal(after, language), kind="nnb-value")
    written = [decimal(value, language, 3) for value in values]
    change = signed(after - before, language, 3)
    strong = "nnb-value nnb-strong"
    lit = f'<circle class="nnb-tweak-{_kind(after - before)}" cx="{x:g}" cy="{y:g}" r="{RADIUS}"'
    return (
        f'{circle}{lit} style="fill-opacity:{_light(after - before):.2f}"/>{symbol}'
        "<g data-node>"
        f"{svg.label(x, y + 4, written[1], kind=strong)}"
        f"{svg.label(x, y + RADIUS + 14, written[0], kind='nnb-quiet nnb-halo')}"
        f"{svg.label(x, y + RADIUS + 29, change, kind=f'{strong} nnb-halo nnb-tweak-{_kind(after - before)}')}</g>"
    )


def _kind(change: float) -> str:
    return "plus" if change > 0 else "minus" if change < 0 else "still"


def _light(change: float) -> float:
    """How strongly a neuron is lit; the number in it must stay readable."""
    return min(0.6, 0.1 + 1.2 * abs(change)) if change else 0.0
