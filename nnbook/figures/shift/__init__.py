"""Shift: digits are moved to the right, pixel by pixel, and networks that learnt each place by itself lose them."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit import raster, svg
from nnbook.figures.kit.contours import Plane
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.examples import confidence
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.numbers import packed_images
from nnbook.figures.kit.packing import DIGITS, pack
from nnbook.figures.kit.sliders import sliders
from nnbook.localisation import class_name, percent, text

FARTHEST = 5  # pixels
MOST = 2000  # images on which each network answers at each shift: a convolutional one takes a minute for ten thousand
SHOWN = 10  # images to choose from
STEPS = len(DIGITS) ** 2 - 1  # of a probability on its way to the script
BETWEEN = 31  # units of the drawing from the name of a line to the next


class Trained(Protocol):
    """What this figure asks of a network."""

    name: str
    layers: Sequence[str]

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.floating]: ...


@arrays.taken(networks="as they are")
def shift(
    networks: Sequence[Trained],
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    name: str = "shift",
    interactive: bool = True,
) -> Figure:
    """How many images networks still recognise when all are moved to the right by 0 to 5 pixels.

    Zeros come in from the left; what leaves on the right is lost. The reader moves all images, and watches one of them:
    what each network takes it for, and how the probabilities wander from class to class. At rest they are moved as far
    as the networks differ most.

    Args:
        networks: trained networks, each with a name of its own.
        images: (N, H, W) ink. Of more than two thousand, as many are used, evenly spread.
        labels: (N,), the number of each image's class.
        class_keys: (classes,), the keys of the classes in the order of their numbers.
        name: of the figure in the page's address, as in `#shift:by=3,image=17`.
        interactive: whether it answers to the reader; without, its static form alone.

    Facts: `accuracy`, by the name of each network a list with the share of images that are right at each shift, from 0
        on, as in `accuracy.mnist-1-layer.5`; `images`, on how many; `by`, the shift at rest; `shown`, of the image at
        rest its `index`, its `label` and, by the name of each network, its `answers`, the class at each shift.

    Explained in: convolutional-networks, "The failure".

    Example:
        >>> networks, test = [trained(f"mnist-{kind}") for kind in ("1-layer", "convolutional")], load("mnist").test
        >>> shift(networks, test.images, test.labels, "0123456789")
    """
    _check(networks, images)
    used = np.unique(np.linspace(0, len(images) - 1, min(MOST, len(images))).round().astype(int))
    images, labels = images[used], labels[used]
    shifts = range(min(FARTHEST, images.shape[2] - 1) + 1)
    # (networks, shifts, images, classes)
    probabilities = np.array([[one.probabilities(moved(images, by)) for by in shifts] for one in networks])
    if probabilities.shape[3] != len(class_keys):
        raise ValueError(
            f"each class of the networks has its key; got {len(class_keys)} keys for {probabilities.shape[3]} classes; "
            "pass as many class_keys"
        )
    predictions = probabilities.argmax(axis=3)
    shares = np.array([[evaluation.accuracy(answers, labels) for answers in of_one] for of_one in predictions])
    start = int(np.ptp(shares, axis=0).argmax())
    right = predictions == labels
    chosen = _chosen(right, labels, len(class_keys))
    split = [at for at, position in enumerate(chosen) if 0 < right[:, start, position].sum() < len(networks)]
    first = split[0] if split else 0
    facts: dict[str, Any] = {
        "accuracy": {one.name: shares[at].round(6).tolist() for at, one in enumerate(networks)},
        "images": len(images),
        "by": start,
        "shown": {
            "index": int(used[chosen[first]]),
            "label": class_keys[labels[chosen[first]]],
            "answers": {
                one.name: [class_keys[answer] for answer in predictions[at, :, chosen[first]]]
                for at, one in enumerate(networks)
            },
        },
    }
    chart, heights = _places(shares)

    def render(language: str) -> str:
        names = _names(networks, language)
        said = ", ".join(
            f"{one}: {percent(row[0], language)} → {percent(row[-1], language)}"
            for one, row in zip(names, shares, strict=True)
        )
        alt = text("shift.alt", language, count=len(images), farthest=shifts[-1], networks=said)
        drawing = svg.drawing(
            chart.top + chart.height + 40, alt, _chart(chart, shares, heights, names, len(images), language)
        )
        shown = probabilities[:, :, chosen[first]]
        strip = _strip(images[chosen[first]], shown, facts["shown"], class_keys, names, language)
        return f'<div class="nnb-panels">{drawing}{strip}</div>'

    def words(language: str) -> Mapping[str, str]:
        found = {f"name.{number}": class_name(key, language) for number, key in enumerate(class_keys)}
        return found | {f"network.{at}": one for at, one in enumerate(_names(networks, language))}

    static = Figure("shift", render, facts)
    if not interactive:
        return static
    steps = np.clip(np.rint(STEPS * probabilities[:, :, chosen]), 1, STEPS - 1)  # none is certain, and none impossible
    data: dict[str, Any] = {
        "name": name, "width": images.shape[2], "height": images.shape[1], "images": packed_images(images[chosen]),
        "indices": used[chosen].tolist(), "labels": labels[chosen].tolist(), "first": first, "keys": list(class_keys),
        "slider": sliders({"by": start}, 0, shifts[-1], 1), "shares": shares.round(6).tolist(),
        "answers": pack(steps.astype(int).ravel().tolist(), 2),
        "chart": {"left": chart.left, "top": chart.top, "width": chart.width, "height": chart.height},
    }  # fmt: skip
    return interactive_figure("shift", static, data, words)


def moved(images: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    """The `images` (N, H, W), moved to the right `by` so many pixels."""
    found = np.zeros_like(images)
    found[:, :, by:] = images[:, :, : images.shape[2] - by]
    return found


def _check(networks: Sequence[Trained], images: NDArray[np.uint8]) -> None:
    names = [one.name for one in networks]
    if not names or len(set(names)) < len(names):
        raise ValueError(
            f"there is at least one network, and each has a name of its own; got {', '.join(names) or 'none'}; "
            "pass a list of networks of different names"
        )
    if images.ndim != 3:
        raise ValueError(
            "images that are moved are ink, (N, H, W), since blank pixels come in; got images of shape "
            f"{images.shape}; pass networks and images without colours, such as those of MNIST"
        )


def _chosen(right: NDArray[np.bool_], labels: NDArray[np.integer], classes: int) -> list[int]:
    """Positions of images that all networks have right in place, one of each class, at most ten.

    Of its class it is the first on which the most networks fail at different shifts; `right` is (networks, shifts, N).
    """
    falls = np.where(right.all(axis=1), right.shape[1], right.argmin(axis=1))  # the first shift at which each fails
    apart = np.array([len(set(of_one)) for of_one in falls.T.tolist()])
    apart[~right[:, 0].all(axis=0)] = 0
    found = [np.flatnonzero(labels == number) for number in range(classes)]
    return [int(of_one[apart[of_one].argmax()]) for of_one in found if len(of_one)][:SHOWN]


def _names(networks: Sequence[Trained], language: str) -> list[str]:
    """What each network is called in words, and by its own name too where others are called the same."""
    found = [_kind(one.layers, language) for one in networks]
    return [
        word if found.count(word) == 1 else f"{word} ({one.name})" for word, one in zip(found, networks, strict=True)
    ]


def _kind(layers: Sequence[str], language: str) -> str:
    sizes = [int(layer.split()[1]) for layer in layers if layer.startswith("dense")]
    if any(layer.startswith("convolution") for layer in layers):
        return text("shift.convolutional", language)
    if len(sizes) == 2:
        return text("shift.hidden", language, count=sizes[0])
    return text("shift.layers", language, count=len(sizes))


def _places(shares: NDArray[np.floating]) -> tuple[Plane, list[float]]:
    """Where the chart lies, and how high the name of each line stands: beside its end, but apart from the others."""
    number, last = len(shares), shares.shape[1] - 1
    chart = Plane(34, 30, 172, max(176, BETWEEN * number), (0, max(last, 1)), (0, 1))
    heights, room = [0.0] * number, chart.top + chart.height - 8
    for at in np.argsort(shares[:, -1], kind="stable").tolist():  # the lowest first, each above the last
        heights[at] = min(float(chart.down(shares[at, -1])), room)
        room = heights[at] - BETWEEN
    above = chart.top + 4 - room - BETWEEN
    return chart, [height + max(0, above) for height in heights]


def _chart(
    chart: Plane,
    shares: NDArray[np.floating],
    heights: Sequence[float],
    names: Sequence[str],
    images: int,
    language: str,
) -> list[str]:
    """Accuracy over shift, a line for each network with its name, and what it falls from and to, at its end."""
    bottom, right = chart.top + chart.height, chart.left + chart.width
    rules = "".join(svg.path("M", chart.left, float(chart.down(tick / 4)), "h", chart.width) for tick in range(5))
    drawn = [svg.label(0, 12, text("shift.title", language, count=images), "start", "nnb-strong")]
    drawn.append(f'<path class="nnb-rules" d="{rules}"/>')
    ticks = (
        svg.label(chart.left - 6, float(chart.down(tick / 4)) + 4, percent(tick / 4, language, 0)) for tick in range(5)
    )
    drawn.append(svg.group(ticks, "nnb-value", "end"))
    places = np.arange(shares.shape[1])
    drawn.append(
        svg.group((svg.label(float(chart.across(by)), bottom + 17, str(by)) for by in places.tolist()), "nnb-value")
    )
    drawn.append(svg.label(chart.left + chart.width / 2, bottom + 34, text("shift.axis", language)))
    for at, (row, height, name) in enumerate(zip(shares, heights, names, strict=True)):
        line = chart.line(np.column_stack([places, row])) if len(places) > 1 else ""
        ends = f"{percent(row[0], language)} → {percent(row[-1], language)}"
        drawn.append(
            f'<g class="nnb-shift-{at}"><path d="{line}"/>'
            f"{''.join(chart.dot((by, share), 2.5) for by, share in enumerate(row))}"
            f"{svg.label(right + 8, height, name, 'start')}"
            f"{svg.label(right + 8, height + 14, ends, 'start', 'nnb-value nnb-strong')}</g>"
        )
    return drawn


def _strip(
    image: NDArray[np.uint8],
    probabilities: NDArray[np.floating],
    shown: Mapping[str, Any],
    class_keys: Sequence[str],
    names: Sequence[str],
    language: str,
) -> str:
    """One image at every shift, and under it what each network takes it for: (networks, shifts, classes)."""
    index, label, own = shown["index"], shown["label"], class_name(shown["label"], language)
    cells = ""
    for by in range(probabilities.shape[1]):
        alt = text("shift.image", language, count=by, index=index, name=own)
        attributes = f'data-index="{index}" data-label="{escape(label)}" data-by="{by}"'
        cells += f"<td>{raster.img(raster.ink(moved(image[np.newaxis], by)[0]), alt, 1, 'ink', attributes)}{by}</td>"
    rows = "".join(
        f'<tbody class="nnb-shift-{at}"><tr><th scope="rowgroup" colspan="{len(of_one)}">{escape(name)}</th></tr>'
        f"<tr>{''.join(_answer(row, class_keys, label, language) for row in of_one)}</tr></tbody>"
        for at, (name, of_one) in enumerate(zip(names, probabilities, strict=True))
    )
    wide = image.shape[1]
    size = f"--w:{wide};--two:{max(1, 56 // wide)};--one:{max(1, 44 // wide)}"
    caption = f"<caption>{escape(text('shift.strip', language, index=index, name=own))}</caption>"
    head = f'<table class="nnb-table nnb-shift-strip" style="{size}">{caption}<tbody><tr>{cells}</tr></tbody>'
    return f'<div class="nnb-scroll">{head}{rows}</table></div>'


def _answer(row: NDArray[np.floating], class_keys: Sequence[str], label: str, language: str) -> str:
    """The class with the highest of the probabilities `row` (classes,), and whether it is right."""
    key, probability = class_keys[int(row.argmax())], float(row.max())
    verdict, mark = ("right", "✓") if key == label else ("wrong", "✗")
    return (
        f'<td class="nnb-shift-{verdict}" data-prediction="{escape(key)}" data-probability="{probability:.6g}">'
        f'<span aria-hidden="true">{mark}</span><span class="nnb-unseen">{text(f"shift.{verdict}", language)}: </span>'
        f" <b>{escape(class_name(key, language))}</b> <small>{escape(confidence(probability, language))}</small></td>"
    )
