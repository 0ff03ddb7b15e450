"""The confusion matrix: what a network takes for what, as a table of counts."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit.examples import how_many
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.tables import matrix_head, matrix_side, wordy
from nnbook.localisation import class_name, count, percent, text

LARGEST = 12  # so many of the largest confusions are among the facts, unless a number is asked for
MANY = 12  # more classes than these scroll in a box of their own


class Confusion(Figure):
    """A confusion matrix, which is a table for pandas as well."""

    def to_dataframe(self) -> Any:
        """Counts, or shares where the figure shows them, as a DataFrame: a row for each true class.

        Raises:
            ImportError: if pandas is not installed.
        """
        return dataframe(self.facts)


def dataframe(facts: Mapping[str, Any]) -> Any:
    """The table in the `facts` of a confusion matrix."""
    try:
        import pandas as pd
    except ImportError:
        raise ImportError("a table is made by pandas; got none installed; run `pip install pandas`") from None
    keys = facts["class_keys"]
    index, columns = pd.Index(keys, name="true"), pd.Index(keys, name="predicted")
    return pd.DataFrame(facts.get("shares", facts["counts"]), index, columns)


def table(
    confusion: NDArray[np.integer],
    class_keys: Sequence[Any] | None = None,
    normalise: str | None = None,
    top: int | None = None,
) -> Figure:
    """How often each true class got each prediction: a table whose colours are shares of the row.

    Args:
        confusion: (classes, classes), a row for each true class, a column for each predicted one.
        class_keys: (classes,).
        normalise, top: as in `figures.confusion_matrix`.

    Facts: those of `figures.confusion_matrix`.
    """
    counts = arrays.counts(confusion, None if class_keys is None else len(arrays.class_keys(class_keys)))
    class_keys = arrays.class_keys(class_keys, len(counts))
    if not counts.any():
        raise ValueError("a confusion matrix counts images; got only zeros; pass the counts of a test set")
    facts = _facts(counts, class_keys, LARGEST if top is None else int(top))
    if normalise is not None:
        facts |= {"normalise": normalise, "shares": evaluation.shares(counts, normalise).round(6).tolist()}

    def render(language: str) -> str:
        listed = "" if top is None else _list(facts["largest"], language)
        return _table(counts, class_keys, facts, language) + listed

    return Confusion("confusion-matrix", render, facts)


def _known(shares: NDArray[np.floating]) -> list[float | None]:
    """Shares for the facts: none where nothing was counted."""
    return [None if np.isnan(share) else round(float(share), 6) for share in shares]


def _facts(counts: NDArray[np.integer], class_keys: Sequence[str], top: int) -> dict[str, Any]:
    total, correct = int(counts.sum()), int(counts.trace())
    recall, precision = _known(evaluation.recall(counts)), _known(evaluation.precision(counts))
    return {
        "accuracy": round(correct / total, 6),
        "correct": correct,
        "total": total,
        "recall": recall,
        "precision": precision,
        "class_keys": list(class_keys),
        "counts": counts.tolist(),
        "largest": _largest(counts, class_keys, top),
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


def _largest(counts: NDArray[np.integer], class_keys: Sequence[str], top: int) -> list[dict[str, object]]:
    """The largest cells off the diagonal, ties in reading order."""
    return [
        {
            "actual": class_keys[actual],
            "predicted": class_keys[predicted],
            "count": number,
            "share": round(number / int(counts[actual].sum()), 6),
        }
        for actual, predicted, number in evaluation.largest_confusions(counts, top)
        if number
    ]


def _percent(share: float | None, language: str) -> str:
    return "–" if share is None else percent(share, language, 0)


def _list(largest: list[dict[str, Any]], language: str) -> str:
    """The largest confusions in words."""
    items = ""
    for found in largest:
        names = {side: class_name(found[side], language) for side in ("actual", "predicted")}
        note = escape(how_many(found["count"], found["share"], language))
        items += f'<li>{escape(text("kit.cell", language, **names))} <span class="nnb-quiet">{note}</span></li>'
    return f'<ol class="nnb-largest">{items}</ol>'


def _table(counts: NDArray[np.integer], class_keys: Sequence[str], facts: dict[str, Any], language: str) -> str:
    recall, precision = facts["recall"], facts["precision"]
    precise = text("confusion_matrix.precision", language)
    accuracy = {
        "accuracy": percent(facts["accuracy"], language),
        "correct": count(facts["correct"], language),
        "total": count(facts["total"], language),
    }
    shown = percents(counts, facts["normalise"]) if "shares" in facts else counts.tolist()
    rows = "".join(
        f'<tr data-actual="{escape(key)}">{matrix_side(class_keys, row, language)}{_cells(counts, row, shown[row])}'
        f'<td class="nnb-end">{_percent(recall[row], language)}</td></tr>'
        for row, key in enumerate(class_keys)
    )
    columns = "".join(f"<td>{_percent(share, language)}</td>" for share in precision)
    number = len(class_keys)
    many = f'<div class="nnb-scroll nnb-many" style="--n:{number}">' if number > MANY else ""
    return (
        f'{many}<table class="nnb-table nnb-matrix{wordy(class_keys)}">'
        f'<caption class="nnb-unseen">{escape(text("confusion_matrix.caption", language, **accuracy))}</caption>'
        f"{matrix_head(class_keys, language, text('kit.recall', language))}<tbody>{rows}</tbody>"
        f'<tfoot><tr><th scope="row" colspan="2"><span class="nnb-unseen">{precise}'
        f'</span></th>{columns}<td class="nnb-end nnb-accuracy">{accuracy["accuracy"]}</td></tr>'
        f'<tr aria-hidden="true" class="nnb-under"><td colspan="2"></td><td colspan="{number + 1}" class="nnb-axis">'
        f"{precise}<span>{text('kit.accuracy', language)}</span></td></tr>"
        f"</tfoot></table>{'</div>' if many else ''}"
        f'<p class="nnb-legend">{legend(facts.get("normalise"), language)}</p>'
    )


def legend(normalise: str | None, language: str) -> str:
    """What colours and numbers mean."""
    shares = text(f"confusion_matrix.share_{normalise}", language) if normalise else ""
    return shares + text("confusion_matrix.legend", language)


def percents(counts: NDArray[np.integer], normalise: str) -> list[list[str]]:
    """The cells as shares in percent, without the sign, for which they have no room."""
    rows = evaluation.shares(counts, normalise).tolist()
    return [["<1" if 0 < share < 0.005 else f"{100 * share:.0f}" for share in row] for row in rows]


def _cells(counts: NDArray[np.integer], row: int, shown: Sequence[object]) -> str:
    """One row of counts; `--s` grows with the square root of the share, so that rare mistakes can be seen too."""
    whole = max(int(counts[row].sum()), 1)
    cells = []
    for column, number in enumerate(counts[row].tolist()):
        kind = ' class="nnb-hit"' if row == column else "" if number else ' class="nnb-none"'
        depth = f' style="--s:{(number / whole) ** 0.5:.2f}"' if number else ""
        cells.append(f"<td{kind}{depth}>{escape(str(shown[column]))}</td>")
    return "".join(cells)
