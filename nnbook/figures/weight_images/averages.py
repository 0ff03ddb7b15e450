"""What a class looks like on average, and how that compares with what its neuron looks for."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.weights import (
    as_images,
    describe,
    neuron_facts,
    scale_legend,
    weight_picture,
)
from nnbook.localisation import class_name, decimal, signed, text


def templates_and_averages(
    weights: NDArray[np.floating],
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    scale: str = "shared",
    zoom: int = 4,
    columns: int | None = 5,
) -> Figure:
    """For each class the weights of its neuron above the average of its images, and how much alike the two are.

    Args:
        weights: (classes, pixels), a row for each class.
        images: (N, H, W) or (N, H, W, 3), brightness 0..255, with H * W (* 3) = pixels.
        labels: (N,), the number of each image's class.
        class_keys: (classes,), the keys of the classes in the order of their numbers.
        scale: of the weights; see `weight_images`.
        zoom: CSS pixels for each pixel; at most 3 on a phone.
        columns: at most so many pairs in a row.

    Facts: for each class in `pairs` its `class_key`, the Pearson `correlation` of its weights with its average over all
        pixels, and that with its average less the average of all classes, `apart`; the `lowest` and `highest` of either
        kind; `most_alike` and `least_alike`, the class keys with the highest and the lowest `correlation`; the `limit`
        of the weights.

    Explained in: looking-inside-neural-networks, "A blurry zero".
    """
    templates = as_images(weights, images.shape[1:], scale)
    averages = average_images(images, labels, len(class_keys))
    limit = float(np.abs(templates).max())
    common = averages.mean(axis=0)
    pairs: list[dict[str, Any]] = [
        {
            "class_key": key,
            "correlation": round(_correlation(template, average), 6),
            "apart": round(_correlation(template, average - common), 6),
        }
        for key, template, average in zip(class_keys, templates, averages, strict=True)
    ]
    kinds = {kind: [pair[kind] for pair in pairs] for kind in ("correlation", "apart")}
    ordered = sorted(pairs, key=lambda pair: pair["correlation"])
    facts = {
        "limit": round(limit, 6),
        "pairs": pairs,
        "lowest": {kind: min(values) for kind, values in kinds.items()},
        "highest": {kind: max(values) for kind, values in kinds.items()},
        "least_alike": ordered[0]["class_key"],
        "most_alike": ordered[-1]["class_key"],
    }
    counts = np.bincount(labels, minlength=len(class_keys))

    def render(language: str) -> str:
        items, shape = [], images.shape[1:]
        size = raster.fitted(zoom, shape[1])
        for pair, template, average, images_of_class in zip(pairs, templates, averages, counts, strict=True):
            name = class_name(pair["class_key"], language)
            own_limit = limit if scale == "shared" else float(np.abs(template).max())
            alt = describe(name, neuron_facts(template), shape, language)
            pictures = weight_picture(template, own_limit, scale, alt, size, scaled=True)
            pictures += _average_picture(average, name, int(images_of_class), size, language)
            note = text("weight_images.correlation", language, value=signed(pair["correlation"], language))
            items.append(parts.tile(f'<span class="nnb-pair">{pictures}</span>', name, note))
        tiles = parts.tiles(items, parts.widths(shape[1], zoom), columns)
        return tiles + scale_legend(limit, scale, len(shape), language)

    return Figure("templates-and-averages", render, facts)


def average_images(images: NDArray[np.uint8], labels: NDArray[np.integer], classes: int) -> NDArray[np.float64]:
    """The average image of each class, (classes, H, W (, 3)), of `images` (N, H, W (, 3)) by `labels` (N,)."""
    missing = sorted(set(range(classes)) - set(np.unique(labels).tolist()))
    if missing:
        raise ValueError(
            f"a class needs at least one image to have an average; got none for the classes {missing}; pass more images"
        )
    return np.stack([images[labels == number].mean(axis=0, dtype=float) for number in range(classes)])


def _correlation(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Pearson's correlation of two images over all their numbers; 0 if one of them is the same everywhere."""
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def _average_picture(average: NDArray[np.floating], name: str, images: int, zoom: int, language: str) -> str:
    """An average image (H, W) or (H, W, 3) in 0..255 as ink, or in its own colours."""
    mean = decimal(float(average.mean()) / 255, language)
    alt = text("weight_images.average_alt", language, name=name, count=images, mean=mean)
    kind = "ink" if average.ndim == 2 else "colour"
    return raster.img(raster.picture(np.rint(average).astype(np.uint8)), alt, zoom, kind, scaled=True)
