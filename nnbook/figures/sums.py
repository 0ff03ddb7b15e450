"""One neuron's sum, drawn twice: the image unrolled into a column of inputs, and as grids laid over each other.

Both drawings use the same signs for the same things: x for a pixel, w for its weight, b for the bias, z for the score,
and both pick out the same pixel, the one whose product weighs most.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnbook.figures import parts, raster, svg
from nnbook.figures.figure import Figure
from nnbook.figures.weights import as_images, describe, neuron_facts, weight_picture
from nnbook.localisation import class_name, count, signed, text

# All places are in units of the drawing, which are CSS pixels on a phone.
GRID = 84.0  # side of an image: 3 for each of 28 pixels
COLUMN = 108.0, 10.0, 14.0, 392.0  # left, top, width and height of the column of inputs
LENS = 132.0, 74.0, 18.0  # left, width, and height for each magnified pixel
NEURON = 300.0, 19.0  # place from the left, and radius
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

    @property
    def limit(self) -> float:
        """The end of the scale of weights; products, of pixels up to 1, can't go beyond it."""
        return float(np.abs(self.template).max()) or 1.0

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
    left, top, width, height = COLUMN
    whole, middle = height + 2 * top, top + height / 2

    def render(language: str) -> str:
        content = [
            _unrolling(image.shape[0], middle),
            _fan(drawn, (NEURON[0] - NEURON[1], middle)),
            *(_lens(drawn, numbers, start) for numbers, start in _lenses(drawn)),
            _neuron(drawn, middle, language),
            svg.label(GRID / 2, middle + GRID / 2 + 16, _size(image.shape), kind="nnb-quiet"),
        ]
        alt = text("sums.column_alt", language, **_spoken(drawn, language))
        strip = raster.img(raster.ink(drawn.pixels[:, None] * 255), "", 1, "ink")
        pictures = [
            (0.0, middle - GRID / 2, GRID, GRID, _image_picture(drawn, language)),
            (left, top, width, height, strip),
        ]
        stage = _stage(whole, pictures, svg.drawing(whole, alt, content))
        return stage + _equation(drawn, True) + parts.legend(drawn.limit, language)

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
    height = 2 * GRID + 80
    places = {"x": (0.0, 20.0), "w": (0.0, height - 24 - GRID), "product": (134.0, (height - GRID) / 2)}
    products = drawn.products.reshape(image.shape)
    plane = products if image.ndim == 2 else products.sum(axis=2)

    def render(language: str) -> str:
        name = class_name(class_key, language)
        weight_alt = describe(name, neuron_facts(drawn.template), image.shape, language)
        drawings = {
            "x": _image_picture(drawn, language),
            "w": weight_picture(drawn.template, drawn.limit, "shared", weight_alt, 3),
            "product": raster.diverging_img(plane, drawn.limit, text("sums.products", language), 3),
        }
        pictures = [(*places[symbol], GRID, GRID, drawings[symbol]) for symbol in places]
        content = [
            _grid_words(places, language),
            *(_pick(drawn, symbol, place) for symbol, place in places.items()),
            _rows_into_neuron(plane, places["product"], (NEURON[0] - NEURON[1], height / 2)),
            _neuron(drawn, height / 2, language),
        ]
        alt = text("sums.grid_alt", language, **_spoken(drawn, language))
        stage = _stage(height, pictures, svg.drawing(height, alt, content))
        return stage + _equation(drawn, False) + parts.legend(drawn.limit, language, "scale.product_words")

    return Figure("grid-diagram", render, drawn.facts())


def _stage(height: float, pictures: Sequence[tuple[float, float, float, float, str]], drawing: str) -> str:
    """Pictures, each with its left, top, width and height in the drawing's units, under the drawing, scaled with it."""
    spans = ""
    for left, top, wide, tall, picture in pictures:
        place = f"left:{left / svg.WIDTH:.3%};top:{top / height:.3%}"
        place += f";width:{wide / svg.WIDTH:.3%};height:{tall / height:.3%}"
        spans += f'<span class="nnb-at" style="{place}">{picture}</span>'
    return f'<div class="nnb-stage">{spans}{drawing}</div>'


def _image_picture(drawn: Sum, language: str) -> str:
    attributes = "" if drawn.index is None else f'data-index="{drawn.index}"'
    kind = "ink" if drawn.image.ndim == 2 else "colour"
    return raster.img(raster.picture(drawn.image), text("sums.image_alt", language), 3, kind, attributes)


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(str(side) for side in shape)


