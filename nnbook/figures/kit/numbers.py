"""What the scripts calculate with: weights, brightness of images and the colours of signed values, as short text.

A weight becomes one of 704,969 steps between minus and plus the largest weight of its neuron (19.4 bits, 3 characters),
so it is off by at most that weight / 704,968: scores in the browser then equal NumPy's within 1e-4. An image becomes
bytes in which a run of blank pixels is written as a zero and its length, four bytes in 5 characters.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import raster
from nnbook.figures.kit.packing import DIGITS, pack


def packed_layer(
    weights: NDArray[np.floating], biases: NDArray[np.floating] | None = None, width: int = 3
) -> dict[str, object]:
    """A dense layer for `nnbook.layer`: `weights` (outputs, inputs), each `width` characters, `biases` (outputs,)."""
    limits, half = np.abs(weights).max(axis=1).astype(float), _half(width)
    steps = np.rint(weights / np.where(limits > 0, limits, 1)[:, None] * half).astype(int) + half
    layer = {"inputs": weights.shape[1], "limits": limits.tolist(), "weights": pack(steps.ravel().tolist(), width)}
    return layer if biases is None else layer | {"biases": np.asarray(biases, dtype=float).tolist()}


def as_packed(weights: NDArray[np.floating], width: int = 3) -> NDArray[np.float64]:
    """The `weights` (outputs, inputs) that the script has after unpacking."""
    limits, half = np.abs(weights).max(axis=1, keepdims=True).astype(float), _half(width)
    return np.asarray(np.rint(weights / np.where(limits > 0, limits, 1) * half) * limits / half)


def _half(width: int) -> int:
    """How many steps there are on either side of zero."""
    return int(len(DIGITS) ** width - 1) // 2


def packed_images(images: NDArray[np.uint8]) -> str:
    """Images (N, H, W) of brightness 0..255 for `nnbook.images`."""
    written = bytearray()
    for image in images:
        written += _without_blanks(image.ravel().tolist())
    written += bytes(-len(written) % 4)
    return pack(np.frombuffer(bytes(written), dtype="<u4").tolist(), 5)


def _without_blanks(pixels: Sequence[int]) -> bytes:
    """The `pixels` of one image, each run of zeros as a zero and its length (at most 255)."""
    written, run = bytearray(), 0
    for position, pixel in enumerate(pixels):
        run = run + 1 if pixel == 0 else 0
        ends = position + 1 == len(pixels) or pixels[position + 1] != 0 or run == 255
        if pixel:
            written.append(pixel)
        elif ends:
            written += bytes((0, run))
            run = 0
    return bytes(written)


def packed_scale() -> dict[str, str]:
    """The colours of `raster.diverging` on each ground, as red, green, blue and opacity for `nnbook.diverging`."""
    return {
        ground: pack(np.frombuffer(raster.diverging_scale(ground).tobytes(), dtype="<u4").tolist(), 5)
        for ground in raster.GROUNDS
    }
