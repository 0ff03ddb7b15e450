"""What figures of a convolution share: the filters of a network's first layer, and what one finds in a grey image."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from nnbook.figures.kit.numbers import packed_images, packed_layer, packed_scale
from nnbook.localisation import class_name

Filters = tuple[NDArray[np.float64], NDArray[np.float64]]


def first_filters(network: Any, images: NDArray[np.uint8]) -> Filters:
    """The weights (filters, height, width) and the biases (filters,) of a network that begins with a convolution.

    Raises:
        ValueError: if `images` (N, H, W) are in colour or not those of the network, or it begins otherwise.
    """
    if images.ndim != 3:
        raise ValueError(
            f"a window shows one number for each pixel, so images are grey, (N, H, W); got shape {images.shape}; pass "
            "grey images and a network that was trained on them"
        )
    if not network.layers[0].startswith("convolution"):
        raise ValueError(
            f"the filters that slide are those of a first layer that is a convolution; got {network.layers[0]!r}; pass "
            "a network such as trained('mnist-convolutional')"
        )
    if images.shape[1:] != tuple(network.input_shape[:2]):
        raise ValueError(
            f"this network sees images of {tuple(network.input_shape)}; got images of shape {images.shape}; pass those "
            "that it was tested on"
        )
    return np.asarray(network.weights[0][..., 0], dtype=float), np.asarray(network.biases[0], dtype=float)


def slid(
    images: NDArray[np.uint8], weights: NDArray[np.floating], bias: float, padding: tuple[int, int], stride: int = 1
) -> NDArray[np.float64]:
    """What one filter `weights` (height, width) gives at every place of `images` (N, H, W): maps (N, rows, columns).

    Args:
        padding: rows of zeros above and below, columns of zeros on the left and on the right.
        stride: how many pixels it is from one place to the next.
    """
    around = np.pad(images / 255, ((0, 0), *((zeros, zeros) for zeros in padding)))
    places = sliding_window_view(around, weights.shape, axis=(1, 2))[:, ::stride, ::stride]
    return np.asarray(np.einsum("nrcij,ij->nrc", places, weights) + bias)


def firsts(labels: NDArray[np.integer]) -> list[int]:
    """Where the first image of each class stands."""
    return [int(np.flatnonzero(labels == label)[0]) for label in np.unique(labels)]


def strongest(images: NDArray[np.uint8], filters: Filters, padding: tuple[int, int]) -> tuple[int, int]:
    """The image (its place in `images`) and the filter that find each other: of all maps, theirs reaches highest."""
    highest = np.array([slid(images, one, bias, padding).max(axis=(1, 2)) for one, bias in zip(*filters, strict=True)])
    number, at = divmod(int(highest.argmax()), len(images))
    return at, number


def offered(
    images: NDArray[np.uint8], labels: NDArray[np.integer], chosen: Sequence[int], filters: Filters
) -> dict[str, object]:
    """What scripts need to let a reader choose among images and filters: see `nnbook.slides`."""
    return {
        "width": images.shape[2],
        "height": images.shape[1],
        "window": list(filters[0].shape[1:]),
        "layer": packed_layer(filters[0].reshape(len(filters[0]), -1), filters[1]),
        "scale": packed_scale(),
        "images": packed_images(images[list(chosen)]),
        "indices": list(chosen),
        "labels": labels[list(chosen)].tolist(),
    }


def names(class_keys: Sequence[str], language: str) -> dict[str, str]:
    """The names of the classes as words of a script, `name.0`, `name.1`, ..."""
    return {f"name.{number}": class_name(key, language) for number, key in enumerate(class_keys)}
