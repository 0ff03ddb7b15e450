"""Why this mistake: what spoke for the class that was predicted, and what for the true one, part by part."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.filters import SHOWN, bar, filter_table
from nnbook.figures.kit.forward import activations, class_words
from nnbook.figures.kit.numbers import packed_images, packed_layer, packed_scale
from nnbook.localisation import class_name, signed, text

Layers = tuple[Sequence[NDArray[np.floating]], Sequence[NDArray[np.floating]]]


@arrays.taken()
def why_mistake(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    networks: Sequence[Layers],
    class_keys: Sequence[str],
    count: int = 10,
    name: str = "mistake",
    interactive: bool = True,
) -> Figure:
    """A misread image, and the difference between the two scores that decided, as a sum of parts that are all shown.

    A part is a pixel for a one-layer network: its brightness times the difference of its weights for the predicted and
    for the true class. For a two-layer network it is a hidden neuron: its activation times that difference. Parts and
    biases add up to the difference of the two scores. Weights reach the script in steps of a 704,969th of each neuron's
    range; its sums for MNIST equal NumPy's within 1e-4.

    Args:
        images: (N, H, W), brightness 0..255; the networks see it divided by 255.
        labels: (N,), the number of each image's true class.
        networks: for each network its weights and its biases, both sequences with an array a layer: one layer, or two
            with ReLU in between and at most ten hidden neurons.
        class_keys: (classes,).
        count: so many mistakes of each network are shown, of each true class those with the largest difference first.
        interactive: whether it answers to the reader; without, its static form alone.
        name: of the figure in the page's address, as in `#mistake:network=0,image=8`.

    Facts: `networks`, for each `hidden` (its hidden neurons, 0 if there are none) and `mistakes`: `index`, `actual`,
    `predicted` (class keys), `difference` of the scores, and its parts `bias`, `positive`, `negative`.

    Explained in: looking-inside-neural-networks, "Why this mistake?".

    Example:
        >>> network, test = trained("mnist-1-layer"), load("mnist").test
        >>> why_mistake(test.images, test.labels, [(network.weights, network.biases)], load("mnist").class_keys)
    """
    _check(images, networks)
    found = [_mistakes(images, labels, network, count) for network in networks]
    facts = {
        "networks": [
            {
                "hidden": len(network[0][0]) if len(network[0]) == 2 else 0,
                "mistakes": [_facts(case, class_keys) for case in cases],
            }
            for network, cases in zip(networks, found, strict=True)
        ]
    }
    data = {
        "name": name,
        "keys": list(class_keys),
        "width": images.shape[2],
        "height": images.shape[1],
        "scale": packed_scale(),
        "networks": [_data(images, network, cases) for network, cases in zip(networks, found, strict=True)],
    }

    def render(language: str) -> str:
        shown = zip(networks, found, strict=True)
        return "".join(_section(images, network, cases[0], class_keys, language) for network, cases in shown)

    def names(language: str) -> dict[str, str]:
        heads = {f"network.{at}": _network_name(network, language) for at, network in enumerate(networks)}
        return {**class_words(class_keys)(language), **heads}

    static = Figure("why-mistake", render, facts)
    if not interactive:
        return static
    return interactive_figure("why-mistake", static, data, names)


def _check(images: NDArray[np.uint8], networks: Sequence[Layers]) -> None:
    if images.ndim != 3:
        raise ValueError(
            "mistakes are explained for images with one brightness for each pixel; got images of shape "
            f"{images.shape}; pass (N, H, W)"
        )
    for weights, _ in networks:
        if len(weights) > 2 or (len(weights) == 2 and len(weights[0]) > SHOWN):
            raise ValueError(
                f"a network to explain has one layer, or two with at most {SHOWN} hidden neurons; got layers of "
                f"{[len(layer) for layer in weights]} neurons; choose a smaller network"
            )


def _mistakes(
    images: NDArray[np.uint8], labels: NDArray[np.integer], network: Layers, count: int
) -> list[dict[str, Any]]:
    """The mistakes to show: round by round the worst one of each true class that is left."""
    *_, scores = activations(images, *network)
    predicted = scores.argmax(axis=1)
    everyone = np.arange(len(labels))
    lead = scores[everyone, predicted] - scores[everyone, labels]
    wrong = [index for index in np.argsort(-lead, kind="stable").tolist() if predicted[index] != labels[index]]
    if not wrong:
        raise ValueError("a figure of mistakes needs one; got a network that reads every image; pass more images")
    rank = {index: sum(labels[other] == labels[index] for other in wrong[:at]) for at, index in enumerate(wrong)}
    chosen = sorted(wrong, key=lambda index: (rank[index], labels[index]))[:count]
    return [_case(images[index], network, index, int(labels[index]), int(predicted[index])) for index in chosen]


def _case(image: NDArray[np.uint8], network: Layers, index: int, actual: int, predicted: int) -> dict[str, Any]:
    """One mistake, in float64: what the last layer is given, and its part in the difference of the two scores."""
    weights, biases = network
    found = activations(image[None], weights, biases)
    inputs = found[0][0] if len(weights) == 2 else image.ravel() / 255
    last, bias = np.asarray(weights[-1], dtype=float), np.asarray(biases[-1], dtype=float)
    scores = found[-1][0]
    return {
        "index": index,
        "actual": actual,
        "predicted": predicted,
        "inputs": inputs,
        "weights": last[predicted] - last[actual],
        "parts": inputs * (last[predicted] - last[actual]),
        "bias": float(bias[predicted] - bias[actual]),
        "scores": (float(scores[predicted]), float(scores[actual])),
        "probability": float(evaluation.softmax(found[-1]).max()),
    }


def _facts(case: dict[str, Any], class_keys: Sequence[str]) -> dict[str, Any]:
    summands = case["parts"]
    return {
        "index": case["index"],
        "actual": class_keys[case["actual"]],
        "predicted": class_keys[case["predicted"]],
        "difference": round(case["scores"][0] - case["scores"][1], 6),
        "bias": round(case["bias"], 6),
        "positive": round(float(summands[summands > 0].sum()), 6),
        "negative": round(float(summands[summands < 0].sum()), 6),
    }


def _data(images: NDArray[np.uint8], network: Layers, cases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the script needs: the last layer, what it is given for each of the mistakes, and the images."""
    weights, biases = network
    data: dict[str, Any] = {"images": packed_images(images[[case["index"] for case in cases]])}
    for key in ("index", "actual", "predicted"):
        data[key] = [case[key] for case in cases]
    data["probability"] = [round(case["probability"], 6) for case in cases]
    if len(weights) == 1:
        return data | {"layer": packed_layer(weights[0], biases[0])}
    data["inputs"] = [case["inputs"].round(6).tolist() for case in cases]
    data["rows"] = np.asarray(weights[1], dtype=float).round(6).tolist()
    data["biases"] = np.asarray(biases[1], dtype=float).round(6).tolist()
    return data


