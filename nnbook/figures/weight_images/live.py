"""Weights you can read: every weight image at once, on a scale to choose, with the numbers behind each pixel."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit.element import Words, interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.numbers import packed_images, packed_layer, packed_scale
from nnbook.figures.kit.weights import as_images, describe, neuron_facts, neuron_name
from nnbook.figures.weight_images import static
from nnbook.figures.weight_images.averages import average_images, templates_and_averages
from nnbook.localisation import decimal, text


@arrays.taken()
def weight_images(
    weights: NDArray[np.floating],
    shape: tuple[int, ...],
    class_keys: Sequence[str] | None = None,
    images: NDArray[np.uint8] | None = None,
    labels: NDArray[np.integer] | None = None,
    scale: str = "shared",
    zoom: int = 4,
    columns: int | None = 5,
    name: str = "weights",
    interactive: bool = True,
) -> Figure:
    """The weight images of all neurons; the reader chooses the scale and points at a pixel to read its weights.

    Weights travel in steps of a 704,969th of each neuron's range, averages in steps of 1/255. Weights for colour
    images are shown, but can't be asked.

    Args:
        weights: (neurons, pixels), a row for each neuron.
        shape: of the images that the neurons look at, (H, W) with H * W = pixels.
        class_keys: (neurons,), for neurons that each stand for a class; hidden neurons are numbered instead.
        images: (N, H, W), brightness 0..255: the average of each class then stands beside its neuron's weights, whole
            or less the average of all classes.
        labels: (N,), the number of each image's class.
        scale: at first: `shared`: one scale centred on zero for all; `own`: centred on zero, each to its own largest
            weight; `grey`: each from its own lowest (blank) to its highest (full ink), which hides zero.
        zoom: CSS pixels for each pixel of the static figure; at most 3 on a phone.
        columns: at most so many images in a row of the static figure.
        interactive: whether it answers to the reader.
        name: of the figure in the page's address, as in `#weights:scale=own,row=12,column=15,neuron=3`.

    Example:
        >>> network, train = trained("mnist-1-layer"), load("mnist").train
        >>> weight_images(network.weights[0], (28, 28), "0123456789", train.images, train.labels)
    """
    if images is None or labels is None or class_keys is None:
        inside = static.weight_images(weights, shape, class_keys, scale, zoom, columns)
    else:
        inside = templates_and_averages(weights, images, labels, class_keys, scale, zoom, columns)
    if not interactive or len(shape) != 2:
        return inside
    templates = as_images(weights, shape)
    data: dict[str, object] = {
        "name": name,
        "width": shape[1],
        "height": shape[0],
        "layer": packed_layer(np.asarray(weights)),
        "scale": packed_scale(),
        "start": scale,
    }
    if images is None or labels is None or class_keys is None:
        names = _names(templates, class_keys, None, ())
        return interactive_figure("weight-images", inside, data, names)
    averages = average_images(images, labels, len(class_keys))
    data["averages"] = packed_images(np.rint(averages).astype(np.uint8))
    names = _names(templates, class_keys, averages, np.bincount(labels).tolist())
    pairs: list[dict[str, float]] = inside.facts["pairs"]  # type: ignore[assignment]
    data["correlations"] = {kind: [pair[kind] for pair in pairs] for kind in ("correlation", "apart")}
    return interactive_figure("weight-images", inside, data, names)


def _names(
    templates: NDArray[np.floating],
    class_keys: Sequence[str] | None,
    averages: NDArray[np.floating] | None,
    counts: Sequence[int],
) -> Words:
    """The name of each neuron, and what a screen reader says of its weights and of its class's average."""

    def names(language: str) -> Mapping[str, str]:
        words: dict[str, str] = {}
        for number, template in enumerate(templates):
            name = neuron_name(number, class_keys, language)
            words[f"name.{number}"] = name
            words[f"alt.{number}"] = describe(name, neuron_facts(template), template.shape, language)
            if averages is not None:
                mean = decimal(float(averages[number].mean()) / 255, language)
                values = {"name": name, "count": counts[number], "mean": mean}
                words[f"average_alt.{number}"] = text("weight_images.average_alt", language, **values)
        return words

    return names
