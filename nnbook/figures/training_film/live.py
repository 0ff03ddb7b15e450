"""The film of a training: the weights of a one-layer network at some stops on the way, and what they were good for."""

from collections.abc import Sequence
from html import escape
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import activations, class_words
from nnbook.localisation import class_name, percent, text

COLUMNS = 5  # weight images side by side in the script's view
GAP = 7  # transparent pixels between them
PITCH = 16  # transparent pixels above each row of the static figure, for its words


class Stop(Protocol):
    """A network on its way: what `nnbook.training.Checkpoint` holds, too."""

    @property
    def step(self) -> int:
        """How many steps it has learnt for."""

    @property
    def weights(self) -> tuple[NDArray[np.floating], ...]:
        """One array (classes, pixels)."""

    @property
    def biases(self) -> tuple[NDArray[np.floating], ...]:
        """One array (classes,)."""


@arrays.taken()
def training_film(
    checkpoints: Sequence[Stop],
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    steps_per_epoch: int | None = None,
    name: str = "film",
    interactive: bool = True,
) -> Figure:
    """A training to play or to drag: weight images, accuracy, loss and confusion matrix change together.

    The weights are shown in the steps of the colour scale, 63 on each side of zero, so each is right within `error`,
    half a step: the largest weight of all / 126. Counts, accuracy and loss are those of the exact weights.

    Args:
        checkpoints: two or more stops of one training of a one-layer network, each with `step`, `weights`, `biases`.
        images: (N, H, W), uint8, by which the network is judged at each stop, such as a test set.
        labels: (N,), the number of each image's true class.
        class_keys: (classes,).
        steps_per_epoch: if given, later stops are counted in epochs.
        interactive: whether it answers to the reader; without, its static form alone.
        name: of the figure in the page's address, as in `#film:step=300`.

    Facts: `stops`, for each `step`, `accuracy`, `correct` and `loss`; `first` and `last` of them; `total` (images),
    `limit` (the largest weight), `error` (of a weight shown).

    Explained in: looking-inside-neural-networks, "Templates, and who drew them".

    Example:
        >>> network, test = trained("mnist-1-layer"), load("mnist").test
        >>> interactive.training_film(network.checkpoints, test.images, test.labels, class_keys, steps_per_epoch=600)
    """
    checkpoints = list({stop.step: stop for stop in checkpoints}.values())
    _check(checkpoints, images)
    layers = [
        (
            arrays.weights(stop.weights[0], images[0].size, len(class_keys)),
            arrays.vector(stop.biases[0], len(class_keys)),
        )
        for stop in checkpoints
    ]
    weights = np.stack([own for own, _ in layers]).reshape(-1, *images.shape[1:])
    weights = raster.enlarged(weights)
    weights = weights.reshape(-1, len(class_keys), *weights.shape[1:])
    limit = float(np.abs(weights).max())
    stops = [_judged(stop.step, *layer, images, labels) for stop, layer in zip(checkpoints, layers, strict=True)]
    sheets = {ground: _sheet(weights, limit, ground) for ground in raster.GROUNDS}
    shown = [{key: stop[key] for key in ("step", "accuracy", "correct", "loss")} for stop in stops]
    facts: dict[str, Any] = {"stops": shown, "first": shown[0], "last": shown[-1], "total": len(labels)}
    facts |= {"limit": round(limit, 6), "error": round(limit / (2 * raster.LEVELS), 6)}

    def render(language: str) -> str:
        alt = text("training_film.alt", language, names=", ".join(class_name(key, language) for key in class_keys))
        pictures = "".join(raster.img(sheet, alt, 1, f"only-{ground}") for ground, sheet in sheets.items())
        rows = "".join(_row(stop, language) for stop in shown)
        height = PITCH + weights.shape[2]
        strip = f'<div class="nnb-film-strip" style="--pitch:{height}px">{pictures}<ol>{rows}</ol></div>'
        return strip + parts.legend(limit, language)

    data = {
        "name": name,
        "keys": list(class_keys),
        "width": weights.shape[3],
        "height": weights.shape[2],
        "columns": COLUMNS,
        "gap": GAP,
        "pitch": PITCH,
        "epoch": steps_per_epoch,
        "stops": stops,
    }
    static = Figure("training-film", render, facts)
    if not interactive:
        return static
    return interactive_figure("training-film", static, data, class_words(class_keys))


def _check(checkpoints: Sequence[Stop], images: NDArray[np.uint8]) -> None:
    layers = {len(stop.weights) for stop in checkpoints}
    if len(checkpoints) < 2 or layers != {1}:
        raise ValueError(
            f"a film needs two stops or more of a one-layer network; got {len(checkpoints)} with "
            f"{sorted(layers)} layers each; pass the checkpoints of a network without a hidden layer"
        )
    if images.ndim != 3:
        raise ValueError(
            f"a film shows images of brightness, (N, H, W); got images of shape {images.shape}; pass such images"
        )


def _judged(
    step: int,
    weights: NDArray[np.floating],
    biases: NDArray[np.floating],
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
) -> dict[str, Any]:
    """How good the network is after this `step`: counts by true and predicted class, accuracy, mean loss."""
    scores = activations(images, [weights], [biases])[-1]
    classes = scores.shape[1]
    counts = evaluation.confusion_matrix(scores.argmax(axis=1), labels, classes)
    top = scores.max(axis=1)
    losses = top + np.log(np.exp(scores - top[:, None]).sum(axis=1)) - scores[np.arange(len(labels)), labels]
    correct = int(counts.trace())
    return {
        "step": int(step),
        "accuracy": round(correct / len(labels), 6),
        "correct": correct,
        "loss": round(float(losses.mean()), 6),
        "counts": counts.tolist(),
    }


def _sheet(weights: NDArray[np.floating], limit: float, ground: str) -> raster.Rgba:
    """All weight images (stops, classes, H, W): a row for each stop, with room for its words above."""
    rows = [raster.sheet([[raster.diverging(image, limit, ground) for image in images]], GAP) for images in weights]
    return np.concatenate([np.pad(row, ((PITCH, 0), (0, 0), (0, 0))) for row in rows])


def _row(stop: dict[str, Any], language: str) -> str:
    """What stands above one stop of the static figure: how long it has learnt, how many images it got right."""
    step = escape(text("training_film.step", language, count=stop["step"]))
    share = f"{text('kit.accuracy', language)} {percent(stop['accuracy'], language)}"
    return f"<li><b>{step}</b> <span>{escape(share)}</span></li>"
