"""The confusion matrix that answers: what is in a cell, what another network makes of it, what has changed."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation, localisation
from nnbook.figures.confusion_matrix import static
from nnbook.figures.kit import raster
from nnbook.figures.kit.element import InteractiveFigure
from nnbook.figures.kit.examples import Examples
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.packing import DIGITS, pack
from nnbook.figures.kit.sprites import COLUMNS, Sprites
from nnbook.localisation import class_name

PER_CELL = {"ink": 24, "colour": 12}  # examples of a cell, unless the caller wishes otherwise
STEPS = len(DIGITS) ** 2 - 1  # probabilities are given in so many steps, 2 characters each


def confusion_matrix(
    models: Mapping[str, Any] | Any,
    images: Any = None,
    labels: Any = None,
    class_keys: Sequence[Any] | None = None,
    per_cell: int | None = None,
    indices: NDArray[np.integer] | None = None,
    name: str = "confusion",
    interactive: bool = True,
    normalise: Literal["true", "pred", "all"] | None = None,
    top: int | None = None,
) -> Figure:
    """The confusion matrices of one or more networks, with the images in each cell.

    The reader chooses a network and a cell and sees the cell's images, the most confident first; or the most confident
    image of every cell; or what a second network got right that the first got wrong, and the other way round.

    Args:
        models: for the name of each network its probabilities (N, classes); or those of one network alone. Known names
            are shown in the reader's language, others as they are. The first one is what is seen without scripts.
            Without images, counts (classes, classes), a row for each true class, or probabilities and labels.
        images: (N, H, W) or (N, H, W, 3).
        labels: (N,), the number of the true class.
        class_keys: (classes,).
        per_cell: at most so many images for a cell; 24 drawn in ink or 12 in colours when left out, half as many of
            what a second network changed.
        indices: (N,), where the images stand in their data set, if they are not the whole of it.
        interactive: whether it answers; the static figure alone where it does not, or without images.
        name: what the figure's part of the address starts with, as in `#confusion:model=...,actual=3,predicted=5`.
        normalise: shows shares instead of counts, in percent: of each true class, of each predicted class, or of all.
        top: so many of the largest confusions of the first network are listed below the matrix.

    Returns:
        A figure whose `to_dataframe()` gives the first network's counts, or shares, to pandas.

    Facts, of the first network: `accuracy`, `correct`, `total`, `recall` and `precision` (lists by class; none where
    nothing was counted), `class_keys`, `counts` (the matrix), and if asked for `normalise` and `shares`; `largest` (the
    largest confusions: `actual`, `predicted`, `count`, `share` of the row), `best_recall` and `worst_recall`
    (`class_key`, `recall`), `best_precision` and `worst_precision` likewise. Of several networks, `changes`: by the
    name of each of the others its `accuracy`, and how many mistakes of the first `went` with it, `came` or `stay`.

    Example:
        >>> models = {"one layer": softmax(images @ weights.T), "two layers": network.predict_proba(images)}
        >>> confusion_matrix(models, images, labels, class_keys)

    Explained in: looking-inside-neural-networks, "The mistakes".
    """
    if isinstance(models, Mapping) and not models:
        raise ValueError("a confusion matrix needs the probabilities of at least one network; got none; pass a mapping")
    if not isinstance(models, Mapping):
        models = {"network": models}
    if images is None:
        return static.table(_counted(next(iter(models.values())), labels, class_keys), class_keys, normalise, top)
    images = arrays.images(images)
    models = {key: arrays.probabilities(values, key, len(images)) for key, values in models.items()}
    class_keys = arrays.class_keys(class_keys, next(iter(models.values())).shape[1])
    labels = arrays.labels(labels, class_keys, count=len(images))
    indices = None if indices is None else arrays.positions(indices, None, count=len(images))
    found = {key: Examples(images, labels, values, class_keys, indices) for key, values in models.items()}
    classes = len(class_keys)
    counts = {
        key: evaluation.confusion_matrix(examples.predictions, labels, classes) for key, examples in found.items()
    }
    table = static.table(next(iter(counts.values())), class_keys, normalise, top)
    if len(models) > 1:
        table.facts["changes"] = _changes({key: examples.predictions == labels for key, examples in found.items()})
    if not interactive:
        return table
    kind = "ink" if images.ndim == 3 else "colour"
    cells = {key: _cells(examples, per_cell or PER_CELL[kind]) for key, examples in found.items()}
    changes = [_Change(*pair, (per_cell or PER_CELL[kind]) // 2) for pair in combinations(found.values(), 2)]
    shown = raster.enlarged(images)
    sprites = _sprites(shown, list(cells.values()), changes, len(class_keys))
    width = 2 if len(sprites.positions) <= STEPS else 3
    write = partial(_written, sprites=sprites, width=width)
    data = {
        "name": name,
        "keys": list(class_keys),
        "kind": kind,
        "size": list(shown.shape[1:3]),
        "columns": COLUMNS,
        "width": width,
        "starts": sprites.starts,
        "sheets": sprites.sheets(),
        "indices": pack((next(iter(found.values())).index(position) for position in sprites.positions), 4),
        "models": [
            {
                "key": key,
                "counts": counts[key].ravel().tolist(),
                **(
                    {"shares": [one for row in static.percents(counts[key], normalise) for one in row]}
                    if normalise
                    else {}
                ),
                "cells": [
                    write(cell, found[key].probabilities[:, at % len(class_keys)]) for at, cell in enumerate(cells[key])
                ],
            }
            for key in models
        ],
        "changes": [change.data(write) for change in changes],
    }
    return _Asked("confusion-matrix", table, data, partial(_names, tuple(models), tuple(class_keys), normalise))


class _Asked(InteractiveFigure):
    def to_dataframe(self) -> Any:
        """See `static.Confusion`."""
        return static.dataframe(self.facts)


def _counted(model: Any, labels: Any, class_keys: Sequence[Any] | None) -> NDArray[np.integer]:
    """The counts (classes, classes) of a `model`, which is the counts themselves unless there are labels."""
    if labels is None:
        return arrays.counts(model)
    probabilities = arrays.probabilities(model)
    classes = probabilities.shape[1]
    known = arrays.labels(labels, class_keys or classes, count=len(probabilities))
    return evaluation.confusion_matrix(probabilities.argmax(axis=1), known, classes)


def _changes(right: Mapping[str, NDArray[np.bool_]]) -> dict[str, dict[str, float]]:
    """What becomes of the first network's mistakes with each of the others, given what each gets `right` (N,)."""
    (_, first), *others = right.items()
    return {
        key: {
            "accuracy": round(float(second.mean()), 6),
            "went": int((~first & second).sum()),
            "came": int((first & ~second).sum()),
            "stay": int((~first & ~second).sum()),
        }
        for key, second in others
    }