def _unrolling(rows: int, middle: float) -> str:
    """A quiet line from each row of the image to its place in the column."""
    curves = []
    for row in range(rows):
        share = (row + 0.5) / rows
        start = (GRID + 2, middle - GRID / 2 + share * GRID)
        curves.append(svg.curve(start, (COLUMN[0] - 1, COLUMN[1] + share * COLUMN[3])))
    return f'<path class="nnb-guide" d="{"".join(curves)}"/>'


def _height_of(number: float, size: int) -> float:
    """Where in the drawing the pixel `number` (from 0) of `size` begins in the column."""
    return COLUMN[1] + number / size * COLUMN[3]


def _fan(drawn: Sum, tip: tuple[float, float]) -> str:
    """A line from every input to the neuron, in the colour of its weight's sign, as strong as its weight."""
    level = np.rint(drawn.weights / drawn.limit * STEPS).astype(int)
    start = COLUMN[0] + COLUMN[2]
    paths = []
    for step in sorted(set(level.tolist()) - {0}, key=abs):
        lines = ""
        for number in np.flatnonzero(level == step):
            y = _height_of(number + 0.5, level.size)
            lines += f"M{start:g} {y:.1f}L{tip[0]:g} {tip[1]:g}"
        sign = "positive" if step > 0 else "negative"
        paths.append(f'<path class="nnb-{sign}" stroke-opacity="{abs(step) / STEPS:.2f}" d="{lines}"/>')
    return f'<g class="nnb-fan">{"".join(paths)}</g>'


def _lenses(drawn: Sum) -> list[tuple[list[int], float]]:
    """The first three pixels, three about the strongest, and the last: their numbers, and where each group begins."""
    top, bottom, line = COLUMN[1], COLUMN[1] + COLUMN[3], LENS[2]
    last, strongest = drawn.products.size - 1, drawn.strongest
    about = [number for number in range(strongest - 1, strongest + 2) if 3 <= number < last]
    start = _height_of(strongest, last + 1) - line * len(about) / 2
    start = min(max(start, top + 4 * line), bottom - 2 * line - line * len(about))
    return [([0, 1, 2], top), (about, start), ([last], bottom - line)]


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
        shapes += [
            svg.indexed(left + 4, y, "x", number + 1, "start"),
            f'<rect class="nnb-swatch" x="{left + 33:g}" y="{y - 10:g}" width="12" height="12" '
            f'fill-opacity="{pixel:.3f}"/>',
            svg.label(left + width - 3, y, f"{pixel:.2f}", "end", "nnb-value"),
            svg.indexed(left + width + 5, y, "w", number + 1, "start", kind="nnb-halo"),
            svg.label(left + width + 67, y, parts.weight_text(weight), "end", f"nnb-value nnb-halo {_sign(weight)}"),
        ]
    return "".join(shapes)


def _sign(weight: float) -> str:
    """The class of the style sheet that colours a weight's number; none if it is zero as written."""
    if parts.weight_text(weight) == "0.00":
        return "nnb-quiet"
    return "nnb-negative" if weight < 0 else "nnb-positive"


def _neuron(drawn: Sum, y: float, language: str) -> str:
    """The neuron with its bias coming in from above, its class, and the score that comes out."""
    x, radius = NEURON
    name = text("sums.neuron", language, name=class_name(drawn.class_key, language))
    half = svg.width_of(name, 11) / 2
    return (
        f'<path class="nnb-wire" d="M{x:g} {y - 44:g}V{y - radius:g}"/>'
        f'<g class="nnb-neurons"><circle cx="{x:g}" cy="{y:g}" r="{radius:g}"/></g>'
        + svg.label(x, y + 6, "z", kind="nnb-symbol nnb-large")
        + svg.equation(x, y - 50, "b", _plain(drawn.bias))
        + svg.equation(x, y + radius + 17, "z", _plain(drawn.score), "nnb-strong")
        + svg.label(min(x, svg.WIDTH - half), y + radius + 33, name, kind="nnb-quiet")
    )


def _grid_words(places: dict[str, tuple[float, float]], language: str) -> str:
    """The names of the grids, and the operators between them."""
    middle = GRID / 2
    (_, x_top), (_, w_top), (left, top) = places["x"], places["w"], places["product"]
    return "".join(
        [
            svg.label(middle, x_top - 7, text("sums.pixels", language), kind="nnb-quiet"),
            svg.label(middle, w_top + GRID + 16, text("sums.weights", language), kind="nnb-quiet"),
            svg.label(middle, (x_top + GRID + w_top) / 2 + 6, "×", kind="nnb-large"),
            svg.label((GRID + left) / 2, top + middle + 6, "=", kind="nnb-large"),
            svg.label(left + middle, top - 8, text("sums.products", language), kind="nnb-quiet"),
            svg.label(left + GRID + 26, top - 2, "Σ", kind="nnb-large"),
        ]
    )


