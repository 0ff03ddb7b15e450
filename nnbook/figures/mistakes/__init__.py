"""A few mistakes, large enough to judge for oneself, and the rule that finds them."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import raster
from nnbook.figures.kit.examples import Examples, confidence
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, text

UNSURE = 0.5  # below this probability a card also names the runner-up
NEIGHBOURS = 15  # so many similar images say how an image looks to a person
CANDIDATES = 1000
BLUR = 4  # times


@arrays.taken()
def choose_mistakes(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.integer],
    images: NDArray[np.uint8],
    count: int = 3,
) -> dict[str, list[int]]:
    """Mistakes of three kinds, chosen by the numbers alone.

    How an image looks to a person is judged by the images most similar to it (by the correlation of their pixels,
    blurred a little, so that a stroke may lie a pixel further left):

    - `forgivable`: most of them belong to the class that the network chose, so a person may well agree with it;
    - `clear`: most of them (as a rule all) belong to the true class, so no person would hesitate;
    - `unsure`: the lowest top probabilities, where the network has next to no idea.

    Where several images fit a kind equally, the more confident mistake comes first, then the first image. Each image is
    chosen once, and each true class at most once a kind. Similar images are only looked up for the CANDIDATES most
    confident mistakes.

    Args:
        probabilities: (N, classes).
        labels: (N,), the number of the true class.
        images: (N, H, W) or (N, H, W, 3).
        count: at most so many of each kind.

    Returns:
        The positions of the images by kind, the most telling first.
    """
    labels, predictions, top = np.asarray(labels), probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predictions != labels)
    confident = wrong[np.argsort(-top[wrong], kind="stable")][:CANDIDATES]
    neighbours = labels[_most_similar(np.asarray(images), confident)]
    for_prediction = (neighbours == predictions[confident, None]).sum(axis=1)
    for_label = (neighbours == labels[confident, None]).sum(axis=1)
    ranked = {
        "forgivable": confident[np.argsort(-for_prediction, kind="stable")],
        "clear": confident[np.argsort(-for_label, kind="stable")],
        "unsure": wrong[np.argsort(top[wrong], kind="stable")],
    }
    chosen: dict[str, list[int]] = {}
    for kind, order in ranked.items():
        taken = {position for some in chosen.values() for position in some}
        chosen[kind] = _first_of_each_class([int(p) for p in order if int(p) not in taken], labels, count)
    return chosen


def _first_of_each_class(order: Sequence[int], labels: NDArray[np.integer], count: int) -> list[int]:
    """The first `count` positions in `order` of which no two have the same label."""
    first: dict[int, int] = {}
    for position in order:
        first.setdefault(int(labels[position]), position)
    return list(first.values())[:count]


def _most_similar(images: NDArray[np.uint8], positions: NDArray[np.intp]) -> NDArray[np.intp]:
    """For the images at `positions` (P,), the positions of the NEIGHBOURS most similar others, (P, NEIGHBOURS)."""
    pixels = _blurred(images.astype(np.float32)).reshape(len(images), -1)
    pixels -= pixels.mean(axis=1, keepdims=True)
    pixels /= np.maximum(np.linalg.norm(pixels, axis=1, keepdims=True), 1e-12)
    likeness = pixels[positions] @ pixels.T
    likeness[np.arange(len(positions)), positions] = -np.inf
    return np.argsort(-likeness, axis=1, kind="stable")[:, :NEIGHBOURS]


def _blurred(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """`images` (N, H, W, ...) with each pixel replaced by a mean of its surroundings, a bell about 3 pixels wide."""
    for axis in (1, 2) * BLUR:
        length = images.shape[axis]
        before = np.take(images, [0, *range(length - 1)], axis)
        after = np.take(images, [*range(1, length), length - 1], axis)
        images = ((before + 2 * images + after) / 4).astype(np.float32)
    return images


@arrays.taken(indices="")
def mistakes(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    probabilities: NDArray[np.floating],
    class_keys: Sequence[str],
    indices: Mapping[str, Sequence[int]] | Sequence[int] | NDArray[np.integer],
) -> Figure:
    """Single images as cards: what it is, what the network took it for, and how sure it was.

    Args:
        images: (N, H, W) or (N, H, W, 3).
        labels: (N,), the number of the true class.
        probabilities: (N, classes).
        class_keys: (classes,).
        indices: which images to show, as positions in `images`; grouped with a headline each if it is what
            `choose_mistakes` returns.

    Facts: `cards` in the order shown (`index`, `label`, `prediction`, `probability`, `runner_up`,
    `runner_up_probability`, `label_probability`), and `groups`, the same cards by kind.

    Explained in: looking-inside-neural-networks, "The mistakes".
    """
    examples = Examples(images, labels, probabilities, class_keys)
    asked = indices if isinstance(indices, Mapping) else {"": indices}
    chosen = {kind: arrays.positions(some, len(images)).tolist() for kind, some in asked.items()}
    groups = {kind: [_card_facts(examples, position) for position in some] for kind, some in chosen.items()}
    facts = {"cards": [card for cards in groups.values() for card in cards], "groups": groups}

    most = min(max((len(some) for some in chosen.values()), default=1), 5)

    def render(language: str) -> str:
        parts = "".join(_group(examples, kind, some, language) for kind, some in chosen.items())
        return f'<div class="nnb-cards nnb-{examples.kind}-pictures" style="{examples.size};--n:{most}">{parts}</div>'

    return Figure("mistakes", render, facts if "" not in groups else {"cards": facts["cards"]})


def _card_facts(examples: Examples, position: int) -> dict[str, object]:
    row = examples.probabilities[position]
    runner_up = int(np.argsort(-row, kind="stable")[1])
    return {
        "index": examples.index(position),
        "label": examples.label_key(position),
        "prediction": examples.prediction_key(position),
        "probability": round(examples.probability(position), 6),
        "runner_up": examples.class_keys[runner_up],
        "runner_up_probability": round(float(row[runner_up]), 6),
        "label_probability": round(float(row[int(examples.labels[position])]), 6),
    }


def _group(examples: Examples, kind: str, positions: Sequence[int], language: str) -> str:
    cards = "".join(_card(examples, int(position), language) for position in positions)
    title = ""
    if kind:
        name, rule = (escape(text(f"mistakes.{kind}{part}", language)) for part in ("", "_rule"))
        title = f'<p class="nnb-group">{name} <span class="nnb-quiet">{rule}</span></p>'
    return f'<div class="nnb-{kind or "flat"}">{title}<ul class="nnb-card-row">{cards}</ul></div>'


def _card(examples: Examples, position: int, language: str) -> str:
    facts = _card_facts(examples, position)
    alt = text("kit.image", language, index=facts["index"])
    words = [
        ("nnb-card-true", text("kit.true_name", language, name=class_name(str(facts["label"]), language))),
        ("nnb-card-said", _said("kit.predicted_share", examples, facts, "prediction", "probability", language)),
    ]
    if examples.probability(position) < UNSURE:
        said = _said("mistakes.runner_up", examples, facts, "runner_up", "runner_up_probability", language)
        words.append(("nnb-quiet", said))
    lines = "".join(f'<span class="{kind}">{escape(line)}</span>' for kind, line in words)
    return (
        f'<li data-index="{facts["index"]}" data-label="{facts["label"]}" data-prediction="{facts["prediction"]}" '
        f'data-probability="{facts["probability"]}">'
        f"{raster.img(examples.picture(position), alt, 4, examples.kind)}{lines}</li>"
    )


def _said(key: str, examples: Examples, facts: dict[str, object], name: str, share: str, language: str) -> str:
    return text(
        key, language, name=class_name(str(facts[name]), language), share=confidence(float(str(facts[share])), language)
    )
