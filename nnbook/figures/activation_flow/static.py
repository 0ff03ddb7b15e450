"""One image on its way through a two-layer network, as a sum that comes out at the score."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import evaluation
from nnbook.figures.kit import raster
from nnbook.figures.kit.examples import card
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.filters import SHOWN, bar, filter_table
from nnbook.figures.kit.forward import activations
from nnbook.figures.kit.weights import as_images, scale_legend
from nnbook.localisation import class_name, signed, text


def activation_flow(
    image: NDArray[np.uint8],
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

    The hidden neurons use ReLU. If the image belongs to another class than the winner, that class's sum follows. Of a
    wide hidden layer the ten neurons that contribute the most are shown, and the others as one number.

    Args:
        image: of the given `shape`, 0 to 255.
        first_weights: (hidden neurons, pixels).
        first_biases: (hidden neurons,).
        second_weights: (classes, hidden neurons).
        second_biases: (classes,).
        shape: (H, W) or (H, W, 3) with H * W (* 3) = pixels.
        class_keys: (classes,).
        index: where the image stands in its data set.
        label: the number of its true class.

    Facts: those of `figures.activation_flow`.
    """
    filters = as_images(first_weights, shape)
    layers = (first_weights, first_biases, second_weights, second_biases)
    pixels = image / 255
    facts = _facts(pixels.ravel(), [np.asarray(layer, dtype=float) for layer in layers], class_keys)
    facts |= {"index": index, "label": None if label is None else class_keys[label]}
    classes = [list(class_keys).index(facts["winner"])]
    if label is not None and label != classes[0]:
        classes.append(int(label))
    facts["sums"] = [_sum(facts, second_weights[row], float(second_biases[row]), class_keys[row]) for row in classes]
    limit = float(np.abs(filters).max())
    neurons = _strongest(facts["sums"][0]["contributions"])

    def render(language: str) -> str:
        picture = raster.picture(np.rint(255 * pixels).astype(np.uint8))
        lines = "".join(_line(entry, neurons, language) for entry in facts["sums"])
        table = _table(filters, facts, np.asarray(second_weights)[classes], neurons, language)
        return card(picture, facts, language) + table + lines + scale_legend(limit, "shared", len(shape), language)

    return Figure("activation-flow", render, facts)


def _facts(pixels: NDArray[np.float64], layers: list[NDArray[np.float64]], class_keys: Sequence[str]) -> dict[str, Any]:
    """The forward pass of `pixels` (pixels,), in float64."""
    (hidden,), (scores,) = activations(pixels[np.newaxis], layers[::2], layers[1::2])
    winner = int(scores.argmax())
    return {
        "activations": [round(float(activation), 6) for activation in hidden],
        "active": int((hidden > 0).sum()),
        "winner": class_keys[winner],
        "score": round(float(scores[winner]), 6),
        "scores": [round(float(score), 6) for score in scores],
        "probability": round(float(evaluation.softmax(scores[np.newaxis])[0, winner]), 6),
    }


def _sum(facts: dict[str, Any], weights: NDArray[np.floating], bias: float, class_key: str) -> dict[str, Any]:
    contributions = np.asarray(facts["activations"]) * np.asarray(weights, dtype=float) + 0.0  # no negative zero
    return {
        "class_key": class_key,
        "bias": round(bias, 6),
        "contributions": [round(float(part), 6) for part in contributions],
        "score": round(float(contributions.sum()) + bias, 6),
    }


def _strongest(contributions: list[float]) -> list[int]:
    """The hidden neurons to show: all in their order, or the SHOWN with the largest contributions."""
    if len(contributions) <= SHOWN:
        return list(range(len(contributions)))
    return [int(neuron) for neuron in np.argsort(-np.abs(contributions), kind="stable")[:SHOWN]]


def _table(
    filters: NDArray[np.floating], facts: dict[str, Any], weights: NDArray[np.floating], shown: list[int], language: str
) -> str:
    """In columns: the filters, their activations, and for each class of the sums weights and contributions."""
    sums, activations = facts["sums"], facts["activations"]
    weight_limit = float(np.abs(weights).max()) or 1.0
    largest = max(abs(part) for entry in sums for part in entry["contributions"]) or 1.0
    fires = [bar(activations[neuron], max(activations) or 1.0, language, kind="nnb-fires") for neuron in shown]
    bodies = [_body(text("activation_flow.activation", language), fires)]
    for row, entry in zip(weights, sums, strict=True):
        name = class_name(entry["class_key"], language)
        factors = [bar(float(row[neuron]), weight_limit, language) for neuron in shown]
        products = [entry["contributions"][neuron] for neuron in shown]
        bodies.append(_body(text("activation_flow.weight", language, name=name), factors))
        drawn = [bar(product, largest, language) for product in products]
        bodies.append(_body(text("activation_flow.contribution", language, name=name), drawn))
    caption = text("activation_flow.caption", language, name=class_name(facts["winner"], language))
    return f"{filter_table(filters, shown, caption, ' nnb-flow', 2, language)}{''.join(bodies)}</table></div>"


def _body(name: str, cells: list[str]) -> str:
    """A row of bars under its own headline."""
    return (
        f'<tbody><tr><th scope="rowgroup" colspan="{len(cells) + 1}" class="nnb-axis">{escape(name)}</th></tr>'
        f"<tr><td></td>{''.join(cells)}</tr></tbody>"
    )


def _line(entry: dict[str, Any], shown: list[int], language: str) -> str:
    """The sum in words: contributions, those of the neurons that are not shown, bias, score."""
    contributions = entry["contributions"]
    others = round(sum(contributions) - sum(contributions[neuron] for neuron in shown), 2)
    # The largest number takes up the rounding of the others, so that what the reader adds up is right.
    of_shown = round(entry["score"], 2) - round(entry["bias"], 2) - others
    values = {
        "name": class_name(entry["class_key"], language),
        "contributions": signed(of_shown, language),
        "others": signed(others, language),
        "bias": signed(entry["bias"], language),
        "score": signed(entry["score"], language),
    }
    key = "activation_flow.sum" if len(shown) == len(contributions) else "activation_flow.sum_others"
    return f'<p class="nnb-sum">{escape(text(key, language, **values))}</p>'
