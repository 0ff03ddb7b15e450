"""Weights put where their pixels are: what each neuron looks for, as an image."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, signed, text

SCALES = ("shared", "own", "grey")
CHANNELS = ("red", "green", "blue")


def weight_images(
    weights: NDArray[np.floating],
    shape: tuple[int, ...],
    class_keys: Sequence[str] | None = None,
    scale: str = "shared",
    zoom: int = 4,
    columns: int | None = 5,
) -> Figure:
    """The weights of each neuron as an image, with the legend of their scale.

    Args:
        weights: (neurons, pixels), a row for each neuron.
        shape: of the images that the neurons look at, (H, W) or (H, W, 3) with H * W (* 3) = pixels.
        class_keys: (neurons,), for neurons that each stand for a class; hidden neurons are numbered instead.
        scale: `shared`: one scale centred on zero for all; `own`: centred on zero, each to its own largest weight;
            `grey`: each from its own lowest (blank) to its highest (full ink), as is often done, which hides zero.
        zoom: CSS pixels for each pixel; at most 3 on a phone.
        columns: at most so many images in a row.

    Facts: `limit`, `scale`, and for each neuron in `neurons` what `weight_image` says of one.

    Explained in: looking-inside-neural-networks, "Seeing the weights".
    """
    images = as_images(weights, shape, scale)
    if class_keys is not None:
        check_keys(len(images), class_keys)
    limit = float(np.abs(images).max())
    neurons = [neuron_facts(image) for image in images]

    def render(language: str) -> str:
        items = []
        for number, (image, facts) in enumerate(zip(images, neurons, strict=True)):
            name = neuron_name(number, class_keys, language)
            own_limit = limit if scale == "shared" else float(np.abs(image).max())
            alt = describe(name, facts, shape, language)
            attributes = f'data-neuron="{number}"'
            drawn = weight_picture(image, own_limit, scale, alt, zoom, True, attributes)
            items.append(parts.tile(drawn, name, _range(facts)))
        tiles = parts.tiles(items, parts.widths(shape[1], zoom), columns)
        return tiles + scale_legend(limit, scale, len(shape), language)

    return Figure("weight-images", render, {"limit": round(limit, 6), "scale": scale, "neurons": neurons})


def weight_image(
    weights: NDArray[np.floating],
    shape: tuple[int, ...],
    class_key: str | None = None,
    scale: str = "shared",
    zoom: int = 10,
) -> Figure:
    """The weights of one neuron, or the difference of two neurons' weights, as a large image with its scale's legend.

    Args:
        weights: (pixels,).
        shape: of the images that the neuron looks at, (H, W) or (H, W, 3) with H * W (* 3) = pixels.
        class_key: of the class that the neuron stands for, if it stands for one.
        scale: `shared` or `own` (the same here): centred on zero; `grey`: from its lowest to its highest weight.
        zoom: CSS pixels for each pixel.

    Facts: `limit`, `scale`, `class_key`; `lowest` and `highest` weight, each with `value`, `row`, `column`
        (and `channel`); `centre`, `ring`, `border`: the mean weight of the middle 6 x 6 pixels, of a ring around them
        (6 to 10 pixels from the middle of a 28 x 28 image) and of the outer 2 pixels; in colour each of these has
        `red`, `green` and `blue`.

    Explained in: looking-inside-neural-networks, "A blurry zero".
    """
    image = as_images(np.asarray(weights)[None], shape, scale)[0]
    limit, facts = float(np.abs(image).max()), neuron_facts(image)

    def render(language: str) -> str:
        name = class_name(class_key, language) if class_key else ""
        alt = describe(name or text("weights.image", language), facts, shape, language)
        drawn = weight_picture(image, limit, scale, alt, zoom)
        tile = parts.tile(drawn, name, _range(facts))
        return parts.tiles([tile], f"--wide:{shape[1] * zoom}px", columns=1) + scale_legend(
            limit, scale, len(shape), language
        )

    return Figure("weight-image", render, {"class_key": class_key, "limit": round(limit, 6), "scale": scale, **facts})


def as_images(weights: NDArray[np.floating], shape: tuple[int, ...], scale: str = "shared") -> NDArray[np.float64]:
    """Rows of `weights` (neurons, pixels) as images (neurons, *shape), if shape and scale make sense."""
    if scale not in SCALES:
        raise ValueError(f"a scale is one of {', '.join(SCALES)}; got {scale!r}; choose one of them")
    if weights.ndim != 2 or weights.shape[1] != np.prod(shape):
        raise ValueError(
            f"each neuron needs one weight for each of the {np.prod(shape)} numbers of an image of {shape}; "
            f"got weights of shape {weights.shape}; pass the layer that sees the image, one row for each neuron"
        )
    return np.asarray(weights, dtype=float).reshape(-1, *shape)


def check_keys(neurons: int, class_keys: Sequence[str]) -> None:
    """Raise an error unless there is one class key for each of so many `neurons`."""
    if len(class_keys) != neurons:
        raise ValueError(
            f"each neuron stands for one class; got {neurons} neurons and {len(class_keys)} class keys; "
            "pass the output layer, with a key for each of its neurons"
        )


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
    return text("weights.hidden_neuron", language, number=number + 1)


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
            where = text(f"weights.place_{facts[side]['channel']}", language, place=where)
        values |= {f"{side}_value": signed(facts[side]["value"]), f"{side}_place": where}
    return text("weights.alt", language, name=name, **values)


def _range(facts: Mapping[str, Any]) -> str:
    return f"{signed(facts['lowest']['value'])} … {signed(facts['highest']['value'])}"


def scale_legend(limit: float, scale: str, dimensions: int, language: str) -> str:
    """The legend that belongs to `scale`, for weights of brightness (2 dimensions) or of colours (3)."""
    if dimensions == 2 and scale == "shared":
        return parts.legend(limit, language)
    if dimensions == 3 and scale != "grey":
        return f'<p class="nnb-legend">{text(f"scale.colour_{scale}_words", language, limit=f"{limit:.2f}")}</p>'
    return f'<p class="nnb-legend">{text(f"scale.{scale}_words", language)}</p>'
