"""One neuron's sum with the pixels and the weights as grids laid over each other; `column` draws it as a column."""

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import parts, raster, svg
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.weights import describe, neuron_facts, weight_picture
from nnbook.figures.unrolling.sums import (
    NEURON,
    Sum,
    equation,
    image_picture,
    neuron,
    plain,
    spoken,
    weighted_sum,
)
from nnbook.localisation import class_name, decimal, text

STEPS = 10  # of strength, for the lines of the rows; what is less than half of one is no line


def grid_diagram(
    image: NDArray[np.uint8],
    weights: NDArray[np.floating],
    bias: float,
    class_key: str,
    index: int | None = None,
) -> Figure:
    """The sum of `column_diagram`, drawn with grids: image times weights, pixel by pixel, added up into the neuron.

    Args, facts: as in `column_diagram`.

    Explained in: looking-inside-neural-networks, "One neuron, one sum".
    """
    drawn = weighted_sum(image, weights, bias, class_key, index)
    side = drawn.side
    height = 2 * side + 80
    places = {"x": (0.0, 20.0), "w": (0.0, height - 24 - side), "product": (134.0, (height - side) / 2)}
    products = drawn.products.reshape(image.shape)
    plane, limit, words = products, drawn.limit, "kit.scale_product_words"
    if image.ndim == 3:  # the three products of a pixel are added, and have a scale of their own
        plane = products.sum(axis=2)
        limit, words = float(np.abs(plane).max()), "kit.scale_product_sum_words"

    def render(language: str) -> str:
        name = class_name(class_key, language)
        weight_alt = describe(name, neuron_facts(drawn.template), image.shape, language)
        drawings = {
            "x": image_picture(drawn, language),
            "w": weight_picture(drawn.template, drawn.limit, "shared", weight_alt, 3),
            "product": raster.diverging_img(plane, limit, text("unrolling.products", language), 3),
        }
        pictures = [(*places[symbol], side, side, drawings[symbol]) for symbol in places]
        content = [
            _grid_words(side, places, language),
            *(_pick(drawn, symbol, place, language) for symbol, place in places.items()),
            _rows_into_neuron(plane, side, places["product"], (NEURON[0] - NEURON[1], height / 2)),
            neuron(drawn, height / 2, language),
        ]
        alt = text("unrolling.grid_alt", language, **spoken(drawn, language))
        stage = parts.on_stage(height, pictures, svg.drawing(height, alt, content))
        return stage + equation(drawn, False, language) + parts.legend(limit, language, words)

    return Figure("grid-diagram", render, drawn.facts())


def _grid_words(side: float, places: dict[str, tuple[float, float]], language: str) -> str:
    """The names of the grids, and the operators between them."""
    middle = side / 2
    (_, x_top), (_, w_top), (left, top) = places["x"], places["w"], places["product"]
    names = [
        svg.label(middle, x_top - 7, text("unrolling.pixels", language)),
        svg.label(middle, w_top + side + 16, text("unrolling.weights", language)),
        svg.label(left + middle, top - 8, text("unrolling.products", language)),
    ]
    operators = [
        svg.label(middle, (x_top + side + w_top) / 2 + 6, "×"),
        svg.label((side + left) / 2, top + middle + 6, "="),
        svg.label(left + side + 26, top - 2, "Σ"),
    ]
    return svg.group(names, "nnb-quiet") + svg.group(operators, "nnb-large")


def _pick(drawn: Sum, symbol: str, place: tuple[float, float], language: str) -> str:
    """A frame round the strongest pixel in the grid at `place`, and its value there."""
    number, side = drawn.strongest, drawn.side
    row, column = np.unravel_index(number, drawn.image.shape)[:2]
    cell = side / drawn.image.shape[0]
    x, y, size = place[0] + column * cell - 1.5, place[1] + row * cell - 1.5, cell + 3
    frame = "".join(
        f'<rect class="nnb-{kind}" x="{x:g}" y="{y:g}" width="{size:g}" height="{size:g}"/>'
        for kind in ("moat", "pick")
    )
    if symbol == "product":
        value = plain(float(drawn.products[number]), language)
        return frame + svg.product(place[0] + side - 4, place[1] + side + 17, number + 1, value, "nnb-value")
    high = symbol == "x"  # the labels keep clear of the products, which stand between the two grids
    label_y = place[1] + (12 if high else side - 4)
    value = decimal(drawn.pixels[number], language) if high else plain(float(drawn.weights[number]), language)
    pointer = f'<path class="nnb-pointer" d="M{x + size:g} {y + size / 2:g}L{side + 6:g} {label_y - 4:g}"/>'
    return frame + pointer + svg.indexed(side + 8, label_y, symbol, number + 1, "start", f" = {value}", "nnb-value")


def _rows_into_neuron(
    plane: NDArray[np.floating], side: float, place: tuple[float, float], tip: tuple[float, float]
) -> str:
    """A line from each row of products into the neuron: its sign and strength are those of the row's sum."""
    sums = plane.sum(axis=1)
    limit = float(np.abs(sums).max()) or 1.0
    cell = side / len(sums)
    level = np.rint(sums / limit * STEPS).astype(int)
    across = int(tip[0] - place[0] - side) - 2
    paths = []
    for step in sorted(set(level.tolist()) - {0}, key=abs):
        parts: list[str | float] = []
        for row in np.flatnonzero(level == step):
            down = tip[1] - place[1] - (row + 0.5) * cell
            parts += ["M", -across, -down, "c", *svg.curve(across, down)]
        sign, width = "positive" if step > 0 else "negative", 0.4 + 2 * abs(step) / STEPS
        paths.append(f'<path class="nnb-{sign}" stroke-width="{width:.2g}" d="{svg.path(*parts)}"/>')
    return f'<g class="nnb-fan nnb-rows" transform="translate({tip[0]:g} {tip[1]:g})">{"".join(paths)}</g>'
