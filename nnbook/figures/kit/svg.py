"""Line drawings as SVG text: a few elements, sized for a phone's column, scaled up by the style sheet on wide screens.

Colours and fonts come from the style sheet, so a drawing is right in light and dark mode; words are real text.
"""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

WIDTH = 336  # of every drawing in its own units, which are CSS pixels on a phone
DOT = "h.01"  # path data of a point, which the style sheet makes round: not all programs draw a line of no length


def drawing(height: float, alt: str, content: Iterable[str]) -> str:
    """An `<svg>` WIDTH x `height` units large that a screen reader reads as `alt`."""
    return (
        f'<svg class="nnb-drawing" viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(alt)}">'
        f"{''.join(content)}</svg>"
    )


def group(content: Iterable[str], kind: str = "", anchor: str = "") -> str:
    """What shares a class of the style sheet, or has its `start` or `end` at its places; nothing around nothing."""
    inside = "".join(content)
    return f"<g{_how(kind, anchor)}>{inside}</g>" if inside else ""


def label(x: float, y: float, words: str, anchor: str = "", kind: str = "") -> str:
    """Text whose middle (or `start`, `end`) of the base line is at (`x`, `y`); `kind` is a class of the style sheet."""
    return _text(x, y, escape(words), kind, anchor)


def indexed(x: float, y: float, symbol: str, index: int | str, anchor: str = "", more: str = "", kind: str = "") -> str:
    """A symbol with its index below the line, such as x with 784, and `more` text behind it."""
    behind = f'<tspan dy="-3">{escape(more)}</tspan>' if more else ""
    return _text(x, y, _low(symbol, index) + behind, kind, anchor)


def product(x: float, y: float, index: int, value: str, kind: str = "") -> str:
    """w and x with the same index, and the value of their product, ending at (`x`, `y`)."""
    both = f'{_low("w", index)}<tspan dy="-3"> </tspan>{_low("x", index)}<tspan dy="-3"> = {escape(value)}</tspan>'
    return _text(x, y, both, kind, "end")


def equation(x: float, y: float, symbol: str, value: str, kind: str = "") -> str:
    """A symbol and its value, such as b = -0.90, about (`x`, `y`)."""
    return _text(x, y, f"<tspan>{escape(symbol)}</tspan> = {escape(value)}", kind)


def _text(x: float, y: float, content: str, kind: str = "", anchor: str = "") -> str:
    """Its middle is at (`x`, `y`), as the style sheet says, unless it or a group has another `anchor`."""
    return f'<text x="{x:g}" y="{y:g}"{_how(kind, anchor)}>{content}</text>'


def _how(kind: str, anchor: str) -> str:
    return (f' class="{kind}"' if kind else "") + (f' text-anchor="{anchor}"' if anchor else "")


def _low(symbol: str, index: int | str) -> str:
    """The style sheet draws a part that stays on the line as a symbol."""
    return f'<tspan>{escape(symbol)}</tspan><tspan dy="3">{escape(str(index))}</tspan>'


def width_of(words: str, size: float) -> float:
    """About how wide `words` are at a font size, so that a label can keep clear of the edge."""
    return sum(size if ord(letter) > 0x2E80 else 0.56 * size for letter in words)


def path(*parts: str | float) -> str:
    """Path data of letters and numbers, as short as it can be written: at most one decimal, no needless space."""
    written = ""
    for part in parts:
        now = part if isinstance(part, str) else _number(part)
        apart = not isinstance(part, str) and written[-1:].isdigit() and not now.startswith("-")
        written += f" {now}" if apart else now
    return written


def _number(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}".replace("0.", ".") if abs(value) < 1 else f"{round(value, 1):g}"


def curve(across: float, down: float) -> tuple[float, ...]:
    """The numbers behind a `c` in path data: a line that leaves and arrives horizontally."""
    half = int(across / 2)
    return half, 0, across - half, down, across, down


def row_of(shape: str, x: float, heights: Sequence[float]) -> str:
    """Path data of the same `shape`, which ends where it begins, for each of `heights`, below each other."""
    steps = [later - earlier for earlier, later in pairwise(heights)]
    return path("M", x, heights[0], shape, *(part for step in steps for part in ("m", 0, step, shape)))
