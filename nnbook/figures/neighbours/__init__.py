"""Neighbours: which images are alike for their pixels, and which for a network."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit import raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.examples import Examples, confidence
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import class_words
from nnbook.figures.kit.packing import DIGITS, pack
from nnbook.figures.kit.sprites import COLUMNS, Sprites
from nnbook.localisation import class_name, count, percent, text

NEAREST = 6
HALF = 3  # images of one picture of the static form: a phone is that wide
SHOWN = 3  # queries of the static form
SAMPLE = 1000  # images whose neighbours are counted
AT_ONCE = 100  # the maps of more images would not fit into the cache of a processor
STEPS = len(DIGITS) ** 2 - 1  # probabilities reach the script in so many steps
KINDS = ("pixels", "hidden")


@arrays.taken(queries="positions")
def neighbours(
    network: Any,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    queries: Sequence[int] | None = None,
    name: str = "neighbours",
    interactive: bool = True,
) -> Figure:
    """An image, the six others that are nearest in pixels, and the six that are nearest in the last hidden layer.

    Near means a small Euclidean distance, in both cases: between all the pixels, or between all the numbers that the
    last dense layer is given. No label is used to find them.

    Args:
        network: whose last layer is dense, with at least one before it, as `trained` gives it: `layers`,
            `weights` and `outputs(images)`.
        images: (N, H, W) or (N, H, W, 3), best such that the network has not learnt from.
        labels: (N,), the number of each image's true class.
        class_keys: (classes,).
        queries: positions of the images to choose from; when left out, of each class the first one, and of the first
            SAMPLE images the one for which the two sixes differ most in how many have its class.
        name: of the figure in the page's address, as in `#neighbours:image=3`.
        interactive: whether it answers to the reader.

    Facts: `images`; `sample` (the first so many of them were asked for their neighbours among all); `pixels` and
    `hidden` with the share of these neighbours that have the class of the image asked, `first` for the nearest one and
    `six` for the six nearest; `queries`, for each `index`, `label`, and how many of its six have its class, in `pixels`
    and `hidden`.

    Raises:
        ValueError: if the network has no hidden layer, or there are too few images.

    Example:
        >>> test = load("mnist").test
        >>> neighbours(trained("mnist-convolutional"), test.images, test.labels, load("mnist").class_keys)

    Explained in: convolutional-networks, "Looking inside".
    """
    if len(network.layers) < 2 or not network.layers[-1].startswith("dense"):
        raise ValueError(
            "images are compared by what comes into the last dense layer from the one before; got a network of "
            f"{', '.join(network.layers)}; pass one with a hidden layer"
        )
    if len(images) <= NEAREST:
        raise ValueError(f"an image needs {NEAREST} others to be compared with; got {len(images)}; pass more images")
    class_keys = arrays.class_keys(class_keys, len(network.weights[-1]))
    hidden, scores = _seen(network, images)
    asked = sorted({*range(min(SAMPLE, len(images))), *(queries or ())})
    nearest = {
        "pixels": _nearest(images.reshape(len(images), -1).astype(float), asked),
        "hidden": _nearest(hidden, asked),
    }
    labels = np.asarray(labels)
    same = {key: labels[found] == labels[asked][:, None] for key, found in nearest.items()}
    row = {position: at for at, position in enumerate(asked)}
    sample = [row[position] for position in range(min(SAMPLE, len(images)))]
    chosen = list(queries or _telling(labels[asked], same))
    examples = Examples(images, labels, evaluation.softmax(scores), class_keys)
    counts = {key: [int(same[key][row[position]].sum()) for position in chosen] for key in KINDS}
    facts = {
        "images": len(images),
        "sample": len(sample),
        **{
            key: {
                "first": round(float(same[key][sample, 0].mean()), 6),
                "six": round(float(same[key][sample].mean()), 6),
            }
            for key in KINDS
        },
        "queries": [
            {"index": position, "label": class_keys[labels[position]], **{key: counts[key][at] for key in KINDS}}
            for at, position in enumerate(chosen)
        ],
    }

    def render(language: str) -> str:
        items = "".join(
            _item(examples, position, {key: nearest[key][row[position]].tolist() for key in KINDS}, language)
            for position in chosen[:SHOWN]
        )
        return (
            f'<ol class="nnb-gallery nnb-{examples.kind}-pictures" style="{examples.size}">{items}</ol>'
            f'<p class="nnb-sum">{escape(_summary(facts, language))}</p>'
        )

    static = Figure("neighbours", render, facts)
    if not interactive:
        return static
    rows = [[position, *(int(at) for key in KINDS for at in nearest[key][row[position]])] for position in chosen]
    data = _data(examples, rows) | {
        "name": name,
        "keys": list(class_keys),
        "pairs": queries is None and len(chosen) == 2 * len({*labels[chosen].tolist()}),  # each class has two images
        "near": NEAREST,
    }

    def names(language: str) -> dict[str, str]:
        return {**class_words(class_keys)(language), "summary": _summary(facts, language)}

    return interactive_figure("neighbours", static, data, names)


def _seen(network: Any, images: NDArray[np.uint8]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """What comes into the last layer of the `network`, a row for each of `images`, and the scores."""
    inputs, scores = [], []
    for start in range(0, len(images), AT_ONCE):
        *_, before, last = network.outputs(images[start : start + AT_ONCE])
        inputs.append(np.asarray(before).reshape(len(before), -1))
        scores.append(last)
    return np.concatenate(inputs), np.concatenate(scores)


def _nearest(vectors: NDArray[np.floating], asked: Sequence[int]) -> NDArray[np.intp]:
    """For each of the rows `asked` of `vectors` (N, numbers), the nearest other rows, (asked, NEAREST).

    Of equally near ones the first comes first. |a - b|^2 is |a|^2 - 2ab + |b|^2, and |a|^2 is the same for all.
    """
    lengths, found = (vectors**2).sum(axis=1), []
    for start in range(0, len(asked), AT_ONCE):
        some = list(asked[start : start + AT_ONCE])
        distances = lengths - 2 * vectors[some] @ vectors.T
        distances[np.arange(len(some)), some] = np.inf
        found.append(np.argsort(distances, axis=1, kind="stable")[:, :NEAREST])
    return np.concatenate(found)


def _telling(labels: NDArray[np.integer], same: dict[str, NDArray[np.bool_]]) -> list[int]:
    """Of each class the first image, and the one for which the numbers of neighbours of its class differ most.

    Args:
        labels: (N,), of the images among which to choose.
        same: (N, NEAREST) for each kind of nearness.
    """
    apart = np.abs(same["hidden"].sum(axis=1) - same["pixels"].sum(axis=1))
    classes = [np.flatnonzero(labels == number) for number in np.unique(labels)]
    pairs = [[own[0], *own[1:][np.argsort(-apart[own[1:]], kind="stable")[:1]]] for own in classes]
    return [int(at) for pair in pairs for at in pair]


def _data(examples: Examples, rows: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Rows of images, each beginning with a query: the queries on the first sheet, each one's neighbours on its own."""
    sprites = Sprites(examples.images)
    sprites.add(row[0] for row in rows)
    for row in rows:
        sprites.add(row)
    every = [at for row in rows for at in row]

    def step(probability: float) -> int:
        """What is not quite certain never rounds to certainty."""
        return STEPS if probability >= 1 else min(round(probability * STEPS), STEPS - 1)

    return {
        "kind": examples.kind,
        "size": list(examples.images.shape[1:3]),
        "columns": COLUMNS,
        "width": 2,
        "starts": sprites.starts,
        "sheets": sprites.sheets(),
        "indices": pack((examples.index(position) for position in sprites.positions), 4),
        "tiles": pack((sprites.place(at) for at in every), 2),
        "probabilities": pack((step(examples.probability(at)) for at in every), 2),
        "actual": pack((int(examples.labels[at]) for at in every), 2),
        "predicted": pack((int(examples.predictions[at]) for at in every), 2),
    }


