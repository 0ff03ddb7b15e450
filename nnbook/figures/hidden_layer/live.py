"""The hidden layer, to be asked: what each class makes of the filters, and how one image goes through them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.hidden_layer import static
from nnbook.figures.kit import raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.filters import GAP
from nnbook.figures.kit.forward import class_words


@arrays.taken()
def hidden_layer(
    first_weights: NDArray[np.floating],
    second_weights: NDArray[np.floating],
    shape: tuple[int, ...],
    class_keys: Sequence[str],
    classes: Sequence[str | int] | None = None,
    zoom: int = 3,
    name: str = "hidden",
    interactive: bool = True,
) -> Figure:
    """The filters and every class's weights for them; the reader chooses a class and sees what it likes and dislikes.

    Args:
        first_weights: (hidden neurons, pixels), a filter in each row.
        second_weights: (classes, hidden neurons).
        shape: of the images, (H, W) or (H, W, 3) with H * W (* 3) = pixels.
        class_keys: (classes,).
        classes: the classes to show, by key or number; all of them when left out. A part of them can't be asked.
        zoom: CSS pixels for each pixel of a filter, fewer where there is not enough room.
        name: of the figure in the page's address, as in `#hidden:class=3`.
        interactive: whether it answers to the reader.

    Facts: `limit` (the largest output weight, which is the length of a full bar), `filter_limit`, and for each class
    shown, in `classes`, its `class_key`, `likes` and `dislikes`: hidden neurons as `neuron` (starting at 1) and
    `weight`, the strongest first.

    Explained in: looking-inside-neural-networks, "A hidden layer".

    Example:
        >>> first, second = trained("mnist-2-layer").weights
        >>> hidden_layer(first, second, shape=(28, 28), class_keys=load("mnist").class_keys)
    """
    table = static.hidden_layer(first_weights, second_weights, shape, class_keys, classes, zoom)
    if not interactive or classes is not None:
        return table
    rows = np.asarray(second_weights, dtype=float).round(6).tolist()
    height, width = raster.enlarged(np.empty((1, *shape))).shape[1:3]
    size = {"width": width, "height": height, "gap": GAP}
    data = {"name": name, **size, "limit": table.facts["limit"], "weights": rows}
    return interactive_figure("hidden-layer", table, data, class_words(class_keys))
