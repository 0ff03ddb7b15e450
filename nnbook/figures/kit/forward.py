"""What several figures need of a network that comes as plain arrays: its activations, and images worth a look."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import raster
from nnbook.figures.kit.functions import activation_function
from nnbook.localisation import class_name


def activations(
    images: NDArray[Any],
    weights: Sequence[NDArray[np.floating]],
    biases: Sequence[NDArray[np.floating]],
    activation: str = "relu",
) -> list[NDArray[np.float64]]:
    """What each layer gives out for `images` (N, ...), bytes or floats up to 1: (N, units), at the end scores."""
    function = activation_function(activation)
    found: list[NDArray[np.float64]] = []
    outputs = images.reshape(len(images), -1) / (255 if images.dtype == np.uint8 else 1)
    for number, (layer, bias) in enumerate(zip(weights, biases, strict=True)):
        outputs = outputs @ np.asarray(layer, dtype=float).T + np.asarray(bias, dtype=float)
        if number < len(weights) - 1:
            outputs = function(outputs)
        found.append(outputs)
    return found


def first_and_wrong(labels: NDArray[np.integer], predictions: NDArray[np.integer], wrong: int) -> list[int]:
    """Indices of the first image of each class, and then of the first mistakes, at most `wrong`."""
    firsts = [int(np.flatnonzero(labels == label)[0]) for label in np.unique(labels)]
    mistakes = [int(index) for index in np.flatnonzero(labels != predictions) if index not in firsts]
    return firsts + mistakes[:wrong]


def surely_read(labels: NDArray[np.integer], probabilities: NDArray[np.floating], least: float = 0.9) -> list[int]:
    """Of each class that the network knows at all, the first image that it reads right with a probability of `least`.

    Where it is never so sure of a class, the one of which it is surest. `labels` (N,), `probabilities` (N, classes).
    """
    found = []
    for label in np.unique(labels):
        right = np.flatnonzero((labels == label) & (probabilities.argmax(axis=1) == label))
        if len(right):
            sure = probabilities[right, label]
            found.append(int(right[(sure >= least).argmax() if (sure >= least).any() else sure.argmax()]))
    return found


def offered(images: NDArray[np.uint8], labels: NDArray[np.integer], indices: Sequence[int]) -> dict[str, object]:
    """What `nnbook.testImages` needs to offer the images at `indices`: pictures side by side, and labels."""
    shown = raster.enlarged(images[list(indices)])
    return {
        "width": shown.shape[2],
        "height": shown.shape[1],
        "colour": images.ndim == 4,
        "sprite": raster.data_uri(raster.sheet([[raster.picture(image) for image in shown]], gap=0)),
        "indices": list(indices),
        "labels": labels[list(indices)].tolist(),
    }


def class_words(class_keys: Sequence[str]) -> Callable[[str], Mapping[str, str]]:
    """The names of the classes as words of a script, `class.<key>`, in the language that is asked for."""
    return lambda language: {f"class.{key}": class_name(key, language) for key in class_keys}
