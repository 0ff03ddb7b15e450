"""One neuron's sum, which `column` and `grid` draw in two ways, and what their drawings share.

Both use the same signs for the same things: x for a pixel, w for its weight, b for the bias, z for the score,
and both pick out the same pixel, the one whose product weighs most.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import raster, svg
from nnbook.figures.kit.weights import as_images
from nnbook.localisation import class_name, count, decimal, signed, text

# All places are in units of the drawing, which are CSS pixels on a phone.
ROOM = 96  # for the side of an image
NEURON = 300.0, 19.0  # place from the left, and radius


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

    @property
    def side(self) -> float:
        """Of the image in the drawing: a whole multiple of its pixels where there is ROOM, 3 for 28 or 32."""
        width = self.image.shape[1]
        return float(width * (ROOM // width) if width <= ROOM else ROOM)

    def facts(self) -> dict[str, object]:
        """See `column_diagram`."""
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


def weighted_sum(
    image: NDArray[np.uint8], weights: NDArray[np.floating], bias: float, class_key: str, index: int | None
) -> Sum:
    """The sum of one neuron for one image, if the neuron has a weight for each of its numbers; see `column_diagram`."""
    return Sum(image, as_images(weights, image.shape)[0], float(bias), class_key, index)


def image_picture(drawn: Sum, language: str) -> str:
    """The image that comes in."""
    attributes = "" if drawn.index is None else f'data-index="{drawn.index}"'
    kind = "ink" if drawn.image.ndim == 2 else "colour"
    return raster.img(raster.picture(drawn.image), text("unrolling.image_alt", language), 3, kind, attributes)


def neuron(drawn: Sum, y: float, language: str) -> str:
    """The neuron with its bias coming in from above, its class, and the score that comes out."""
    x, radius = NEURON
    name = text("unrolling.neuron", language, name=class_name(drawn.class_key, language))
    half = svg.width_of(name, 11) / 2 + 1  # fonts differ
    return (
        f'<path class="nnb-wire" d="M{x:g} {y - 44:g}V{y - radius:g}"/>'
        f'<circle class="nnb-neurons" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'
        + svg.label(x, y + 6, "z", kind="nnb-symbol")
        + svg.equation(x, y - 50, "b", plain(drawn.bias, language), "nnb-value")
        + svg.equation(x, y + radius + 17, "z", plain(drawn.score, language), "nnb-value nnb-strong")
        + svg.label(min(x, svg.WIDTH - half), y + radius + 33, name, kind="nnb-quiet nnb-halo")
    )


def equation(drawn: Sum, written_out: bool, language: str) -> str:
    """The sum in symbols and in numbers; a line may break only between terms."""
    size, number = drawn.products.size, drawn.strongest + 1

    def term(index: int) -> str:
        return f"<i>w</i><sub>{index}</sub> <i>x</i><sub>{index}</sub>"

    def value(index: int) -> str:
        weight, pixel = float(drawn.weights[index - 1]), float(drawn.pixels[index - 1])
        return f"{plain(weight, language, True)} × {decimal(pixel, language)}"

    bias, score = plain(drawn.bias, language), f"<b>{plain(drawn.score, language)}</b>"
    if written_out:
        shown = sorted({1, 2, number, size})
        symbols = _terms("z", ["<i>b</i>", *_with_gaps(shown, term)])
        numbers = _terms("", [bias, *_with_gaps(shown, value)])
    else:
        symbols = _terms("z", ["<i>b</i>", "Σ <i>w</i><sub><i>i</i></sub> <i>x</i><sub><i>i</i></sub>"])
        numbers = _terms("", [bias, plain(float(drawn.products.sum()), language, True)])
    return f'<div class="nnb-equation"><p>{symbols}</p><p>{numbers}</p><p>= {score}</p></div>'


def plain(number: float, language: str, inside: bool = False) -> str:
    """A number as in an equation: no plus sign, a true minus, in brackets where a negative one stands `inside`."""
    written = signed(number, language).removeprefix("+")
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


def spoken(drawn: Sum, language: str) -> dict[str, str]:
    """What the alternative texts say, in the words of `language`."""
    place = drawn.strongest
    return {
        "name": class_name(drawn.class_key, language),
        "inputs": count(drawn.products.size, language),
        "number": count(place + 1, language),
        "pixel": decimal(drawn.pixels[place], language),
        "weight": signed(drawn.weights[place], language),
        "bias": signed(drawn.bias, language),
        "sum": signed(drawn.products.sum(), language),
        "score": signed(drawn.score, language),
    }


def sign_class(weight: float) -> str:
    """The class of the style sheet that colours a weight's number; none if it is zero as written."""
    if round(weight, 2) == 0:
        return "nnb-quiet"
    return "nnb-negative" if weight < 0 else "nnb-positive"
