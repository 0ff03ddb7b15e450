"""Best patches: what each filter of a convolutional network looks for, told by where it answers most strongly."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.fields import Field, receptive_fields
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import class_words
from nnbook.figures.kit.packing import DIGITS, pack
from nnbook.figures.kit.weights import scale_legend, weight_picture
from nnbook.localisation import class_name, decimal, text

SIDE = 3
PATCHES = SIDE * SIDE
SHOWN = 6  # filters of each layer in the static form
AT_ONCE = 100  # maps of more images would not fit into the cache of a processor
PER_SHEET = 32  # filters on one sheet of patches, if it stays as small as a sheet of pictures may be
BYTES = 390_000  # of the pixels of a sheet, before they are packed
STEPS = len(DIGITS) ** 3 - 1  # values reach the script in so many steps


@dataclass(frozen=True)
class _Layer:
    """A layer of filters and the patches that excite each of them most.

    Attributes:
        weights: (filters, height, width, channels).
        field: what a unit sees of the image.
        across: columns of a map.
        overhang: how far fields reach out of the image, at most.
        found: for each filter its images, the best first; fewer than nine if it fires for fewer.
        places: (filters, 9), where in the map the filter is excited most, row by row.
        values: (filters, 9), what it gives out there, before ReLU.
        labels: for each filter the classes of its images.
    """

    weights: NDArray[np.floating]
    field: Field
    across: int
    overhang: int
    found: list[list[int]]
    places: list[list[int]]
    values: list[list[float]]
    labels: list[list[int]]

    def starts(self, number: int) -> list[tuple[int, int]]:
        """Row and column of the first pixel of each patch of filter `number`; negative outside of the image."""
        return [self.field.start(*divmod(place, self.across)) for place in self.places[number]]

    @cached_property
    def classes(self) -> list[int]:
        """How many classes the nine patches of each filter come from; none where a filter has not got nine."""
        return [len(set(labels)) if len(labels) == PATCHES else 0 for labels in self.labels]

    def facts(self) -> dict[str, Any]:
        filters, whole = len(self.found), [labels for labels in self.labels if len(labels) == PATCHES]
        return {
            "filters": filters,
            "rows": self.field.size[0],
            "columns": self.field.size[1],
            "silent": sum(not images for images in self.found),
            "same": _same(whole),
            "one_class": round(self.classes.count(1) / filters, 6),
            "two_classes": round((self.classes.count(1) + self.classes.count(2)) / filters, 6),
        }


@arrays.taken()
def best_patches(
    network: Any,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    name: str = "patches",
    interactive: bool = True,
) -> Figure:
    """For each filter of each convolution the nine patches of the `images` that excite it most.

    Of each image counts the place where the filter answers most strongly, before ReLU; of all images the nine with the
    strongest answers are shown, if they are positive. A patch is all that the filter can see from that place (its
    receptive field): a few pixels in the first layer, more in deeper ones. What lies outside of the image is blank.

    Args:
        network: with at least one convolution, as `trained` gives it: `layers`, `weights` and `outputs(images)`.
        images: (N, H, W) or (N, H, W, 3), best such that the network has not learnt from; all maps of all of them are
            calculated, so some thousands take seconds.
        labels: (N,), the number of each image's true class.
        class_keys: (classes,).
        name: of the figure in the page's address, as in `#patches:layer=2,filter=5`.
        interactive: whether it answers to the reader.

    Facts: `images` (how many were searched), and in `layers` for each convolution: `filters`, `rows` and `columns` of a
    patch, `silent` (filters that no image excites), `same` (how many of a filter's nine patches are of their most
    frequent class, on average), `one_class` and `two_classes` (the share of filters whose nine patches come from images
    of one class, and of at most two); `chance` is what `same` is for any nine images, counted over all, nine by nine.

    Raises:
        ValueError: if the network has no convolution.

    Example:
        >>> test = load("mnist").test
        >>> best_patches(trained("mnist-convolutional"), test.images, test.labels, load("mnist").class_keys)

    Explained in: convolutional-networks, "Looking inside".
    """
    class_keys = arrays.class_keys(class_keys, len(network.weights[-1]))
    layers = _layers(network, images, labels)
    pictures = _Pictures(images)
    nines = np.asarray(labels)[: len(labels) // PATCHES * PATCHES].reshape(-1, PATCHES).tolist()
    facts: dict[str, Any] = {
        "images": len(images),
        "chance": _same(nines),
        "layers": [layer.facts() for layer in layers],
    }
    limit = float(np.abs(layers[0].weights).max())
    filters = [_weights_image(one) for one in layers[0].weights]

    def render(language: str) -> str:
        rows = "".join(
            f'<div class="nnb-patches-layer"><p class="nnb-sum">{escape(_summary(number, facts, language))}</p>'
            f'<ul class="nnb-patches-row">'
            f"{_static_row(layer, [] if number else filters, pictures, class_keys, language)}</ul></div>"
            for number, layer in enumerate(layers)
        )
        return rows + scale_legend(limit, "shared", filters[0].ndim, language)

    static = Figure("best-patches", render, facts)
    if not interactive:
        return static
    data = {
        "name": name,
        "keys": list(class_keys),
        "kind": "ink" if images.ndim == 3 else "colour",
        "image": list(images.shape[1:3]),
        "weights": _weights_sheets(filters, limit),
        "layers": [_data(layer, pictures) for layer in layers],
    }

    def names(language: str) -> dict[str, str]:
        summaries = {f"summary.{number}": _summary(number, facts, language) for number in range(len(layers))}
        return {**class_words(class_keys)(language), **summaries}

    return interactive_figure("best-patches", static, data, names)


def _layers(network: Any, images: NDArray[np.uint8], labels: NDArray[np.integer]) -> list[_Layer]:
    """Every convolution of the network with the best patches of its filters."""
    positions = [at for at, layer in enumerate(network.layers) if layer.startswith("convolution")]
    if not positions:
        raise ValueError(
            f"patches are looked for by the filters of a convolution; got a network of {', '.join(network.layers)}; "
            "pass one that has a convolution"
        )
    fields, found = receptive_fields(network.layers), []
    strongest = _strongest(network, images, positions)
    weights = [one for one in network.weights if one.ndim == 4]
    for position, own, (shape, values, places) in zip(positions, weights, strongest, strict=True):
        order = np.argsort(-values, axis=0, kind="stable")[:PATCHES].T
        best = [[int(at) for at in row if values[at, number] > 0] for number, row in enumerate(order)]
        field = fields[position]
        found.append(
            _Layer(
                own,
                field,
                shape[1],
                _overhang(field, shape, images.shape[1:3]),
                best,
                [[int(places[at, number]) for at in row] for number, row in enumerate(best)],
                [[float(values[at, number]) for at in row] for number, row in enumerate(best)],
                [[int(labels[at]) for at in row] for row in best],
            )
        )
    return found


def _strongest(
    network: Any, images: NDArray[np.uint8], positions: Sequence[int]
) -> list[tuple[tuple[int, ...], NDArray[np.floating], NDArray[np.intp]]]:
    """For each of the layers at `positions` the shape of its maps, and of each image each filter's highest value.

    Values and the places where they stand, row by row, are (N, filters).
    """
    parts_of: list[list[tuple[tuple[int, ...], NDArray[np.floating], NDArray[np.intp]]]] = [[] for _ in positions]
    for start in range(0, len(images), AT_ONCE):
        outputs = network.outputs(images[start : start + AT_ONCE])
        for own, position in zip(parts_of, positions, strict=True):
            maps = np.asarray(outputs[position])
            by_row = maps.max(axis=2)  # rows before columns: flattened, the maps would have to be copied
            values, row = by_row.max(axis=1), by_row.argmax(axis=1)
            column = np.take_along_axis(maps, row[:, np.newaxis, np.newaxis], axis=1)[:, 0].argmax(axis=1)
            own.append((maps.shape[1:3], values, row * maps.shape[2] + column))
    return [
        (own[0][0], np.concatenate([values for _, values, _ in own]), np.concatenate([places for *_, places in own]))
        for own in parts_of
    ]


def _overhang(field: Field, shape: Sequence[int], image: Sequence[int]) -> int:
    """How many pixels the fields of a map of `shape` reach out of the `image`, at most, on any side."""
    last = field.start(shape[0] - 1, shape[1] - 1)
    beyond = [last[axis] + field.size[axis] - image[axis] for axis in (0, 1)]
    return max(0, *(-first for first in field.first), *beyond)


class _Pictures:
    """Images as colours, and what a filter sees of them."""

    def __init__(self, images: NDArray[np.uint8]) -> None:
        self.images = images

    def whole(self, at: int) -> raster.Rgba:
        return raster.picture(np.asarray(self.images[at]))

    def patch(self, at: int, start: tuple[int, int], size: tuple[int, int]) -> raster.Rgba:
        """The patch of `size` that begins at `start`; nothing where it lies outside of the image."""
        found, image = np.zeros((*size, 4), np.uint8), self.whole(at)
        top, left = start
        inside = image[max(top, 0) : max(top + size[0], 0), max(left, 0) : max(left + size[1], 0)]
        down, right = max(-top, 0), max(-left, 0)
        found[down : down + inside.shape[0], right : right + inside.shape[1]] = inside
        return found

    def row(self, layer: _Layer, number: int) -> list[raster.Rgba]:
        """The patches of filter `number` of a `layer`, nothing where there are fewer than nine."""
        size = layer.field.size
        drawn = [
            self.patch(at, start, size) for at, start in zip(layer.found[number], layer.starts(number), strict=True)
        ]
        return drawn + [np.zeros((*size, 4), np.uint8)] * (PATCHES - len(drawn))


def _weights_image(weights: NDArray[np.floating]) -> NDArray[np.floating]:
    """The weights (height, width, channels) of a filter of the first layer as an image, of one brightness or three."""
    return weights[..., 0] if weights.shape[2] == 1 else weights


def _weights_sheets(filters: Sequence[NDArray[np.floating]], limit: float) -> dict[str, Any]:
    """The filters of the first layer one below the other, for each ground."""
    grounds = {}
    for ground in raster.GROUNDS:
        drawn = [
            raster.colour_weights(one, limit) if one.ndim == 3 else raster.diverging(one, limit, ground)
            for one in filters
        ]
        grounds[ground] = raster.data_uri(np.concatenate(drawn))
    return {"size": list(filters[0].shape[:2]), **grounds}


def _data(layer: _Layer, pictures: _Pictures) -> dict[str, Any]:
    """What the script needs of a layer: sheets of patches, a sheet of images for each filter, and what they are."""
    size, filters = layer.field.size, range(len(layer.found))
    channels = 1 if pictures.images.ndim == 3 else 3
    per = max(1, min(PER_SHEET, BYTES // (PATCHES * size[0] * size[1] * channels)))
    rows = [np.concatenate(pictures.row(layer, number), axis=1) for number in filters]
    highest = max((value for values in layer.values for value in values), default=1.0)

    def written(numbers: list[list[int]], width: int) -> str:
        return pack((one for row in numbers for one in row + [0] * (PATCHES - len(row))), width)

    return {
        "size": list(size),
        "first": list(layer.field.first),
        "step": layer.field.step,
        "across": layer.across,
        "overhang": layer.overhang,
        "counts": [len(row) for row in layer.found],
        "indices": written(layer.found, 3),
        "places": written(layer.places, 3),
        "labels": written(layer.labels, 2),
        "highest": highest,
        "values": written([[round(value / highest * STEPS) for value in row] for row in layer.values], 3),
        "per": per,
        "sheets": [raster.data_uri(np.concatenate(rows[start : start + per])) for start in filters[::per]],
        "images": [
            raster.data_uri(np.concatenate([pictures.whole(at) for at in row], axis=1)) if row else ""
            for row in layer.found
        ],
    }


def _same(labels: Sequence[Sequence[int]]) -> float:
    """How many of the labels in each row are the most frequent one, on average over the rows."""
    return round(sum(Counter(row).most_common(1)[0][1] for row in labels) / max(1, len(labels)), 6)


def _summary(number: int, facts: dict[str, Any], language: str) -> str:
    layer = facts["layers"][number]
    shares = {"same": decimal(layer["same"], language, 1), "chance": decimal(facts["chance"], language, 1)}
    sizes = {key: layer[key] for key in ("rows", "columns")}
    return text("best_patches.summary", language, number=number + 1, count=layer["filters"], **sizes, **shares)


def _static_row(
    layer: _Layer,
    filters: Sequence[NDArray[np.floating]],
    pictures: _Pictures,
    class_keys: Sequence[str],
    language: str,
) -> str:
    """The first filters of a layer, each as one picture of its patches; if `filters` come, below their weights."""
    items, zoom = [], _times(24, layer.field.size)
    kind = "ink" if pictures.images.ndim == 3 else "colour"
    for at in range(min(SHOWN, len(layer.found))):
        drawn = ""
        if filters:
            limit = max(float(np.abs(one).max()) for one in filters)
            alt = text("best_patches.weights", language, number=at + 1)
            drawn = weight_picture(filters[at], limit, "shared", alt, _times(40, filters[at].shape))
        tiles = [one.repeat(zoom, axis=0).repeat(zoom, axis=1) for one in pictures.row(layer, at)]
        classes = _classes(layer.labels[at], class_keys, language)
        alt = text("best_patches.alt", language, number=at + 1, classes=" · ".join(classes))
        drawn += raster.img(_block(tiles), alt, 1, kind, _attributes(layer, at))
        title = text("best_patches.filter", language, number=at + 1)
        items.append(parts.tile(f'<span class="nnb-patches-pair">{drawn}</span>', title, classes[0]))
    return "".join(items)


def _block(tiles: Sequence[raster.Rgba]) -> raster.Rgba:
    """Patches, three by three, with faint lines between them: many are blank where they end."""
    drawn = raster.sheet([list(tiles[start : start + SIDE]) for start in range(0, PATCHES, SIDE)], gap=3)
    height, width = tiles[0].shape[:2]
    drawn[height + 1 :: height + 3, :, 3] = drawn[:, width + 1 :: width + 3, 3] = 50
    return drawn


def _times(pixels: int, size: Sequence[int]) -> int:
    """The whole multiple that shows something of `size` in at most so many `pixels`, or as it is."""
    return max(1, pixels // max(size[:2]))


def _attributes(layer: _Layer, number: int) -> str:
    """What the markup says of the patches of a filter, in their order: see the docstring of `best_patches`."""
    starts = layer.starts(number)
    said = {
        "indices": [str(at) for at in layer.found[number]],
        "rows": [str(row) for row, _ in starts],
        "columns": [str(column) for _, column in starts],
        "values": [f"{value:.6g}" for value in layer.values[number]],
    }
    return " ".join(f'data-{key}="{",".join(values)}"' for key, values in said.items())


def _classes(labels: Sequence[int], class_keys: Sequence[str], language: str) -> list[str]:
    """How many of the patches come from which class, the most frequent first; or that there are none."""
    ranked = sorted(Counter(labels).items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        text("best_patches.times", language, name=class_name(class_keys[label], language), times=times)
        for label, times in ranked
    ] or [text("best_patches.silent", language)]
