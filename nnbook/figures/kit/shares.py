"""The probabilities of all classes for one image, as bars: which class is the true one, and which one wins."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit.examples import confidence
from nnbook.figures.kit.packing import DIGITS, pack
from nnbook.localisation import class_name, text

WIDTH = 2  # characters of a packed probability, which is off by less than 0.0001


def packed_shares(probabilities: NDArray[np.floating]) -> str:
    """`probabilities` of any shape, the last axis first, for `nnbook.unpackShares`."""
    return pack(np.rint(probabilities.ravel() * (len(DIGITS) ** WIDTH - 1)).astype(int).tolist(), WIDTH)


def shares(
    probabilities: NDArray[np.floating],
    label: int,
    class_keys: Sequence[str],
    language: str,
    before: NDArray[np.floating],
) -> str:
    """A table with a bar for each class; the script fills a copy of it anew by `nnbook.fillShares`.

    Args:
        probabilities: (classes,).
        label: the number of the true class, which has a tick.
        before: (classes,), what they were before something was done to the image; a line on each bar.
    """
    winner, rows = int(probabilities.argmax()), ""
    for number, key in enumerate(class_keys):
        marks = "".join(f" data-{mark}" for mark, at in (("label", label), ("winner", winner)) if at == number)
        rows += (
            f'<tr{marks}><th scope="row">{escape(class_name(key, language))}</th>'
            f'<td style="--s:{probabilities[number]:.3f};--was:{before[number]:.3f}">'
            f"<span>{escape(confidence(float(probabilities[number]), language))}</span><i></i></td></tr>"
        )
    said = escape(text("kit.shares_words", language))
    return f'<table class="nnb-table nnb-shares"><tbody>{rows}</tbody></table><p class="nnb-shares-words">{said}</p>'
