"""Filters and maps: what every filter of a layer finds in an image, before and after the activation, and pooled."""

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
    fitting,
    groups,
    packed_network,
    rounding,
    scale_end,
    tiled,
)
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.examples import card
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import class_words, first_and_wrong, offered
from nnbook.figures.kit.numbers import packed_images, packed_scale
from nnbook.localisation import text

WIDE, NARROW = 560, 356  # CSS pixels that the sheet may have on a page and on a phone
GAP = 2


@arrays.taken(chosen="positions")
def feature_maps(
    network: Convolutional,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    chosen: Sequence[int] | None = None,
    name: str = "maps",
    interactive: bool = True,
) -> Figure:
    """All filters of a convolution, and for an image the map of each: where the filter fits, and where it does not.

    The reader chooses the image, the layer, and what is shown: the sums of the filters, what the activation leaves of
    them, or what pooling keeps. A filter opens with its slice for each channel and with its map, large, with the number
    at each place and the part of the image that it looks at. The page calculates all maps itself. At rest: the first
    layer and the first image.

    Args:
        network: such as `trained("mnist-convolutional")`: convolutions, at last a dense layer.
        images: (N, *network.input_shape), uint8, such as a test set.
        labels: (N,), the number of each image's true class.
        class_keys: (classes,).
        chosen: indices of the images to choose from; if left out, the first of each class.
        name: of the figure in the page's address, as in `#maps:image=3,layer=2,stage=pool,filter=5`.
        interactive: whether it answers to the reader.

    Facts, of the first of the chosen images: `index`, `label`, `winner` (class key), `probability`; in `layers`, for
    each convolution, how many `filters` of which `height`, `width` and `channels`, the `lowest` and the
    `highest` sum, the share of sums that are `above` zero, and how many filters are `silent`, without any such sum;
    `strongest`, the number of the first layer's filter with the highest sum, counted from 1, with its `value`;
    `rounding`: by how much a weight in the page is off at most, as a share of the largest of its filter.

    Explained in: convolutional-networks, "Many filters, many maps".

    Example:
        >>> test = load("mnist").test
        >>> figures.feature_maps(trained("mnist-convolutional"), test.images, test.labels, "0123456789")
    """
    fitting(network, images, class_keys)
    indices = list(chosen) if chosen else first_and_wrong(labels, labels, 0)
    first = indices[0]
    outputs = [each[0] for each in network.outputs(images[first : first + 1])]
    shares = evaluation.softmax(outputs[-1][np.newaxis])[0]
    winner = int(shares.argmax())
    rows = [row for row in groups(network.layers) if network.layers[row[0]].startswith("convolution")]
    filters = [np.asarray(weights, dtype=float) for weights in network.weights if np.ndim(weights) == 4]
    maps = as_maps(outputs[rows[0][0]])
    strongest = int(maps.max(axis=(1, 2)).argmax())
    facts: dict[str, Any] = {"index": first, "label": class_keys[labels[first]], "winner": class_keys[winner]}
    facts |= {"probability": round(float(shares[winner]), 6), "rounding": rounding(network)}
    facts["strongest"] = {"filter": strongest + 1, "value": round(float(maps[strongest].max()), 6)}
    facts["layers"] = [_layer(weights, as_maps(outputs[row[0]])) for weights, row in zip(filters, rows, strict=True)]
    weight_limit = float(np.abs(filters[0]).max())

    def render(language: str) -> str:
        place = parts.place(*parts.extreme(maps[strongest], True), maps.shape[1:], language)
        said = text("kit.map_strongest", language, number=strongest + 1, place=place)
        _, height, width, channels = filters[0].shape
        sides = {"count": len(maps), "height": height, "width": width}
        alt = f"{text('feature_maps.alt', language, **sides)} {said}"
        legends = parts.legend(weight_limit, language, "feature_maps.weights") + parts.legend(
            limit, language, "feature_maps.sums"
        )
        slices = f'<p class="nnb-sum nnb-quiet">{escape(text("feature_maps.slices", language))}</p>'
        drawn = f'<div class="nnb-feature-sheet" style="{style}">{picture(alt)}</div>'
        return (
            card(raster.picture(images[first]), facts, language) + drawn + (slices if channels == 3 else "") + legends
        )

    limit = scale_end(maps)
    sheet, width = _sheet(filters[0], weight_limit, maps, limit)
    style = f"--wide:{width * max(1, WIDE // width)}px;--narrow:{width * max(1, NARROW // width)}px"

    def picture(alt: str) -> str:
        return raster.diverging_img(sheet, 1, alt, 1, scaled=True)

    static = Figure("feature-maps", render, facts)
    if not interactive:
        return static
    data = offered(images, labels, indices) | {
        "name": name,
        "keys": list(class_keys),
        "network": packed_network(network),
        "pixels": packed_images(images[indices].reshape(len(indices), len(images[0]), -1)),
        "stages": [_stages(network.layers, row) for row in rows],
        "scale": packed_scale(),
        "rest": strongest,
    }
    return interactive_figure("feature-maps", static, data, class_words(class_keys))


def _stages(layers: Sequence[str], row: range) -> dict[str, int]:
    """Where in the network the convolution stands and what follows it, by kind: of two pools the last."""
    kinds = {layers[at].split()[0]: at for at in row}
    return {kind: at for kind, at in kinds.items() if kind != "dropout"}  # which is for trainings alone


def _layer(filters: NDArray[np.float64], maps: NDArray[np.float64]) -> dict[str, Any]:
    """What can be said of `filters` (N, height, width, channels) and the sums `maps` (N, H, W)."""
    sizes = dict(zip(("filters", "height", "width", "channels"), filters.shape, strict=True))
    above = (maps > 0).mean(axis=(1, 2))
    ends = {"lowest": round(float(maps.min()), 6), "highest": round(float(maps.max()), 6)}
    said = ends | {"above": round(float(above.mean()), 6)}
    return sizes | said | {"silent": int((above == 0).sum())}


def _sheet(
    filters: NDArray[np.float64], weight_limit: float, maps: NDArray[np.float64], limit: float
) -> tuple[NDArray[np.float64], int]:
    """Each of the `filters` (N, height, width, channels) over its map (N, H, W), as shares of the ends."""
    _, height, width = maps.shape
    strips = np.stack([tiled(np.moveaxis(each, -1, 0), each.shape[-1]) for each in filters]) / (weight_limit or 1)
    times = max(1, 7 * width // 10 // strips.shape[2])  # less large than the map, which is what to look at
    strips = strips.repeat(times, axis=1).repeat(times, axis=2)
    wide = max(width, strips.shape[2])
    cells = np.zeros((len(maps), strips.shape[1] + GAP + height + 2 * GAP, wide))
    left = (wide - strips.shape[2]) // 2
    cells[:, : strips.shape[1], left : left + strips.shape[2]] = strips
    cells[:, -height - 2 * GAP : -2 * GAP, :width] = maps / (limit or 1)
    columns = max(1, min((NARROW + GAP) // (wide + GAP), 4 if len(maps) <= 8 else 8))
    sheet = tiled(cells, columns, GAP)[: -2 * GAP]
    return sheet, sheet.shape[1]