def _network_name(network: Layers, language: str) -> str:
    hidden = len(network[0][0]) if len(network[0]) == 2 else 0
    return text("why_mistake.hidden" if hidden else "why_mistake.one_layer", language, count=hidden)


def _section(
    images: NDArray[np.uint8], network: Layers, case: dict[str, Any], class_keys: Sequence[str], language: str
) -> str:
    """The static figure of one network: its first mistake, part by part, and the sum."""
    image, zoom = images[case["index"]], raster.fitted(3, images.shape[2])
    names = {key: class_name(class_keys[case[key]], language) for key in ("actual", "predicted")}
    head = text("kit.true_name", language, name=names["actual"])
    said = text("why_mistake.predicted", language, name=names["predicted"])
    alt = text("kit.image", language, index=case["index"])
    ink = raster.img(raster.ink(image), alt, zoom, "ink", f'data-index="{case["index"]}"')
    pictures = [parts.tile(ink, "", text("why_mistake.image", language))]
    table = ""
    if len(network[0]) == 1:
        limit = float(np.abs(case["weights"]).max())
        for key, word in (("weights", "why_mistake.difference"), ("parts", "why_mistake.product")):
            note = text(word, language, **names)
            values = case[key]
            ends = [signed(end, language) for end in (values.min(), values.max())]  # the note stands beside it
            drawn = raster.diverging_img(values.reshape(image.shape), limit, f"{note}: {' … '.join(ends)}", zoom)
            pictures.append(parts.tile(drawn, "", note))
        table = parts.legend(limit, language, "kit.scale_product_words")
    else:
        table = _table(network[0][0].reshape(-1, *image.shape), case, names, language)
    title = escape(_network_name(network, language))
    return (
        f'<div><p class="nnb-sum"><b>{title}</b>: {escape(head)}, {escape(said)}</p>'
        f"{parts.tiles(pictures, '--wide:112px;--narrow:84px', columns=3)}{table}"
        f'<p class="nnb-sum">{escape(_sum_in_words(case, names, language))}</p></div>'
    )


def _table(filters: NDArray[np.floating], case: dict[str, Any], names: dict[str, str], language: str) -> str:
    """The hidden neurons of a mistake in columns: filter, activation, difference of the weights, part of the sum."""
    caption = text("why_mistake.caption", language, **names)
    rows = (("activation", "inputs", "nnb-fires"), ("weight", "weights", ""), ("part", "parts", ""))
    bodies = ""
    for row, key, kind in rows:
        limit = float(np.abs(case[key]).max()) or 1.0
        cells = "".join(bar(float(value), limit, language, kind=kind) for value in case[key])
        head = escape(text(f"why_mistake.{row}", language, **names))
        bodies += (
            f'<tbody data-row="{row}"><tr><th scope="rowgroup" colspan="{len(filters) + 1}" class="nnb-axis">'
            f"{head}</th></tr><tr><td></td>{cells}</tr></tbody>"
        )
    return f"{filter_table(filters, range(len(filters)), caption, ' nnb-flow', 2, language)}{bodies}</table></div>"


def _sum_in_words(case: dict[str, Any], names: dict[str, str], language: str) -> str:
    """The sum as it is read: parts on either side, biases, and the difference of the scores; it adds up as written."""
    winner, loser = (round(score, 2) for score in case["scores"])
    negative, bias = round(float(case["parts"][case["parts"] < 0].sum()), 2), round(case["bias"], 2)
    numbers = {"negative": negative, "bias": bias, "difference": winner - loser, "winner": winner, "loser": loser}
    numbers["positive"] = winner - loser - negative - bias
    written = {key: signed(number, language) for key, number in numbers.items()}
    return text("why_mistake.sum", language, **names, **written)
