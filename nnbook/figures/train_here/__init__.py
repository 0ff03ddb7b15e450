"""A training that the reader starts, in the page: digits, a network of one or two layers, and all its settings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, raster, svg
from nnbook.figures.kit.curves import LEFT, RIGHT, Panel, places_below
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import class_words
from nnbook.figures.kit.numbers import packed_scale
from nnbook.figures.kit.packing import pack
from nnbook.localisation import class_name, count, decimal, percent, text
from nnbook.page_training import Run, Settings, followed

MOST, COLUMNS, LOOKS = 5000, 50, 5  # images at most, tiles in a row of their sheet, looks in an epoch
ACCURACY = Panel(28, 168, (0.7, 0.8, 0.9, 1))
LOSS = Panel(208, 308, (0.01, 0.1, 1, 10), powers=True)
# What the reader may choose, the same in all languages.
CHOICES: Mapping[str, Sequence[Any]] = {
    "hidden": (0, 8, 16, 32, 64),
    "activation": ("relu", "tanh", "sigmoid"),
    "rate": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3),
    "batch": (1, 8, 32, 100, 400),
    "momentum": (0, 0.5, 0.9, 0.99),
    "decay": (0, 0.0001, 0.001, 0.01, 0.1),
    "start": (0, 0.1, 1, 3),
    "seed": (1, 2, 3, 4, 5),
}


@arrays.taken()
def train_here(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    epochs: int = 20,
    name: str = "train",
    interactive: bool = True,
) -> Figure:
    """A training that runs in the page: the reader chooses the network and how it learns, and sees it learn.

    Of the first 5,000 images, four fifths are learnt from and one fifth is held back. The reader's browser loads them
    at the first step, and not before. Until then the run with the settings at the start is shown: no hidden layer, rate
    0.1, batches of 32, no momentum, no weight decay, weights that start at a tenth of the usual size.

    Args:
        images: (N, H, W), uint8, to learn from.
        labels: (N,), the number of each image's class.
        class_keys: (classes,).
        epochs: after so many a run ends.
        name: of the figure in the page's address, as in `#train:hidden=32,rate=0.3`.
        interactive: whether it answers to the reader.

    Facts: `settings` (`hidden`, `activation`, `rate`, `batch`, `momentum`, `decay`, `start`, `seed`) and, of the run
    with these, `epochs`, `steps`, `train_accuracy` and `train_loss` (means of the last fifth of an epoch), `accuracy`
    and `loss` (held back), `limit` (the largest weight); `after_first`, the same four numbers after one epoch;
    `train_images`, `held_back`, how many; `megabytes` that the browser loads at the first step.

    Explained in: how-neural-networks-are-trained, "Train it here".

    Example:
        >>> train = load("mnist").train
        >>> figures.train_here(train.images, train.labels, "0123456789")
    """
    images, labels = _taken(images, labels)
    train = len(images) - len(images) // 5
    settings = Settings(start=0.1)
    rows = images.reshape(len(images), -1) / 255
    run = Run(rows[:train], labels[:train], settings, len(class_keys))
    looks = followed(run, epochs, train // LOOKS, (rows[train:], labels[train:]))
    weights = run.network.weights[0].reshape(-1, *images.shape[1:])
    limit = float(np.abs(weights).max())
    facts: dict[str, Any] = {"settings": {**asdict(settings), "hidden": 0}, "epochs": epochs, "steps": run.steps}
    facts |= {**_rounded(looks[-1]), "after_first": _rounded(next(look for look in looks if look["epoch"] >= 1))}
    facts |= {"limit": round(limit, 6), "train_images": train, "held_back": len(images) - train}
    digits = {"sheet": _sheet(images), "labels": pack(labels.tolist(), 1)}
    facts["megabytes"] = round(sum(map(len, digits.values())) / 1e6, 2)

    def render(language: str) -> str:
        names = [class_name(key, language) for key in class_keys]
        pictures = [
            parts.tile(
                raster.diverging_img(image, limit, text("kit.weights_of", language, name=word), 2, scaled=True), word
            )
            for image, word in zip(weights, names, strict=True)
        ]
        tiles = parts.tiles(pictures, parts.widths(images.shape[2], 2), 5) + parts.legend(limit, language)
        summary = escape(text("train_here.summary", language, epochs=epochs, **_said(facts, language)))
        return (
            f'<div class="nnb-train-parts"><div class="nnb-train-weights">{tiles}</div>'
            f'<div class="nnb-train-curves">{_curves(looks, epochs, language)}</div></div>'
            f'<p class="nnb-sum">{summary}</p>'
        )

    static = Figure("train-here", render, facts)
    if not interactive:
        return static
    data = {"name": name, "later": digits, "choices": CHOICES, "first": facts["settings"], "keys": list(class_keys)}
    data |= {"size": images.shape[1:], "train": train, "total": len(images), "columns": COLUMNS, "epochs": epochs}
    data["paces"] = {"slow": 0.1, "medium": 1, "fast": 1e6}  # epochs a second
    data |= {"looks": LOOKS, "panels": {"accuracy": ACCURACY.data, "loss": LOSS.data}, "scale": packed_scale()}
    return interactive_figure("train-here", static, data, class_words(class_keys))


def _taken(images: NDArray[np.uint8], labels: NDArray[np.integer]) -> tuple[NDArray[np.uint8], NDArray[np.integer]]:
    """The first images (N, H, W) and their labels (N,)."""
    if images.ndim != 3 or len(images) < 10:
        raise ValueError(
            f"the page trains with ten or more images of brightness, (N, H, W); got images of shape {images.shape}; "
            "pass such images"
        )
    return images[:MOST], labels[:MOST]


def _rounded(look: Mapping[str, float]) -> dict[str, float]:
    return {key: round(look[key], 6) for key in ("train_loss", "train_accuracy", "loss", "accuracy")}


def _sheet(images: NDArray[np.uint8]) -> str:
    """All `images` (N, H, W) as one picture, without the beginning of its address: so it stays with the data.

    A page that was opened from a folder may not read the pixels of a picture from a file, but those of one in its data.
    """
    blank = np.zeros((-len(images) % COLUMNS, *images.shape[1:]), np.uint8)
    tiles = np.concatenate([images, blank])
    height, width = images.shape[1:]
    sheet = tiles.reshape(-1, COLUMNS, height, width).swapaxes(1, 2).reshape(-1, COLUMNS * width)
    return raster.data_uri(raster.colour(np.repeat(sheet[..., None], 3, axis=2))).removeprefix(raster.WEBP)


def _said(look: Mapping[str, Any], language: str) -> dict[str, str]:
    """The numbers of one look, in words."""
    shares = {key: percent(look[key], language) for key in ("train_accuracy", "accuracy")}
    return shares | {key: decimal(look[key], language) for key in ("train_loss", "loss")}


def _curves(looks: Sequence[Mapping[str, float]], epochs: int, language: str) -> str:
    """Accuracy above, loss below, with training and held-back images in each."""
    places = [look["epoch"] / epochs for look in looks]
    said = _said(looks[-1], language)
    content = [
        *_panel("accuracy", ACCURACY, places, looks, said, language),
        *_panel("loss", LOSS, places, looks, said, language),
        places_below(
            LOSS.bottom + 18, {share: count(round(share * epochs), language) for share in (0, 0.25, 0.5, 0.75, 1)}
        ),
        svg.label((LEFT + RIGHT) / 2, LOSS.bottom + 34, text("train_here.epochs", language)),
    ]
    alt = text("train_here.alt", language, epochs=epochs, **said)
    return svg.drawing(LOSS.bottom + 40, alt, content)


def _panel(
    key: str,
    panel: Panel,
    places: Sequence[float],
    looks: Sequence[Mapping[str, float]],
    said: Mapping[str, str],
    language: str,
) -> Iterator[str]:
    yield from panel.frame(language)
    yield svg.label(2, panel.top - 12, text(f"train_here.{key}", language), "start", "nnb-strong")
    for kind, part, x in (("train", f"train_{key}", 196), ("held", key, RIGHT)):
        yield f'<path class="nnb-run nnb-{kind}" d="{panel.line(places, [look[part] for look in looks])}"/>'
        words = text(f"train_here.{kind}", language, value=said[part])
        yield svg.label(x, panel.top - 12, words, "end", f"nnb-run-name nnb-{kind}")
