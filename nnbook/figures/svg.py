"""Line drawings as SVG text: a few elements, sized for a phone's column, scaled up by the style sheet on wide screens.

Colours and fonts come from the style sheet, so a drawing is right in light and dark mode; words are real text.
"""

from collections.abc import Iterable
from html import escape

WIDTH = 336  # of every drawing in its own units, which are CSS pixels on a phone


def drawing(height: float, alt: str, content: Iterable[str]) -> str:
    """An `<svg>` WIDTH x `height` units large that a screen reader reads as `alt`."""
    return (
        f'<svg class="nnb-drawing" viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(alt)}">'
        f"{''.join(content)}</svg>"
    )


def label(x: float, y: float, words: str, anchor: str = "middle", kind: str = "") -> str:
    """Text whose middle (or `start`, `end`) of the base line is at (`x`, `y`); `kind` is a class of the style sheet."""
    classes = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{classes}>{escape(words)}</text>'


def indexed(
    x: float, y: float, symbol: str, index: int | str, anchor: str = "middle", more: str = "", kind: str = ""
) -> str:
    """A symbol with its index below the line, such as x with 784, and `more` text behind it."""
    behind = f'<tspan dy="-3">{escape(more)}</tspan>' if more else ""
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
    return f'<text {place} class="nnb-value {kind}">{_low(symbol, index)}{behind}</text>'


def product(x: float, y: float, index: int, value: str) -> str:
    """w and x with the same index, and the value of their product, ending at (`x`, `y`)."""
    both = f'{_low("w", index)}<tspan dy="-3"> </tspan>{_low("x", index)}<tspan dy="-3"> = {escape(value)}</tspan>'
    return f'<text x="{x:g}" y="{y:g}" text-anchor="end" class="nnb-value">{both}</text>'


def equation(x: float, y: float, symbol: str, value: str, kind: str = "") -> str:
    """A symbol and its value, such as b = -0.90, about (`x`, `y`)."""
    left = f'<tspan class="nnb-symbol">{escape(symbol)}</tspan>'
    return f'<text x="{x:g}" y="{y:g}" text-anchor="middle" class="nnb-value {kind}">{left} = {escape(value)}</text>'


def _low(symbol: str, index: int | str) -> str:
    low = f'<tspan class="nnb-index" dy="3">{escape(str(index))}</tspan>'
    return f'<tspan class="nnb-symbol">{escape(symbol)}</tspan>{low}'


def width_of(words: str, size: float) -> float:
    """About how wide `words` are at a font size, so that a label can keep clear of the edge."""
    return sum(size if ord(letter) > 0x2E80 else 0.56 * size for letter in words)


def curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Path data of a line that leaves `start` and reaches `end` horizontally, as short as it can be written."""
    across, down = round(end[0] - start[0], 1), round(end[1] - start[1], 1)
    half = round(across / 2, 1)
    return f"M{round(start[0], 1):g} {round(start[1], 1):g}c{half:g} 0 {half:g} {down:g} {across:g} {down:g}".replace(
        " -", "-"
    )
