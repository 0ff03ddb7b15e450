"""The confusion matrix in pictures: the most confident image of every cell."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import raster
from nnbook.figures.kit.examples import Examples, confidence
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.tables import matrix_head, matrix_side, wordy
from nnbook.localisation import class_name, text

GAP = 2  # transparent pixels between the pictures of a sheet


@arrays.taken()
def confident_matrix(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    probabilities: NDArray[np.floating],
    class_keys: Sequence[str],
    indices: NDArray[np.integer] | None = None,
) -> Figure:
    """A confusion matrix of pictures: in each cell the image about which the network was most confident.

    Args:
        images: (N, H, W) or (N, H, W, 3).
        labels: (N,), the number of the true class.
        probabilities: (N, classes).
        class_keys: (classes,).
        indices: (N,), where the images stand in their data set, if they are not the whole of it.

    Facts: `cells` (a list of lists, `index` and `probability`, or none for an empty cell) and `filled`, their number.

    Explained in: looking-inside-neural-networks, "The mistakes".
    """
    examples = Examples(images, labels, probabilities, class_keys, indices)
    classes = range(len(class_keys))
    first = [[next(iter(examples.cell(row, column)[:1].tolist()), None) for column in classes] for row in classes]
    filled = sum(position is not None for line in first for position in line)
    cells = [[None if position is None else _cell_facts(examples, position) for position in line] for line in first]

    def render(language: str) -> str:
        caption = text("confident_matrix.caption", language, filled=filled, total=len(class_keys) ** 2)
        rows = "".join(_row(examples, line, row, language) for row, line in enumerate(first))
        return (
            f'<div class="nnb-scroll"><table class="nnb-table nnb-pictures nnb-{examples.kind}-pictures'
            f'{wordy(class_keys)}" style="{examples.size};--n:{len(class_keys)}">'
            f'<caption class="nnb-unseen">{escape(caption)}</caption>{matrix_head(class_keys, language)}'
            f'<tbody>{rows}</tbody></table></div><p class="nnb-legend">{text("kit.pictures_legend", language)}</p>'
        )

    return Figure("confident-matrix", render, {"cells": cells, "filled": filled})


def _cell_facts(examples: Examples, position: int) -> dict[str, object]:
    return {"index": examples.index(position), "probability": round(examples.probability(position), 6)}


def _row(examples: Examples, positions: list[int | None], row: int, language: str) -> str:
    """One row of the matrix: a single picture of all its images lies under the cells."""
    blank = np.zeros((*examples.images.shape[1:3], 4), dtype=np.uint8)
    line = [blank if position is None else examples.picture(position) for position in positions]
    name = class_name(examples.class_keys[row], language)
    alt = text("confident_matrix.row_alt", language, name=name)
    sheet = raster.img(raster.sheet([line], GAP), alt, 1, examples.kind, examples.attributes(positions))
    cells = []
    for column, position in enumerate(positions):
        kind = ["nnb-hit"] if row == column else []
        if position is None:
            kind, words = [*kind, "nnb-none"], text("confident_matrix.none", language)
        else:
            words = confidence(examples.probability(position), language)
        own = f' class="{" ".join(kind)}"' if kind else ""
        cells.append(f"<td{own}>{sheet if column == 0 else ''}<b>{escape(words)}</b></td>")
    label = escape(examples.class_keys[row])
    return f'<tr data-label="{label}">{matrix_side(examples.class_keys, row, language)}{"".join(cells)}</tr>'
