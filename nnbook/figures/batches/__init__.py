"""Gradient descent with all examples a step, with some, and with one: noise against cost."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook import line as lines
from nnbook.figures.kit import svg
from nnbook.figures.kit.bowl import Bowl
from nnbook.figures.kit.contours import Plane
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.packing import pack
from nnbook.figures.kit.sliders import sliders
from nnbook.localisation import count, decimal, text

Numbers = NDArray[np.floating]
SIZES = (1, 10)  # of batches, besides all examples
DECADES = 5  # of the chart's scale


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
        x: (N,), a multiple of 10.
        y: (N,)
        start: (2,), slope and intercept at first.
        rate: the learning rate at rest, the same for all runs; at most the one from which on a step makes the error of
            its own example larger.
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
    bowl, examples = Bowl(x, y), len(x)
    if examples % SIZES[-1]:
        raise ValueError(f"examples are a multiple of 10, so that each batch is full; got {examples}; leave some out")
    order = lines.shuffled(examples, epochs, np.random.default_rng(seed))
    first, most = (
        bowl.place(start, -0.9, -0.1),
        1 / (1 + float((bowl.x**2).max())),
    )  # larger steps leave one example farther
    step = 10.0 ** math.floor(math.log10(most)) / 10
    moved = sliders({"rate": min(rate, most)}, step, math.floor(most / step) * step, step)
    moved |= sliders({"seen": len(order)}, 0, len(order), SIZES[-1])
    rate = moved["rate"][3]
    ways, runs = {}, {}
    for size in (*SIZES, examples):
        way = ways[size] = lines.descent(bowl.x, bowl.y, first, rate, len(order) // size, order.reshape(-1, size))
        above = lines.loss(bowl.x, bowl.y, *way.T) - bowl.lowest
        told = {
            "above": above[-1],
            "epoch": above[examples // size] + bowl.lowest,
            "wander": above[-(examples // size) :].mean(),
        }
        runs["all" if size == examples else str(size)] = {
            "size": size, "steps": len(way) - 1, "loss": bowl.told(way[-1])["loss"],
            **{key: round(float(value), 6) for key, value in told.items()},
        }  # fmt: skip
    facts = {
        "rate": rate, "examples": examples, "epochs": epochs, "seen": len(order), "start": bowl.told(first),
        "best": bowl.told(bowl.best), "runs": runs,
    }  # fmt: skip
    top = math.ceil(math.log10(2 * (bowl.loss(first) - bowl.lowest) or 1))
    chart = Plane(42, 22, 288, 150, (0, len(order)), (top - DECADES, top))
    static = Figure("batches", lambda language: _drawn(bowl, ways, chart, facts, language), facts)
    if not interactive:
        return static
    data = {
        "name": name,
        "start": moved,
        "first": first,
        "order": pack(order.tolist(), 2),
        "sizes": [*ways],
        "chart": chart.data(),
    }
    return interactive_figure("batches", static, data | bowl.data())


def _drawn(bowl: Bowl, ways: Mapping[int, Numbers], chart: Plane, facts: Mapping[str, Any], language: str) -> str:
    """The ways on the map, how far they are above the lowest loss by examples seen, and both in numbers."""
    seen = bowl.zoomed(np.concatenate([*ways.values()]))
    start = [facts["start"][key] for key in ("slope", "intercept")]
    drawn = [f'<path class="nnb-run-{at}" d="{seen.long_line(way)}"/>' for at, way in enumerate(ways.values())]
    drawn += [f'<path class="nnb-lowest" d="{seen.cross(bowl.best)}"/>', seen.dot(start, 5)]
    said = {"all": count(facts["examples"], language), "seen": count(facts["seen"], language)}
    curves = (_curve(bowl, chart, at, size, way) for at, (size, way) in enumerate(ways.items()))
    heads = "".join(f'<th scope="col">{text(f"batches.{key}", language)}</th>' for key in ("size", "steps", "above"))
    rows = "".join(_row(at, run, facts["examples"], language) for at, run in enumerate(facts["runs"].values()))
    table = f'<table class="nnb-table nnb-runs"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    legend = text("batches.legend", language, count=facts["examples"], lowest=decimal(bowl.lowest, language, 3))
    map_ = svg.drawing(316, text("batches.alt", language, **said), [bowl.map(drawn, language, seen)])
    alt, height = text("batches.chart_alt", language), chart.top + chart.height + 22
    by_seen = svg.drawing(height, alt, [*_rungs(chart, facts["seen"], language), chart.inside(curves)])
    return f'<div class="nnb-panels">{map_}<div>{by_seen}{table}</div></div><p class="nnb-sum nnb-quiet">{legend}</p>'


def _curve(bowl: Bowl, chart: Plane, at: int, size: int, way: Numbers) -> str:
    above = np.log10(np.maximum(lines.loss(bowl.x, bowl.y, *way.T) - bowl.lowest, 1e-12))
    return f'<path class="nnb-run-{at}" d="{chart.long_line(np.column_stack([size * np.arange(len(way)), above]))}"/>'


def _rungs(chart: Plane, seen: int, language: str) -> Iterator[str]:
    """The scale of the chart, on which each line is a tenth of the one above it."""
    for power in range(int(chart.y[0]), int(chart.y[1]) + 1):
        down = float(chart.down(power))
        yield f'<path class="nnb-frame" d="{svg.path("M", chart.left, down, "h", chart.width)}"/>'
        yield svg.label(chart.left - 6, down + 4, decimal(10.0**power, language, max(0, -power)), "end", "nnb-quiet")
    bottom, right = chart.top + chart.height, chart.left + chart.width
    yield svg.label(chart.left, chart.top - 9, text("batches.above", language), "start")
    yield svg.label(chart.left + chart.width / 2, bottom + 16, text("batches.seen", language))
    yield svg.label(chart.left, bottom + 16, "0", "start", "nnb-quiet")
    yield svg.label(right, bottom + 16, count(seen, language), "end", "nnb-quiet")


def _row(at: int, run: Mapping[str, Any], examples: int, language: str) -> str:
    name = text("batches.all", language, count=examples) if run["size"] == examples else count(run["size"], language)
    cells = f"<td>{count(run['steps'], language)}</td><td>{decimal(run['above'], language, 4)}</td>"
    return f'<tr class="nnb-run-{at}"><th scope="row">{name}</th>{cells}</tr>'
