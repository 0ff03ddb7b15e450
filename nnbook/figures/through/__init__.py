"""One image on its way through a convolutional network: every map of every layer, down to the probabilities."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.convolutional import (
    Convolutional,
    as_maps,
    field,
    fitting,
    groups,
    packed_network,
    rounding,
    scale_end,
    tiled,
)
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.examples import card, confidence
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import class_words, first_and_wrong, offered
from nnbook.figures.kit.numbers import packed_images, packed_scale
from nnbook.localisation import class_name, count, text

WIDTH, HEIGHT = 230, 380  # CSS pixels that a sheet of maps may have: with its pooled one it fits a phone
SEEN = 24  # of a map


@arrays.taken(chosen="positions")
def through(
    network: Convolutional,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    chosen: Sequence[int] | None = None,
    name: str = "through",
    interactive: bool = True,
) -> Figure:
    """An image on its way through a convolutional network: all maps of all layers, and the probabilities at the end.

    A row for each convolution: its maps, what the activation leaves of them, and what pooling keeps, on one scale. The
    reader chooses the image and opens any map: it is shown large, with the number at each place and the part of the
    image that this number looks at. The page calculates all maps itself.

    Args:
        network: such as `trained("mnist-convolutional")`: convolutions, at last a dense layer.
        images: (N, *network.input_shape), uint8, such as a test set.
        labels: (N,), the number of each image's true class.
        class_keys: (classes,).
        chosen: indices of the images to choose from; if left out, the first of each class.
        name: of the figure in the page's address, as in `#through:image=3,layer=2,map=5`.
        interactive: whether it answers to the reader.

    Facts, of the first of the chosen images: `index`, `label`, `winner` (class key), `probability`; for each of the
    network's `layers` its `name` in words, how many `maps` of how many `rows` and `columns`, all `numbers`, the
    `largest` without its sign, the share of them `above` zero, and the `field`, how many rows and columns of the image
    a number looks at; `rounding`: by how much a weight in the page is off at most, as a share of the largest of its
    filter.

    Explained in: convolutional-networks, "One image, all the way through".

    Example:
        >>> test = load("cifar10").test
        >>> figures.through(trained("cifar10-convolutional"), test.images, test.labels, class_keys)
    """
    fitting(network, images, class_keys)
    indices = list(chosen) if chosen else first_and_wrong(labels, labels, 0)
    first = indices[0]
    outputs = [each[0] for each in network.outputs(images[first : first + 1])]
    shares = evaluation.softmax(outputs[-1][np.newaxis])[0]
    winner = int(shares.argmax())
    facts: dict[str, Any] = {"index": first, "label": class_keys[labels[first]], "winner": class_keys[winner]}
    facts |= {"probability": round(float(shares[winner]), 6), "rounding": rounding(network)}
    facts["layers"] = [_layer(network.layers, at, as_maps(output)) for at, output in enumerate(outputs)]
    rows = groups(network.layers)[:-1]
    layouts = [_layout(as_maps(outputs[row[0]])) for row in rows]
    limits = [scale_end(as_maps(outputs[row[0]])) for row in rows]

    def render(language: str) -> str:
        shown = "".join(
            _row(number, row, layout, limit, outputs, facts, language)
            for number, (row, layout, limit) in enumerate(zip(rows, layouts, limits, strict=True), 1)
        )
        bars = "".join(
            f"<li{' data-winner' if at == winner else ''}><b>{escape(class_name(key, language))}</b>"
            f'<i style="--s:{share:.4f}"></i><span>{escape(confidence(float(share), language))}</span></li>'
            for at, (key, share) in enumerate(zip(class_keys, shares, strict=True))
        )
        ends = f'<p class="nnb-through-name">{escape(text("through.probabilities", language))}</p>'
        picture = card(raster.picture(images[first]), facts, language)
        return f'{picture}{shown}{ends}<ul class="nnb-through-bars">{bars}</ul>'

    static = Figure("through", render, facts)
    if not interactive:
        return static
    data = offered(images, labels, indices) | {
        "name": name,
        "keys": list(class_keys),
        "network": packed_network(network),
        "pixels": packed_images(images[indices].reshape(len(indices), len(images[0]), -1)),
        "layouts": {row[0]: layout for row, layout in zip(rows, layouts, strict=True)},
        "scale": packed_scale(),
    }
    return interactive_figure("through", static, data, class_words(class_keys))


def _layer(layers: Sequence[str], at: int, maps: NDArray[np.float64]) -> dict[str, Any]:
    """What can be said of the `maps` (N, H, W) of layer `at`."""
    found = {"name": layers[at], "maps": len(maps), "rows": maps.shape[1], "columns": maps.shape[2]}
    found |= {"numbers": maps.size, "largest": round(float(np.abs(maps).max()), 6)}
    return found | {"above": round(float((maps > 0).mean()), 6), "field": field(layers, at)}


def _layout(maps: NDArray[np.float64]) -> tuple[int, int]:
    """How many of the `maps` (N, H, W) stand in a row, and how wide a number is: as wide as there is room for."""
    number, height, width = maps.shape
    found = {}
    for room in (WIDTH, HEIGHT):  # a square at most, or higher, if each map would be hard to see
        for zoom in range(1, 9):
            columns = (WIDTH // zoom + 1) // (width + 1)
            if columns and -(-number // columns) * (height + 1) * zoom <= room:
                found[room] = -(-number // -(-number // columns)), zoom  # as many in each row
        if room in found and found[room][1] * width >= SEEN:
            break
    return found.get(HEIGHT) or found.get(WIDTH) or (max(1, min(number, (WIDTH + 1) // (width + 1))), 1)


def _row(
    number: int,
    row: range,
    layout: tuple[int, int],
    limit: float,
    outputs: Sequence[NDArray[np.floating]],
    facts: dict[str, Any],
    language: str,
) -> str:
    """The sheets of a layer with weights and of those that follow it, on one scale."""
    sheets = ""
    for at in row:
        layer, maps = facts["layers"][at], as_maps(outputs[at])
        kind, _, size = layer["name"].partition(" ")
        if kind == "dropout":
            continue  # it is for trainings alone
        sides = {"count": layer["maps"], "rows": layer["rows"], "columns": layer["columns"]}
        name = text(f"kit.stage_{kind}", language)
        said = text("through.sheet", language, **sides)
        alt = text("through.sheet_alt", language, name=name, sheet=said, place=_strongest(maps, language))
        drawn = raster.diverging_img(tiled(maps, layout[0]), limit, alt, layout[1])
        grid = f'class="nnb-map-grid" data-layer="{at}" style="--w:{maps.shape[2]};--h:{maps.shape[1]};--z:{layout[1]}"'
        said = f"<p>{escape(name)}<span>{escape(said)}</span></p>"
        sheets += f'<div class="nnb-through-sheet">{said}<span {grid}>{drawn}</span></div>'
    kind, _, size = facts["layers"][row[0]]["name"].partition(" ")
    sides = {"number": number, "size": " × ".join(size.split("x")[:2]), "count": facts["layers"][row[0]]["maps"]}
    head = escape(text(f"through.layer_{kind}", language, **sides))
    legend = parts.legend(limit, language, "kit.map_scale_words")
    return (
        f'<section class="nnb-through-row"><p class="nnb-through-name">{head}</p>'
        f'<div class="nnb-through-sheets">{sheets}</div>{legend}</section>'
    )


def _strongest(maps: NDArray[np.float64], language: str) -> str:
    """The number of the map with the largest number, and where in it that stands."""
    at = int(maps.max(axis=(1, 2)).argmax())
    row, column = parts.extreme(maps[at], highest=True)
    place = parts.place(row, column, maps.shape[1:], language)
    return text("kit.map_strongest", language, number=count(at + 1, language), place=place)
