"""Parts that several figures share: tiles with words, the legend of a signed scale, pictures in drawings, places."""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import raster, svg
from nnbook.localisation import signed, text

STRIP = 12  # rows of a legend's picture; the style sheet shows a band of them


def tile(pictures: str, name: str, note: str = "") -> str:
    """A picture with its name and a quiet note under it."""
    under = f'<span class="nnb-tile-name">{escape(name)}</span>' if name else ""
    under += f'<span class="nnb-tile-note">{escape(note)}</span>' if note else ""
    return f"<li>{pictures}{under}</li>"


def tiles(items: Iterable[str], widths: str, columns: int | None = None) -> str:
    """Tiles of the `widths` that the function of this name gives, as many in a row as fit, at most `columns`."""
    most = f";--columns:{columns}" if columns else ""
    return f'<ul class="nnb-tiles" style="{widths}{most}">{"".join(items)}</ul>'


def widths(pixels: int, zoom: int) -> str:
    """CSS variables for what holds pictures `pixels` wide: their width in CSS pixels, and on narrow screens.

    There each pixel is at most 3 wide, so that three images of 28 or 32 pixels stand side by side; smaller ones are as
    large.
    """
    wide, narrow = (pixels * raster.fitted(each, pixels) for each in (zoom, 3))
    return f"--wide:{wide}px" + (f";--narrow:{narrow}px" if zoom > 3 else "")


def large(height: int, width: int) -> str:
    """CSS variables for `nnb-large`, pictures to look at closely: `--w` and `--h`, and how often a pixel is enlarged.

    On a page, on a phone, where two stand side by side, and on the narrowest.
    """
    zooms = (f"--z{at}:{max(1, room // width)}" for at, room in enumerate((224, 160, 128)))
    return f"--w:{width};--h:{height};{';'.join(zooms)}"


def shot(pictures: str, note: str) -> str:
    """A picture of `nnb-large`, or several on top of each other, and a quiet note under it."""
    return f'<div><span class="nnb-shot">{pictures}</span><span class="nnb-tile-note">{escape(note)}</span></div>'


def legend(limit: float, language: str, words: str = "kit.scale_words", digits: int = 2) -> str:
    """The signed scale from -limit to +limit with its numbers, and what its two sides mean as the text `words`."""
    ramp = np.tile(np.linspace(-limit, limit, 2 * raster.LEVELS + 1), (STRIP, 1))
    strip = raster.diverging_img(ramp, limit, "", 1)
    low, high = (signed(end, language, digits) for end in (-limit, limit))
    return (
        f'<div class="nnb-legend"><span>{low}</span><span class="nnb-legend-strip">{strip}</span>'
        f'<span>{high}</span><span class="nnb-legend-words">{text(words, language)}</span></div>'
    )


def place(row: int, column: int, shape: tuple[int, ...], language: str) -> str:
    """The ninth of an image of `shape` in which pixel (`row`, `column`) lies, in words: "upper left", "middle"."""
    third = 3 * row // shape[0], 3 * column // shape[1]
    return text(f"kit.place_{third[0]}{third[1]}", language)


def extreme(values: NDArray[np.floating], highest: bool) -> tuple[int, int]:
    """Row and column of the highest (or lowest) of `values` (H, W), the first in reading order when several tie."""
    flat = int(values.argmax() if highest else values.argmin())
    row, column = divmod(flat, values.shape[1])
    return row, column


def on_stage(height: float, pictures: Sequence[tuple[float, float, float, float, str]], drawing: str) -> str:
    """Pictures, each with its left, top, width and height in the drawing's units, under the drawing, scaled with it."""
    spans = ""
    for left, top, wide, tall, picture in pictures:
        place = f"left:{_percent(left, svg.WIDTH)};top:{_percent(top, height)}"
        place += f";width:{_percent(wide, svg.WIDTH)};height:{_percent(tall, height)}"
        spans += f'<span class="nnb-at" style="{place}">{picture}</span>'
    return f'<div class="nnb-stage">{spans}{drawing}</div>'


def _percent(part: float, whole: float) -> str:
    """A length of a style, exact to less than a hundredth of a pixel."""
    return f"{100 * part / whole:.3f}".rstrip("0").rstrip(".") + "%"
