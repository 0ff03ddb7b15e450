"""Softmax: from scores to probabilities, with every number on the way."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, count, decimal, percent, signed, text

ROOM = 3  # how far a score can be moved beyond the largest


@arrays.taken(scores="numbers")
def softmax(
    scores: NDArray[np.floating],
    class_keys: Sequence[Any] | None = None,
    name: str = "softmax",
    interactive: bool = True,
) -> Figure:
    """A score for each class, e to its power, and its share of their sum; the reader moves one score or all of them.

    Args:
        scores: (classes,), what a network gives out for one image.
        class_keys: (classes,).
        name: of the figure in the page's address, as in `#softmax:scores=1.5_-2_0.5`.
        interactive: whether it answers to the reader.

    Facts: `scores`, `powers` and `shares` (classes,), the `sum` of the powers, the `largest` share and its `winner`
    (class key).

    Explained in: neural-networks, "Softmax: from scores to probabilities".

    Example:
        >>> softmax(network.scores(test.images[:1])[0], load("mnist").class_keys)
    """
    keys = arrays.class_keys(class_keys, len(scores))
    powers, shares = np.exp(scores), evaluation.softmax(scores[np.newaxis])[0]
    limit = max(6, math.ceil(np.abs(scores).max()) + ROOM)
    winner = int(shares.argmax())
    facts = {
        "scores": np.round(scores, 6).tolist(),
        "powers": np.round(powers, 6).tolist(),
        "shares": np.round(shares, 6).tolist(),
        "sum": round(float(powers.sum()), 6),
        "winner": keys[winner],
        "largest": round(float(shares[winner]), 6),
    }

    def render(language: str) -> str:
        score, share, total = (escape(text(f"softmax.{key}", language)) for key in ("score", "share", "sum"))
        heads = "".join(f'<th scope="col">{head}</th>' for head in (score, "e<sup> z</sup>", share))
        rows = []
        for key, value, power, part in zip(keys, scores, powers, shares, strict=True):
            row = f"<tr{' data-winner' if key == keys[winner] else ''}"
            row += f' style="--s:{value / limit:.4f};--share:{part:.4f}">'
            row += f'<th scope="row">{escape(class_name(key, language))}</th><td><span class="nnb-softmax-track">'
            row += f'<i class="nnb-{"negative" if value < 0 else "positive"}"></i></span></td>'
            cells = signed(value, language), _power(power, language), percent(part, language)
            rows.append(row + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        said = text(
            "softmax.winner", language, name=class_name(keys[winner], language), share=percent(shares[winner], language)
        )
        return (
            f'<table class="nnb-table nnb-softmax-table"><thead><tr><td></td><td></td>{heads}</tr></thead>'
            f'<tbody>{"".join(rows)}</tbody><tfoot><tr><td></td><td></td><th scope="row">{total}'
            f'</th><td>{_power(powers.sum(), language)}</td><td>{percent(1, language)}</td></tr></tfoot></table>'
            f'<p class="nnb-sum">{escape(said)}</p>'
        )  # fmt: skip

    static = Figure("softmax", render, facts)
    if not interactive:
        return static

    def names(language: str) -> Mapping[str, str]:
        return {f"name.{number}": class_name(key, language) for number, key in enumerate(keys)}

    return interactive_figure("softmax", static, {"name": name, "scores": scores.tolist(), "limit": limit}, names)


def _power(power: float, language: str) -> str:
    return decimal(power, language) if power < 100 else count(round(power), language)
