"""A network that learns to tell points of the plane apart, with maps of what it and each of its neurons say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from nnbook.figures.kit import parts, raster, svg
from nnbook.figures.kit.curves import LEFT, RIGHT, Panel, places_below
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.numbers import packed_scale
from nnbook.figures.kit.packing import pack
from nnbook.localisation import count, decimal, text
from nnbook.page_training import Run, Settings, followed

Numbers = NDArray[np.float64]
PER_CLASS, EDGE = 60, 1.2  # points of each class, and where the plane ends on all sides
PALE = 0.38  # how strong the large map is, so that points stand out
CELLS, MAP, SMALL, BETWEEN = (
    60,
    300,
    36,
    6,
)  # of a map on a side; widths of the large one, a neuron's, and between those
AT = (svg.WIDTH - MAP) // 2  # where the large map begins
INPUTS, FIRST, ROW = 12, 48, 78  # heights of the names of the inputs, of the first layer, and from layer to layer
EPOCHS, LOOK, LOSS = 1000, 5, Panel(28, 128, (0.001, 0.01, 0.1, 1), powers=True)
CHOICES: Mapping[str, Sequence[Any]] = {
    "data": ("moons", "circles", "spirals", "own"),
    "first": (0, 1, 2, 3, 4, 5, 6, 7, 8),
    "second": (0, 1, 2, 3, 4, 5, 6, 7, 8),
    "activation": ("tanh", "relu", "sigmoid"),
    "rate": (0.01, 0.03, 0.1, 0.3, 1, 3),
    "batch": (1, 5, 20, 120),
    "momentum": (0, 0.5, 0.9),
    "seed": (1, 2, 3, 4, 5),
}
START = Settings((4,), "tanh", rate=0.1, batch=20, momentum=0)
LABELS = np.repeat([0, 1], PER_CLASS)


def plane(name: str = "plane", interactive: bool = True) -> Figure:
    """A network learns in the page to tell points of two classes apart: moons, circles, spirals, or the reader's own.

    The large map has the colour of the class that the network takes each place for, the stronger, the surer it is. The
    small ones show what each hidden neuron gives out there, the lines between them the weights. At rest the run with
    the settings at the start is over: moons, four hidden neurons with tanh, rate 0.1, batches of 20.

    Args:
        name: of the figure in the page's address, as in `#plane:data=spirals,first=8,second=8`.
        interactive: whether it answers to the reader.

    Facts: `settings` of the run at rest, with its `data`; `points`, `epochs`, `steps`, `loss`, `right` at its end, and
    `early`, the same two after 100 epochs; `straight`, how many of the points are right without a hidden layer,
    for `moons`, `circles` and `spirals`, and `spirals`, how many with `four` hidden neurons and with two layers of
    `eight`, all after as many epochs.

    Explained in: how-neural-networks-are-trained, "Train it here".

    Example:
        >>> figures.plane()
    """
    run, looks = _run("moons", START)
    loss, right = run.judged(run.inputs, LABELS)
    early = looks[100 // LOOK - 1]
    facts: dict[str, Any] = {"settings": {"data": "moons", **asdict(START)}, "points": len(LABELS), "epochs": EPOCHS}
    facts |= {"steps": run.steps, "loss": round(loss, 6), "right": right}
    facts |= {"early": {"loss": round(early["loss"], 6), "right": round(early["accuracy"] * len(LABELS))}}
    facts |= {"straight": {data: _right(data, Settings(rate=0.1, batch=20)) for data in SHAPES}}
    deep = {"four": START, "eight": Settings((8, 8), "tanh", rate=0.1, batch=20)}
    facts["spirals"] = {key: _right("spirals", settings) for key, settings in deep.items()}
    maps, drawn = _maps(run), _Layout(START.hidden)

    def render(language: str) -> str:
        said = {"right": count(right, language), "total": count(len(LABELS), language)}
        said |= {"loss": decimal(loss, language, 3), "epochs": count(EPOCHS, language)}
        alt = text("plane.alt", language, **said)
        pictures = [
            (*place, raster.diverging_img(picture, 1, "", 1)) for place, picture in zip(drawn.places, maps, strict=True)
        ]
        content = [*_edges(run, drawn), *_frame(drawn), _large(run.inputs, drawn)]
        stage = parts.on_stage(drawn.height, pictures, svg.drawing(drawn.height, alt, content))
        curve = LOSS.line([look["epoch"] / EPOCHS for look in looks], [look["loss"] for look in looks])
        summary = f'<p class="nnb-sum">{text("plane.summary", language, **said)}</p>'
        legend = f'<p class="nnb-sum nnb-quiet">{text("plane.legend", language)}</p>'
        return f'<div class="nnb-plane-parts">{stage}<div>{_curve(curve, said, language)}{summary}{legend}</div></div>'

    static = Figure("training-plane", render, facts)
    if not interactive:
        return static
    first = {"data": "moons", "first": START.hidden[0], "second": 0, "activation": START.activation}
    first |= {key: getattr(START, key) for key in ("rate", "batch", "momentum", "seed")}
    data: dict[str, Any] = {"name": name, "choices": CHOICES, "first": first, "epochs": EPOCHS}
    data["paces"] = {"slow": 5, "medium": 50, "fast": 1e6}  # epochs a second
    data |= {"look": LOOK, "panel": LOSS.data, "scale": packed_scale(), "edge": EDGE, "cells": CELLS, "pale": PALE}
    data |= {"map": MAP, "at": AT, "small": SMALL, "between": BETWEEN, "inputs": INPUTS, "top": FIRST, "row": ROW}
    data["points"] = {key: _packed(points(key)) for key in SHAPES}
    return interactive_figure("plane", static, data)


def _moons(rng: np.random.Generator) -> Numbers:
    turn = np.pi * rng.uniform(size=(2, PER_CLASS))
    both = [[np.cos(turn[0]) - 0.5, np.sin(turn[0]) - 0.25], [0.5 - np.cos(turn[1]), 0.25 - np.sin(turn[1])]]
    return 0.58 * np.concatenate(both, axis=1).T + rng.normal(0, 0.07, (2 * PER_CLASS, 2))


def _circles(rng: np.random.Generator) -> Numbers:
    turn = 2 * np.pi * rng.uniform(size=2 * PER_CLASS)
    radius = np.repeat([0.32, 0.82], PER_CLASS) + rng.normal(0, 0.07, 2 * PER_CLASS)
    return radius[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def _spirals(rng: np.random.Generator) -> Numbers:
    way = np.tile(np.linspace(0.1, 1, PER_CLASS), 2)
    turn = 2.9 * np.pi * way + np.repeat([0, np.pi], PER_CLASS)
    return way[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1) + rng.normal(0, 0.02, (2 * PER_CLASS, 2))


SHAPES = {"moons": _moons, "circles": _circles, "spirals": _spirals}


def points(data: str) -> Numbers:
    """The points of a shape, (2 * PER_CLASS, 2), those of the first class first, to hundredths."""
    return np.clip(SHAPES[data](np.random.default_rng(1)).round(2), -1.15, 1.15)


def _packed(places: Numbers) -> str:
    """For `nnbook.unpack`: hundredths above the lowest edge, x and y in turns."""
    return pack(np.rint(100 * (places + EDGE)).astype(int).ravel().tolist(), 2)


@lru_cache(maxsize=16)
def _run(data: str, settings: Settings) -> tuple[Run, list[dict[str, float]]]:
    run = Run(points(data), LABELS, settings, 2)
    return run, followed(run, EPOCHS, LOOK * len(LABELS), (run.inputs, LABELS))


def _right(data: str, settings: Settings) -> int:
    run, _ = _run(data, settings)
    return run.judged(run.inputs, LABELS)[1]


def _maps(run: Run) -> list[Numbers]:
    """What each hidden neuron gives out, and how sure the network is of the second class: (CELLS, CELLS) each."""
    middle = EDGE * ((2 * np.arange(CELLS) + 1) / CELLS - 1)
    grid = np.stack(np.meshgrid(middle, -middle), axis=-1).reshape(-1, 2)
    with threadpool_limits(1, user_api="blas"):
        *hidden, scores = run.network.activations(grid)
    sure = np.tanh((scores[:, 1] - scores[:, 0]) / 2)  # the difference of both probabilities
    neurons = [column for layer in hidden for column in layer.T]
    return [values.reshape(CELLS, CELLS) for values in (*neurons, PALE * sure)]


class _Layout:
    """Where everything lies for `hidden` layers: the inputs, below them a row of maps for each layer, the large map."""

    def __init__(self, hidden: Sequence[int]) -> None:
        self.top = FIRST + ROW * len(hidden)
        self.height = self.top + MAP + 20
        rows = [[svg.WIDTH / 2 + (SMALL + BETWEEN) * (at - (size - 1) / 2) for at in range(size)] for size in hidden]
        self.columns = [[svg.WIDTH / 2 - 60, svg.WIDTH / 2 + 60], *rows, [svg.WIDTH / 2]]
        self.places = [(x - SMALL / 2, FIRST + ROW * at, SMALL, SMALL) for at, row in enumerate(rows) for x in row]
        self.places.append((AT, self.top, MAP, MAP))


def _edges(run: Run, layout: _Layout) -> Iterator[str]:
    """A line for each weight, the wider, the larger, coloured by its sign; into the large map for the second class."""
    *hidden, last = run.network.weights
    drawn = []
    for number, weights in enumerate([*hidden, last[1:] - last[:1]]):
        start = INPUTS + 6 if number == 0 else FIRST + ROW * number + SMALL - ROW
        end = FIRST + ROW * number
        for row, x in zip(weights, layout.columns[number + 1], strict=True):
            for weight, before in zip(row, layout.columns[number], strict=True):
                way = svg.path("M", before, start, "C", before, (start + end) / 2, x, (start + end) / 2, x, end)
                share, sign = abs(weight) / np.abs(weights).max(), "positive" if weight > 0 else "negative"
                drawn.append(f'<path class="nnb-{sign}" style="--share:{share:.2f}" d="{way}"/>')
    yield svg.group(drawn, "nnb-fan nnb-plane-edges")


def _frame(layout: _Layout) -> Iterator[str]:
    """The outlines of the small maps, and the names of the inputs above."""
    outlines = "".join(f"M{x:g} {y:g}h{SMALL}v{SMALL}h-{SMALL}z" for x, y, *_ in layout.places[:-1])
    yield f'<path class="nnb-plane-frame" d="{outlines}"/>'
    yield from (svg.indexed(x, INPUTS, "x", number) for number, x in enumerate(layout.columns[0], 1))


def _large(places: Numbers, layout: _Layout) -> str:
    """What lies on the large map: its axes, and dots for the first class, squares for the second, rimmed by paper."""
    content = [f'<rect class="nnb-plane-frame" x="{AT}" width="{MAP}" height="{MAP}"/>']
    content += [svg.indexed(AT + MAP, MAP + 15, "x", 1, "end"), svg.indexed(AT - 3, 10, "x", 2, "end")]
    x, y = AT + MAP / 2 * (1 + places[:, 0] / EDGE), MAP / 2 * (1 - places[:, 1] / EDGE)
    for kind in (0, 1):
        own = zip(x[kind == LABELS].tolist(), y[kind == LABELS].tolist(), strict=True)
        dots = svg.path(*(part for across, down in own for part in ("M", across, down, svg.DOT)))
        content.append(f'<path class="nnb-kind-{kind} nnb-rim" d="{dots}"/><path class="nnb-kind-{kind}" d="{dots}"/>')
    return f'<g class="nnb-plane-large" transform="translate(0 {layout.top})">{"".join(content)}</g>'


def _curve(line: str, said: Mapping[str, str], language: str) -> str:
    """The loss for all points, from epoch to epoch."""
    content = [
        *LOSS.frame(language),
        svg.label(2, LOSS.top - 12, text("plane.loss", language), "start", "nnb-strong"),
        svg.label(RIGHT, LOSS.top - 12, said["loss"], "end", "nnb-run-name nnb-held"),
        f'<path class="nnb-run nnb-held" d="{line}"/>',
        places_below(LOSS.bottom + 18, {share: count(round(share * EPOCHS), language) for share in (0, 0.5, 1)}),
        svg.label((LEFT + RIGHT) / 2, LOSS.bottom + 34, text("plane.epochs", language)),
    ]
    return svg.drawing(LOSS.bottom + 40, text("plane.curve_alt", language, **said), content)
