"""A line through points with its squared errors, and the same line as a place on the map of the loss."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import svg
from nnbook.figures.kit.bowl import Bowl
from nnbook.figures.kit.contours import Plane
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import decimal, signed, text

Numbers = NDArray[np.floating]


@arrays.taken(x="numbers", y="numbers", start="pair")
def line(
    x: Numbers,
    y: Numbers,
    start: Any = None,
    name: str = "line",
    interactive: bool = True,
) -> Figure:
    """A line through points, its squared errors as squares, and beside it the same line as a place on the map of its loss.

    The reader drags the line or its handles, or the place on the map; the other follows, and the loss is told.

    Args:
        x: (N,), on the scale of `y`, so that squares are square.
        y: (N,)
        start: (2,), slope and intercept of the line at rest, rounded to a hundredth of the map; a bad one when left out.
        name: of the figure in the page's address, as in `#line:slope=0.5`.
        interactive: whether it answers to the reader.

    Facts: `points`, how many; `slope`, `intercept` and `loss` of the line at rest; `best`, that of least squares, with the
    same three; `above`, how much more the loss is than the best one; `largest`, the largest error, with its `x`, `y`,
    `error` (line minus point) and `square`.

    Explained in: how-neural-networks-are-trained, "A line through points".

    Example:
        >>> x, y = line.points(12, np.random.default_rng(6))
        >>> figures.line(x, y)
    """
    bowl = Bowl(x, y)
    slope, intercept = bowl.place(start, -0.6, 0.7)
    errors = slope * bowl.x + intercept - bowl.y
    loss, worst = bowl.loss((slope, intercept)), int(np.abs(errors).argmax())
    facts = {
        "points": len(x),
        **_told(slope, intercept, loss),
        "best": _told(*bowl.best, bowl.lowest),
        "above": round(loss - bowl.lowest, 6),
        "largest": {
            key: round(float(value), 6)
            for key, value in zip(
                ("x", "y", "error", "square"),
                (bowl.x[worst], bowl.y[worst], errors[worst], errors[worst] ** 2),
                strict=True,
            )
        },
    }
    static = Figure("line", lambda language: "", facts)
    return static


def _told(slope: float, intercept: float, loss: float) -> dict[str, float]:
    return {"slope": round(slope, 6), "intercept": round(intercept, 6), "loss": round(loss, 6)}