def _cells(examples: Examples, most: int) -> list[NDArray[np.intp]]:
    """The positions of the most confident examples of each cell, row by row."""
    classes = range(len(examples.class_keys))
    return [examples.cell(row, column)[:most] for row in classes for column in classes]


class _Change:
    """What the `second` of two networks gets right that the `first` does not, and the other way round, by cell.

    An image that is newly right counts in the cell where the first network had it, one newly wrong in the cell where
    the second has it; so both belong to a mistake, and the diagonal has neither.
    """

    def __init__(self, first: Examples, second: Examples, most: int) -> None:
        labels = np.asarray(first.labels)
        right = [examples.predictions == labels for examples in (first, second)]
        self._sides = {
            "right": self._side(first, ~right[0] & right[1], most),
            "broken": self._side(second, right[0] & ~right[1], most),
        }

    @staticmethod
    def _side(
        wrong: Examples, chosen: NDArray[np.bool_], most: int
    ) -> tuple[list[int], list[NDArray[np.intp]], Examples]:
        """The number of `chosen` images in each cell of the `wrong` network, and the first of them."""
        cells = [cell[chosen[cell]] for cell in _cells(wrong, len(chosen))]
        return [len(cell) for cell in cells], [cell[:most] for cell in cells], wrong

    def row(self, row: int, classes: int) -> list[int]:
        """The positions of all images shown for the true class `row`."""
        cells = slice(row * classes, (row + 1) * classes)
        return [int(at) for _, shown, _ in self._sides.values() for cell in shown[cells] for at in cell]

    def data(self, write: "partial[str]") -> dict[str, object]:
        """For the script: counts and images, by cell."""
        classes = len(self._sides["right"][2].class_keys)
        return {
            side: {
                "counts": counts,
                "cells": [write(cell, wrong.probabilities[:, at % classes]) for at, cell in enumerate(shown)],
            }
            for side, (counts, shown, wrong) in self._sides.items()
        }


def _sprites(
    images: NDArray[np.uint8], cells: list[list[NDArray[np.intp]]], changes: list[_Change], classes: int
) -> Sprites:
    """A sheet of the most confident image of every cell, then sheets by true class, last what only changes show."""
    sprites = Sprites(images)
    for of_model in cells:
        sprites.add(int(cell[0]) for cell in of_model if len(cell))
    for row in range(classes):
        inside = slice(row * classes, (row + 1) * classes)
        of_models = [int(at) for of_model in cells for cell in of_model[inside] for at in cell]
        sprites.add([*of_models, *(at for change in changes for at in change.row(row, classes))])
    return sprites


def _written(positions: NDArray[np.intp], probabilities: NDArray[np.floating], sprites: Sprites, width: int) -> str:
    """Tile and probability of each image; what is not quite certain never rounds to certainty."""
    steps = [STEPS if share >= 1 else min(round(float(share) * STEPS), STEPS - 1) for share in probabilities[positions]]
    return "".join(
        pack([sprites.place(int(at))], width) + pack([step], 2) for at, step in zip(positions, steps, strict=True)
    )


@lru_cache
def _names(
    models: tuple[str, ...], class_keys: tuple[str, ...], normalise: str | None, language: str
) -> dict[str, str]:
    """The names of networks, of classes, and of all images of a class."""
    names = {f"model.{key}": localisation.name(f"model.{key}", key, language) for key in models}
    names["confusion_matrix.legend"] = static.legend(normalise, language)
    for key in class_keys:
        names[f"class.{key}"] = class_name(key, language)
        names[f"plural.{key}"] = localisation.name(f"plural.{key}", names[f"class.{key}"], language)
    return names
