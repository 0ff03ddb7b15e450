"""One neuron's sum, drawn twice: the image unrolled into a column of inputs, and as grids laid over each other.

Both drawings use the same signs for the same things: x for a pixel, w for its weight, b for the bias, z for the score,
and both pick out the same pixel, the one whose product weighs most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnbook.figures import raster, svg
from nnbook.figures.figure import Figure
from nnbook.figures.weights import as_images, describe, neuron_facts, weight_picture
from nnbook.localisation import class_name, count, signed, text

GRID = 84.0  # side of an image, in units of the drawing: 3 for each of 28 pixels
STRIP = 392.0  # height of the column of inputs
NEURON = 19.0  # radius
STEPS = 6  # of strength, for the connections


@dataclass(frozen=True)
class Sum:
    """z = b + w_1 x_1 + w_2 x_2 + ... for one image and one neuron, all in float64."""

    image: NDArray[np.uint8]
    template: NDArray[np.float64]
    bias: float
    class_key: str
    index: int | None

    @property
    def pixels(self) -> NDArray[np.float64]:
        """x, (pixels,), 0..1."""
        return np.asarray(self.image, dtype=float).ravel() / 255

    @property
    def weights(self) -> NDArray[np.float64]:
        """w, (pixels,)."""
        return self.template.ravel()

    @property
    def products(self) -> NDArray[np.float64]:
        """w x, (pixels,)."""
        return self.pixels * self.weights

    @property
    def score(self) -> float:
        """z"""
        return float(self.products.sum()) + self.bias

    @property
    def strongest(self) -> int:
        """The place of the product of the largest magnitude."""
        return int(np.abs(self.products).argmax())

    def facts(self) -> dict[str, object]:
        place, products = self.strongest, self.products
        row, column = np.unravel_index(place, self.image.shape)[:2]
        strongest = {"pixel": self.pixels[place], "weight": self.weights[place], "product": products[place]}
        sums = {
            "bias": self.bias,
            "sum": products.sum(),
            "positive": products[products > 0].sum(),
            "negative": products[products < 0].sum(),
            "score": self.score,
        }
        return {
            "class_key": self.class_key,
            "inputs": products.size,
            **{name: round(float(value), 6) for name, value in sums.items()},
            "strongest": {"number": place + 1, "row": int(row), "column": int(column)}
            | {name: round(float(value), 6) for name, value in strongest.items()},
        }


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
    drawn = Sum(image, as_images(np.asarray(weights)[None], image.shape)[0], float(bias), class_key, index)

    def render(language: str) -> str:
        height = STRIP + 20
        middle = height / 2
        lenses = _lenses(drawn, height)
        content = [
            _unrolling(image.shape[0], middle),
            _fan(drawn, (122, 10), (317 - NEURON, middle)),
            *(_lens(drawn, numbers, top) for numbers, top in lenses),
            _neuron(drawn, 317, middle, language),
        ]
        alt = text("sums.column_alt", language, **_spoken(drawn, language))
        strip = raster.ink(drawn.pixels[:, None] * 255)
        column = raster.img(strip, "", 1, "ink nnb-strip")
        picture = _image_picture(drawn, language)
        stage = _stage(
            height, [(0, middle - GRID / 2, GRID, picture), (108, 10, 14, column)], svg.drawing(height, alt, content)
        )
        return stage + _equation(drawn, written_out=True)

    return Figure("column-diagram", render, drawn.facts())


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
    drawn = Sum(image, as_images(np.asarray(weights)[None], image.shape)[0], float(bias), class_key, index)
    limit = float(np.abs(drawn.template).max())

    def render(language: str) -> str:
        height, middle = 244.0, 122.0
        name = class_name(class_key, language)
        weight_alt = describe(name, neuron_facts(drawn.template), image.shape, language)
        products = drawn.products.reshape(image.shape)
        plane = products if image.ndim == 2 else products.sum(axis=2)
        places = {"x": (0.0, 20.0), "w": (0.0, height - 20 - GRID), "p": (126.0, middle - GRID / 2)}
        pictures = [
            (*places["x"], GRID, _image_picture(drawn, language)),
            (*places["w"], GRID, weight_picture(drawn.template, limit, "shared", weight_alt, 3)),
            (
                *places["p"],
                GRID,
                raster.diverging_img(plane, limit if image.ndim == 2 else float(np.abs(plane).max()), "", 3),
            ),
        ]
        content = [
            _grid_words(drawn, places, language),
            _rows_into_neuron(plane, places["p"], (317 - NEURON, middle)),
            _neuron(drawn, 317, middle, language),
        ]
        alt = text("sums.grid_alt", language, **_spoken(drawn, language))
        return _stage(height, pictures, svg.drawing(height, alt, content)) + _equation(drawn, written_out=False)

    return Figure("grid-diagram", render, drawn.facts())


def _stage(height: float, pictures: Sequence[tuple[float, float, float, str]], drawing: str) -> str:
    """Pictures, each at (left, top) with its width in the drawing's units, under a drawing that scales with them."""
    spans = ""
    for left, top, width, picture in pictures:
        place = f"left:{left / svg.WIDTH:.3%};top:{top / height:.3%};width:{width / svg.WIDTH:.3%}"
        spans += f'<span class="nnb-at" style="{place}">{picture}</span>'
    return f'<div class="nnb-stage">{spans}{drawing}</div>'


