"""Column and grid: one sum, whose image, weights and products unroll from their grids into columns, and back."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import svg
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.numbers import packed_images, packed_layer, packed_scale
from nnbook.figures.unrolling.column import column_diagram
from nnbook.figures.unrolling.grid import grid_diagram
from nnbook.figures.unrolling.sums import NEURON, Sum, neuron, spoken, weighted_sum
from nnbook.localisation import text

TOP = 22  # of the drawing, for the names of the pictures
SIDE = 112  # of a grid, at most
COLUMNS = 142, 171, 200  # the left of the three columns
THICK = 12  # how wide a column is
_PICTURES = ("", "pixels"), ("× ", "weights"), ("= ", "products")


@arrays.taken(weights="neuron")
def unrolling(
    image: NDArray[np.uint8],
    weights: NDArray[np.floating],
    bias: float,
    class_key: str,
    index: int | None = None,
    form: Literal["column", "grid"] = "column",
    name: str = "unrolling",
    interactive: bool = True,
) -> Figure:
    """One neuron's sum as columns and as grids: the reader moves the rows of the image from one to the other.

    The pixels, the weights and the products travel together, row after row, and the sum stays what it is. A pixel that
    the reader points at is marked wherever it is drawn. A colour image is drawn, but can't be asked.

    Args:
        image: (H, W), brightness 0..255; the network sees it divided by 255.
        weights: (pixels,), of the neuron, with H * W = pixels.
        bias: of the neuron.
        class_key: of the class that the neuron stands for.
        index: the image's place in its data set, if it has one.
        form: what is seen at rest, and without scripts: the image as a column of inputs with all their connections, or
            image, weights and products as grids.
        interactive: whether it answers to the reader.
        name: of the figure in the page's address, as in `#unrolling:at=grid,pixel=403`; pixels count from 1.

    Facts: `class_key`, `inputs` (how many), `bias`, the `sum` of all products, that of the `positive` and of the
        `negative` ones, `score` = sum + bias; of the `strongest` product its pixel's `number` (from 1),
        `row`, `column`, its `pixel` (0..1), `weight` and `product`.

    Explained in: looking-inside-neural-networks, "One neuron, one sum".

    Example:
        >>> network, test = trained("mnist-1-layer"), load("mnist").test
        >>> unrolling(test.images[3], network.weights[0][0], network.biases[0][0], class_key="0", index=3)
    """
    if form not in ("column", "grid"):
        raise ValueError(f"a sum is drawn in the form column or grid; got {form!r}; choose one of these")
    static = (column_diagram if form == "column" else grid_diagram)(image, weights, bias, class_key, index)
    if not interactive or image.ndim != 2:
        return static
    drawn = weighted_sum(image, weights, bias, class_key, index)
    places = _places(*image.shape)
    data: dict[str, object] = {
        "name": name,
        "form": form,
        **places,
        "layer": packed_layer(drawn.weights[None], np.array([bias])),
        "scale": packed_scale(),
        "image": packed_images(image[None]),
    }

    def render(language: str) -> str:
        return static.html(language) + _template(drawn, places, language)

    return interactive_figure("unrolling", Figure(static.kind, render, static.facts), data)


def _places(height: int, width: int) -> dict[str, Any]:
    """Where everything is in the drawing, in CSS pixels, for images of `height` x `width` pixels.

    A pixel is a square of `cell` in the grid and `pitch`, a multiple of half a CSS pixel, high in the column. The three
    grids stand below each other, beside the columns.
    """
    cell = max(1, SIDE // max(height, width))
    pitch = math.ceil(2 * (3 * cell * height + 40) / (height * width)) / 2
    long = pitch * height * width
    return {
        "width": width,
        "height": height,
        "top": TOP,
        "cell": cell,
        "pitch": pitch,
        "thick": THICK,
        "high": TOP + long + 6,
        "wide": svg.WIDTH,
        "tip": NEURON[0] - NEURON[1],
        "middle": TOP + long / 2,
        "tops": [TOP + part * (long - cell * height) / 2 for part in range(3)],
        "columns": COLUMNS,
    }


def _template(drawn: Sum, places: dict[str, Any], language: str) -> str:
    """What the script puts on the page: the drawing that it paints under, and the names of the slider's ends."""
    names = [sign + text(f"unrolling.{key}", language) for sign, key in _PICTURES]
    middle = 1 + places["cell"] * places["width"] / 2
    content = [
        svg.label(middle, top - 7, name, kind="nnb-quiet")
        + svg.label(left + THICK / 2, TOP - 7, symbol, kind="nnb-symbol")
        for name, top, left, symbol in zip(names, places["tops"], COLUMNS, ("x", "w", "w x"), strict=True)
    ]
    content += [
        svg.label(COLUMNS[0] - 4, TOP + 8, "1", "end", "nnb-quiet"),
        svg.label(COLUMNS[0] - 4, places["high"] - 6, str(drawn.products.size), "end", "nnb-quiet"),
        neuron(drawn, places["middle"], language),
    ]
    alt = text("unrolling.alt", language, **spoken(drawn, language))
    ends = "".join(f"<span>{text(key, language)}</span>" for key in ("unrolling.at_grid", "unrolling.at_column"))
    drawing = svg.drawing(places["high"], alt, content)
    return f'<template>{drawing}<div class="nnb-unroll-ends" aria-hidden="true">{ends}</div></template>'
