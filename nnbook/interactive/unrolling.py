"""Column and grid: one sum, whose image, weights and products unroll from their grids into columns, and back."""

import numpy as np
from numpy.typing import NDArray

from nnbook import figures
from nnbook.figures.figure import Figure
from nnbook.interactive.element import interactive_figure
from nnbook.interactive.numbers import packed_images, packed_layer, packed_scale

_WORDS = (
    "scale.product_words",
    "sums.pixels",
    "sums.products",
    "sums.weights",
    "unrolling.at_column",
    "unrolling.at_grid",
    "unrolling.plane",
    "unrolling.reading",
    "unrolling.roll",
    "unrolling.said",
    "unrolling.track",
    "unrolling.unroll",
    "weights.point",
)


def unrolling(
    image: NDArray[np.uint8],
    weights: NDArray[np.floating],
    bias: float,
    class_key: str,
    index: int | None = None,
    name: str = "unrolling",
) -> Figure:
    """One neuron's sum as columns and as grids: the reader moves the rows of the image from one to the other.

    The pixels, the weights and the products travel together, row after row, and the sum stays what it is. A pixel that
    the reader points at is marked wherever it is drawn. The static figure inside is `figures.column_diagram`; its facts
    are those of this figure.

    Args:
        image: (H, W), brightness 0..255; the network sees it divided by 255.
        weights: (pixels,), of the neuron, with H * W = pixels.
        bias: of the neuron.
        class_key: of the class that the neuron stands for.
        index: the image's place in its data set, if it has one.
        name: of the figure in the page's address, as in `#unrolling:at=grid,pixel=403`; pixels count from 1.

    Example:
        >>> network, test = trained("mnist-1-layer"), load("mnist").test
        >>> unrolling(test.images[3], network.weights[0][0], network.biases[0][0], class_key="0", index=3)
    """
    if image.ndim != 2:
        raise ValueError(
            f"an image with one brightness for each pixel can be unrolled; got an image of shape {image.shape}; "
            "pass (H, W), or draw a colour image with figures.column_diagram"
        )
    static = figures.column_diagram(image, weights, bias, class_key, index)
    data: dict[str, object] = {
        "name": name,
        "width": image.shape[1],
        "height": image.shape[0],
        "layer": packed_layer(np.asarray(weights)[None], np.array([bias])),
        "scale": packed_scale(),
        "image": packed_images(image[None]),
    }
    return interactive_figure("unrolling", static, data, _WORDS)
