"""Strips of examples: a few cells of a confusion matrix, each with the images that the network was most sure of."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import raster
from nnbook.figures.kit.examples import Examples, confidence, how_many
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, text

GAP = 2  # transparent pixels between the pictures of a sheet
HALF = 4  # images of a strip in one sheet: a phone is that wide


@arrays.taken()
def confusion_gallery(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    probabilities: NDArray[np.floating],
    class_keys: Sequence[str],
    cells: Sequence[Sequence[str | int]],
    count: int = 8,
    indices: NDArray[np.integer] | None = None,
) -> Figure:
    """The most confident examples of a few cells of the confusion matrix, a row for each cell.

    Args:
        images: (N, H, W) or (N, H, W, 3).
        labels: (N,), the number of the true class.
        probabilities: (N, classes).
        class_keys: (classes,).
        cells: pairs (true class, predicted class), each a key or a number; what follows in a pair is ignored, so that
            the result of `largest_confusions` can be passed as it is.
        count: at most so many images for each cell.
        indices: (N,), where the images stand in their data set, if they are not the whole of it.

    Facts: `cells`, for each `actual`, `predicted`, `count`, `share` of the true class, and of the images shown
    `indices` and `probabilities`.

    Explained in: looking-inside-neural-networks, "The mistakes".
    """
    examples = Examples(images, labels, probabilities, class_keys, indices)
    pairs = [[arrays.class_number(side, class_keys) for side in cell[:2]] for cell in cells]
    found = [examples.cell(actual, predicted) for actual, predicted in pairs]
    facts = [
        {
            "actual": class_keys[actual],
            "predicted": class_keys[predicted],
            "count": len(positions),
            "share": round(len(positions) / max(int((np.asarray(labels) == actual).sum()), 1), 6),
            "indices": [examples.index(int(position)) for position in positions[:count]],
            "probabilities": [round(examples.probability(int(position)), 6) for position in positions[:count]],
        }
        for (actual, predicted), positions in zip(pairs, found, strict=True)
    ]

    def render(language: str) -> str:
        rows = zip(facts, found, strict=True)
        strips = "".join(_strip(examples, cell, positions[:count], language) for cell, positions in rows)
        return f'<ol class="nnb-gallery nnb-{examples.kind}-pictures" style="{examples.size}">{strips}</ol>'

    return Figure("confusion-gallery", render, {"cells": facts})


def _strip(examples: Examples, cell: dict[str, object], positions: NDArray[np.intp], language: str) -> str:
    names = {side: class_name(str(cell[side]), language) for side in ("actual", "predicted")}
    title = text("kit.cell", language, **names)
    halves = "".join(
        _half(examples, positions[start : start + HALF].tolist(), language) for start in range(0, len(positions), HALF)
    )
    strip = f'<div class="nnb-strip">{halves}</div>' if halves else ""
    note = how_many(int(str(cell["count"])), float(str(cell["share"])), language)
    classes = f'data-label="{escape(str(cell["actual"]))}" data-prediction="{escape(str(cell["predicted"]))}"'
    return (
        f"<li {classes}>"
        f'<p><strong>{escape(title)}</strong><span class="nnb-quiet">{escape(note)}</span></p>{strip}</li>'
    )


def _half(examples: Examples, positions: list[int], language: str) -> str:
    """Some images of a strip as one picture, the network's confidence under each of them."""
    indices = [str(examples.index(position)) for position in positions]
    alt = text("confusion_gallery.images", language, count=len(indices), indices=", ".join(indices))
    drawn = raster.sheet([[examples.picture(position) for position in positions]], GAP)
    picture = raster.img(drawn, alt, 2, examples.kind, examples.attributes(positions))
    words = "".join(
        f"<span>{escape(confidence(examples.probability(position), language))}</span>" for position in positions
    )
    return f'<div style="--n:{len(positions)}">{picture}{words}</div>'
