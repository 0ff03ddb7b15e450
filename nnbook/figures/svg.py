"""Line drawings as SVG text: a few elements, sized for a phone's column, scaled up by the style sheet on wide screens.

Colours and fonts come from the style sheet, so a drawing is right in light and dark mode; words are real text.
"""

from collections.abc import Iterable
from html import escape

Point = tuple[float, float]
WIDTH = 336  # of every drawing in its own units, which are CSS pixels on a phone


def drawing(height: float, alt: str, content: Iterable[str]) -> str:
    """An `<svg>` WIDTH x `height` units large that a screen reader reads as `alt`."""
    return (
        f'<svg class="nnb-drawing" viewBox="0 0 {WIDTH} {height:g}" text-anchor="middle" role="img" '
        f'aria-label="{escape(alt)}">'
        f"{''.join(content)}</svg>"
    )


def label(x: float, y: float, words: str, anchor: str = "middle", kind: str = "") -> str:
    """Text whose middle (or `start`, `end`) of the base line is at (`x`, `y`); `kind` is a class of the style sheet."""
    classes = f' class="{kind}"' if kind else ""
    return f"<text {_place(x, y, anchor)}{classes}>{escape(words)}</text>"


def _place(x: float, y: float, anchor: str) -> str:
    """The attributes of a text at (`x`, `y`); whole drawings say that its middle is meant unless a text does not."""
    return f'x="{x:g}" y="{y:g}"' + ("" if anchor == "middle" else f' text-anchor="{anchor}"')


def indexed(
    x: float, y: float, symbol: str, index: int | str, anchor: str = "middle", more: str = "", kind: str = ""
) -> str:
    """A symbol with its index below the line, such as x with 784, and `more` text behind it."""
    behind = f'<tspan dy="-3">{escape(more)}</tspan>' if more else ""
    classes = f"nnb-value {kind}".strip()
    return f'<text {_place(x, y, anchor)} class="{classes}">{_low(symbol, index)}{behind}</text>'


def product(x: float, y: float, index: int, value: str) -> str:
    """w and x with the same index, and the value of their product, ending at (`x`, `y`)."""
    both = f'{_low("w", index)}<tspan dy="-3"> </tspan>{_low("x", index)}<tspan dy="-3"> = {escape(value)}</tspan>'
    return f'<text {_place(x, y, "end")} class="nnb-value">{both}</text>'


def equation(x: float, y: float, symbol: str, value: str, kind: str = "") -> str:
    """A symbol and its value, such as b = -0.90, about (`x`, `y`)."""
    left = f'<tspan class="nnb-symbol">{escape(symbol)}</tspan>'
    classes = f"nnb-value {kind}".strip()
    return f'<text {_place(x, y, "middle")} class="{classes}">{left} = {escape(value)}</text>'


def _low(symbol: str, index: int | str) -> str:
    low = f'<tspan class="nnb-index" dy="3">{escape(str(index))}</tspan>'
    return f'<tspan class="nnb-symbol">{escape(symbol)}</tspan>{low}'


def width_of(words: str, size: float) -> float:
    """About how wide `words` are at a font size, so that a label can keep clear of the edge."""
    return sum(size if ord(letter) > 0x2E80 else 0.56 * size for letter in words)


def curves(ends: Iterable[tuple[Point, Point]]) -> str:
    """Path data of lines that leave their start and reach their end horizontally, as short as it can be written.

    Of every second line the end comes first, so that a line may begin where the one before has ended.
    """
    data, here = "", None
    for number, (start, end) in enumerate(ends):
        first, last = (_rounded(point) for point in ((start, end) if number % 2 == 0 else (end, start)))
        if here != first:
            data += "M" + numbers(*first) if here is None else "m" + numbers(first[0] - here[0], first[1] - here[1])
        across, down = last[0] - first[0], last[1] - first[1]
        data += "c" + numbers(across / 2, 0, across / 2, down, across, down)
        here = last
    return data


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)


def numbers(*values: float) -> str:
    """Numbers of path data, to a tenth, with no more between them than is needed to tell them apart."""
    written = (
        f"{round(value, 1) + 0:g}".replace("0.", ".") if abs(value) < 1 else f"{round(value, 1):g}" for value in values
    )
    return " ".join(written).replace(" -", "-")
