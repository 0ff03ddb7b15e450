"""Images of a data set, as they are."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import raster
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, text

HALF = 4  # images in one sheet: a phone is that wide


@arrays.taken(indices="positions")
def sample_images(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    per_class: int = 8,
    indices: Sequence[int] | None = None,
    rng: np.random.Generator | None = None,
    zoom: int = 2,
) -> Figure:
    """A sample of a data set, a row for each class.

    Args:
        images: (N, H, W) or (N, H, W, 3), brightness 0..255.
        labels: (N,), the number of each image's class.
        class_keys: (classes,), the keys of the classes in the order of their numbers.
        per_class: how many images of each class are drawn at random, without regard to what they show.
        indices: instead of a random draw, the places of the wanted images in `images`, any number of each class.
        rng: makes the draw; the same state gives the same images.
        zoom: CSS pixels for each pixel.

    Facts: for each class in `rows` its `class_key` and the `indices` of its images; `images`, how many there
        are in all.

    Explained in: looking-inside-neural-networks, "Making the network fail".
    """
    zoom = raster.fitted(zoom, images.shape[2])
    chosen = _chosen(labels, len(class_keys), per_class, indices, rng)
    rows = [{"class_key": key, "indices": own} for key, own in zip(class_keys, chosen, strict=True) if own]

    def render(language: str) -> str:
        lines = []
        for number, (key, own) in enumerate(zip(class_keys, chosen, strict=True)):
            if own:
                name = class_name(key, language)
                sheets = "".join(
                    _sheet(images, own[start : start + HALF], number, name, zoom, language)
                    for start in range(0, len(own), HALF)
                )
                lines.append(f"<dt>{escape(name)}</dt><dd>{sheets}</dd>")
        return f'<dl class="nnb-samples">{"".join(lines)}</dl>'

    return Figure("sample-images", render, {"rows": rows, "images": sum(len(own) for own in chosen)})


def _chosen(
    labels: NDArray[np.integer],
    classes: int,
    per_class: int,
    indices: Sequence[int] | None,
    rng: np.random.Generator | None,
) -> list[list[int]]:
    """The places of the images of each class."""
    if indices is not None:
        return [[int(index) for index in indices if labels[index] == number] for number in range(classes)]
    if rng is None:
        raise ValueError(
            "a random sample needs its source of randomness; got neither rng nor indices; "
            "pass rng=numpy.random.default_rng(1), or the indices of the images"
        )
    chosen = []
    for number in range(classes):
        own = np.flatnonzero(labels == number)
        if len(own) < per_class:
            raise ValueError(
                f"every class needs at least per_class images; class {number} has {len(own)} and per_class is "
                f"{per_class}; ask for fewer, or pass more images"
            )
        chosen.append(rng.choice(own, size=per_class, replace=False).tolist())
    return chosen


def _sheet(images: NDArray[np.uint8], own: Sequence[int], label: int, name: str, zoom: int, language: str) -> str:
    """Some images of one class as one picture, which names their indices and their label."""
    drawn = raster.sheet([[raster.picture(images[index]) for index in own]])
    alt = text("sample_images.alt", language, name=name, count=len(own), indices=", ".join(str(index) for index in own))
    said = f'data-indices="{",".join(map(str, own))}" data-label="{label}"'
    return raster.img(drawn, alt, zoom, "ink" if images.ndim == 3 else "colour", said)
