"""Heads and columns that the figures with a row for each class share."""

from collections.abc import Sequence
from html import escape

from nnbook.localisation import class_name, text


def wordy(class_keys: Sequence[str]) -> str:
    """An extra class of a table whose classes are words, which need more room than digits."""
    return "" if all(len(key) == 1 for key in class_keys) else " nnb-wordy"


def columns(number: int, side: bool = False, end: bool = False) -> str:
    """The columns of a table: for a word at the `side`, names, `number` equal ones, and sums at the `end`."""
    first = '<col class="nnb-side">' if side else ""
    last = '<col class="nnb-end">' if end else ""
    return f'<colgroup>{first}<col class="nnb-name"><col span="{number}">{last}</colgroup>'


def matrix_head(class_keys: Sequence[str], language: str, end: str = "") -> str:
    """The head rows of a confusion matrix: the word for its columns, then the classes and the head of the `end`."""
    number = len(class_keys)
    last = f'<th scope="col" class="nnb-end">{escape(end)}</th>' if end else ""
    names = "".join(f'<th scope="col"><span>{escape(class_name(key, language))}</span></th>' for key in class_keys)
    return (
        f'{columns(number, side=True, end=bool(end))}<thead><tr><td colspan="2"></td>'
        f'<th scope="colgroup" colspan="{number}" class="nnb-axis">{escape(text("kit.predicted", language))}</th>'
        f'{"<td></td>" if end else ""}</tr><tr class="nnb-names"><td colspan="2"></td>{names}{last}</tr></thead>'
    )


def matrix_side(class_keys: Sequence[str], row: int, language: str) -> str:
    """The heads at the left of `row` of a confusion matrix; in the first one also the word for all rows."""
    axis = ""
    if row == 0:
        word = escape(text("kit.true", language))
        axis = f'<th scope="rowgroup" rowspan="{len(class_keys)}" class="nnb-axis nnb-side"><span>{word}</span></th>'
    return f'{axis}<th scope="row">{escape(class_name(class_keys[row], language))}</th>'
