"""Pooling: of each two by two places of a map the highest stays; what that keeps when the image moves a little."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, raster, windows
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, count, decimal, percent, text

MEASURED = 500  # images on which the gain is measured
LIT = 0.1  # of the highest value of a map: what is below says little
STEPS = {"one": 1, "two": 2, "three": 3}  # pixels by which images move; the reader may move one as far
ZOOMS = 7, 6, 5, 4  # CSS pixels for each pixel of a usual map, by the room there is


@arrays.taken()
def pooling(
    network: Any,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    name: str = "pooling",
    interactive: bool = True,
) -> Figure:
    """A map of a network's first layer and what pooling leaves of it, before and after the image moves by a pixel.

    Image and filter are those that `window` shows. Marked are the places that win in their two by two; those below a
    tenth of the highest value of the map are not. Two maps overlap as far as both have the same at the same place: the
    sum of the lower values, divided by the sum of the higher ones. The reader chooses image and filter, moves the image
    by up to three pixels, and points at a pooled place to see its four values.

    Args:
        network: begins with a convolution over grey images, relu and pool.
        images: (N, H, W), brightness 0..255, H and W even; the network sees it divided by 255.
        labels: (N,), the number of each image's class.
        class_keys: (classes,), the keys of the classes in the order of their numbers.
        name: of the figure in the page's address, as in `#pooling:image=3,filter=2,right=1,down=0,row=9,column=12`.
        interactive: whether it answers to the reader.

    Facts: `index` and `label` of the image, `filter` (from 1); for the `map` and for the `pooled` one how many `places`
        they have, how many of these are `lit`, how many of them have `kept` their value to the last digit though the
        image has moved a pixel to the right, and the `overlap`; how many `images` were measured, and over them and all
        filters the overlap of `map` and `pooled` after `one`, `two` and `three` pixels to the right.

    Explained in: convolutional-networks, "Pooling".

    Example:
        >>> network, test = trained("mnist-convolutional"), load("mnist").test
        >>> pooling(network, test.images, test.labels, network.class_keys)
    """
    filters = windows.first_filters(network, images)
    if tuple(network.layers[1:3]) != ("relu", "pool"):
        raise ValueError(
            f"pooling is shown behind the first convolution and its ReLU; got layers {', '.join(network.layers[:3])}; "
            "pass a network that begins with a convolution, relu and pool"
        )
    padding = filters[0].shape[1] // 2, filters[0].shape[2] // 2
    chosen = windows.firsts(labels)
    at, number = windows.strongest(images[chosen], filters, padding)
    index = chosen[at]

    def maps(some: NDArray[np.uint8], one: int) -> NDArray[np.float64]:
        return np.maximum(windows.slid(some, filters[0][one], float(filters[1][one]), padding), 0)

    moved = moved_right(images[[index]], 1)[0]
    rows = [_Row(image, maps(image[np.newaxis], number)[0]) for image in (images[index], moved)]
    facts: dict[str, Any] = {"index": index, "label": class_keys[int(labels[index])], "filter": number + 1}
    for part, (before, after) in {
        "map": (rows[0].map, rows[1].map),
        "pooled": (rows[0].pooled, rows[1].pooled),
    }.items():
        highest = float(rows[0].map.max())
        lit = (before > 0) & (before >= LIT * highest)
        kept = int((lit & (np.abs(before - after) <= 1e-9 * highest)).sum())
        facts[part] = {
            "places": before.size,
            "lit": int(lit.sum()),
            "kept": kept,
            "overlap": _overlap([(before, after)]),
        }
    some = images[:MEASURED]
    facts["images"] = len(some)
    befores = [maps(some, one) for one in range(len(filters[0]))]
    for word, step in STEPS.items():
        further = moved_right(some, step)
        pairs = [(before, maps(further, one)) for one, before in enumerate(befores)]
        halves = [(pooled(before), pooled(after)) for before, after in pairs]
        facts[word] = {"map": _overlap(pairs), "pooled": _overlap(halves)}
    place = parts.extreme(rows[0].pooled, highest=True)

    def render(language: str) -> str:
        return _shown(rows, place, facts, language)

    static = Figure("pooling", render, facts)
    if not interactive:
        return static
    data = {"name": name, "image": index, "filter": number + 1, "row": place[0], "column": place[1]}
    data |= {"lit": LIT, "furthest": max(STEPS.values())}
    return interactive_figure(
        "pooling",
        static,
        data | windows.offered(images, labels, chosen, filters),
        lambda language: windows.names(class_keys, language),
    )


def pooled(maps: NDArray[np.floating]) -> NDArray[np.floating]:
    """The highest of each 2 x 2 places of `maps` (..., rows, columns)."""
    return _blocks(maps).max(axis=-1)


def _blocks(maps: NDArray[np.floating]) -> NDArray[np.floating]:
    """The four values of each 2 x 2 places, (..., rows / 2, columns / 2, 4), in reading order."""
    *some, rows, columns = maps.shape
    blocks = maps.reshape(*some, rows // 2, 2, columns // 2, 2).swapaxes(-3, -2)
    return blocks.reshape(*some, rows // 2, columns // 2, 4)


def moved_right(images: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """`images` (N, H, W) moved by `step` columns; from the left come zeros."""
    found = np.zeros_like(images)
    found[:, :, step:] = images[:, :, :-step]
    return found


def _overlap(pairs: Sequence[tuple[NDArray[np.floating], NDArray[np.floating]]]) -> float:
    """Of all that either map of a pair has, what both have at the same place; 1 for maps of nothing."""
    both = sum(float(np.minimum(*pair).sum()) for pair in pairs)
    either = sum(float(np.maximum(*pair).sum()) for pair in pairs)
    return round(both / either, 6) if either else 1.0


class _Row:
    """An image, its map and its pooled map."""

    def __init__(self, image: NDArray[np.uint8], found: NDArray[np.float64]) -> None:
        self.image, self.map, self.pooled = image, found, pooled(found)

    def winners(self, highest: float) -> str:
        """Path data of a square in each place that wins in its block, if it is worth a mark."""
        of_block = _blocks(self.map).argmax(axis=-1)
        lit = np.argwhere(self.pooled >= LIT * highest) if highest else ()
        squares = []
        for row, column in lit:
            down, right = divmod(int(of_block[row, column]), 2)
            squares.append(f"M{2 * column + right}.12 {2 * row + down}.12h.76v.76h-.76z")
        return "".join(squares)


def _shown(rows: Sequence[_Row], place: tuple[int, int], facts: dict[str, Any], language: str) -> str:
    """The image as it is and moved, each with its maps and the four values at `place`; what stays, in numbers."""
    highest = float(rows[0].map.max())
    height, width = rows[0].map.shape
    side = max(height, width)
    zooms = [raster.fitted(zoom, side) for zoom in ZOOMS]
    style = ";".join(f"--z{step}:{zoom}" for step, zoom in enumerate(zooms))
    style += f";--small:{raster.fitted(2, side)};--h:{height};--w:{width};--row:{place[0]};--column:{place[1]}"
    name = class_name(facts["label"], language)
    shifts = text("pooling.still", language), text("pooling.right", language, count=1)
    shown = ""
    for row, shift in zip(rows, shifts, strict=True):
        alt = text("pooling.image_alt", language, index=facts["index"], name=name, shift=shift)
        words = {"number": facts["filter"], "shift": shift}
        picture = raster.img(raster.ink(row.image), alt, zooms[0], "ink", f'data-index="{facts["index"]}"')
        found = raster.diverging_img(row.map, highest, text("pooling.map_alt", language, **words), zooms[0])
        alt = text("pooling.pooled_alt", language, **words)
        half = raster.diverging_img(row.pooled, highest, alt, 2 * zooms[0])
        marks = f'<svg viewBox="0 0 {width} {height}" aria-hidden="true"><path d="{row.winners(highest)}"></path></svg>'
        shown += (
            f'<div class="nnb-pooling-row"><div class="nnb-pooling-image"><b class="nnb-tile-name">{escape(shift)}</b>'
            f'<span class="nnb-pooling-picture">{picture}</span></div>'
            f"{_part('map', found + marks, row.map.shape, language)}{_part('pooled', half, row.pooled.shape, language)}"
            f"{_four(_blocks(row.map)[place], language)}</div>"
        )
    return (
        f'<div class="nnb-pooling-field" style="{style}">{shown}</div>'
        f"{parts.legend(highest, language, 'pooling.scale')}{_table(facts, language)}"
    )


def _part(kind: str, picture: str, shape: tuple[int, ...], language: str) -> str:
    said = escape(text(f"pooling.{kind}", language, rows=shape[0], columns=shape[1]))
    return (
        f'<div class="nnb-pooling-part"><b class="nnb-tile-name">{said}</b>'
        f'<span class="nnb-shot nnb-pooling-{kind}">{picture}</span></div>'
    )


def _four(values: NDArray[np.floating], language: str) -> str:
    """The four values of one place, in their places, and the one that stays."""
    cells = [
        f"<td{' data-wins' if at == int(values.argmax()) else ''}>{decimal(value, language)}</td>"
        for at, value in enumerate(values.tolist())
    ]
    return (
        f'<div class="nnb-pooling-four"><table aria-label="{escape(text("pooling.four", language))}"><tbody>'
        f"<tr>{''.join(cells[:2])}</tr><tr>{''.join(cells[2:])}</tr></tbody></table>"
        f"<b>{decimal(float(values.max()), language)}</b></div>"
    )


def _table(facts: dict[str, Any], language: str) -> str:
    """How much stays of the map, and how much of the pooled one: here, and over many images."""
    heads = [text(f"pooling.{key}", language) for key in ("kept", "overlap")]
    heads += [count(step, language) for step in STEPS.values()]
    columns = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    groups = text("pooling.here", language), text("pooling.all", language, count=facts["images"])
    lines = ""
    for part in ("map", "pooled"):
        own = facts[part]
        kept = text("pooling.kept_of", language, kept=count(own["kept"], language), lit=count(own["lit"], language))
        cells = [
            kept,
            *(percent(share, language, 0) for share in (own["overlap"], *(facts[step][part] for step in STEPS))),
        ]
        lines += (
            f'<tr><th scope="row">{escape(text(f"pooling.{part}_row", language))}</th>'
            f"{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
        )
    spans = "".join(
        f'<th scope="colgroup" colspan="{width}">{escape(head)}</th>'
        for head, width in zip(groups, (2, 3), strict=True)
    )
    return (
        f'<table class="nnb-pooling-table"><caption>{escape(text("pooling.caption", language))}</caption>'
        f'<colgroup></colgroup><colgroup span="2"></colgroup><colgroup span="3"></colgroup>'
        f"<thead><tr><td></td>{spans}</tr><tr><td></td>{columns}</tr></thead><tbody>{lines}</tbody></table>"
    )