def _image_picture(drawn: Sum, language: str) -> str:
    attributes = "" if drawn.index is None else f'data-index="{drawn.index}"'
    kind = "ink" if drawn.image.ndim == 2 else "colour"
    return raster.img(raster.picture(drawn.image), text("sums.image_alt", language), 3, kind, attributes)


def _unrolling(rows: int, middle: float) -> str:
    """A quiet line from each row of the image to its place in the column."""
    curves = []
    for row in range(rows):
        share = (row + 0.5) / rows
        start = (GRID + 2, middle - GRID / 2 + share * GRID)
        curves.append(svg.curve(start, (107, 10 + share * STRIP)))
    return f'<path class="nnb-guide" d="{"".join(curves)}"/>'


def _fan(drawn: Sum, top: tuple[float, float], tip: tuple[float, float]) -> str:
    """A line from every input to the neuron, in the colour of its weight's sign, as strong as its weight."""
    limit = float(np.abs(drawn.weights).max())
    level = np.rint(drawn.weights / limit * STEPS).astype(int)
    heights = top[1] + (np.arange(level.size) + 0.5) * (STRIP / level.size)
    paths = []
    for step in sorted(set(level.tolist()) - {0}, key=abs):
        lines = "".join(f"M{top[0]:g} {y:.1f}L{tip[0]:g} {tip[1]:g}" for y in heights[level == step])
        sign = "positive" if step > 0 else "negative"
        paths.append(f'<path class="nnb-{sign}" stroke-opacity="{abs(step) / STEPS:.2f}" d="{lines}"/>')
    return f'<g class="nnb-fan">{"".join(paths)}</g>'


def _lenses(drawn: Sum, height: float) -> list[tuple[list[int], float]]:
    """The first three pixels, three about the strongest, and the last one: which, and where each group begins."""
    last, strongest = drawn.products.size - 1, drawn.strongest
    about = [number for number in range(strongest - 1, strongest + 2) if 3 <= number < last]
    top = 10 + (strongest + 0.5) / (last + 1) * STRIP - 27
    return [([0, 1, 2], 10), (about, min(max(top, 84), height - 110)), ([last], height - 10 - 18)]


def _lens(drawn: Sum, numbers: Sequence[int], top: float) -> str:
    """Some pixels of the column magnified, each with its value, its weight and its line to the neuron."""
    size, left = drawn.products.size, 132.0
    bottom = top + 18 * len(numbers)
    first, last = (10 + number / size * STRIP for number in (numbers[0], numbers[-1] + 1))
    shapes = [
        f'<path class="nnb-guide" d="M122 {first:.1f}L{left} {top:g}M122 {last:.1f}L{left} {bottom:g}"/>',
        f'<rect class="nnb-lens" x="{left}" y="{top:g}" width="74" height="{bottom - top:g}" rx="2"/>',
    ]
    for place, number in enumerate(numbers):
        y = top + 18 * place
        pixel, weight = drawn.pixels[number], drawn.weights[number]
        kind = "nnb-negative" if weight < 0 else "nnb-positive"
        shapes += [
            svg.indexed(left + 4, y + 13, "x", number + 1, "start"),
            f'<rect class="nnb-swatch" x="{left + 33:g}" y="{y + 3:g}" width="12" height="12" '
            f'fill-opacity="{pixel:.3f}"/>',
            svg.label(left + 71, y + 13, f"{pixel:.2f}", "end", "nnb-value"),
            svg.label(left + 78, y + 13, signed(float(weight)), "start", f"nnb-value {kind}"),
        ]
    return "".join(shapes)


def _neuron(drawn: Sum, x: float, y: float, language: str) -> str:
    """The neuron with its class, its bias, and the score that comes out."""
    return (
        f'<path class="nnb-wire" d="M{x:g} {y - 46:g}V{y - NEURON:g}"/>'
        f'<g class="nnb-neurons"><circle cx="{x:g}" cy="{y:g}" r="{NEURON:g}"/></g>'
        + svg.label(x, y + 6, "z", kind="nnb-symbol nnb-large")
        + svg.label(x, y - 64, "b", kind="nnb-symbol")
        + svg.label(x, y - 50, signed(drawn.bias), kind="nnb-value")
        + svg.label(x, y + NEURON + 16, signed(drawn.score), kind="nnb-value nnb-strong")
        + svg.label(svg.WIDTH, y + NEURON + 32, class_name(drawn.class_key, language), "end", "nnb-strong")
    )


