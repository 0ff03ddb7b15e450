"""Gradient descent with all examples a step, with some, and with one: noise against cost."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook import line as lines
from nnbook.figures.kit.bowl import Bowl
from nnbook.figures.kit.figure import Figure

Numbers = NDArray[np.floating]
SIZES = (1, 10)  # of batches, besides all examples


@arrays.taken(x="numbers", y="numbers", start="pair")
def batches(
    x: Numbers,
    y: Numbers,
    start: Any = None,
    rate: float = 0.1,
    epochs: int = 10,
    seed: int = 1,
    name: str = "batches",
    interactive: bool = True,
) -> Figure:
    """The same descent with 1, 10 and all examples a step, laid over one another; each sees as many examples.

    The reader moves rate and number of examples seen, chooses which runs are shown, and shuffles anew.

    Args:
        x: (N,), at least 10 and a multiple of 10.
        y: (N,)
        start: (2,), slope and intercept at first.
        rate: the learning rate at rest, the same for all runs.
        epochs: how often every run may look at every example.
        seed: of the orders in which examples are looked at.
        name: of the figure in the page's address, as in `#batches:rate=0.2`.
        interactive: whether it answers to the reader.

    Facts: `rate`, `examples` (how many there are), `epochs`, `seen` (all that a run looks at), `start` and `best` with
    `slope`, `intercept` and `loss`; `runs` by the size of a batch ("1", "10", and "all"), each with `size`, `steps`,
    `loss` (over all examples, in the end), `above` (how much more than the best loss), `epoch`, the loss after one
    epoch, and `wander`, the mean of `above` over the last epoch.

    Explained in: how-neural-networks-are-trained, "Batches".

    Example:
        >>> x, y = line.points(100, np.random.default_rng(6))
        >>> figures.batches(x, y)
    """
    bowl = Bowl(x, y)
    count = len(x)
    if count < 10 or count % 10:
        raise ValueError(
            f"examples are a multiple of 10, so that batches of 10 are full; got {count}; pass some more or less"
        )
    order = lines.shuffled(count, epochs, np.random.default_rng(seed))
    first = bowl.place(start, -0.9, -0.1)

    def told(at: Any) -> dict[str, float]:
        return {"slope": round(float(at[0]), 6), "intercept": round(float(at[1]), 6), "loss": round(bowl.loss(at), 6)}

    runs = {}
    for size in (*SIZES, count):
        way = lines.descent(bowl.x, bowl.y, first, rate, len(order) // size, order.reshape(-1, size))
        losses = lines.loss(bowl.x, bowl.y, *way.T)
        last = losses[-(count // size) :] - bowl.lowest
        runs["all" if size == count else str(size)] = {
            "size": size, "steps": len(way) - 1, "loss": round(float(losses[-1]), 6), "epoch": round(float(losses[count // size]), 6),
            "above": round(float(losses[-1]) - bowl.lowest, 6), "wander": round(float(last.mean()), 6),
        }  # fmt: skip
    facts = {
        "rate": rate, "examples": count, "epochs": epochs, "seen": len(order), "start": told(first), "best": told(bowl.best), "runs": runs,
    }  # fmt: skip
    return Figure("batches", lambda language: "", facts)
