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


def indexed(x: float, y: float, symbol: str, index: int | str, anchor: str = "middle", more: str = "") -> str:
    """A symbol with its index below the line, such as x with 784, and `more` text behind it."""
    behind = f'<tspan dy="-3">{escape(more)}</tspan>' if more else ""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"><tspan class="nnb-symbol">{escape(symbol)}</tspan>'
        f'<tspan class="nnb-index" dy="3">{escape(str(index))}</tspan>{behind}</text>'
    )


def curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Path data of a line that leaves `start` and reaches `end` horizontally."""
    middle = (start[0] + end[0]) / 2
    return f"M{start[0]:g} {start[1]:g}C{middle:g} {start[1]:g} {middle:g} {end[1]:g} {end[0]:g} {end[1]:g}"