def _grid_words(drawn: Sum, places: dict[str, tuple[float, float]], language: str) -> str:
    """Names and operators between the grids, and the strongest pixel's place and value in each of them."""
    number = drawn.strongest + 1
    row, column = np.unravel_index(drawn.strongest, drawn.image.shape)[:2]
    cell = GRID / drawn.image.shape[0]
    marks = "".join(
        f'<rect class="nnb-pick" x="{left + column * cell - 1:g}" y="{top + row * cell - 1:g}" '
        f'width="{cell + 2:g}" height="{cell + 2:g}"/>'
        for left, top in places.values()
    )
    middle = GRID / 2
    px, py = places["p"]
    return marks + "".join(
        [
            svg.label(middle, 12, text("sums.pixels", language), kind="nnb-quiet"),
            svg.label(middle, places["w"][1] + GRID + 16, text("sums.weights", language), kind="nnb-quiet"),
            svg.label(middle, (places["x"][1] + GRID + places["w"][1]) / 2 + 6, "×", kind="nnb-large"),
            svg.label(px - 21, py + middle + 6, "=", kind="nnb-large"),
            svg.label(px + middle, py - 8, text("sums.products", language), kind="nnb-quiet"),
            svg.indexed(GRID + 6, places["x"][1] + 14, "x", number, "start", f" = {drawn.pixels[number - 1]:.2f}"),
            svg.indexed(
                GRID + 6, places["w"][1] + GRID - 6, "w", number, "start", f" = {signed(drawn.weights[number - 1])}"
            ),
            svg.label(px + middle, py + GRID + 18, signed(drawn.products[number - 1]), kind="nnb-value"),
            svg.label(px + GRID + 40, py + middle - 30, "Σ", kind="nnb-large"),
        ]
    )


def _rows_into_neuron(plane: NDArray[np.floating], place: tuple[float, float], tip: tuple[float, float]) -> str:
    """A line from each row of products into the neuron: its sign and strength are those of the row's sum."""
    sums = plane.sum(axis=1)
    limit = float(np.abs(sums).max()) or 1.0
    cell = GRID / len(sums)
    lines = []
    for row, total in enumerate(sums):
        start = (place[0] + GRID + 2, place[1] + (row + 0.5) * cell)
        sign = "positive" if total > 0 else "negative"
        strength = abs(total) / limit
        if strength > 0.01:
            lines.append(
                f'<path class="nnb-{sign}" stroke-width="{0.4 + 2 * strength:.2f}" d="{svg.curve(start, tip)}"/>'
            )
    return f'<g class="nnb-fan nnb-rows">{"".join(lines)}</g>'


def _equation(drawn: Sum, written_out: bool) -> str:
    """The sum in symbols and in numbers."""
    size, number = drawn.products.size, drawn.strongest + 1

    def term(index: int) -> str:
        return f"<i>w</i><sub>{index}</sub> <i>x</i><sub>{index}</sub>"

    def value(index: int) -> str:
        return f"({signed(drawn.weights[index - 1])} × {drawn.pixels[index - 1]:.2f})"

    if written_out:
        symbols = f"<i>b</i> + {term(1)} + {term(2)} + … + {term(number)} + … + {term(size)}"
        numbers = f"{signed(drawn.bias)} + {value(1)} + {value(2)} + … + {value(number)} + … + {value(size)}"
    else:
        symbols = "<i>b</i> + Σ <i>w</i><sub><i>i</i></sub> <i>x</i><sub><i>i</i></sub>"
        numbers = f"{signed(drawn.bias)} + ({signed(drawn.products.sum())})"
    return (
        f'<p class="nnb-equation"><span><i>z</i> = {symbols}</span>'
        f"<span>= {numbers}</span><span>= <b>{signed(drawn.score)}</b></span></p>"
    )


def _spoken(drawn: Sum, language: str) -> dict[str, str]:
    """What the alternative texts say, in the words of `language`."""
    place = drawn.strongest
    return {
        "name": class_name(drawn.class_key, language),
        "inputs": count(drawn.products.size),
        "number": count(place + 1),
        "pixel": f"{drawn.pixels[place]:.2f}",
        "weight": signed(drawn.weights[place]),
        "bias": signed(drawn.bias),
        "sum": signed(drawn.products.sum()),
        "score": signed(drawn.score),
    }
