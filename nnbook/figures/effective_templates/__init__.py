"""Effective templates: a ReLU network is linear for the neurons that fire, so every image gets templates of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import activations
from nnbook.figures.kit.numbers import packed_images, packed_layer, packed_scale
from nnbook.figures.kit.weights import describe, neuron_facts, scale_legend, weight_picture
from nnbook.localisation import class_name, count, signed, text

ZOOM = 4  # CSS pixels for each pixel of the static figure


@arrays.taken(weights="layers", biases="all_biases", class_key="class")
def effective_templates(
    images: Any,
    labels: Any,
    weights: Sequence[NDArray[np.floating]],
    biases: Sequence[NDArray[np.floating]],
    class_keys: Sequence[Any],
    class_key: str | int = 0,
    leaders: int = 3,
    name: str = "effective",
    interactive: bool = True,
) -> Figure:
    """The templates that images of one class get from a network with a hidden layer, and how each is led by a neuron.

    For the hidden neurons that fire, the scores of a ReLU network are W2 (W1 x + b1) + b2 without the silent rows:
    one template W2 W1 for each class, and one bias. An image is led by the neuron that contributes most to the score of
    its class; shown is the first image of each of the neurons that lead most. The reader chooses among them and the
    first image of every other class, and sees the templates of all classes.

    Args:
        images: (N, H, W), of one brightness for each pixel.
        labels: (N,), the number of each image's true class.
        weights: of the two layers, (hidden neurons, pixels) and (classes, hidden neurons).
        biases: of the two layers, (hidden neurons,) and (classes,).
        class_keys: (classes,).
        class_key: of the class whose images are compared, or its number.
        leaders: how many hidden neurons are looked at.
        name: of the figure in the page's address, as in `#effective:image=3`.
        interactive: whether it answers to the reader.

    Facts: `class_key`, `total` (how many of its images are read correctly), `hidden` (neurons), and in `leaders` for
    each: `neuron` (from 1), `count` (images it leads), `index` of the image shown, `fires` (neurons), and of its
    template for the class the `sum` with the image, the `bias`, their `score`; `likeness`, the lowest correlation of
    two of these templates.

    Explained in: looking-inside-neural-networks, "Why it helps".

    Example:
        >>> test, network = load("mnist").test, trained("mnist-2-layer-wide")
        >>> effective_templates(test.images, test.labels, network.weights, network.biases, load("mnist").class_keys)
    """
    if len(weights) != 2 or images.ndim != 3:
        raise ValueError(
            f"effective templates need a network with one hidden layer that looks at (N, H, W); got {len(weights)} "
            f"layers and images of shape {images.shape}; pass weights and biases of two layers"
        )
    keys, chosen = class_keys, int(class_key)
    hidden, scores = activations(images, weights, biases)
    right = scores.argmax(axis=1) == labels
    own = np.flatnonzero(right & (labels == chosen))
    if not len(own):
        raise ValueError(
            f"an image of the class must be read correctly; got none of {keys[chosen]!r}; choose another class_key"
        )
    leads = (hidden[own] * weights[1][chosen]).argmax(axis=1)
    neurons, counts = np.unique(leads, return_counts=True)
    most = np.argsort(-counts, kind="stable")[:leaders]
    shown = [int(own[leads == neuron][0]) for neuron in neurons[most]]
    found = [_template(hidden[index] > 0, weights, biases, chosen) for index in shown]
    entries = [
        {
            "neuron": int(neurons[at]) + 1,
            "count": int(counts[at]),
            "index": index,
            "fires": int((hidden[index] > 0).sum()),
            "sum": round(float(template @ (images[index].ravel() / 255)), 6),
            "bias": round(bias, 6),
            "score": round(float(scores[index, chosen]), 6),
        }
        for at, index, (template, bias) in zip(most, shown, found, strict=True)
    ]
    likeness = np.corrcoef([template for template, _ in found])
    facts = {
        "class_key": keys[chosen],
        "total": len(own),
        "hidden": hidden.shape[1],
        "leaders": entries,
        "likeness": round(float(np.min(likeness)), 6),
    }
    pictures = [template.reshape(images.shape[1:]) for template, _ in found]
    zoom = raster.fitted(ZOOM, images.shape[2])
    limit = max(float(np.abs(picture).max()) for picture in pictures)

    def render(language: str) -> str:
        class_words = class_name(keys[chosen], language)
        items = []
        for entry, picture in zip(entries, pictures, strict=True):
            alt = describe(class_words, neuron_facts(picture), picture.shape, language)
            ink = raster.img(
                raster.ink(images[entry["index"]]), text("kit.image", language, index=entry["index"]), zoom, "ink",
                f'data-index="{entry["index"]}"', scaled=True,
            )  # fmt: skip
            drawn = weight_picture(picture, limit, "shared", alt, zoom, scaled=True)
            values = {
                "neuron": entry["neuron"],
                "images": count(int(entry["count"]), language),
                "count": int(entry["fires"]),
            }
            sums = {key: signed(entry[key], language) for key in ("sum", "bias", "score")}
            led = text("effective_templates.led", language, name=class_words, **values)
            note = text("effective_templates.sum", language, name=class_words, **sums)
            items.append(parts.tile(f'<span class="nnb-pair">{ink}{drawn}</span>', led, note))
        tiles = parts.tiles(items, parts.widths(images.shape[2], ZOOM), leaders)
        return tiles + scale_legend(limit, "shared", 2, language)

    static = Figure("effective-templates", render, facts)
    if not interactive:
        return static
    others = [
        int(np.flatnonzero(right & (labels == other))[0]) for other in np.unique(labels[right]) if other != chosen
    ]
    offered = [*shown, *others]
    data = {
        "name": name,
        "width": images.shape[2],
        "height": images.shape[1],
        "layers": [packed_layer(*layer) for layer in zip(weights, biases, strict=True)],
        "scale": packed_scale(),
        "images": packed_images(images[offered]),
        "indices": offered,
        "labels": labels[offered].tolist(),
        "columns": -(-len(offered) // 2),
    }

    def names(language: str) -> Mapping[str, str]:
        return {f"name.{number}": class_name(key, language) for number, key in enumerate(keys)}

    return interactive_figure("effective-templates", static, data, names)


def _template(
    fires: NDArray[np.bool_],
    weights: Sequence[NDArray[np.floating]],
    biases: Sequence[NDArray[np.floating]],
    number: int,
) -> tuple[NDArray[np.float64], float]:
    """Template (pixels,) and bias of the class `number` for an image for which the hidden neurons `fires` (hidden,)."""
    outputs = np.asarray(weights[1][number], dtype=float) * fires
    return outputs @ np.asarray(weights[0], dtype=float), float(outputs @ biases[0] + biases[1][number])
