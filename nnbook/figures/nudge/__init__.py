"""The loss over one parameter: a chord whose width shrinks, and the tangent that it comes to."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit.bowl import Bowl
from nnbook.figures.kit.figure import Figure

Numbers = NDArray[np.floating]


@arrays.taken(x="numbers", y="numbers", start="pair")
def nudge(
    x: Numbers,
    y: Numbers,
    start: Any = None,
    width: float | None = None,
    parameter: str = "slope",
    name: str = "nudge",
    interactive: bool = True,
) -> Figure:
    """The loss over one of slope and intercept, the other held: what a nudge does to it, and the tangent.

    The reader moves the place, shrinks the nudge, and chooses which of both is nudged.

    Args:
        x: (N,)
        y: (N,)
        start: (2,), slope and intercept at rest.
        width: of the nudge at rest; a third of the map's half when left out.
        parameter: "slope" or "intercept": which one is nudged.
        name: of the figure in the page's address, as in `#nudge:width=0.1`.
        interactive: whether it answers to the reader.

    Facts: `slope`, `intercept`, `parameter`, `width`; `loss` there and `nudged`, the loss after the nudge; `chord`, its
    slope, and `tangent`, that of the tangent; `chords`, the slope of the chord by its width, "1", "0.1", "0.01" and
    "0.001"; `gradient`, with `slope` and `intercept`: both derivatives there.

    Explained in: how-neural-networks-are-trained, "Which way is downhill".

    Example:
        >>> figures.nudge(x, y)
    """
    bowl = Bowl(x, y)
    at = np.array(bowl.place(start, -0.5, 0.2))
    axis = ("slope", "intercept").index(parameter)
    width = round(bowl.half / 3, 2) if width is None else width
    loss, gradient = bowl.loss(at), bowl.gradient(at)

    def nudged(by: float) -> float:
        return bowl.loss(at + by * np.eye(2)[axis])

    chords = {str(by): round((nudged(by) - loss) / by, 6) for by in (1, 0.1, 0.01, 0.001)}
    facts = {
        "slope": at[0], "intercept": at[1], "parameter": parameter, "width": width, "loss": round(loss, 6),
        "nudged": round(nudged(width), 6), "chord": round((nudged(width) - loss) / width, 6),
        "tangent": round(gradient[axis], 6), "chords": chords,
        "gradient": {"slope": round(gradient[0], 6), "intercept": round(gradient[1], 6)},
    }  # fmt: skip
    return Figure("nudge", lambda language: "", facts)
