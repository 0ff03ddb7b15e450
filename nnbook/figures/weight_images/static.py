"""Weights put where their pixels are: what each neuron looks for, as an image."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.weights import (
    as_images,
    describe,
    neuron_facts,
    neuron_name,
    scale_legend,
    weight_picture,
)
from nnbook.localisation import class_name, signed, text


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
    limit = float(np.abs(images).max())
    neurons = [neuron_facts(image) for image in images]

    def render(language: str) -> str:
        items, size = [], raster.fitted(zoom, shape[1])
        for number, (image, facts) in enumerate(zip(images, neurons, strict=True)):
            name = neuron_name(number, class_keys, language)
            own_limit = limit if scale == "shared" else float(np.abs(image).max())
            alt = describe(name, facts, shape, language)
            attributes = f'data-neuron="{number}"'
            drawn = weight_picture(image, own_limit, scale, alt, size, True, attributes)
            items.append(parts.tile(drawn, name, _range(facts, language)))
        tiles = parts.tiles(items, parts.widths(shape[1], zoom), columns)
        return tiles + scale_legend(limit, scale, len(shape), language)

    return Figure("weight-images", render, {"limit": round(limit, 6), "scale": scale, "neurons": neurons})


@arrays.taken(weights="neuron")
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
    image = as_images(weights, shape, scale)[0]
    limit, facts = float(np.abs(image).max()), neuron_facts(image)

    def render(language: str) -> str:
        name = class_name(class_key, language) if class_key else ""
        alt = describe(name or text("weight_images.image", language), facts, shape, language)
        size = raster.fitted(zoom, shape[1])
        drawn = weight_picture(image, limit, scale, alt, size)
        tile = parts.tile(drawn, name, _range(facts, language))
        return parts.tiles([tile], f"--wide:{shape[1] * size}px", columns=1) + scale_legend(
            limit, scale, len(shape), language
        )

    return Figure("weight-image", render, {"class_key": class_key, "limit": round(limit, 6), "scale": scale, **facts})


def _range(facts: Mapping[str, Any], language: str) -> str:
    return f"{signed(facts['lowest']['value'], language)} … {signed(facts['highest']['value'], language)}"
