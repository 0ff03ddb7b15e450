"""One neuron's sum with the image unrolled into a column of inputs; `grid` draws the same sum with grids."""

import math

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import parts, raster, svg
from nnbook.figures.kit.figure import Figure
from nnbook.figures.unrolling.sums import (
    NEURON,
    Sum,
    equation,
    image_picture,
    neuron,
    sign_class,
    spoken,
    weighted_sum,
)
from nnbook.localisation import decimal, signed, text

COLUMN = 108.0, 10.0, 14.0, 392.0  # left, top, width and height of the column of inputs
LENS = 130.0, 79.0, 18.0  # left, width, and height for each magnified pixel
MOST = 400  # connections that are drawn: lines half a unit apart can no longer be told from all of them
STEPS = 6  # of strength, for the connections


def column_diagram(
    image: NDArray[np.uint8],
    weights: NDArray[np.floating],
    bias: float,
    class_key: str,
    index: int | None = None,
) -> Figure:
    """An image unrolled, row after row, into a column of inputs, and the connections of all of them into one neuron.

    Args:
        image: (H, W) or (H, W, 3), brightness 0..255; the network sees it divided by 255.
        weights: (pixels,), of the neuron.
        bias: of the neuron.
        class_key: of the class that the neuron stands for.
        index: the image's place in its data set, if it has one.

    Facts: those of `figures.unrolling`.
    """
    drawn = weighted_sum(image, weights, bias, class_key, index)
    left, top, width, height = COLUMN
    whole, middle = height + 2 * top, top + height / 2

    def render(language: str) -> str:
        content = [
            _unrolling(image.shape[0], drawn.side, middle),
            _fan(drawn, (NEURON[0] - NEURON[1], middle)),
            _magnified(drawn, language),
            neuron(drawn, middle, language),
            svg.label(drawn.side / 2, middle + drawn.side / 2 + 16, _size(image.shape), kind="nnb-quiet"),
        ]
        alt = text("unrolling.column_alt", language, **spoken(drawn, language))
        strip = raster.img(raster.ink(drawn.pixels[:, None] * 255), "", 1, "ink")
        pictures = [
            (0.0, middle - drawn.side / 2, drawn.side, drawn.side, image_picture(drawn, language)),
            (left, top, width, height, strip),
        ]
        stage = parts.on_stage(whole, pictures, svg.drawing(whole, alt, content))
        return stage + equation(drawn, True, language) + parts.legend(drawn.limit, language)

    return Figure("column-diagram", render, drawn.facts())


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(str(side) for side in shape)


def _unrolling(rows: int, side: float, middle: float) -> str:
    """A quiet line from each row of the image to its place in the column."""
    cell, pitch = side / rows, COLUMN[3] / rows
    starts = [middle - side / 2 + (row + 0.5) * cell for row in range(rows)]
    across = int(COLUMN[0] - side) - 3
    parts: list[str | float] = ["M", side + 2, starts[0]]
    for row, start in enumerate(starts):
        down = math.floor(COLUMN[1] + (row + 0.5) * pitch - start)  # to a pixel in the middle of the row
        back = row % 2 == 1  # every second line is drawn from the column, where the one before has ended
        parts += ["m", 0, pitch if back else cell] if row else []
        parts += ["c", *(svg.curve(-across, -down) if back else svg.curve(across, down))]
    return f'<path class="nnb-guide" d="{svg.path(*parts)}"/>'


def _height_of(number: float, size: int) -> float:
    """Where in the drawing the pixel `number` (from 0) of `size` begins in the column."""
    return COLUMN[1] + number / size * COLUMN[3]


