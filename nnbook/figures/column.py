"""One neuron's sum with the image unrolled into a column of inputs; `grid` draws the same sum with grids."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnbook.figures import parts, raster, svg
from nnbook.figures.figure import Figure
from nnbook.figures.sums import NEURON, Sum, equation, image_picture, neuron, on_stage, sign_class, spoken, weighted_sum
from nnbook.localisation import text

COLUMN = 108.0, 10.0, 14.0, 392.0  # left, top, width and height of the column of inputs
LENS = 130.0, 79.0, 18.0  # left, width, and height for each magnified pixel
MOST = 200  # connections that are drawn: lines half a unit apart can no longer be told from all of them
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

    Facts: `class_key`, `inputs` (how many), `bias`, the `sum` of all products, that of the `positive` and of the
        `negative` ones, `score` = sum + bias; of the `strongest` product its pixel's `number` (from 1),
        `row`, `column`, its `pixel` (0..1), `weight` and `product`.

    Explained in: looking-inside-neural-networks, "One neuron, one sum".
    """
    drawn = weighted_sum(image, weights, bias, class_key, index)
    left, top, width, height = COLUMN
    whole, middle = height + 2 * top, top + height / 2

    def render(language: str) -> str:
        content = [
            _unrolling(image.shape[0], drawn.side, middle),
            _fan(drawn, (NEURON[0] - NEURON[1], middle)),
            *(_lens(drawn, numbers, start) for numbers, start in _lenses(drawn)),
            neuron(drawn, middle, language),
            svg.label(drawn.side / 2, middle + drawn.side / 2 + 16, _size(image.shape), kind="nnb-quiet"),
        ]
        alt = text("sums.column_alt", language, **spoken(drawn, language))
        strip = raster.img(raster.ink(drawn.pixels[:, None] * 255), "", 1, "ink")
        pictures = [
            (0.0, middle - drawn.side / 2, drawn.side, drawn.side, image_picture(drawn, language)),
            (left, top, width, height, strip),
        ]
        stage = on_stage(whole, pictures, svg.drawing(whole, alt, content))
        return stage + equation(drawn, True) + parts.legend(drawn.limit, language)

    return Figure("column-diagram", render, drawn.facts())


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(str(side) for side in shape)


def _unrolling(rows: int, side: float, middle: float) -> str:
    """A quiet line from each row of the image to its place in the column."""
    left, right = side + 2, COLUMN[0] - 1
    shares = [(row + 0.5) / rows for row in range(rows)]
    ends = [((left, middle + (share - 0.5) * side), (right, COLUMN[1] + share * COLUMN[3])) for share in shares]
    return f'<path class="nnb-guide" d="{svg.curves(ends)}"/>'


def _height_of(number: float, size: int) -> float:
    """Where in the drawing the pixel `number` (from 0) of `size` begins in the column."""
    return COLUMN[1] + number / size * COLUMN[3]


def _fan(drawn: Sum, tip: tuple[float, float]) -> str:
    """A line from every input (of a long column only some) to the neuron: its weight's sign and strength as colour."""
    level = np.rint(drawn.weights / drawn.limit * STEPS).astype(int)
    left = COLUMN[0] + COLUMN[2] - tip[0]
    paths = []
    for step in sorted(set(level.tolist()) - {0}, key=abs):
        inputs = np.flatnonzero(level == step)[:: 1 + level.size // MOST]
        heights = [_height_of(float(number) + 0.5, level.size) - tip[1] for number in inputs]
        lines = "M0 0L" + svg.numbers(*(value for height in heights for value in (left, height, 0, 0)))
        sign = "positive" if step > 0 else "negative"
        paths.append(f'<path class="nnb-{sign}" stroke-opacity="{abs(step) / STEPS:.2g}" d="{lines}"/>')
    return f'<g class="nnb-fan" transform="translate({svg.numbers(*tip)})">{"".join(paths)}</g>'


def _lenses(drawn: Sum) -> list[tuple[list[int], float]]:
    """The first three pixels, three about the strongest, and the last: their numbers, and where each group begins."""
    top, bottom, line = COLUMN[1], COLUMN[1] + COLUMN[3], LENS[2]
    last, strongest = drawn.products.size - 1, drawn.strongest
    first = max(3, min(strongest - 1, last - 3))
    about = [number for number in range(first, first + 3) if number < last]
    tall, middle = line * len(about), (top + bottom) / 2
    start = min(max(_height_of(strongest, last + 1) - tall / 2, top + 4 * line), bottom - 2 * line - tall)
    above, below = middle - 66 - tall, middle + 58  # the neuron's own words stand between
    if above < start < below:
        start = above if start - above < below - start else below
    groups = [([0, 1, 2], top), (about, start), ([last], bottom - line)]
    return [(numbers, start) for numbers, start in groups if numbers]


def _lens(drawn: Sum, numbers: Sequence[int], top: float) -> str:
    """Some pixels of the column magnified, each with its value and its weight."""
    size, (left, width, line) = drawn.products.size, LENS
    bottom, edge = top + line * len(numbers), COLUMN[0] + COLUMN[2]
    first, last = _height_of(numbers[0], size), _height_of(numbers[-1] + 1, size)
    rays = f"M{edge:g} {first:.1f}L{left:g} {top:.1f}M{edge:g} {last:.1f}L{left:g} {bottom:.1f}"
    shapes = [
        f'<path class="nnb-guide" d="{rays}"/>',
        f'<rect class="nnb-lens" x="{left:g}" y="{top:.1f}" width="{width:g}" height="{bottom - top:g}" rx="2"/>',
    ]
    for place, number in enumerate(numbers):
        y = round(top + line * place + 13, 1)
        pixel, weight = drawn.pixels[number], float(drawn.weights[number])
        kind = f"nnb-value nnb-halo {sign_class(weight)}"
        shapes += [
            svg.indexed(left + 4, y, "x", number + 1, "start"),
            f'<rect class="nnb-swatch" x="{left + 37:g}" y="{y - 10:g}" width="12" height="12" '
            f'fill-opacity="{pixel:.3f}"/>',
            svg.label(left + width - 3, y, f"{pixel:.2f}", "end", "nnb-value"),
            svg.indexed(left + width + 5, y, "w", number + 1, "start", kind="nnb-halo"),
            svg.label(left + width + 68, y, parts.weight_text(weight), "end", kind),
        ]
    return "".join(shapes)
