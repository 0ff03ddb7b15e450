"""Architecture: a convolutional network as volumes, and how much of the image a value of any layer depends on."""

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, count, text

Range = tuple[int, int, int, int]  # first row, last row, first column, last column
COLUMN = 100  # values of a dense layer below each other; more stand in further columns
SHEETS = 8  # channels that are drawn one by one; more lie too close
BESIDE = {"short": 640, "long": 880}  # CSS pixels that volumes beside each other may take, see static.css
APART, TITLE = 24, 80  # from one to the next; of the title of one, at least
FUNCTIONS = ("relu", "sigmoid", "tanh")


class Trained(Protocol):
    """What this figure asks of a network."""

    layers: Sequence[str]
    input_shape: tuple[int, ...]
    class_keys: Sequence[str]


@dataclass
class Volume:
    """What comes in, or what a layer makes of it: `rows` x `columns` x `channels` numbers.

    The `units` of a dense layer have no places; their rows and columns are those of the drawing. The function behind a
    layer belongs to it: it changes values, not places.
    """

    kind: str
    rows: int
    columns: int
    channels: int
    window: tuple[int, int] = (1, 1)
    parameters: int = 0
    multiplications: int = 0
    function: str = ""
    units: int = 0

    @property
    def size(self) -> int:
        return self.units or self.rows * self.columns * self.channels

    def before(self, seen: Range, last: "Volume") -> Range:
        """Which places of the volume before, `last`, the places `seen` of this one depend on."""
        if self.kind == "dense":
            return 0, last.rows - 1, 0, last.columns - 1
        top, bottom, left, right = seen
        if self.kind == "pool":
            return 2 * top, 2 * bottom + 1, 2 * left, 2 * right + 1
        tall, wide = (side // 2 for side in self.window)  # what lies beyond the edge is zero and tells nothing
        return (
            max(0, top - tall),
            min(last.rows - 1, bottom + tall),
            max(0, left - wide),
            min(last.columns - 1, right + wide),
        )


@arrays.taken()
def architecture(
    network: Trained, image: NDArray[np.uint8], name: str = "architecture", interactive: bool = True
) -> Figure:
    """A network as volumes of rows x columns x channels, from the image to the scores, and what one value depends on.

    The reader points at a place of any volume: marked are the places of all volumes before it, and of the image, that
    the value there depends on, its receptive field. At rest it is one in the middle of the last convolution.

    Args:
        network: a trained network of convolutions, pools and dense layers.
        image: (H, W) ink or (H, W, 3) colours, of the size that the network sees.
        name: of the figure in the page's address, as in `#architecture:layer=3,row=7,column=7`, counted from 1.
        interactive: whether it answers to the reader; without, its static form alone.

    Facts: `image` with its `rows`, `columns` and `channels`; `layers`, for each convolution, pool and dense layer its
        `kind`, `rows`, `columns`, `channels`, `parameters`, `multiplications` for one image (those with the zeros
        around it included), and the `field`: how many `rows` and `columns` of the image a value depends on that is far
        from the edges; of all layers `parameters` and `multiplications`; `chosen`, at rest, with `layer`, `row` and
        `column`, counted from 1, and its `field`, with what is cut off at the edges left out.

    Explained in: convolutional-networks, "Deep".

    Example:
        >>> architecture(trained("mnist-convolutional"), load("mnist").test.images[0])
    """
    if image.shape != tuple(network.input_shape):
        raise ValueError(
            f"the image is one that the network sees, of shape {tuple(network.input_shape)}; got one of shape "
            f"{image.shape}; pass an image of its data set"
        )
    volumes = _volumes(network)
    side = max(volumes[0].rows, volumes[0].columns)
    at = max((at for at, one in enumerate(volumes) if one.kind == "convolution"), default=len(volumes) - 1)
    chosen = (at, volumes[at].rows // 2, volumes[at].columns // 2)
    seen = fields(volumes, *chosen)
    facts: dict[str, Any] = {
        "image": {key: getattr(volumes[0], key) for key in ("rows", "columns", "channels")},
        "layers": [_fact(volumes, layer) for layer in range(1, len(volumes))],
        "parameters": sum(one.parameters for one in volumes),
        "multiplications": sum(one.multiplications for one in volumes),
        "chosen": {"layer": at, "row": chosen[1] + 1, "column": chosen[2] + 1, "field": _extent(seen[0])},
    }
    depths = [round(side / 28 * 1.3 * math.sqrt(one.channels), 1) for one in volumes]
    zoom = raster.fitted(3, side)
    room = (
        sum(max(TITLE, zoom * (one.columns + depth)) + APART for one, depth in zip(volumes, depths, strict=True))
        - APART
    )
    fits = next((key for key, limit in BESIDE.items() if room <= limit), "tall")

    def render(language: str) -> str:
        items = ""
        for number, (one, depth) in enumerate(zip(volumes, depths, strict=True)):
            own = f"--u:{one.columns + depth:g};--v:{one.rows + depth:g};--zoom:{_cell(one, side, zoom)}"
            picture = "" if number else raster.img(raster.picture(image), "", zoom, _ink(image))
            deep = _deep(volumes, number, at)
            marks = _marks(one, depth, seen, number, chosen, deep and one.channels > 1)
            words = "".join(f"<span>{escape(word)}</span>" for word in _title(one, number, language))
            items += (
                f'<li style="{own}"{" data-chosen" if number == at else ""}><b>{words}</b>'
                f'<div class="nnb-arch-volume">{picture}{_box(one, depth, marks)}</div>'
                f"<span>{_size(one, number == len(volumes) - 1, language)}</span>"
                f'<span class="nnb-arch-sees">{escape(_sees(volumes, seen, number, at, language))}</span></li>'
            )
        said = _said(facts["chosen"], volumes, network.class_keys, language)
        cost = _cost(volumes, at, language)
        lines = "".join(f'<p class="nnb-sum">{escape(line)}</p>' for line in (said, cost))
        return f'<ol class="nnb-arch nnb-arch-{fits}">{items}</ol>{lines}'

    def words(language: str) -> dict[str, str]:
        found = {f"cost.{layer}": _cost(volumes, layer, language) for layer in range(1, len(volumes))}
        for number, one in enumerate(volumes):
            found[f"title.{number}"] = " ".join(_title(one, number, language))
        return found | {f"name.{number}": class_name(key, language) for number, key in enumerate(network.class_keys)}

    static = Figure("architecture", render, facts)
    if not interactive:
        return static
    data = {"name": name, "first": chosen, "depths": depths}
    keys = ("kind", "rows", "columns", "channels", "units", "window")
    data["volumes"] = [{key: asdict(one)[key] for key in keys} for one in volumes]
    return interactive_figure("architecture", static, data, words)


def _volumes(network: Trained) -> list[Volume]:
    """The image, and what each layer of the network makes of it."""
    rows, columns, *channels = network.input_shape
    found = [Volume("image", rows, columns, math.prod(channels))]
    for layer in network.layers:
        kind, _, rest = layer.partition(" ")
        numbers, last = [int(number) for number in re.findall(r"\d+", rest)], found[-1]
        if kind in FUNCTIONS:
            last.function = kind
        elif kind == "pool":
            found.append(Volume("pool", last.rows // 2, last.columns // 2, last.channels, (2, 2)))
        elif kind == "convolution":
            tall, wide, filters = numbers
            weights = tall * wide * last.channels * filters
            uses = weights * last.rows * last.columns
            found.append(Volume("convolution", last.rows, last.columns, filters, (tall, wide), weights + filters, uses))
        elif kind == "dense":
            (units,) = numbers
            one = Volume("dense", min(units, COLUMN), math.ceil(units / COLUMN), 1, units=units)
            one.parameters, one.multiplications = (last.size + 1) * units, last.size * units
            found.append(one)
        elif kind != "dropout":  # which does nothing once the training is over
            raise ValueError(
                f"the layers of this figure are convolution, pool, dense and {', '.join(FUNCTIONS)}; got {layer!r}; "
                "pass a network of these"
            )
    return found


def fields(volumes: Sequence[Volume], at: int, row: int, column: int) -> list[Range]:
    """For each of the `volumes` up to the one numbered `at`, the places that its value at a place depends on."""
    found = [(row, row, column, column)]
    for one, last in pairwise(reversed(volumes[: at + 1])):
        found.append(one.before(found[-1], last))
    return found[::-1]


def _deep(volumes: Sequence[Volume], number: int, at: int) -> bool:
    """Whether a value of the volume `at` depends on all channels of the earlier one `number`; pools keep to one."""
    return any(one.kind != "pool" for one in volumes[number + 1 : at + 1])


def _extent(seen: Range) -> dict[str, int]:
    top, bottom, left, right = seen
    return {"rows": bottom - top + 1, "columns": right - left + 1}


def _fact(volumes: Sequence[Volume], layer: int) -> dict[str, Any]:
    one = volumes[layer]
    rows, columns, channels = (1, 1, one.units) if one.units else (one.rows, one.columns, one.channels)
    field = {"rows": 1, "columns": 1}
    for other in reversed(volumes[1 : layer + 1]):  # far from the edges, however large the image
        for key, side in zip(field, other.window, strict=True):
            field[key] = 2 * field[key] if other.kind == "pool" else field[key] + side - 1
    if any(other.units for other in volumes[: layer + 1]):
        field = dict.fromkeys(field, max(volumes[0].rows, volumes[0].columns))
    return {
        "kind": one.kind, "rows": rows, "columns": columns, "channels": channels, "parameters": one.parameters,
        "multiplications": one.multiplications,
        "field": {key: min(side, getattr(volumes[0], key)) for key, side in field.items()},
    }  # fmt: skip


def _title(one: Volume, number: int, language: str) -> list[str]:
    """What is done, in short lines: the number of the layer and its kind, its window, its function."""
    if one.kind == "image":
        return [text("architecture.image", language)]
    window = [_by(*one.window)] if one.window != (1, 1) else []
    function = [text(f"kit.activation_{one.function}", language)] if one.function else []
    return [text(f"architecture.{one.kind}", language, layer=number), *window, *function]


def _by(*sides: int) -> str:
    """A size such as 5 × 5, which is never broken over two lines."""
    return "\u00a0×\u00a0".join(map(str, sides))


def _size(one: Volume, last: bool, language: str) -> str:
    if one.units:
        return text(f"architecture.{'scores' if last else 'neurons'}", language, count=one.units)
    return _by(one.rows, one.columns, one.channels)


def _sees(volumes: Sequence[Volume], seen: Sequence[Range], number: int, at: int, language: str) -> str:
    """How many places, and in how many channels, of a volume the chosen value depends on."""
    if number >= at:
        return text("architecture.chosen", language) if number == at else ""
    one, extent = volumes[number], _extent(seen[number])
    if one.units:
        return text("architecture.all", language)
    channels = one.channels if _deep(volumes, number, at) else 1
    return text("architecture.sees", language, size=_by(*extent.values(), channels))


def _said(chosen: dict[str, Any], volumes: Sequence[Volume], class_keys: Sequence[str], language: str) -> str:
    layer, row, column = (chosen[key] for key in ("layer", "row", "column"))
    size = _by(*chosen["field"].values())
    if not volumes[layer].units:
        return text("architecture.said", language, layer=layer, row=row, column=column, size=size)
    unit = min(row + COLUMN * (column - 1), volumes[layer].units)
    if layer < len(volumes) - 1:
        return text("architecture.said_neuron", language, layer=layer, number=unit, size=size)
    return text("architecture.said_score", language, name=class_name(class_keys[unit - 1], language), size=size)


def _cost(volumes: Sequence[Volume], layer: int, language: str) -> str:
    one = volumes[layer]
    if not one.parameters:
        return text("architecture.free", language, layer=layer)
    multiplications = count(one.multiplications, language)
    return text("architecture.cost", language, layer=layer, count=one.parameters, multiplications=multiplications)


def _ink(image: NDArray[np.uint8]) -> str:
    return "ink" if image.ndim == 2 else "colour"


def _cell(one: Volume, side: int, zoom: int) -> int:
    """How many CSS pixels each place is wide and high; units are larger, so that they can be told apart."""
    return max(1, min(8, side * zoom // one.rows)) if one.units else zoom


def _box(one: Volume, depth: float, marks: str) -> str:
    """The volume as a box that goes back up to the right, by `depth` places; few channels are drawn as sheets."""
    wide, tall, lines = one.columns, one.rows, ""
    if 1 < one.channels <= SHEETS:
        for sheet in range(1, one.channels):
            back = depth * sheet / one.channels
            lines += f"M{back:.2f} {-back:.2f}h{wide}v{tall}"
    if one.units and one.units <= 30:
        lines = "".join(f"M0 {row}h{wide}" for row in range(1, tall))
    body = _prism((0, tall - 1, 0, wide - 1), depth)
    view = f"0 {-depth:g} {wide + depth:g} {tall + depth:g}"
    return (
        f'<svg viewBox="{view}" aria-hidden="true"><path class="nnb-arch-body" d="{body}"/>'
        f'<path class="nnb-arch-sheets" d="{lines}"/>{marks}</svg>'
    )


def _marks(
    one: Volume, depth: float, seen: Sequence[Range], number: int, chosen: tuple[int, int, int], deep: bool
) -> str:
    """What the chosen value depends on, through all channels or in one of them, and where it stands itself."""
    field = _prism(seen[number], depth if deep else 0) if number < chosen[0] else ""
    own = _prism(seen[number], 0) if number == chosen[0] else ""
    return f'<path class="nnb-arch-field" d="{field}"/><path class="nnb-arch-own" d="{own}"/>'


def _prism(seen: Range, depth: float) -> str:
    top, bottom, left, right = seen
    wide, tall = right - left + 1, bottom - top + 1
    drawn = f"M{left} {top}h{wide}v{tall}h{-wide}z"
    if depth:
        drawn += f"l{depth:g} {-depth:g}h{wide}v{tall}l{-depth:g} {depth:g}m0 {-tall}l{depth:g} {-depth:g}"
    return drawn
