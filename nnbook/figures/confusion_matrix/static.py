"""The confusion matrix: what a network takes for what, as a table of counts."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.tables import matrix_head, matrix_side, wordy
from nnbook.localisation import count, percent, text

LARGEST = 12  # so many of the largest confusions are among the facts


def table(confusion: NDArray[np.integer], class_keys: Sequence[Any] | None = None) -> Figure:
    """How often each true class got each prediction: a table whose colours are shares of the row.

    Args:
        confusion: (classes, classes), a row for each true class, a column for each predicted one.
        class_keys: (classes,).

    Facts: those of `figures.confusion_matrix`.
    """
    counts = arrays.counts(confusion, None if class_keys is None else len(arrays.class_keys(class_keys)))
    class_keys = arrays.class_keys(class_keys, len(counts))
    if not counts.any():
        raise ValueError("a confusion matrix counts images; got only zeros; pass the counts of a test set")
    facts = _facts(counts, class_keys)
    return Figure("confusion-matrix", lambda language: _table(counts, class_keys, facts, language), facts)


def _known(shares: NDArray[np.floating]) -> list[float | None]:
    """Shares for the facts: none where nothing was counted."""
    return [None if np.isnan(share) else round(float(share), 6) for share in shares]


def _facts(counts: NDArray[np.integer], class_keys: Sequence[str]) -> dict[str, object]:
    total, correct = int(counts.sum()), int(counts.trace())
    recall, precision = _known(evaluation.recall(counts)), _known(evaluation.precision(counts))
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
    return [
        {
            "actual": class_keys[actual],
            "predicted": class_keys[predicted],
            "count": number,
            "share": round(number / int(counts[actual].sum()), 6),
        }
        for actual, predicted, number in evaluation.largest_confusions(counts, LARGEST)
        if number
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
