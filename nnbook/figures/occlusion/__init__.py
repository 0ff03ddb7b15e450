"""Occlusion: where a grey square changes a network's mind stands what it had looked at."""

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
from nnbook.figures.kit.numbers import packed_scale
from nnbook.figures.kit.shares import packed_shares, shares
from nnbook.localisation import class_name, text

SAMPLE = 500  # so many images are looked through for those to show
PLACES = 16  # about so many places of the square along the longer side of an image


@arrays.taken(indices="positions")
def occlusion(
    network: Any,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    indices: Sequence[int] | None = None,
    name: str = "occlusion",
    interactive: bool = True,
) -> Figure:
    """A square over an image, and what it does to the probability of the true class at every place.

    The square has the mean colour of all `images`, which tells the network as little as a colour can, and about a
    quarter of the image's side. It goes from place to place by a sixteenth of the side (for images of 28 or 32 pixels:
    8 pixels wide, in steps of 2), and at the edges a part of it lies outside. At each place the network has read the
    image with the square in it. The reader moves the square and sees the probabilities of all classes.

    Args:
        network: trained, with the method `probabilities` for images.
        images: (N, H, W) or (N, H, W, 3), uint8, such as a test set.
        labels: (N,), the number of each image's true class.
        class_keys: (classes,).
        indices: of the images to choose from; if left out, of each class the first of 500 that is read right with a
            probability of at least 0.9, with the one whose probability falls furthest at the beginning, and then the
            first two mistakes.
        name: of the figure in the page's address, as in `#occlusion:image=3,row=5,column=8`.
        interactive: whether it answers to the reader.

    Facts: `shown` (images to choose from), `right` (how many of them are read right without the square), `misled` (how
    many of these the square makes wrong somewhere), `mended` (how many of the others it makes right somewhere), `side`
    (of the square, pixels), and in `images` for each: `index`, `label` and `winner` without the square (class keys),
    `probability` (of the true class without it), `lowest` (with the square at the worst place), `row` and `column` (the
    pixel in the middle of that place), `answer` there (class key), and `highest`. Those of the image at rest stand
    beside `shown` as well.

    Explained in: convolutional-networks.

    Example:
        >>> test = load("cifar10").test
        >>> occlusion(trained("cifar10-convolutional"), test.images, test.labels, load("cifar10").class_keys)
    """
    few = images[:SAMPLE] if indices is None else images[list(indices)]
    plain = network.probabilities(few)
    keys = arrays.class_keys(class_keys, plain.shape[1])
    step, grey = max(1, round(max(images.shape[1:3]) / PLACES)), np.rint(images.mean(axis=(0, 1, 2))).astype(np.uint8)
    if indices is None:
        wrong = np.flatnonzero(plain.argmax(axis=1) != labels[:SAMPLE])[:2]
        chosen = [*surely_read(labels[:SAMPLE], plain), *wrong.tolist()]
        plain = plain[chosen]
    else:
        chosen = list(indices)
    tables = [network.probabilities(_covered(images[at], step, grey)) for at in chosen]
    if indices is None:
        right = plain.argmax(axis=1) == labels[chosen]
        falls = [tables[at][:, labels[index]].min() - plain[at, labels[index]] for at, index in enumerate(chosen)]
        first = int(np.where(right, falls, 1).argmin())
        order = [first, *(at for at in range(len(chosen)) if at != first)]
        chosen, tables, plain = [chosen[at] for at in order], [tables[at] for at in order], plain[order]
    rows, columns = (-(-side // step) for side in images.shape[1:3])
    cases = [
        _facts(table.reshape(rows, columns, -1), before, at, int(labels[at]), step, keys)
        for at, table, before in zip(chosen, tables, plain, strict=True)
    ]
    right_ones = [case for case in cases if case["label"] == case["winner"]]
    answers = [{keys[winner] for winner in table.argmax(axis=1)} for table in tables]
    facts = {
        "shown": len(cases),
        "right": len(right_ones),
        "misled": sum(
            case in right_ones and found != {case["label"]} for case, found in zip(cases, answers, strict=True)
        ),
        "mended": sum(
            case not in right_ones and case["label"] in found for case, found in zip(cases, answers, strict=True)
        ),
        "side": _side(step),
        "images": cases,
        **cases[0],
    }
    changes = (tables[0] - plain[0])[:, labels[chosen[0]]].reshape(rows, columns)

    def render(language: str) -> str:
        image, place = images[chosen[0]], int(np.abs(changes).argmax())
        kind, case = "ink" if image.ndim == 2 else "colour", cases[0]
        true = class_name(case["label"], language)
        alt = text(
            "occlusion.covered_alt", language, index=case["index"], name=true, place=_place(case, image, language)
        )
        covered = raster.img(
            raster.picture(_covered(image, step, grey)[place]), alt, 1, kind, f'data-index="{case["index"]}"'
        )
        faint = raster.img(raster.picture(image), "", 1, f"{kind} nnb-occlusion-faint")
        words = {"name": true, "share": confidence(case["probability"], language)}
        words["lowest"], words["place"] = confidence(case["lowest"], language), _place(case, image, language)
        drawn = raster.diverging_img(changes, 1, text("occlusion.map_alt", language, **words), 1)
        shots = [
            parts.shot(covered, text("occlusion.image", language, index=case["index"], name=true)),
            parts.shot(
                f'{faint}<span class="nnb-occlusion-map">{drawn}</span>', text("occlusion.map", language, **words)
            ),
        ]
        style = f"{parts.large(*image.shape[:2])};{_extent(image, step)}"
        bars = shares(tables[0][place], int(labels[chosen[0]]), keys, language, plain[0])
        said = escape(_reading(tables[0][place], plain[0], int(labels[chosen[0]]), keys, language))
        return (
            f'<div class="nnb-large" style="{style}">{"".join(shots)}</div>'
            f'{parts.legend(1, language, "occlusion.scale")}<p class="nnb-sum">{said}</p>{bars}'
        )

    static = Figure("occlusion", render, facts)
    if not interactive:
        return static
    at_rest, *others = [packed_shares(table) for table in tables]
    shade = f"var(--ink) / {grey / 255:.3f}" if images.ndim == 3 else " ".join(map(str, grey))
    shown = raster.enlarged(images[:1])
    data = offered(images, labels, chosen) | {
        "name": name,
        "keys": keys,
        "rows": rows,
        "columns": columns,
        "step": step,
        "side": _side(step),
        "height_in": images.shape[1],
        "width_in": images.shape[2],
        "style": f"{parts.large(*shown.shape[1:3])};{_extent(images[0], step)};--grey:rgb({shade})",
        "scale": packed_scale(),
        "plain": packed_shares(plain),
        "first": at_rest,
        "later": others,
    }
    return interactive_figure("occlusion", static, data, class_words(keys))


def _side(step: int) -> int:
    """The side of the square, so that it stands evenly around the `step` x `step` pixels that it is shown at."""
    return 4 * step + step % 2


def _covered(image: NDArray[np.uint8], step: int, grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The `image` (H, W, ...) once for each place of the square, (places, H, W, ...), row by row."""
    before = (_side(step) - step) // 2  # pixels of the square on either side
    tops, lefts = (range(-before, side - before, step) for side in image.shape[:2])
    found = np.repeat(image[np.newaxis], len(tops) * len(lefts), axis=0)
    for at, (top, left) in enumerate((top, left) for top in tops for left in lefts):
        found[at, max(top, 0) : top + _side(step), max(left, 0) : left + _side(step)] = grey
    return found


def _facts(
    table: NDArray[np.floating], before: NDArray[np.floating], index: int, label: int, step: int, keys: Sequence[str]
) -> dict[str, Any]:
    """What is known of one image, from the probabilities `table` (rows, columns, classes) and those `before`."""
    row, column = parts.extreme(table[..., label], highest=False)
    return {
        "index": index,
        "label": keys[label],
        "winner": keys[int(before.argmax())],
        "probability": round(float(before[label]), 6),
        "lowest": round(float(table[row, column, label]), 6),
        "row": row * step + step // 2,
        "column": column * step + step // 2,
        "answer": keys[int(table[row, column].argmax())],
        "highest": round(float(table[..., label].max()), 6),
    }


def _place(case: dict[str, Any], image: NDArray[np.uint8], language: str) -> str:
    return parts.place(
        min(case["row"], image.shape[0] - 1), min(case["column"], image.shape[1] - 1), image.shape, language
    )


def _extent(image: NDArray[np.uint8], step: int) -> str:
    """How far the map reaches over an image, whose sides may be no multiples of a step."""
    high, wide = (100 * step * -(-side // step) / side for side in image.shape[:2])
    return f"--high:{high:.4g}%;--wide:{wide:.4g}%"


def _reading(
    probabilities: NDArray[np.floating], before: NDArray[np.floating], label: int, keys: Sequence[str], language: str
) -> str:
    winner = int(probabilities.argmax())
    return text(
        "occlusion.reading",
        language,
        name=class_name(keys[label], language),
        share=confidence(float(probabilities[label]), language),
        before=confidence(float(before[label]), language),
        answer=class_name(keys[winner], language),
    )
