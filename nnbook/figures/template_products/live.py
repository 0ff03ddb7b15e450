"""Template times image: an image and a class to choose, their products, and how these add up to the score."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit.element import Words, interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import activations
from nnbook.figures.kit.numbers import packed_images, packed_layer, packed_scale
from nnbook.figures.template_products import static
from nnbook.localisation import class_name


@arrays.taken()
def template_products(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    weights: NDArray[np.floating],
    biases: NDArray[np.floating],
    class_keys: Sequence[str],
    index: int,
    classes: Sequence[int],
    zoom: int = 4,
    name: str = "products",
    interactive: bool = True,
) -> Figure:
    """An image times the weights of a class, pixel by pixel; the reader chooses both.

    To choose from there are, of each class, the first image that is read correctly and the first that is not, and the
    image of `index`. Scores are calculated in the browser from weights in steps of a 704,969th of each neuron's range;
    on MNIST they equal NumPy's within 1e-4. Colour images are shown, but can't be asked.

    Args:
        images: (N, H, W), brightness 0..255; the network sees it divided by 255.
        labels: (N,), the number of each image's class.
        weights: (classes, pixels), a row for each class, with H * W = pixels.
        biases: (classes,).
        class_keys: (classes,), the keys of the classes in the order of their numbers.
        index: of the image that is shown first.
        classes: the numbers of the classes that the static figure shows; the first is shown first.
        zoom: CSS pixels for each pixel of the static figure; at most 3 on a phone.
        interactive: whether it answers to the reader.
        name: of the figure in the page's address, as in `#products:image=17,class=3`.

    Facts: `label` and `winner` (class keys), `scores` (list over the classes); for each shown class in `rows` its
        `class_key`, the sum of its `positive` and of its `negative` products, their `sum`, `bias` and `score`.

    Explained in: looking-inside-neural-networks, "What happens when a 2 comes in".

    Example:
        >>> network, test = trained("mnist-1-layer"), load("mnist").test
        >>> layer = network.weights[0], network.biases[0]
        >>> template_products(test.images, test.labels, *layer, "0123456789", index=1, classes=(2, 3, 7))
    """
    label = int(labels[index])
    inside = static.template_products(images[index], weights, biases, class_keys, label, classes, index, zoom)
    if not interactive or images.ndim != 3:
        return inside
    chosen = choices(images, labels, weights, biases, index)
    data: dict[str, object] = {
        "name": name,
        "width": images.shape[2],
        "height": images.shape[1],
        "layer": packed_layer(weights, biases),
        "scale": packed_scale(),
        "images": packed_images(images[chosen]),
        "indices": chosen,
        "labels": labels[chosen].tolist(),
        "columns": len(class_keys),
        "image": index,
        "class": int(classes[0]),
    }
    return interactive_figure("template-products", inside, data, class_names(class_keys))


def choices(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    weights: NDArray[np.floating],
    biases: NDArray[np.floating],
    index: int,
) -> list[int]:
    """Of each class the first image that is read correctly, then the first that is not; `index` is among them."""
    right = activations(images, [weights], [biases])[-1].argmax(axis=1) == labels
    first = [np.flatnonzero((labels == number) & right) for number in range(len(weights))]
    wrong = [np.flatnonzero((labels == number) & ~right) for number in range(len(weights))]
    chosen = [int(found[0]) for found in (*first, *wrong) if len(found)]
    if index not in chosen:
        same = [place for place, other in enumerate(chosen) if labels[other] == labels[index]]
        chosen[same[0]] = index
    return chosen


def class_names(class_keys: Sequence[str]) -> Words:
    """The names of the classes as words `name.0`, `name.1`, ..."""

    def names(language: str) -> Mapping[str, str]:
        return {f"name.{number}": class_name(key, language) for number, key in enumerate(class_keys)}

    return names
