"""Weights put where their pixels are: what each neuron looks for, as an image."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnbook.figures import parts, raster
from nnbook.figures.figure import Figure
from nnbook.localisation import class_name, signed, text

SCALES = ("shared", "own", "grey")


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
        zoom: CSS pixels for each pixel.
        columns: at most so many images in a row.

    Facts: `limit`, and for each neuron in `neurons` its `lowest` and `highest` weight as `value`, `row`, `column`.

    Explained in: looking-inside-neural-networks, "Seeing the weights".
    """
    if scale not in SCALES:
        raise ValueError(f"a scale is one of {', '.join(SCALES)}; got {scale!r}; choose one of them")
    if weights.ndim != 2 or weights.shape[1] != np.prod(shape):
        raise ValueError(
            f"each neuron needs one weight for each of the {np.prod(shape)} numbers of an image of {shape}; "
            f"got weights of shape {weights.shape}; pass the layer that sees the image, one row for each neuron"
        )
    images = np.asarray(weights, dtype=float).reshape(-1, *shape)
    limit = float(np.abs(images).max())
    neurons = [_neuron_facts(image) for image in images]

    def render(language: str) -> str:
        items = []
        for number, (image, facts) in enumerate(zip(images, neurons, strict=True)):
            if class_keys:
                name = class_name(class_keys[number], language)
            else:
                name = text("weights.hidden_neuron", language, number=number + 1)
            own_limit = limit if scale == "shared" else float(np.abs(image).max())
            alt = _describe(name, facts, shape, language)
            note = f"{signed(facts['lowest']['value'])} … {signed(facts['highest']['value'])}"
            items.append(parts.tile(weight_picture(image, own_limit, scale, alt, zoom), name, note))
        return parts.tiles(items, shape[1] * zoom, columns) + _legend(limit, scale, len(shape), language)

    return Figure("weight-images", render, {"limit": limit, "scale": scale, "neurons": neurons})


def weight_picture(image: NDArray[np.floating], limit: float, scale: str, alt: str, zoom: int) -> str:
    """One neuron's weights `image` (H, W) or (H, W, 3) as `<img>`, zero in the middle unless `scale` is `grey`."""
    if image.ndim == 3:
        return raster.img(raster.colour_weights(image, limit), alt, zoom, "colour")
    if scale == "grey":
        return raster.img(raster.grey(image), alt, zoom, "ink")
    return raster.diverging_img(image, limit, alt, zoom)


def _neuron_facts(image: NDArray[np.floating]) -> dict[str, dict[str, float]]:
    plane = image if image.ndim == 2 else image.mean(axis=2)
    facts = {}
    for name, highest in (("lowest", False), ("highest", True)):
        row, column = parts.extreme(plane, highest)
        facts[name] = {"value": round(float(plane[row, column]), 6), "row": row, "column": column}
    return facts


def _describe(name: str, facts: dict[str, dict[str, float]], shape: tuple[int, ...], language: str) -> str:
    values = {
        f"{side}_{word}": what
        for side in ("lowest", "highest")
        for word, what in (
            ("value", signed(facts[side]["value"])),
            ("place", parts.place(int(facts[side]["row"]), int(facts[side]["column"]), shape, language)),
        )
    }
    return text("weights.alt", language, name=name, **values)


def _legend(limit: float, scale: str, dimensions: int, language: str) -> str:
    if dimensions == 3:
        return f'<p class="nnb-legend">{text("scale.colour_words", language, limit=f"{limit:.2f}")}</p>'
    if scale == "shared":
        return parts.legend(limit, language)
    return f'<p class="nnb-legend">{text(f"scale.{scale}_words", language)}</p>'
