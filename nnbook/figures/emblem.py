"""Pictures by which the book is known outside of its pages, drawn from its own weights: icons, a shared link's card.

They hold no words, so they need no font and serve every language; the same weights give the same bytes.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nnbook.figures.kit import raster

CARD = (1200, 630)
TOUCH = 180  # pixels of an icon on a home screen
STRONG = (
    0.6  # small pictures reach the ends of the scale at this share of the largest weight, so that they stay legible
)
STEPS = 8  # shades of each sign in the drawn icon
Weights = NDArray[np.floating]


def files(weights: Weights, shape: tuple[int, int], face: Weights | None = None) -> dict[str, bytes]:
    """The pictures by file name.

    Args:
        weights: (10, pixels), the neuron of a class in each row, that of the icon first.
        shape: (H, W) of the images that the neurons look at.
        face: (10, pixels), the neurons of the card, if it is not to show what the first chapter asks.
    """
    images = weights.reshape(-1, *shape)
    return {
        "favicon.svg": icon_svg(images[0]),
        "favicon.png": _png(_enlarged(_coarse(images[0]), 2, "light", 32)),
        "apple-touch-icon.png": _png(_enlarged(_coarse(images[0]), 12, "dark", TOUCH)),
        "card.png": card(images if face is None else face.reshape(-1, *shape)),
        "number.svg": number_svg(images, (4, 0, 4)),
    }


def icon_svg(image: Weights) -> bytes:
    """One neuron's weights `image` (H, W) as an icon for light and dark surroundings; zero lets them through."""
    cells = _coarse(image)
    side = len(cells)
    return _svg(side, side, {ground: _paths(cells, ground) for ground in raster.GROUNDS})


def card(images: Weights) -> bytes:
    """Ten neurons' weights `images` (10, H, W) as a picture of 1200 x 630 pixels, in two rows on dark ground."""
    zoom, gap = 7, 36
    limit = STRONG * float(np.abs(images).max())
    canvas = _paper(CARD, "dark")
    height, width = (zoom * side for side in images.shape[1:])
    left, top = (CARD[0] - 5 * width - 4 * gap) // 2, (CARD[1] - 2 * height - gap) // 2
    for number, image in enumerate(images[:10]):
        tile = _scaled(raster.diverging(image, limit, "dark"), zoom)
        row, column = divmod(number, 5)
        canvas.alpha_composite(tile, (left + column * (width + gap), top + row * (height + gap)))
    return _png(canvas)


def number_svg(images: Weights, digits: tuple[int, ...]) -> bytes:
    """A number whose `digits` are the weights `images` (10, H, W) of their neurons, side by side."""
    height, width = images.shape[1:]
    limit = STRONG * float(np.abs(images).max())
    drawn = {}
    for ground in raster.GROUNDS:
        row = raster.sheet([[raster.diverging(images[digit], limit, ground) for digit in digits]], gap=2)
        drawn[ground] = (
            f'<image width="{row.shape[1]}" height="{height}" href="{raster.data_uri(row)}" '
            'style="image-rendering:pixelated"/>'
        )
    return _svg(len(digits) * (width + 2) - 2, height, drawn)


def _svg(width: int, height: int, drawn: dict[str, str]) -> bytes:
    """A picture that shows what is `drawn` for light ground or for dark, as the reader's system is set."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" shape-rendering="crispEdges">'
        "<style>.d{display:none}@media(prefers-color-scheme:dark){.d{display:inline}.l{display:none}}</style>"
        f'<g class="l">{drawn["light"]}</g><g class="d">{drawn["dark"]}</g></svg>\n'
    ).encode()


def _coarse(image: Weights) -> NDArray[np.float64]:
    """The middle of `image` (H, W) at half its fineness: what is left is to be read at 16 pixels. In shares, -1..1."""
    inner = image[2:-2, 2:-2]
    height, width = (side // 2 for side in inner.shape)
    means = inner[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean(axis=(1, 3))
    return np.clip(means / (STRONG * float(np.abs(image).max()) or 1.0), -1, 1)


def _paths(cells: NDArray[np.float64], ground: str) -> str:
    """The `cells` (H, W) as one path for each shade, runs of equal cells in one piece."""
    levels = np.rint(cells * STEPS).astype(int)
    runs: dict[int, str] = {}
    for row, line in enumerate(levels):
        ends = [*(np.flatnonzero(np.diff(line)) + 1).tolist(), len(line)]
        for start, end in zip([0, *ends[:-1]], ends, strict=True):
            level = int(line[start])
            runs[level] = runs.get(level, "") + f"M{start} {row}h{end - start}v1H{start}z"
    scale = raster.diverging_scale(ground)
    parts = []
    for level in sorted(runs.keys() - {0}):
        red, green, blue, alpha = scale[raster.LEVELS + round(level * raster.LEVELS / STEPS)]
        parts.append(f'<path fill="#{red:02x}{green:02x}{blue:02x}{alpha:02x}" d="{runs[level]}"/>')
    return "".join(parts)


def _enlarged(cells: NDArray[np.float64], zoom: int, ground: str, side: int) -> Image.Image:
    """The `cells` (H, W) in the middle of an opaque square of `side` pixels, as an icon that lets nothing through."""
    tile = _scaled(raster.diverging(cells, 1.0, ground), zoom)
    canvas = _paper((side, side), ground)
    canvas.alpha_composite(tile, ((side - tile.width) // 2, (side - tile.height) // 2))
    return canvas


def _scaled(rgba: raster.Rgba, zoom: int) -> Image.Image:
    return Image.fromarray(np.repeat(np.repeat(rgba, zoom, axis=0), zoom, axis=1))


def _paper(size: tuple[int, int], ground: str) -> Image.Image:
    return Image.new("RGBA", size, (*raster.GROUNDS[ground].paper, 255))


def _png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
