"""Flow: an image, what the hidden neurons make of it, the scores, and the probabilities that softmax makes of them."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit import raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.examples import card, confidence
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import activations, class_words, first_and_wrong, offered
from nnbook.localisation import class_name, decimal, signed, text

NUMBERED = 30  # how many neurons of a layer have their number written beside them; of more, only the bars are shown


@arrays.taken(weights="layers", biases="all_biases", chosen="positions")
def flow(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    weights: Sequence[NDArray[np.floating]],
    biases: Sequence[NDArray[np.floating]],
    class_keys: Sequence[str],
    name: str = "flow",
    activation: str = "sigmoid",
    chosen: Sequence[int] | None = None,
    interactive: bool = True,
) -> Figure:
    """An image on its way through a whole network: hidden activations, scores, probabilities; the true class is marked.

    The reader chooses the image.

    Args:
        images: (N, H, W) or (N, H, W, 3), uint8, such as a test set.
        labels: (N,), the number of each image's true class.
        weights: of each layer, (outputs, inputs).
        biases: of each layer, (outputs,).
        class_keys: (classes,).
        name: of the figure in the page's address, as in `#flow:image=3`.
        activation: of the hidden neurons: relu, sigmoid or tanh.
        chosen: indices of the images to choose from; if left out, the first of each class and the first five mistakes.
        interactive: whether it answers to the reader.

    Facts: `shown` (images to choose from), `right` and `wrong` (how many of them are read so), and in `images` for
    each: `index`, `label`, `winner` (class keys), `probability`, `scores` and `probabilities` (of all classes) and
    `activations` (of all hidden neurons, layer by layer). Those of the image at rest stand beside `shown` as well.

    Explained in: neural-networks, "An image goes through".

    Example:
        >>> test, network = load("mnist").test, trained("mnist-first")
        >>> flow(test.images, test.labels, network.weights, network.biases, load("mnist").class_keys)
    """
    keys = list(class_keys)
    if not chosen:
        predictions = activations(images, weights, biases, activation)[-1].argmax(axis=1)
        chosen = first_and_wrong(labels, predictions, wrong=5)
    *hidden, scores = activations(images[chosen], weights, biases, activation)
    entries = _facts(chosen, [keys[label] for label in labels[chosen]], hidden, scores, keys)
    right = sum(entry["label"] == entry["winner"] for entry in entries)
    facts = {"shown": len(entries), "right": right, "wrong": len(entries) - right, "images": entries, **entries[0]}
    # One scale for all images, so that what is longer in one of them is more.
    limits = [1.0 if activation != "relu" else float(layer.max()) or 1.0 for layer in hidden]
    limit = float(np.abs(scores).max()) or 1.0

    def render(language: str) -> str:
        first = entries[0]
        layers = [_layer(values, most, language) for values, most in zip(first["activations"], limits, strict=True)]
        steps = [
            card(raster.picture(images[chosen[0]]), first, language),
            *layers,
            _table(first, keys, limit, language),
        ]
        heads = [text("flow.pixels", language, count=int(np.prod(images.shape[1:])))]
        heads += [text("flow.hidden", language, count=len(layer[0])) for layer in hidden]
        heads.append(text("flow.outputs", language, count=len(keys)))
        parts = (f"<div><p>{escape(head)}</p>{step}</div>" for head, step in zip(heads, steps, strict=True))
        return f'<div class="nnb-way">{"".join(parts)}</div><p class="nnb-way-key">{text("flow.legend", language)}</p>'

    static = Figure("flow", render, facts)
    if not interactive:
        return static
    data = offered(images, labels, chosen) | {
        "name": name,
        "keys": keys,
        "activations": np.hstack(hidden).round(4).tolist() if hidden else [[] for _ in entries],
        "limits": [most for layer, most in zip(hidden, limits, strict=True) for _ in layer[0]],
        "scores": scores.round(6).tolist(),
        "limit": limit,
    }
    return interactive_figure("flow", static, data, class_words(keys))


def _facts(
    indices: Sequence[int], labels: list[str], hidden: list[NDArray[Any]], scores: NDArray[Any], keys: list[str]
) -> list[dict[str, Any]]:
    """What is known of each shown image, from the activations of the `hidden` layers and the `scores` (n, classes)."""
    probabilities = evaluation.softmax(scores)
    return [
        {
            "index": int(index),
            "label": labels[at],
            "winner": keys[int(scores[at].argmax())],
            "probability": round(float(probabilities[at].max()), 6),
            "activations": [_rounded(layer[at]) for layer in hidden],
            "scores": _rounded(scores[at]),
            "probabilities": _rounded(probabilities[at]),
        }
        for at, index in enumerate(indices)
    ]


def _rounded(values: NDArray[np.floating]) -> list[float]:
    return [round(float(value), 6) + 0.0 for value in values]


def _bar(value: float, limit: float) -> str:
    return f'<i{" data-minus" if value < 0 else ""} style="--s:{abs(value) / limit:.3f}"></i>'


def _layer(values: Iterable[float], limit: float, language: str) -> str:
    """The activations of one hidden layer, a bar for each neuron, in their order."""
    items = [f"<li>{_bar(value, limit)}<span>{decimal(value, language)}</span></li>" for value in values]
    many = " nnb-many" if len(items) > NUMBERED else ""
    return f'<ol class="nnb-fired{many}">{"".join(items)}</ol>'


def _table(entry: dict[str, Any], keys: Sequence[str], limit: float, language: str) -> str:
    """Score and probability of each class; the true one and the winner are marked."""
    heads = "".join(f'<th scope="col">{escape(text(f"flow.{key}", language))}</th>' for key in ("score", "probability"))
    rows = ""
    for key, score, probability in zip(keys, entry["scores"], entry["probabilities"], strict=True):
        marks = "".join(f" data-{mark}" for mark in ("label", "winner") if entry[mark] == key)
        rows += (
            f'<tr{marks}><th scope="row">{escape(class_name(key, language))}</th>'
            f'<td class="nnb-score"><span>{signed(score, language)}</span>{_bar(score, limit)}</td>'
            f"<td><span>{escape(confidence(probability, language))}</span>{_bar(probability, 1)}</td></tr>"
        )
    return f'<table class="nnb-table nnb-outputs"><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>'
