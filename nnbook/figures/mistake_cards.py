"""A few mistakes, large enough to judge for oneself, and the rule that finds them."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook.figures import raster
from nnbook.figures.examples import Examples, confidence
from nnbook.figures.figure import Figure
from nnbook.localisation import class_name, text

UNSURE = 0.5  # below this probability a card also names the runner-up


def choose_mistakes(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.integer],
    images: NDArray[np.uint8],
    count: int = 3,
) -> dict[str, list[int]]:
    """Mistakes of three kinds, chosen by the numbers alone.

    - `confident`: the highest probabilities given to a wrong class;
    - `unsure`: the lowest top probabilities, where the network has next to no idea;
    - `clear`: images that resemble the average image of their own class the most (by correlation), so that a person
      reads them at once, and that are taken for another class all the same.

    An image is chosen once, for the first kind that it fits.

    Args:
        probabilities: (N, classes).
        labels: (N,), the number of the true class.
        images: (N, H, W) or (N, H, W, 3).
        count: at most so many of each kind.

    Returns:
        The positions of the images by kind, the most telling first, ties by position.
    """
    predictions, top = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predictions != labels)
    pixels = np.asarray(images, dtype=np.float32).reshape(len(images), -1)
    likeness = _likeness_to_own_class(pixels, np.asarray(labels))
    chosen: dict[str, list[int]] = {}
    for kind, order in (("confident", -top), ("unsure", top), ("clear", -likeness)):
        taken = [position for kinds in chosen.values() for position in kinds]
        ranked = wrong[np.argsort(order[wrong], kind="stable")]
        chosen[kind] = [int(position) for position in ranked if position not in taken][:count]
    return chosen


def _likeness_to_own_class(pixels: NDArray[np.float32], labels: NDArray[np.integer]) -> NDArray[np.float32]:
    """Correlation of each image's `pixels` (N, D) with the average image of its own class, (N,)."""
    likeness = np.zeros(len(pixels), dtype=np.float32)
    for label in np.unique(labels):
        own = pixels[labels == label]
        own = own - own.mean(axis=1, keepdims=True)
        average = own.mean(axis=0)
        lengths = np.linalg.norm(own, axis=1) * np.linalg.norm(average)
        likeness[labels == label] = own @ average / np.maximum(lengths, 1e-12)
    return likeness


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
    chosen = {kind: list(some) for kind, some in (indices if isinstance(indices, Mapping) else {"": indices}).items()}
    positions = [int(position) for some in chosen.values() for position in some]
    unknown = [position for position in positions if not 0 <= position < len(images)]
    if unknown:
        raise ValueError(
            f"an index names one of the images, 0 to {len(images) - 1}; got {unknown[0]}; "
            f"pass positions in the arrays that you pass"
        )
    groups = {kind: [_card_facts(examples, int(position)) for position in some] for kind, some in chosen.items()}
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
    title = f'<p class="nnb-group">{escape(text(f"mistakes.{kind}", language))}</p>' if kind else ""
    return f'<div class="nnb-{kind or "flat"}">{title}<ul class="nnb-card-row">{cards}</ul></div>'


def _card(examples: Examples, position: int, language: str) -> str:
    facts = _card_facts(examples, position)
    alt = text("examples.image", language, index=facts["index"])
    words = [
        ("nnb-card-true", text("mistakes.true", language, name=class_name(str(facts["label"]), language))),
        ("nnb-card-said", _said("mistakes.predicted", examples, facts, "prediction", "probability", language)),
    ]
    if examples.probability(position) < UNSURE:
        said = _said("mistakes.runner_up", examples, facts, "runner_up", "runner_up_probability", language)
        words.append(("nnb-quiet", said))
    lines = "".join(f'<span class="{kind}">{escape(line)}</span>' for kind, line in words)
    return (
        f"<li {examples.attributes(position)}>"
        f"{raster.img(examples.picture(position), alt, 4, examples.kind)}{lines}</li>"
    )


def _said(key: str, examples: Examples, facts: dict[str, object], name: str, share: str, language: str) -> str:
    return text(key, language, name=class_name(str(facts[name]), language), share=confidence(float(str(facts[share]))))
