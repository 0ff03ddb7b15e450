"""Weights as images: what is drawn, measured and said of one, in whatever figure it stands."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, raster
from nnbook.localisation import class_name, decimal, signed, text

SCALES = ("shared", "own", "grey")
ROW = 560  # CSS pixels, at most, for all neurons of a row; on a phone half of them


CHANNELS = ("red", "green", "blue")


def as_images(weights: NDArray[np.floating], shape: tuple[int, ...], scale: str = "shared") -> NDArray[np.float64]:
    """Rows of `weights` (neurons, pixels) as images (neurons, *shape), if there is such a scale."""
    if scale not in SCALES:
        raise ValueError(f"a scale is one of {', '.join(SCALES)}; got {scale!r}; choose one of them")
    return np.asarray(weights, dtype=float).reshape(-1, *shape)


def weight_picture(
    image: NDArray[np.floating],
    limit: float,
    scale: str,
    alt: str,
    zoom: int,
    scaled: bool = False,
    attributes: str = "",
) -> str:
    """One neuron's weights `image` (H, W) or (H, W, 3) as `<img>`, zero in the middle unless `scale` is `grey`."""
    if image.ndim == 3:
        drawn = raster.grey_colour(image) if scale == "grey" else raster.colour_weights(image, limit)
        return raster.img(drawn, alt, zoom, "colour", attributes, scaled)
    if scale == "grey":
        return raster.img(raster.grey(image), alt, zoom, "ink", attributes, scaled)
    return raster.diverging_img(image, limit, alt, zoom, attributes, scaled)


def neuron_name(number: int, class_keys: Sequence[str] | None, language: str) -> str:
    """What a neuron is called: its class, or "hidden neuron 3"."""
    if class_keys is not None:
        return class_name(class_keys[number], language)
    return text("kit.hidden_neuron", language, number=number + 1)


def neuron_facts(image: NDArray[np.floating]) -> dict[str, Any]:
    """What can be said of one neuron's weights `image` (H, W) or (H, W, 3); see `weight_image`."""
    facts: dict[str, Any] = {}
    for name, where in (("lowest", image.argmin()), ("highest", image.argmax())):
        index = [int(axis) for axis in np.unravel_index(where, image.shape)]
        facts[name] = {"value": round(float(image[tuple(index)]), 6), "row": index[0], "column": index[1]}
        if image.ndim == 3:
            facts[name]["channel"] = CHANNELS[index[2]]
    for name, mask in _zones(image.shape[:2]).items():
        means = image[mask].mean(axis=0)
        facts[name] = (
            round(float(means), 6)
            if image.ndim == 2
            else {channel: round(float(mean), 6) for channel, mean in zip(CHANNELS, means, strict=True)}
        )
    return facts


def _zones(shape: tuple[int, ...]) -> dict[str, NDArray[np.bool_]]:
    """Masks (H, W) of the middle 6 x 6 pixels, of the ring where a 0 has its ink, and of the outer 2 pixels."""
    rows, columns = np.indices(shape)
    down, right = rows - (shape[0] - 1) / 2, columns - (shape[1] - 1) / 2
    square = np.maximum(abs(down), abs(right))
    distance = np.hypot(down / shape[0], right / shape[1]) * 28
    edge = np.minimum(np.minimum(rows, shape[0] - 1 - rows), np.minimum(columns, shape[1] - 1 - columns))
    return {"centre": square < 3, "ring": (distance >= 6) & (distance <= 10), "border": edge < 2}


def describe(name: str, facts: Mapping[str, Any], shape: tuple[int, ...], language: str) -> str:
    """Alternative text of a weight image: where its lowest and its highest weight lie."""
    values: dict[str, str] = {}
    for side in ("lowest", "highest"):
        where = parts.place(facts[side]["row"], facts[side]["column"], shape, language)
        if "channel" in facts[side]:
            where = text(f"kit.channel_{facts[side]['channel']}", language, place=where)
        values |= {f"{side}_value": signed(facts[side]["value"], language), f"{side}_place": where}
    return text("kit.weights_alt", language, name=name, **values)


def layers_as_images(layers: Iterable[NDArray[np.floating]], shape: tuple[int, ...], name: str) -> list[NDArray[Any]]:
    """Weights (neurons, pixels) of several networks, called `name`, as images (neurons, H, W) of brightness."""
    if len(shape) != 2:
        raise ValueError(f"rows of weights are for images of brightness, (H, W); got {shape}; pass two numbers")
    return [arrays.weights(one, shape[0] * shape[1], name=name).reshape(-1, *shape) for one in layers]


def weight_rows(rows: Iterable[tuple[NDArray[np.floating], str, str, str]], limit: float, language: str) -> str:
    """All neurons of one network in each row, on one scale up to `limit`, with its legend.

    Args:
        rows: the images (neurons, H, W), two lines of words, and the alternative text.
    """
    items = []
    for images, name, note, alt in rows:
        columns = min(len(images), max(1, ROW // 2 // images.shape[2]))
        blank = np.zeros((-len(images) % columns, *images.shape[1:]))
        lines = np.concatenate([images, blank]).reshape(-1, columns, *images.shape[1:])
        strip = np.concatenate([np.concatenate(list(line), axis=1) for line in lines])
        widths = [max(1, width // strip.shape[1]) * strip.shape[1] for width in (ROW, ROW // 2)]
        words = f'<b>{escape(name)}</b> <span class="nnb-tile-note">{escape(note)}</span>'
        drawn = raster.diverging_img(strip, limit, alt, 1, scaled=True)
        style = f"--wide:{widths[0]}px;--narrow:{widths[1]}px"
        items.append(f'<li style="{style}"><span class="nnb-row-words">{words}</span>{drawn}</li>')
    return f'<ul class="nnb-weight-rows">{"".join(items)}</ul>{parts.legend(limit, language)}'


def scale_legend(limit: float, scale: str, dimensions: int, language: str) -> str:
    """The legend that belongs to `scale`, for weights of brightness (2 dimensions) or of colours (3)."""
    if dimensions == 2 and scale == "shared":
        return parts.legend(limit, language)
    if dimensions == 3 and scale != "grey":
        words = text(f"kit.scale_colour_{scale}_words", language, limit=decimal(limit, language))
        return f'<p class="nnb-legend">{words}</p>'
    return f'<p class="nnb-legend">{text(f"kit.scale_{scale}_words", language)}</p>'
