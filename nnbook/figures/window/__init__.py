"""A window that slides: pixels times weights, added up, are one place of the map; the reader moves the window."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, raster, windows
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, count, decimal, signed, text

WIDEST = 7  # weights side by side whose numbers can be read
CELL = 32  # CSS pixels for each of these numbers
ZOOMS = 7, 5, 4  # CSS pixels for each pixel of a usual image: on a page, on a phone, on the narrowest one
STRIDES = 1, 2


@arrays.taken()
def window(
    network: Any,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    name: str = "window",
    interactive: bool = True,
) -> Figure:
    """One filter of a network's first layer at one place of an image, and the map of what it gives at all places.

    At rest: of the first image of each class and all filters, those whose map reaches highest, at its highest place.
    The reader moves the window by mouse, finger or the arrow keys, can empty the map and fill it place by place, and
    chooses image, filter, padding and stride. Maps are calculated in the browser and are NumPy's within 1e-4.

    Args:
        network: begins with a convolution over grey images, (filters, height, width, 1), at most 7 weights wide.
        images: (N, H, W), brightness 0..255; the network sees it divided by 255.
        labels: (N,), the number of each image's class.
        class_keys: (classes,), the keys of the classes in the order of their numbers.
        name: of the figure in the page's address, as in `#window:image=3,filter=2,row=9,column=12,padding=0,stride=2`.
        interactive: whether it answers to the reader.

    Facts: `index` and `label` of the image; `filter` (from 1), how many `filters`, and the `weights` of each; `row` and
        `column` (from 1) of the place, the `sum` of its products, the `bias` and the `value` of the map; how many
        `places` the map has; `maps`: for `padded`, `unpadded`, `padded_by_two` and `unpadded_by_two` (stride 2) its
        `rows` and `columns`.

    Explained in: convolutional-networks, "A small window that slides".

    Example:
        >>> network, test = trained("mnist-convolutional"), load("mnist").test
        >>> window(network, test.images, test.labels, network.class_keys)
    """
    filters = windows.first_filters(network, images)
    high, wide = filters[0].shape[1:]
    if max(high, wide) > WIDEST:
        raise ValueError(
            f"the numbers under a window can be read if it is at most {WIDEST} pixels wide and high; got a filter of "
            f"{high}x{wide}; pass a network whose first layer has smaller ones"
        )
    padding = high // 2, wide // 2
    chosen = windows.firsts(labels)
    at, number = windows.strongest(images[chosen], filters, padding)
    index, weights, bias = chosen[at], filters[0][number], float(filters[1][number])
    image = images[index]
    found = windows.slid(image[np.newaxis], weights, bias, padding)[0]
    row, column = parts.extreme(found, highest=True)
    patch = (np.pad(image, [(zeros, zeros) for zeros in padding]) / 255)[row : row + high, column : column + wide]
    sizes = {
        f"{word}padded{'' if stride == 1 else '_by_two'}": [
            (side + 2 * zeros - across) // stride + 1
            for side, zeros, across in zip(image.shape, around, (high, wide), strict=True)
        ]
        for word, around in (("", padding), ("un", (0, 0)))
        for stride in STRIDES
    }
    facts: dict[str, Any] = {
        "index": index,
        "label": class_keys[int(labels[index])],
        "filter": number + 1,
        "filters": len(filters[0]),
        "weights": weights.size,
        "row": row + 1,
        "column": column + 1,
        "sum": round(float((patch * weights).sum()), 6),
        "bias": round(bias, 6),
        "value": round(float(found[row, column]), 6),
        "places": found.size,
        "maps": {key: {"rows": size[0], "columns": size[1]} for key, size in sizes.items()},
    }
    limit = float(np.abs(filters[0]).max())

    def render(language: str) -> str:
        return _shown(image, found, patch, weights, (row, column), limit, facts, language)

    static = Figure("window", render, facts)
    if not interactive:
        return static
    data = {"name": name, "image": index, "filter": number + 1, "row": row, "column": column}
    return interactive_figure(
        "window",
        static,
        data | windows.offered(images, labels, chosen, filters),
        lambda language: windows.names(class_keys, language),
    )


def _shown(
    image: NDArray[np.uint8],
    found: NDArray[np.floating],
    patch: NDArray[np.floating],
    weights: NDArray[np.floating],
    at: tuple[int, int],
    limit: float,
    facts: dict[str, Any],
    language: str,
) -> str:
    """The image and its map, how large that is, and below them the numbers of the place `at`."""
    high, wide = weights.shape
    around = np.pad(image, ((high // 2,) * 2, (wide // 2,) * 2))
    side = max(around.shape)
    zooms = ";".join(f"--z{step}:{raster.fitted(zoom, side)}" for step, zoom in enumerate(ZOOMS))
    style = (
        f"{zooms};--high:{high};--wide:{wide};--row:{at[0]};--column:{at[1]};--stride:1;--top:0;--left:0;"
        f"--zeros-y:{high // 2};--zeros-x:{wide // 2};--all-h:{around.shape[0]};--all-w:{around.shape[1]}"
    )
    name = class_name(facts["label"], language)
    zoom = raster.fitted(ZOOMS[0], side)
    reach = float(np.abs(found).max())
    image_alt = text("window.image_alt", language, index=facts["index"], name=name, row=at[0] + 1, column=at[1] + 1)
    picture = raster.img(raster.ink(around), image_alt, zoom, "ink", f'data-index="{facts["index"]}"')
    places = (
        _place(
            "image",
            picture,
            around.shape,
            text("window.image", language),
            text("window.size_padded", language, rows=image.shape[0], columns=image.shape[1], zeros=_zeros(high, wide)),
        ),
        _place(
            "map",
            raster.diverging_img(found, reach, _map_alt(found, facts["filter"], language), zoom),
            found.shape,
            text("window.map", language, number=facts["filter"]),
            text("window.size", language, rows=found.shape[0], columns=found.shape[1]),
        ),
    )
    grids = (
        _grid(raster.img(raster.ink(patch * 255), "", CELL, "ink"), patch, 1, "pixels", language),
        _grid(raster.diverging_img(weights, limit, "", CELL), weights, limit, "weights", language),
        _grid(raster.diverging_img(patch * weights, limit, "", CELL), patch * weights, limit, "products", language),
    )
    lines = "".join(
        f'<tr><th scope="row">{escape(text(f"window.{key}", language))}</th>'
        f"<td>{signed(facts[key], language)}</td></tr>"
        for key in ("sum", "bias", "value")
    )
    axes = zip(image.shape, weights.shape, strict=True)
    return (
        f'<div class="nnb-window-field" style="{style}"><div class="nnb-window-places">{"".join(places)}</div>'
        f"{parts.legend(reach, language, 'window.scale_map')}"
        f'<p class="nnb-window-formula">{escape(_formulas([*axes], language))}</p>'
        f'<div class="nnb-window-sum">{"".join(grids)}<table class="nnb-window-total"><tbody>{lines}</tbody></table>'
        f"</div>{parts.legend(limit, language, 'kit.scale_product_words')}</div>"
    )


def _place(kind: str, picture: str, shape: tuple[int, ...], name: str, note: str) -> str:
    return (
        f'<div class="nnb-window-part"><b class="nnb-tile-name">{escape(name)}</b><span class="nnb-window-room">'
        f'<span class="nnb-shot nnb-window-{kind}" style="--h:{shape[0]};--w:{shape[1]}">{picture}</span></span>'
        f'<span class="nnb-tile-note">{escape(note)}</span></div>'
    )


def _grid(picture: str, values: NDArray[np.floating], limit: float, kind: str, language: str) -> str:
    """A picture of few `values` (rows, columns), each with its number on it."""
    said = escape(text(f"window.{kind}", language))
    rows = "".join(
        "<tr>"
        + "".join(f'<td style="--s:{abs(one) / (limit or 1):.2f}">{decimal(one, language)}</td>' for one in line)
        + "</tr>"
        for line in values.tolist()
    )
    return (
        f'<div class="nnb-window-part nnb-window-{kind}"><b class="nnb-tile-name">{said}</b>'
        f'<div class="nnb-window-grid" role="group" aria-label="{said}">{picture}'
        f'<table role="none"><tbody>{rows}</tbody></table></div></div>'
    )


def _zeros(high: int, wide: int) -> str:
    """How wide the zeros are around an image, the rows first if they differ from the columns."""
    return str(high // 2) if high == wide else f"{high // 2} × {wide // 2}"


def _map_alt(found: NDArray[np.floating], number: int, language: str) -> str:
    words: dict[str, Any] = {"number": number}
    for name, highest in (("lowest", False), ("highest", True)):
        row, column = parts.extreme(found, highest)
        words |= {name: signed(float(found[row, column]), language)}
        words |= {f"{name}_place": parts.place(row, column, found.shape, language)}
    return text("window.map_alt", language, **words)


def _formulas(axes: Sequence[tuple[int, int]], language: str) -> str:
    """How many rows and columns the map has, once if both are counted alike."""
    lines = []
    for size, across in axes:
        numbers = {"size": size, "padding": across // 2, "window": across, "stride": 1, "result": count(size, language)}
        lines.append(text("window.formula", language, **numbers))  # windows have odd sides, so a map is as large
    keys = ("both",) if lines[0] == lines[1] else ("rows", "columns")
    return " ".join(
        text(f"window.formula_{key}", language, formula=line) for key, line in zip(keys, lines, strict=False)
    )
