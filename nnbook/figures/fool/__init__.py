"""Fool: an image moved along the gradient of the loss by so little that nobody sees it, and another answer."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.examples import confidence
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import class_words, offered, surely_read
from nnbook.figures.kit.numbers import packed_images, packed_scale
from nnbook.figures.kit.packing import pack
from nnbook.figures.kit.shares import packed_shares, shares
from nnbook.localisation import class_name, count, text

SAMPLE = 500  # so many images are looked through for those to show, and tried for the facts
STOPS = 16  # of the slider, besides no change at all
LEVELS = (1, 2, 4, 8)  # changes that the facts tell about


@arrays.taken(indices="positions")
def fool(
    network: Any,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    indices: Sequence[int] | None = None,
    name: str = "fool",
    interactive: bool = True,
) -> Figure:
    """An image, a change of every pixel by a few of 255 levels, and what the network says of the changed image.

    The direction is the sign of the gradient of the loss by the pixels, which is computed once, at the image itself:
    each number goes up or down by the same amount, so that the loss grows ("fast gradient sign", Goodfellow et al.
    2014). Amounts are whole levels and results stay within 0 to 255, so the network has read the very bytes that are
    shown. The reader chooses the image and the amount; the slider ends at 16 levels, or at 32, 64 or 128 if three
    quarters of the images are not fooled before.

    Args:
        network: trained, with the methods `probabilities` and `input_gradient`; it reads the images shown rightly.
        images: (N, H, W) or (N, H, W, 3), uint8, such as a test set.
        labels: (N,), the number of each image's true class.
        class_keys: (classes,).
        indices: of the images to choose from; if left out, of each class the first of 500 that is read right with a
            probability of at least 0.9, the one first that the smallest change fools.
        name: of the figure in the page's address, as in `#fool:image=3,levels=2`.
        interactive: whether it answers to the reader.

    Facts: `shown` (images to choose from), `most` (levels at the end of the slider), `numbers` (of one image), and in
    `images` for each: `index`, `label` (class key), `probability` of it before, `flip` (the smallest change shown, in
    levels, with another answer; None if there is none), `answer` there (class key; after the largest change if nothing
    flips) and its `answer_probability`. Those of the image at rest stand beside `shown` as well. Of the first images,
    at most 500: `sample` (how many), `read` (of these, right), and of those the shares that a change by 1, 2, 4 and 8
    levels, or a smaller one of these, makes wrong: `fooled_1`, `fooled_2`, `fooled_4`, `fooled_8`; and `borrowed_8`,
    the share that is wrong if each takes the 8 levels computed for the next one.

    Explained in: convolutional-networks.

    Example:
        >>> test = load("cifar10").test
        >>> fool(trained("cifar10-convolutional"), test.images, test.labels, load("cifar10").class_keys)
    """
    sample, truth = images[:SAMPLE], labels[:SAMPLE]
    plain = network.probabilities(sample)
    keys = arrays.class_keys(class_keys, plain.shape[1])
    chosen = list(indices) if indices is not None else surely_read(truth, plain)
    before = network.probabilities(images[chosen]) if chosen else plain[:0]
    if not chosen or (before.argmax(axis=1) != labels[chosen]).any():
        raise ValueError(
            "only a network that reads an image right can be fooled; got images that it misreads; "
            "pass those, or indices of those, that it reads"
        )
    signs = _signs(network, images[chosen], labels[chosen], before)
    step, found = 1, _probabilities(network, images[chosen], signs, 1)
    while step < 8 and (_flips(found, labels[chosen]) > 0).mean() < 0.75:
        step *= 2
        found = _probabilities(network, images[chosen], signs, step)
    flips = _flips(found, labels[chosen])
    if indices is None:
        order = np.argsort(np.where(flips > 0, flips, STOPS + 1), kind="stable")
        chosen = [chosen[at] for at in order]
        signs, found, flips = signs[order], found[order], flips[order]
    cases = [_facts(*case, step, labels, keys) for case in zip(chosen, found, flips.tolist(), strict=True)]
    facts = {
        "shown": len(chosen),
        "most": step * STOPS,
        "numbers": int(np.prod(images.shape[1:])),
        "images": cases,
        **cases[0],
        **_of_sample(network, sample, truth, plain),
    }

    def render(language: str) -> str:
        image, stop, case = images[chosen[0]], int(flips[0]) or STOPS, cases[0]
        kind, moved = "ink" if image.ndim == 2 else "colour", _moved(image, signs[0], stop * step)
        numbers = {"index": case["index"], "name": class_name(case["label"], language), "levels": stop * step}
        marked = f'data-index="{case["index"]}"'
        notes = [text(f"fool.{key}", language, **numbers) for key in ("image", "moved", "change")]
        pictures = [
            raster.img(raster.picture(image), notes[0], 1, kind, marked),
            raster.img(raster.picture(moved), notes[1], 1, kind, marked),
            raster.diverging_img(_change(image, moved), stop * step, notes[2], 1),
        ]
        shots = "".join(parts.shot(*shot) for shot in zip(pictures, notes, strict=True))
        said = text(
            "fool.reading",
            language,
            levels=count(stop * step, language),
            numbers=count(facts["numbers"], language),
            answer=class_name(case["answer"], language),
            share=confidence(case["answer_probability"], language),
        )
        bars = shares(found[0, stop], int(labels[chosen[0]]), keys, language, found[0, 0])
        return (
            f'<div class="nnb-large" style="{parts.large(*image.shape[:2])}">{shots}</div>'
            f'{parts.legend(stop * step, language, "fool.scale", digits=0)}<p class="nnb-sum">{escape(said)}</p>{bars}'
        )

    static = Figure("fool", render, facts)
    if not interactive:
        return static
    packed = [
        {"pixels": packed_images(images[[at]]), "signs": _packed_signs(sign), "shares": packed_shares(shown)}
        for at, sign, shown in zip(chosen, signs, found, strict=True)
    ]
    data = offered(images, labels, chosen) | {
        "name": name,
        "keys": keys,
        "step": step,
        "stops": STOPS,
        "height_in": images.shape[1],
        "width_in": images.shape[2],
        "numbers": facts["numbers"],
        "style": parts.large(*images.shape[1:3]),
        "scale": packed_scale(),
        "first": packed[0],
        "later": packed[1:],
    }
    return interactive_figure("fool", static, data, class_words(keys))


def _signs(
    network: Any, images: NDArray[np.uint8], labels: NDArray[np.integer], probabilities: NDArray[np.floating]
) -> NDArray[np.int8]:
    """Which way each number of the `images` (n, ...) goes for the loss to grow, (n, ...): -1, 0 or 1.

    The gradient of the loss by the scores is what a training uses, too: the probabilities, less 1 for the true class.
    """
    weighting = probabilities.copy()
    weighting[np.arange(len(labels)), labels] -= 1
    return np.sign(network.input_gradient(images, weighting)).reshape(images.shape).astype(np.int8)


def _moved(images: NDArray[np.uint8], signs: NDArray[np.int8], levels: int) -> NDArray[np.uint8]:
    """The `images` (..., H, W) after every number has moved by so many levels, as far as there is room."""
    return np.clip(images.astype(int) + levels * signs.astype(int), 0, 255).astype(np.uint8)


def _change(image: NDArray[np.uint8], moved: NDArray[np.uint8]) -> NDArray[np.float64]:
    """By how many levels an image has changed, (H, W); the mean of red, green and blue."""
    difference = moved.astype(float) - image
    return np.asarray(difference if image.ndim == 2 else difference.mean(axis=2))


def _probabilities(network: Any, images: NDArray[np.uint8], signs: NDArray[np.int8], step: int) -> NDArray[np.floating]:
    """The probabilities of the `images` (n, ...) at each stop of the slider, (n, STOPS + 1, classes)."""
    stops = [network.probabilities(_moved(images, signs, stop * step)) for stop in range(STOPS + 1)]
    return np.stack(stops, axis=1)


def _flips(found: NDArray[np.floating], labels: NDArray[np.integer]) -> NDArray[np.intp]:
    """The first stop of each image with an answer that is wrong, 0 if there is none, (n,)."""
    return np.asarray((found.argmax(axis=2) != labels[:, np.newaxis]).argmax(axis=1))


def _facts(
    index: int, found: NDArray[np.floating], flip: int, step: int, labels: NDArray[np.integer], keys: Sequence[str]
) -> dict[str, Any]:
    """What is known of one image, from its probabilities `found` (STOPS + 1, classes)."""
    there = found[flip or STOPS]
    return {
        "index": index,
        "label": keys[labels[index]],
        "probability": round(float(found[0, labels[index]]), 6),
        "flip": flip * step or None,
        "answer": keys[int(there.argmax())],
        "answer_probability": round(float(there.max()), 6),
    }


def _of_sample(
    network: Any, images: NDArray[np.uint8], labels: NDArray[np.integer], plain: NDArray[np.floating]
) -> dict[str, Any]:
    """How many images are fooled by how much, and by the same amount in a direction that is not theirs."""
    right = np.flatnonzero(plain.argmax(axis=1) == labels)
    some, truth = images[right], labels[right]
    signs = _signs(network, some, truth, plain[right])

    def wrong(levels: int, directions: NDArray[np.int8]) -> NDArray[np.bool_]:
        return np.asarray(network.probabilities(_moved(some, directions, levels)).argmax(axis=1) != truth)

    found = np.logical_or.accumulate([wrong(levels, signs) for levels in LEVELS])
    shown = {f"fooled_{levels}": round(float(some.mean()), 6) for levels, some in zip(LEVELS, found, strict=True)}
    borrowed = wrong(LEVELS[-1], np.roll(signs, -1, axis=0))
    return {
        "sample": len(images),
        "read": len(right),
        **shown,
        f"borrowed_{LEVELS[-1]}": round(float(borrowed.mean()), 6),
    }


def _packed_signs(signs: NDArray[np.int8]) -> str:
    """Four signs as one character."""
    digits = np.pad(signs.ravel().astype(int) + 1, (0, -signs.size % 4)).reshape(-1, 4)
    return pack((digits @ [27, 9, 3, 1]).tolist(), 1)
