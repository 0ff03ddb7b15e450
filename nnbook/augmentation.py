"""Augmentation: images that are shown a little differently each time teach what does not matter."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def moved(images: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    """Each of `images` (N, H, W, ...) moved by up to `most` pixels each way, at random; what is uncovered is 0."""
    count, height, width = images.shape[:3]
    margin = ((0, 0), (most, most), (most, most), *((0, 0),) * (images.ndim - 3))
    places = sliding_window_view(np.pad(images, margin), (height, width), axis=(1, 2))
    down, across = rng.integers(0, 2 * most + 1, (2, count))
    return np.moveaxis(places[np.arange(count), down, across], (-2, -1), (1, 2))


def mirrored(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """About half of `images` (N, H, W, ...) with left and right exchanged."""
    turned = rng.random(len(images)) < 0.5
    shown = images.copy()
    shown[turned] = images[turned, :, ::-1]
    return shown
