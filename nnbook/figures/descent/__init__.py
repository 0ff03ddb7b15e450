"""Gradient descent on the map of the loss of a line, and its loss by step."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook import line as lines
from nnbook.figures.kit.bowl import Bowl
from nnbook.figures.kit.figure import Figure

Numbers = NDArray[np.floating]


@arrays.taken(x="numbers", y="numbers", start="pair")
def descent(
    x: Numbers,
    y: Numbers,
    start: Any = None,
    rate: float | None = None,
    steps: int = 20,
    name: str = "descent",
    interactive: bool = True,
) -> Figure:
    """Gradient descent on the map of the loss of a line, and beside it the loss by step.

    The reader chooses start and rate, steps, plays, and sees it creep, arrive, overshoot or run away.

    Args:
        x: (N,)
        y: (N,)
        start: (2,), slope and intercept at first.
        rate: the learning rate at rest; a fifth of the limit when left out.
        steps: how many are shown at rest.
        name: of the figure in the page's address, as in `#descent:rate=0.5`.
        interactive: whether it answers to the reader.

    Facts: `rate`, `limit` (2 / the largest curvature), `curvatures` with `smallest` and `largest`; `steps`; `start`,
    `first` (after one step), `end` (after all) and `best` (least squares), each with `slope`, `intercept` and `loss`;
    `gradient` at the start, with `slope` and `intercept`; and how different rates end, each with `rate`, `share` (of the
    limit) and `loss` after as many steps: `creeping`, `arriving`, `overshooting`, `beyond` the limit.

    Explained in: how-neural-networks-are-trained, "Gradient descent".

    Example:
        >>> figures.descent(x, y, rate=0.3)
    """
    bowl = Bowl(x, y)
    limit = lines.rate_limit(bowl.x)
    rate = round(limit / 5, 2) if rate is None else rate
    way = lines.descent(bowl.x, bowl.y, bowl.place(start, -0.9, -0.1), rate, steps)
    gradient = bowl.gradient(way[0])
    curvatures = np.linalg.eigvalsh(lines.curvature(bowl.x))

    def told(at: Any) -> dict[str, float]:
        return {"slope": round(float(at[0]), 6), "intercept": round(float(at[1]), 6), "loss": round(bowl.loss(at), 6)}

    facts = {
        "rate": rate, "limit": round(limit, 6), "steps": steps,
        "curvatures": {"smallest": round(float(curvatures[0]), 6), "largest": round(float(curvatures[1]), 6)},
        "start": told(way[0]), "first": told(way[1]), "end": told(way[-1]), "best": told(bowl.best),
        "gradient": {"slope": round(gradient[0], 6), "intercept": round(gradient[1], 6)},
    }  # fmt: skip
    for key, share in (("creeping", 0.02), ("arriving", 0.5), ("overshooting", 0.95), ("beyond", 1.1)):
        end = lines.descent(bowl.x, bowl.y, way[0], share * limit, steps)[-1]
        facts[key] = {"rate": round(share * limit, 6), "share": share, "loss": round(bowl.loss(end), 6)}
    return Figure("descent", lambda language: "", facts)