def _summary(facts: dict[str, Any], language: str) -> str:
    shares = {key: percent(facts[key]["six"], language, 0) for key in KINDS}
    return text("neighbours.summary", language, sample=count(facts["sample"], language), **shares)


def _item(examples: Examples, position: int, nearest: dict[str, list[int]], language: str) -> str:
    """One image of the static form, and its neighbours of both kinds."""
    own = text("kit.image_choice", language, index=examples.index(position), name=_name(examples, position, language))
    share = confidence(examples.probability(position), language)
    said = text(
        "kit.predicted_share", language, name=class_name(examples.prediction_key(position), language), share=share
    )
    kinds = ""
    for kind in KINDS:
        near = nearest[kind]
        alike = sum(examples.label_key(at) == examples.label_key(position) for at in near)
        head = text(f"neighbours.{kind}", language, count=alike, total=len(near))
        halves = "".join(
            _pictures(examples, near[start : start + HALF], position, language) for start in range(0, len(near), HALF)
        )
        kinds += f'<div data-kind="{kind}"><p class="nnb-quiet">{escape(head)}</p>'
        kinds += f'<div class="nnb-strip">{halves}</div></div>'
    picture = _pictures(examples, [position], None, language)
    return (
        f'<li class="nnb-near-item"><div><p><strong>{escape(own)}</strong>'
        f'<span class="nnb-quiet">{escape(said)}</span></p>'
        f'<div class="nnb-strip">{picture}</div></div>{kinds}</li>'
    )


def _pictures(examples: Examples, positions: Sequence[int], query: int | None, language: str) -> str:
    """Images side by side as one picture, under each its class, with a tick if it is that of the `query`."""
    names = [_name(examples, at, language) for at in positions]
    drawn = raster.sheet([[examples.picture(at) for at in positions]], gap=2)
    attributes = examples.attributes(positions) + "".join(
        f' data-{key}="{escape(",".join(values))}"'
        for key, values in {
            "labels": [examples.label_key(at) for at in positions],
            "predictions": [examples.prediction_key(at) for at in positions],
        }.items()
    )
    alt = ", ".join(
        text("kit.image_choice", language, index=examples.index(at), name=name)
        for at, name in zip(positions, names, strict=True)
    )
    words = ""
    if query is not None:
        same = [examples.labels[at] == examples.labels[query] for at in positions]
        words = "".join(
            f"<b>{escape(text('neighbours.same', language, name=name))}</b>"
            if alike
            else f"<span>{escape(name)}</span>"
            for name, alike in zip(names, same, strict=True)
        )
    return f'<div style="--n:{len(positions)}">{raster.img(drawn, alt, 2, examples.kind, attributes)}{words}</div>'


def _name(examples: Examples, position: int, language: str) -> str:
    return class_name(examples.label_key(position), language)
