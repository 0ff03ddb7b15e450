"""One image on its way through a two-layer network, as a sum that comes out at the score."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.figures import raster
from nnbook.figures.examples import confidence
from nnbook.figures.figure import Figure
from nnbook.figures.weights import as_images, scale_legend, weight_picture
from nnbook.localisation import class_name, signed, text


def activation_flow(
    image: NDArray[np.uint8] | NDArray[np.floating],
    first_weights: NDArray[np.floating],
    first_biases: NDArray[np.floating],
    second_weights: NDArray[np.floating],
    second_biases: NDArray[np.floating],
    shape: tuple[int, ...],
    class_keys: Sequence[str],
    index: int | None = None,
    label: int | None = None,
) -> Figure:
    """How the score of the winning class adds up: for each hidden neuron its activation, times weight, is its part.

    The hidden neurons use ReLU. If the image belongs to another class than the winner, that class's sum stands beside.

    Args:
        image: of the given `shape`, uint8 (0 to 255) or floating (0 to 1).
        first_weights: (hidden neurons, pixels).
        first_biases: (hidden neurons,).
        second_weights: (classes, hidden neurons).
        second_biases: (classes,).
        shape: (H, W) or (H, W, 3) with H * W (* 3) = pixels.
        class_keys: (classes,).
        index: where the image stands in its data set.
        label: the number of its true class.

    Facts: `winner` (class key), `score` (the winner's), `probability`, `scores` (of all classes), `label`, `index`,
    `activations` (of all hidden neurons), `active` (how many are above zero), and in `sums`, for the winner and, if it
    is another one, the true class: `class_key`, `bias`, `contributions`, `score`.

    Explained in: looking-inside-neural-networks, "One image, all the way through".
    """
    filters = as_images(first_weights, shape)
    layers = (first_weights, first_biases, second_weights, second_biases)
    _check(np.asarray(image), layers, shape, class_keys)
    pixels = np.asarray(image, dtype=float) / (255 if np.asarray(image).dtype == np.uint8 else 1)
    facts = _facts(pixels.ravel(), [np.asarray(layer, dtype=float) for layer in layers], class_keys)
    facts |= {"index": index, "label": None if label is None else class_keys[label]}
    shown = [int(np.argmax(facts["scores"]))]
    if label is not None and label != shown[0]:
        shown.append(int(label))
    facts["sums"] = [_sum(facts, second_weights[row], float(second_biases[row]), class_keys[row]) for row in shown]

    def render(language: str) -> str:
        picture = raster.picture(np.rint(255 * pixels).astype(np.uint8))
        return _image(picture, facts, language) + _table(filters, facts, second_weights[shown], language)

    return Figure("activation-flow", render, facts)


def _check(
    image: NDArray[Any], layers: tuple[NDArray[np.floating], ...], shape: tuple[int, ...], class_keys: Sequence[str]
) -> None:
    hidden = len(layers[0])
    wanted = [(hidden,), (len(class_keys), hidden), (len(class_keys),)]
    got = [layer.shape for layer in layers[1:]]
    if image.shape != tuple(shape):
        raise ValueError(f"the image must have the shape {shape}; got {image.shape}; pass one image, not a batch")
    if got != wanted:
        raise ValueError(
            f"biases of the first layer, weights and biases of the second must have the shapes {wanted} for {hidden} "
            f"hidden neurons and {len(class_keys)} classes; got {got}; pass the layers of one two-layer network"
        )


def _facts(pixels: NDArray[np.float64], layers: list[NDArray[np.float64]], class_keys: Sequence[str]) -> dict[str, Any]:
    """The forward pass of `pixels` (pixels,), in float64."""
    first_weights, first_biases, second_weights, second_biases = layers
    activations = np.maximum(first_weights @ pixels + first_biases, 0)
    scores = second_weights @ activations + second_biases
    shares = np.exp(scores - scores.max())
    winner = int(scores.argmax())
    return {
        "activations": [round(float(activation), 6) for activation in activations],
        "active": int((activations > 0).sum()),
        "winner": class_keys[winner],
        "score": round(float(scores[winner]), 6),
        "scores": [round(float(score), 6) for score in scores],
        "probability": round(float(shares[winner] / shares.sum()), 6),
    }


def _sum(facts: dict[str, Any], weights: NDArray[np.floating], bias: float, class_key: str) -> dict[str, Any]:
    contributions = np.asarray(facts["activations"]) * np.asarray(weights, dtype=float)
    return {
        "class_key": class_key,
        "bias": round(bias, 6),
        "contributions": [round(float(part), 6) for part in contributions],
        "score": round(float(contributions.sum()) + bias, 6),
    }


def _image(picture: raster.Rgba, facts: dict[str, Any], language: str) -> str:
    kind = "ink" if (picture[..., :3] == 0).all() else "colour"
    alt = "" if facts["index"] is None else text("examples.image", language, index=facts["index"])
    words = []
    if facts["label"] is not None:
        words.append(text("mistakes.true", language, name=class_name(facts["label"], language)))
    share = confidence(facts["probability"])
    words.append(text("mistakes.predicted", language, name=class_name(facts["winner"], language), share=share))
    attributes = "" if facts["index"] is None else f'data-index="{facts["index"]}"'
    lines = "".join(f"<span>{escape(line)}</span>" for line in words)
    return f'<div class="nnb-flow-image">{raster.img(picture, alt, 3, kind, attributes)}<p>{lines}</p></div>'


def _table(filters: NDArray[np.floating], facts: dict[str, Any], weights: NDArray[np.floating], language: str) -> str:
    sums = facts["sums"]
    filter_limit = float(np.abs(filters).max())
    largest = max(abs(part) for entry in sums for part in [*entry["contributions"], entry["bias"]]) or 1.0
    most_active = max(facts["activations"]) or 1.0
    rows = []
    for neuron, image in enumerate(filters):
        drawn = weight_picture(image, filter_limit, "shared", "", 1)
        activation = facts["activations"][neuron]
        cells = "".join(
            f'<td class="nnb-times">{signed(float(weights[row][neuron]))}</td>'
            f"{_part(entry['contributions'][neuron], largest)}"
            for row, entry in enumerate(sums)
        )
        quiet = "" if activation else ' class="nnb-silent"'
        rows.append(
            f'<tr{quiet} data-neuron="{neuron}"><th scope="row">{neuron + 1}{drawn}</th>'
            f'<td class="nnb-fires" style="--s:{activation / most_active:.3f}">{activation:.2f}</td>{cells}</tr>'
        )
    biases = "".join(f"<td></td>{_part(entry['bias'], largest)}" for entry in sums)
    totals = "".join(f'<td></td><td class="nnb-score">{signed(entry["score"])}</td>' for entry in sums)
    return (
        f'<table class="nnb-table nnb-flow nnb-flow-{len(sums)}">{_flow_head(sums, language)}<tbody>{"".join(rows)}'
        f'<tr><th scope="row" colspan="2">{text("flow.bias", language)}</th>{biases}</tr></tbody>'
        f'<tfoot><tr><th scope="row" colspan="2">{text("flow.score", language)}</th>{totals}</tr></tfoot></table>'
        f"{scale_legend(filter_limit, 'shared', filters.ndim - 1, language)}"
    )


def _flow_head(sums: list[dict[str, Any]], language: str) -> str:
    names = "".join(
        f'<th scope="colgroup" colspan="2">'
        f"{escape(text('flow.score_of', language, name=class_name(entry['class_key'], language)))}</th>"
        for entry in sums
    )
    each = (
        f'<th scope="col" class="nnb-times">{text("flow.weight", language)}</th>'
        f'<th scope="col">{text("flow.contribution", language)}</th>'
    )
    return (
        f'<thead><tr><td colspan="2"></td>{names}</tr><tr><th scope="col">{text("flow.filter", language)}</th>'
        f'<th scope="col">{text("flow.activation", language)}</th>{each * len(sums)}</tr></thead>'
    )


def _part(value: float, largest: float) -> str:
    """A contribution with its bar: to the right if it raises the score, to the left if it lowers it."""
    side = "nnb-more" if value > 0 else "nnb-less" if value < 0 else "nnb-none"
    return (
        f'<td class="nnb-part {side}" data-contribution="{value}" style="--s:{abs(value) / largest:.3f}">'
        f"{signed(value)}</td>"
    )
