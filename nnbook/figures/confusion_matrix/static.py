"""The confusion matrix: what a network takes for what, as a table of counts."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.tables import matrix_head, matrix_side, wordy
from nnbook.localisation import count, percent, text

LARGEST = 12  # so many of the largest confusions are among the facts


def confusion_matrix(confusion: NDArray[np.integer], class_keys: Sequence[str]) -> Figure:
    """How often each true class got each prediction: a table whose colours are shares of the row.

    Args:
        confusion: (classes, classes), a row for each true class, a column for each predicted one.
        class_keys: (classes,).

    Facts: `accuracy`, `correct`, `total`, `recall` and `precision` (lists by class; none where nothing was counted),
    `counts` (the matrix), `largest` (the largest confusions: `actual`, `predicted`, `count`, `share` of the row),
    `best_recall` and `worst_recall` (`class_key`, `recall`), `best_precision` and `worst_precision` likewise.

    Explained in: looking-inside-neural-networks, "The mistakes".
    """
    counts = np.asarray(confusion)
    if counts.shape != (len(class_keys), len(class_keys)) or not np.issubdtype(counts.dtype, np.integer):
        raise ValueError(
            f"a confusion matrix holds whole numbers, a row and a column for each class; got {counts.dtype} of shape "
            f"{counts.shape} for {len(class_keys)} class keys; pass counts of (true class, predicted class)"
        )
    if not counts.any():
        raise ValueError("a confusion matrix counts images; got only zeros; pass the counts of a test set")
    facts = _facts(counts, class_keys)
    return Figure("confusion-matrix", lambda language: _table(counts, class_keys, facts, language), facts)


def _shares(part: NDArray[np.integer], whole: NDArray[np.integer]) -> list[float | None]:
    return [round(int(p) / int(w), 6) if w else None for p, w in zip(part, whole, strict=True)]


def _facts(counts: NDArray[np.integer], class_keys: Sequence[str]) -> dict[str, object]:
    right = counts.diagonal()
    total, correct = int(counts.sum()), int(right.sum())
    recall = _shares(right, counts.sum(axis=1))
    precision = _shares(right, counts.sum(axis=0))
    return {
        "accuracy": round(correct / total, 6),
        "correct": correct,
        "total": total,
        "recall": recall,
        "precision": precision,
        "counts": counts.tolist(),
        "largest": _largest(counts, class_keys),
        **_extremes("recall", recall, class_keys),
        **_extremes("precision", precision, class_keys),
    }


def _extremes(name: str, shares: list[float | None], class_keys: Sequence[str]) -> dict[str, dict[str, object]]:
    """The classes with the best and the worst of `shares`, the first one when several tie."""
    known = [(share, key) for share, key in zip(shares, class_keys, strict=True) if share is not None]
    best, worst = max(known, key=lambda pair: pair[0]), min(known, key=lambda pair: pair[0])
    return {
        f"best_{name}": {"class_key": best[1], name: best[0]},
        f"worst_{name}": {"class_key": worst[1], name: worst[0]},
    }


def _largest(counts: NDArray[np.integer], class_keys: Sequence[str]) -> list[dict[str, object]]:
    """The largest cells off the diagonal, ties in reading order."""
    mistakes = counts - np.diag(counts.diagonal())
    order = np.argsort(-mistakes, axis=None, kind="stable")[:LARGEST]
    cells = [divmod(int(flat), len(class_keys)) for flat in order if mistakes.flat[flat]]
    return [
        {
            "actual": class_keys[actual],
            "predicted": class_keys[predicted],
            "count": int(counts[actual, predicted]),
            "share": round(int(counts[actual, predicted]) / int(counts[actual].sum()), 6),
        }
        for actual, predicted in cells
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else percent(share, 0)


def _table(counts: NDArray[np.integer], class_keys: Sequence[str], facts: dict[str, object], language: str) -> str:
    recall, precision = facts["recall"], facts["precision"]
    assert isinstance(recall, list)
    assert isinstance(precision, list)
    accuracy = {
        "accuracy": percent(facts["accuracy"]),  # type: ignore[arg-type]
        "correct": count(facts["correct"]),  # type: ignore[arg-type]
        "total": count(facts["total"]),  # type: ignore[arg-type]
    }
    rows = "".join(
        f'<tr data-actual="{escape(key)}">{matrix_side(class_keys, row, language)}{_cells(counts, row)}'
        f'<td class="nnb-end">{_percent(recall[row])}</td></tr>'
        for row, key in enumerate(class_keys)
    )
    columns = "".join(f"<td>{_percent(share)}</td>" for share in precision)
    number = len(class_keys)
    return (
        f'<table class="nnb-table nnb-matrix{wordy(class_keys)}">'
        f'<caption class="nnb-unseen">{escape(text("confusion.caption", language, **accuracy))}</caption>'
        f"{matrix_head(class_keys, language, text('confusion.recall', language))}<tbody>{rows}</tbody>"
        f'<tfoot><tr><th scope="row" colspan="2"><span class="nnb-unseen">{text("confusion.precision", language)}'
        f'</span></th>{columns}<td class="nnb-end nnb-accuracy">{accuracy["accuracy"]}</td></tr>'
        f'<tr aria-hidden="true" class="nnb-under"><td colspan="2"></td><td colspan="{number + 1}" class="nnb-axis">'
        f"{text('confusion.precision', language)}<span>{text('confusion.accuracy', language)}</span></td></tr>"
        f"</tfoot></table>"
        f'<p class="nnb-legend">{text("confusion.legend", language)}</p>'
    )


def _cells(counts: NDArray[np.integer], row: int) -> str:
    """One row of counts; `--s` grows with the square root of the share, so that rare mistakes can be seen too."""
    whole = max(int(counts[row].sum()), 1)
    cells = []
    for column, number in enumerate(counts[row].tolist()):
        kind = ' class="nnb-hit"' if row == column else "" if number else ' class="nnb-none"'
        depth = f' style="--s:{(number / whole) ** 0.5:.2f}"' if number else ""
        cells.append(f"<td{kind}{depth}>{number}</td>")
    return "".join(cells)
