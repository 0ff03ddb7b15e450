"""The book's face: the weights of a layer as large images, with as few words as a cover has."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, weights
from nnbook.figures.kit.figure import Figure

ZOOM = 6  # CSS pixels for each pixel; the style sheet chooses the whole multiple that fits


@arrays.taken()
def frontispiece(
    layer: NDArray[np.floating], shape: tuple[int, int], class_keys: Sequence[str] | None = None
) -> Figure:
    """The weights of each neuron as a large image, all on one scale, for the first page of the book.

    On a wide screen they stand in two rows of five, on a phone three in a row: classes like its own keys, the 0 below
    the others; neurons that stand for no class in their order and without a name, which only their descriptions say.

    Args:
        layer: (neurons, pixels), a row for each neuron.
        shape: (H, W) of the images that the neurons look at.
        class_keys: (neurons,), if each neuron stands for a class.

    Facts: `limit`, and for each neuron in `neurons` what `weight_image` says of one.
    """
    images = weights.as_images(layer, shape)
    limit = float(np.abs(images).max())
    neurons = [weights.neuron_facts(image) for image in images]

    def render(language: str) -> str:
        items = []
        for number, (image, facts) in enumerate(zip(images, neurons, strict=True)):
            name = weights.neuron_name(number, class_keys, language)
            alt = weights.describe(name, facts, shape, language)
            shown = "" if class_keys is None else name
            items.append(parts.tile(weights.weight_picture(image, limit, "shared", alt, ZOOM), shown))
        kind = "nnb-face" if class_keys is None else "nnb-face nnb-keys"
        return f'<ul class="{kind}">{"".join(items)}</ul>{weights.scale_legend(limit, "shared", 2, language)}'

    return Figure("frontispiece", render, {"limit": round(limit, 6), "neurons": neurons})
