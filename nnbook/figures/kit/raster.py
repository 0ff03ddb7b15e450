"""From arrays to pictures: how pixels and weights become colours, and colours become an `<img>`.

Two rules hold everywhere. A picture keeps every pixel (lossless, enlarged with hard edges by the style sheet), and
zero is the page's own background, in light and dark mode alike: ink and weights are drawn as colour on nothing. Ink is
inverted by the style sheet on a dark page. Weights are drawn once for each ground, with steps that look even on it, one
drawing below the other in one picture; the style sheet shows the half that the page needs.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Rgba = NDArray[np.uint8]

BETWEEN = (
    1  # transparent rows between the halves of a picture for both grounds, so that neither shows at the other's edge
)
WEBP = "data:image/webp;base64,"  # how the address of a picture begins that needs no file
LEVELS = 63  # steps between zero and the limit of a scale, for each sign, each about as small as can be seen


@dataclass(frozen=True)
class Ground:
    """A page's background, and the colours of the smallest and the largest magnitudes on it (sRGB, 0..255).

    Orange to red for positive against blue for negative is told apart by readers with any of the common kinds of colour
    blindness; both ends have nearly the same lightness, so that neither sign looks stronger.
    """

    paper: tuple[int, int, int]
    warm: tuple[tuple[int, int, int], tuple[int, int, int]]
    cool: tuple[tuple[int, int, int], tuple[int, int, int]]


GROUNDS = {
    "light": Ground((255, 255, 255), ((247, 147, 42), (197, 52, 20)), ((86, 170, 230), (28, 98, 196))),
    "dark": Ground((20, 24, 30), ((200, 70, 20), (255, 146, 84)), ((30, 90, 200), (112, 176, 255))),
}


def _lightness(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE L* of sRGB colours `rgb` (..., 3) in 0..255."""
    channel = rgb / 255
    linear = np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    cube_root = np.cbrt(luminance)
    return np.where(luminance > 0.008856, 116 * cube_root - 16, 903.3 * luminance)


def _ramp(paper: tuple[int, int, int], ends: tuple[tuple[int, int, int], tuple[int, int, int]]) -> Rgba:
    """Colours of growing magnitude, (LEVELS + 1, 4): their opacity makes lightness on `paper` change in even steps."""
    share = np.linspace(0, 1, LEVELS + 1)[:, None]
    ground = np.array(paper, dtype=float)
    hue = (1 - share) * np.array(ends[0]) + share * np.array(ends[1])
    start, end = _lightness(ground), _lightness(np.array(ends[1], dtype=float))
    wanted = start + (end - start) * share[:, 0]
    low, high = np.zeros(LEVELS + 1), np.ones(LEVELS + 1)
    for _ in range(24):  # bisection on the opacity
        opacity = (low + high) / 2
        reached = _lightness(ground + opacity[:, None] * (hue - ground))
        too_little = np.abs(reached - start) < np.abs(wanted - start)
        low, high = np.where(too_little, opacity, low), np.where(too_little, high, opacity)
    return np.concatenate([np.rint(hue), np.rint(255 * high)[:, None]], axis=1).astype(np.uint8)


@lru_cache
def diverging_scale(ground: str) -> Rgba:
    """The book's one scale for signed values, (2 * LEVELS + 1, 4): cool below zero, nothing at zero, warm above."""
    colours = GROUNDS[ground]
    warm, cool = _ramp(colours.paper, colours.warm), _ramp(colours.paper, colours.cool)
    warm[0, 3] = cool[0, 3] = 0
    return np.concatenate([cool[:0:-1], warm])


def _shares(values: NDArray[np.floating], limit: float) -> NDArray[np.floating]:
    """`values` as shares of `limit`, -1..1; a network that starts with weights of zero has a limit of zero."""
    return np.clip(values / (limit or 1.0), -1, 1)


def diverging(values: NDArray[np.floating], limit: float, ground: str) -> Rgba:
    """Signed `values` (H, W) as colours (H, W, 4); -limit and +limit are the ends of the scale, zero is transparent."""
    step = np.rint(_shares(values, limit) * LEVELS).astype(int)
    return diverging_scale(ground)[step + LEVELS]


def ink(values: NDArray[np.number]) -> Rgba:
    """Brightness `values` (H, W) in 0..255 as black ink on nothing (H, W, 4); inverted on dark pages by the style."""
    pixels = np.zeros((*values.shape, 4), dtype=np.uint8)
    pixels[..., 3] = np.clip(np.rint(values), 0, 255)
    return pixels


def grey(values: NDArray[np.floating]) -> Rgba:
    """`values` (H, W) stretched from their own lowest (no ink) to their own highest (full ink)."""
    lowest, highest = float(values.min()), float(values.max())
    return ink((values - lowest) * (255 / max(highest - lowest, 1e-12)))


def colour(pixels: NDArray[np.uint8]) -> Rgba:
    """A colour photograph `pixels` (H, W, 3) in 0..255, as it is, opaque (H, W, 4)."""
    opaque = np.full((*pixels.shape[:2], 1), 255, dtype=np.uint8)
    return np.concatenate([pixels, opaque], axis=2)


