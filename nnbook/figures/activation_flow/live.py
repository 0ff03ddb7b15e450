"""One image on its way through a hidden layer, to be asked: what each neuron makes of it, and how the score adds up."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.activation_flow import static
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.filters import SHOWN
from nnbook.figures.kit.forward import activations, class_words, first_and_wrong, offered


@arrays.taken(weights="layers", biases="all_biases", chosen="positions")
def activation_flow(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    weights: Sequence[NDArray[np.floating]],
    biases: Sequence[NDArray[np.floating]],
    class_keys: Sequence[str],
    chosen: Sequence[int] | None = None,
    name: str = "flow",
    interactive: bool = True,
) -> Figure:
    """An image on its way through a two-layer network: fit, activation, weight and contribution of each hidden neuron.

    The reader chooses the image, and the class whose score is added up. The hidden neurons use ReLU.

    Args:
        images: (N, H, W) or (N, H, W, 3), uint8, such as a test set.
        labels: (N,), the number of each image's true class.
        weights: of the two layers, (hidden neurons, pixels) and (classes, hidden neurons). With more than ten hidden
            neurons, the figure shows the first image and can't be asked.
        biases: of the two layers, (hidden neurons,) and (classes,).
        class_keys: (classes,).
        chosen: indices of the images to choose from; if left out, the first of each class and the first five mistakes.
        interactive: whether it answers to the reader.
        name: of the figure in the page's address, as in `#flow:image=3,class=0`.

    Facts, of the first of the chosen images: `winner` (class key), `score` (the winner's), `probability`, `scores` (of
    all classes), `label`, `index`, `activations` (of all hidden neurons), `active` (how many are above zero), and in
    `sums`, for the winner and, if it is another one, the true class: `class_key`, `bias`, `contributions`, `score`.

    Explained in: looking-inside-neural-networks, "One image, all the way through".

    Example:
        >>> test, network = load("mnist").test, trained("mnist-2-layer")
        >>> activation_flow(test.images, test.labels, network.weights, network.biases, class_keys)
    """
    if len(weights) != 2:
        raise ValueError(
            f"an activation flow shows two layers; got {len(weights)}; pass weights and biases of a network with one "
            "hidden layer"
        )
    if not chosen:
        chosen = first_and_wrong(labels, activations(images, weights, biases)[-1].argmax(axis=1), wrong=5)
    indices, first = list(chosen), chosen[0]
    layers = (weights[0], biases[0], weights[1], biases[1])
    label = int(labels[first])
    table = static.activation_flow(images[first], *layers, images.shape[1:], class_keys, index=first, label=label)
    if not interactive or len(weights[0]) > SHOWN:
        return table
    fits = images[indices].reshape(len(indices), -1) / 255 @ np.asarray(weights[0], dtype=float).T + biases[0]
    data = offered(images, labels, indices) | {
        "name": name,
        "keys": list(class_keys),
        "fits": fits.round(6).tolist(),
        "weights": np.asarray(weights[1], dtype=float).round(6).tolist(),
        "biases": np.asarray(biases[1], dtype=float).round(6).tolist(),
    }
    return interactive_figure("activation-flow", table, data, class_words(class_keys))