def _fan(drawn: Sum, tip: tuple[float, float]) -> str:
    """A line to the neuron from every input, or from the middle of a few that lie so close that one can stand for them.

    Its colour is the sign, its opacity the strength of the weight, of several the strongest. Places are written from
    near where the column's edge and the neuron's height meet; a line goes from the neuron to the column, and `z` back.
    """
    size = drawn.weights.size
    close = 1 + size // MOST
    level = np.rint(_strongest(drawn.weights, close) / drawn.limit * STEPS).astype(int)
    edge, pitch, first = COLUMN[0] + COLUMN[2], _height_of(close, size) - COLUMN[1], _height_of(close / 2, size)
    near = tip[1] + (first - tip[1]) % 1
    paths = []
    for step in sorted(set(level.tolist()) - {0}, key=abs):
        parts: list[str | float] = ["M", tip[0] - edge, tip[1] - near]
        for group in np.flatnonzero(level == step):
            parts += ["L", 0, first + group * pitch - near, "z"]
        sign = "positive" if step > 0 else "negative"
        paths.append(f'<path class="nnb-{sign}" stroke-opacity="{abs(step) / STEPS:.2g}" d="{svg.path(*parts)}"/>')
    return f'<g class="nnb-fan" transform="translate({edge:g} {near:g})">{"".join(paths)}</g>'


def _strongest(weights: NDArray[np.float64], close: int) -> NDArray[np.float64]:
    """The weight of the largest magnitude among each `close` neighbours."""
    groups = np.pad(weights, (0, -weights.size % close)).reshape(-1, close)
    return groups[np.arange(len(groups)), np.abs(groups).argmax(axis=1)]


def _lenses(drawn: Sum) -> list[tuple[list[int], float]]:
    """The first three pixels, three about the strongest, and the last: their numbers, and where each group begins."""
    top, bottom, line = COLUMN[1], COLUMN[1] + COLUMN[3], LENS[2]
    last, strongest = drawn.products.size - 1, drawn.strongest
    first = max(3, min(strongest - 1, last - 3))
    about = [number for number in range(first, first + 3) if number < last]
    tall, middle = line * len(about), (top + bottom) / 2
    start = min(max(round(_height_of(strongest, last + 1) - tall / 2), top + 4 * line), bottom - 2 * line - tall)
    above, below = middle - 66 - tall, middle + 58  # the neuron's own words stand between
    if above < start < below:
        start = above if start - above < below - start else below
    groups = [([0, 1, 2], top), (about, start), ([last], bottom - line)]
    return [(numbers, start) for numbers, start in groups if numbers]


def _magnified(drawn: Sum, language: str) -> str:
    """Some pixels of the column magnified, each with its value and its weight."""
    size, (left, width, line) = drawn.products.size, LENS
    edge = COLUMN[0] + COLUMN[2]
    rays: list[str | float] = []
    frames: list[str | float] = []
    swatches: dict[str, list[str | float]] = {}
    symbols, values = [], []
    for numbers, top in _lenses(drawn):
        tall = line * len(numbers)
        rays += ["M", edge, _height_of(numbers[0], size), "L", left, top]
        rays += ["M", edge, _height_of(numbers[-1] + 1, size), "L", left, top + tall]
        frames += ["M", left, top, "h", width, "v", tall, "h", -width, "z"]
        for place, number in enumerate(numbers):
            y = top + line * place + 13
            pixel, weight = drawn.pixels[number], float(drawn.weights[number])
            swatches.setdefault(f"{pixel:.2g}", []).extend(["M", left + 37, y - 10, "h12v12h-12z"])
            symbols += [svg.indexed(left + 4, y, "x", number + 1), svg.indexed(left + width + 5, y, "w", number + 1)]
            values += [
                svg.label(left + width - 3, y, decimal(pixel, language)),
                svg.label(left + width + 74, y, signed(weight, language), kind=sign_class(weight)),
            ]
    return (
        f'<path class="nnb-guide" d="{svg.path(*rays)}"/><path class="nnb-lens" d="{svg.path(*frames)}"/>'
        + "".join(
            f'<path class="nnb-swatch" fill-opacity="{depth}" d="{svg.path(*squares)}"/>'
            for depth, squares in swatches.items()
        )
        + svg.group(symbols, "nnb-value nnb-halo", "start")
        + svg.group(values, "nnb-value nnb-halo", "end")
    )