def colour_weights(values: NDArray[np.floating], limit: float) -> Rgba:
    """Signed weights of red, green and blue `values` (H, W, 3): zero is middle grey, each channel goes its own way."""
    channels = np.rint(127.5 + 127.5 * _shares(values, limit))
    return colour(channels.astype(np.uint8))


def grey_colour(values: NDArray[np.floating]) -> Rgba:
    """Weights of red, green and blue `values` (H, W, 3) stretched from their own lowest (dark) to their own highest."""
    lowest, highest = float(values.min()), float(values.max())
    return colour(np.rint((values - lowest) * (255 / max(highest - lowest, 1e-12))).astype(np.uint8))


def picture(image: NDArray[np.uint8]) -> Rgba:
    """An image of a data set as shown: ink for (H, W), its own colours for (H, W, 3)."""
    return ink(image) if image.ndim == 2 else colour(image)


def fitted(zoom: int, side: int) -> int:
    """The whole multiple that shows pictures of `side` pixels about as large as `zoom` shows those of 28 or 32."""
    return zoom if 24 <= side <= 40 else max(1, round(28 * zoom / side))


def enlarged(images: NDArray[Any]) -> NDArray[Any]:
    """Small `images` (N, H, W, ...) at the whole multiple that comes next to 28 pixels, each pixel a square of many."""
    times = fitted(1, max(images.shape[1:3]))
    return images if times == 1 else images.repeat(times, axis=1).repeat(times, axis=2)


def sheet(tiles: list[list[Rgba]], gap: int = 1) -> Rgba:
    """Rows of equally large `tiles` (H, W, 4) as one picture, `gap` transparent pixels between them."""
    height, width = tiles[0][0].shape[:2]
    rows, columns = len(tiles), len(tiles[0])
    canvas = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, 4), dtype=np.uint8)
    for row, line in enumerate(tiles):
        for column, tile in enumerate(line):
            top, left = row * (height + gap), column * (width + gap)
            canvas[top : top + height, left : left + width] = tile
    return canvas


def on_both_grounds(drawn: Callable[[str], Rgba]) -> Rgba:
    """What is `drawn` for the light ground (H, W, 4), and below it for the dark one: (2 * H + BETWEEN, W, 4)."""
    halves = [drawn(ground) for ground in GROUNDS]
    return np.concatenate([halves[0], np.zeros_like(halves[0][:BETWEEN]), halves[1]])


def half_height(height: int) -> int:
    """How high each half is of a picture for both grounds that is `height` pixels high in all."""
    return (height - BETWEEN) // 2


def data_uri(rgba: Rgba) -> str:
    """`rgba` (H, W, 4) as the address of a lossless WebP picture that needs no file."""
    return _data_uri(rgba.tobytes(), rgba.shape[1], rgba.shape[0])


@lru_cache(maxsize=1024)
def _data_uri(pixels: bytes, width: int, height: int) -> str:
    """The same, kept: packing well is slow, and every language shows the same picture. It pays for few colours only."""
    image, buffer = Image.frombytes("RGBA", (width, height), pixels), BytesIO()
    few_colours = image.getcolors(maxcolors=256) is not None
    # How hard to try; the pixels are exact with any.
    quality, method = (25, 4) if not few_colours else (100, 6) if width * height < 50_000 else (100, 4)
    image.save(buffer, "WEBP", lossless=True, quality=quality, method=method)
    return WEBP + base64.b64encode(buffer.getvalue()).decode("ascii")


def img(rgba: Rgba, alt: str, zoom: int, kind: str, attributes: str = "", scaled: bool = False) -> str:
    """An `<img>` of `rgba` (H, W, 4), each pixel `zoom` CSS pixels wide and high, with hard edges.

    Args:
        kind: `ink` (inverted on a dark page), `colour`, `only-light` or `only-dark` (shown on that ground only), or
            `signed`: `rgba` is for both grounds, as `on_both_grounds` makes it, and the page shows the right half.
        attributes: further attributes, such as `data-index="17"`.
        scaled: whether what is around it says how wide it is, on wide and on narrow screens; see `parts.widths`.
    """
    height, width = rgba.shape[:2]
    ratio = ""
    if kind == "signed":
        height = half_height(height)
        ratio = "" if height == width else f' style="aspect-ratio:{width}/{height}"'
    return (
        f'<img class="nnb-pixels nnb-{kind}{" nnb-scaled" if scaled else ""}" src="{data_uri(rgba)}" '
        f'width="{width * zoom}" height="{height * zoom}"{ratio} '
        f'alt="{escape(alt)}" loading="lazy"{" " + attributes if attributes else ""}>'
    )


def diverging_img(
    values: NDArray[np.floating], limit: float, alt: str, zoom: int, attributes: str = "", scaled: bool = False
) -> str:
    """Signed `values` (H, W) as an `<img>` that has the colours of the page's ground; see `img`."""
    drawn = on_both_grounds(lambda ground: diverging(values, limit, ground))
    return img(drawn, alt, zoom, "signed", attributes, scaled)
