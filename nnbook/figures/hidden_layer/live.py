"""The hidden layer, to be asked: what each class makes of the filters, and how one image goes through them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnbook import figures
from nnbook.figures.activation_flow.static import SHOWN
from nnbook.figures.hidden_layer.static import GAP
from nnbook.figures.kit import raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import activations, class_words, first_and_wrong

HIDDEN_WORDS = ("hidden.choose", "hidden.likes", "hidden.dislikes", "hidden.said", "hidden.neuron")
FLOW_WORDS = (
    "examples.image",
    "flow.active",
    "flow.choose_class",
    "flow.choose_image",
    "flow.contribution",
    "flow.fires",
    "flow.fit",
    "flow.score_of",
    "flow.sum",
    "flow.weight",
    "mistakes.predicted",
    "mistakes.true",
)


def hidden_layer(
    first_weights: NDArray[np.floating],
    second_weights: NDArray[np.floating],
    shape: tuple[int, ...],
    class_keys: Sequence[str],
    name: str = "hidden",
) -> Figure:
    """The filters and every class's weights for them; the reader chooses a class and sees what it likes and dislikes.

    Args:
        first_weights: (hidden neurons, pixels), a filter in each row.
        second_weights: (classes, hidden neurons).
        shape: of the images, (H, W) or (H, W, 3) with H * W (* 3) = pixels.
        class_keys: (classes,).
        name: of the figure in the page's address, as in `#hidden:class=3`.

    Facts: those of `figures.hidden_layer`.

    Explained in: looking-inside-neural-networks, "A hidden layer".

    Example:
        >>> first, second = trained("mnist-2-layer").weights
        >>> interactive.hidden_layer(first, second, shape=(28, 28), class_keys=load("mnist").class_keys)
    """
    static = figures.hidden_layer(first_weights, second_weights, shape, class_keys)
    rows = np.asarray(second_weights, dtype=float).round(6).tolist()
    size = {"width": shape[1], "height": shape[0], "gap": GAP}
    data = {"name": name, **size, "limit": static.facts["limit"], "weights": rows}
    return interactive_figure("hidden-layer", static, data, HIDDEN_WORDS, class_words(class_keys))


def activation_flow(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    weights: Sequence[NDArray[np.floating]],
    biases: Sequence[NDArray[np.floating]],
    class_keys: Sequence[str],
    chosen: Sequence[int] | None = None,
    name: str = "flow",
) -> Figure:
    """An image on its way through a two-layer network: fit, activation, weight and contribution of each hidden neuron.

    The reader chooses the image, and the class whose score is added up. The hidden neurons use ReLU.

    Args:
        images: (N, H, W) or (N, H, W, 3), uint8, such as a test set.
        labels: (N,), the number of each image's true class.
        weights: of the two layers, (hidden neurons, pixels) and (classes, hidden neurons); at most ten hidden neurons.
        biases: of the two layers, (hidden neurons,) and (classes,).
        class_keys: (classes,).
        chosen: indices of the images to choose from; if left out, the first of each class and the first five mistakes.
        name: of the figure in the page's address, as in `#flow:image=3,class=0`.

    Facts: those of `figures.activation_flow` for the first of the chosen images.

    Explained in: looking-inside-neural-networks, "One image, all the way through".

    Example:
        >>> test, network = load("mnist").test, trained("mnist-2-layer")
        >>> interactive.activation_flow(test.images, test.labels, network.weights, network.biases, class_keys)
    """
    if len(weights) != 2 or len(weights[0]) > SHOWN:
        raise ValueError(
            f"an activation flow shows two layers and at most {SHOWN} hidden neurons, side by side; got {len(weights)} "
            f"layers, the first with {len(weights[0])} neurons; use figures.activation_flow for a wider network"
        )
    if chosen is None:
        chosen = first_and_wrong(labels, activations(images, weights, biases)[-1].argmax(axis=1), wrong=5)
    indices = [int(index) for index in chosen]
    first = indices[0]
    layers = (weights[0], biases[0], weights[1], biases[1])
    label = int(labels[first])
    static = figures.activation_flow(images[first], *layers, images.shape[1:], class_keys, index=first, label=label)
    data = _flow_data(images[indices], weights, biases)
    data |= {"name": name, "keys": list(class_keys), "indices": indices, "labels": labels[indices].tolist()}
    return interactive_figure("activation-flow", static, data, FLOW_WORDS, class_words(class_keys))


def _flow_data(
    images: NDArray[np.uint8], weights: Sequence[NDArray[np.floating]], biases: Sequence[NDArray[np.floating]]
) -> dict[str, object]:
    """What the script needs to follow `images` (n, ...): their pictures side by side, and how well they fit."""
    fits = images.reshape(len(images), -1) / 255 @ np.asarray(weights[0], dtype=float).T + biases[0]
    return {
        "width": images.shape[2],
        "height": images.shape[1],
        "colour": images.ndim == 4,
        "sprite": raster.data_uri(raster.sheet([[raster.picture(image) for image in images]], gap=0)),
        "fits": fits.round(6).tolist(),
        "weights": np.asarray(weights[1], dtype=float).round(6).tolist(),
        "biases": np.asarray(biases[1], dtype=float).round(6).tolist(),
    }