def _pick(drawn: Sum, symbol: str, place: tuple[float, float]) -> str:
    """A frame round the strongest pixel in the grid at `place`, and its value there."""
    number = drawn.strongest
    row, column = np.unravel_index(number, drawn.image.shape)[:2]
    cell = GRID / drawn.image.shape[0]
    x, y, side = place[0] + column * cell - 1.5, place[1] + row * cell - 1.5, cell + 3
    frame = "".join(
        f'<rect class="nnb-{kind}" x="{x:g}" y="{y:g}" width="{side:g}" height="{side:g}"/>'
        for kind in ("moat", "pick")
    )
    if symbol == "product":
        value = _plain(float(drawn.products[number]))
        return frame + svg.product(place[0] + GRID / 2, place[1] + GRID + 17, number + 1, value)
    high = symbol == "x"  # the labels keep clear of the products, which stand between the two grids
    label_y = place[1] + (12 if high else GRID - 4)
    value = f"{drawn.pixels[number]:.2f}" if high else _plain(float(drawn.weights[number]))
    pointer = f'<path class="nnb-pointer" d="M{x + side:g} {y + side / 2:g}L{GRID + 6:g} {label_y - 4:g}"/>'
    return frame + pointer + svg.indexed(GRID + 8, label_y, symbol, number + 1, "start", f" = {value}")


def _rows_into_neuron(plane: NDArray[np.floating], place: tuple[float, float], tip: tuple[float, float]) -> str:
    """A line from each row of products into the neuron: its sign and strength are those of the row's sum."""
    sums = plane.sum(axis=1)
    limit = float(np.abs(sums).max()) or 1.0
    cell = GRID / len(sums)
    lines = []
    for row, total in enumerate(sums):
        strength = abs(float(total)) / limit
        if strength > 0.01:
            start = (place[0] + GRID + 2, place[1] + (row + 0.5) * cell)
            width = 0.4 + 2 * strength
            lines.append(f'<path class="{_sign(total)}" stroke-width="{width:.2f}" d="{svg.curve(start, tip)}"/>')
    return f'<g class="nnb-fan nnb-rows">{"".join(lines)}</g>'


def _equation(drawn: Sum, written_out: bool) -> str:
    """The sum in symbols and in numbers; a line may break only between terms."""
    size, number = drawn.products.size, drawn.strongest + 1

    def term(index: int) -> str:
        return f"<i>w</i><sub>{index}</sub> <i>x</i><sub>{index}</sub>"

    def value(index: int) -> str:
        return f"{_plain(float(drawn.weights[index - 1]), True)} × {drawn.pixels[index - 1]:.2f}"

    bias, score = _plain(drawn.bias), f"<b>{_plain(drawn.score)}</b>"
    if written_out:
        shown = [1, 2, number, size]
        symbols = _terms("z", ["<i>b</i>", *_with_gaps(shown, term)])
        numbers = _terms("", [bias, *_with_gaps(shown, value)])
    else:
        symbols = _terms("z", ["<i>b</i>", "Σ <i>w</i><sub><i>i</i></sub> <i>x</i><sub><i>i</i></sub>"])
        numbers = _terms("", [bias, _plain(float(drawn.products.sum()), True)])
    return f'<div class="nnb-equation"><p>{symbols}</p><p>{numbers}</p><p>= {score}</p></div>'


def _plain(number: float, inside: bool = False) -> str:
    """A number as in an equation: no plus sign, a true minus, in brackets where a negative one stands `inside`."""
    written = parts.weight_text(number).removeprefix("+")
    return f"({written})" if inside and written.startswith("−") else written


def _with_gaps(numbers: Sequence[int], term: Callable[[int], str]) -> list[str]:
    """The terms of `numbers`, with dots for those that are left out between them."""
    terms, before = [], 0
    for number in numbers:
        if number > before + 1:
            terms.append("…")
        terms.append(term(number))
        before = number
    return terms


def _terms(left: str, terms: Sequence[str]) -> str:
    """`left` = the first term + the second + ..., each kept in one piece."""
    start = f"<i>{left}</i> = " if left else "= "
    pieces = [start + terms[0], *(f"+ {term}" for term in terms[1:])]
    return " ".join(f"<span>{piece}</span>" for piece in pieces)


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
