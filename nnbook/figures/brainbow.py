"""The chapter's cover: a network's own weights, drawn as a brainbow.

In a brainbow every neuron of a piece of brain glows in a colour of its own, so that under the microscope each can be
followed among its neighbours. Here each colour is one hidden neuron, and its fibres are its positive weights.
"""

import base64
from html import escape
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nnbook.figures.figure import Figure
from nnbook.figures.weights import as_images
from nnbook.localisation import count, text

SIZE = (460, 1400)  # rows and columns of the picture
GROUND = (9, 10, 20)
QUALITY = 78


def brainbow(weights: NDArray[np.floating], shape: tuple[int, int]) -> Figure:
    """The first layer of a network as a decorative picture: each neuron in its own colour on a dark ground.

    Args:
        weights: (neurons, pixels), a row for each neuron.
        shape: (H, W) of the images that the neurons look at.

    Facts: `neurons`, how many there are.

    Explained in: looking-inside-neural-networks, its opening.
    """
    filters = as_images(weights, shape)
    source = _webp(_paint(filters))
    facts = {"neurons": len(filters)}

    def render(language: str) -> str:
        alt = text("brainbow.alt", language, count=count(len(filters)))
        height, width = SIZE
        return f'<img class="nnb-cover" src="{source}" width="{width}" height="{height}" alt="{escape(alt)}">'

    return Figure("brainbow", render, facts)


def _paint(filters: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Every filter's positive part in its own hue, added up as light, (*SIZE, 3)."""
    light = np.zeros((*SIZE, 3))
    side = 230
    for number, image in enumerate(filters):
        hue = (number * 0.61803398875) % 1
        glow = _enlarged(np.maximum(image, 0) / max(image.max(), 1e-9), side) ** 2
        top = int((SIZE[0] - side) * ((number * 0.7548776662) % 1))
        left = int((SIZE[1] - side) * ((number * 0.5698402909) % 1))
        light[top : top + side, left : left + side] += glow[..., None] * _hue(hue)
    return np.rint(np.array(GROUND) + (255 - np.array(GROUND)) * (1 - np.exp(-1.2 * light))).astype(np.uint8)


def _enlarged(image: NDArray[np.floating], side: int) -> NDArray[np.float64]:
    smooth = Image.fromarray(image.astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(smooth, dtype=float), 0, None)


def _hue(hue: float) -> NDArray[np.float64]:
    return np.clip(np.abs(((hue + np.array([0, 2 / 3, 1 / 3])) % 1) * 6 - 3) - 1, 0, 1)


def _webp(pixels: NDArray[np.uint8]) -> str:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", quality=QUALITY, method=6)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
