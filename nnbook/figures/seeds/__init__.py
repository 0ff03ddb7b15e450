"""The same network from several random starts: what its hidden neurons have become each time, and how good it is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.weights import layers_as_images, weight_rows
from nnbook.localisation import percent, text


@arrays.taken(accuracies="numbers")
def seeds(
    filters: Sequence[NDArray[np.floating]],
    accuracies: NDArray[np.floating],
    shape: tuple[int, int],
    seeds: Sequence[int] | None = None,
) -> Figure:
    """A row for each network: the weights of its neurons as images, all on one scale, and its accuracy.

    Args:
        filters: for each network (neurons, pixels).
        accuracies: (networks,), 0 to 1.
        shape: of the images that the neurons look at, (H, W) with H * W = pixels.
        seeds: (networks,), what they are called; left out, they are counted from 1.

    Facts: `accuracies` (networks,), their `lowest`, `highest`, `mean`, and the `spread` from lowest to highest;
    `networks` and `neurons`, how many there are; the `limit` of the scale.

    Explained in: how-neural-networks-are-trained, "Ten starts, ten networks".

    Example:
        >>> seeds([one.weights[0] for one in networks], [one.test_accuracy for one in networks], (28, 28))
    """
    images = layers_as_images(filters, shape, "filters")
    shares = arrays.vector(accuracies, len(images), "accuracies")
    names = range(1, len(images) + 1) if seeds is None else seeds
    limit = max(float(np.abs(one).max()) for one in images)
    facts: dict[str, Any] = {"accuracies": np.round(shares, 6).tolist(), "limit": round(limit, 6)}
    facts |= {"networks": len(images), "neurons": len(images[0]), "mean": round(float(shares.mean()), 6)}
    facts |= {"lowest": round(float(shares.min()), 6), "highest": round(float(shares.max()), 6)}
    facts["spread"] = round(facts["highest"] - facts["lowest"], 6)

    def render(language: str) -> str:
        rows = []
        for one, share, seed in zip(images, shares.tolist(), names, strict=True):
            words = {"seed": seed, "share": percent(share, language), "count": len(one)}
            name, note, alt = (text(f"seeds.{key}", language, **words) for key in ("name", "note", "alt"))
            rows.append((one, name, note, alt))
        return weight_rows(rows, limit, language)

    return Figure("seeds", render, facts)
