"""The loss over one parameter: a chord whose width shrinks, and the tangent that it comes to."""

import math
from collections.abc import Mapping
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
from nnbook.figures.kit.sliders import sliders
from nnbook.localisation import decimal, signed, text

Numbers = NDArray[np.floating]
PARAMETERS = ("slope", "intercept")
SENTENCES = ("there", "chord", "tangent")
LEVEL = 0.0005  # a tangent less steep than this is written as level
LEFT, TOP, WIDTH, HEIGHT = 42, 6, 288, 230  # of the curve


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
        width: of the nudge at rest; a third of the curve when left out.
        parameter: "slope" or "intercept": which one is nudged.
        name: of the figure in the page's address, as in `#nudge:width=0.1`.
        interactive: whether it answers to the reader.

    Facts: `slope`, `intercept`, `parameter`, `width`; `loss` there and `nudged`, the loss after the nudge; `chord`, its
    slope, and `tangent`, that of the tangent; `chords`, the slope of the chord by its width, "1", "0.1", "0.01" and
    "0.001"; `gradient`, with `slope` and `intercept`: both derivatives there.

    Explained in: how-neural-networks-are-trained, "Which way is downhill?".

    Example:
        >>> figures.nudge(x, y)
    """
    if parameter not in PARAMETERS:
        raise ValueError(f"what is nudged is slope or intercept; got {parameter!r}; choose one of these")
    bowl = Bowl(x, y, 0.75)
    start = bowl.sliders(bowl.place(start, -0.7, -0.2))
    start |= sliders({"width": 2 / 3 * bowl.half if width is None else width}, bowl.step, bowl.half, bowl.step)
    *at, width = (slider[3] for slider in start.values())
    axis = PARAMETERS.index(parameter)
    loss, gradient = bowl.loss(at), bowl.gradient(at)

    def curve(value: Any) -> Any:
        """The loss where the parameter is `value` (...), and the other held."""
        return lines.loss(bowl.x, bowl.y, *((value, at[1]) if axis == 0 else (at[0], value)))

    chords = {str(by): round((float(curve(at[axis] + by)) - loss) / by, 6) for by in (1, 0.1, 0.01, 0.001)}
    facts: dict[str, Any] = {"slope": at[0], "intercept": at[1], "parameter": parameter, "width": width}
    facts |= {"loss": round(loss, 6), "nudged": round(float(curve(at[axis] + width)), 6)}
    facts |= {"chord": round((float(curve(at[axis] + width)) - loss) / width, 6), "tangent": round(gradient[axis], 6)}
    facts |= {
        "chords": chords,
        "gradient": {key: round(value, 6) for key, value in zip(PARAMETERS, gradient, strict=True)},
    }
    ends = (bowl.plane.x, bowl.plane.y)[axis]
    places = np.linspace(*ends, 81)
    view = Plane(LEFT, TOP, WIDTH, HEIGHT, ends, (0.0, 1.1 * max(min(curve(np.array(ends))), loss, facts["nudged"])))

    def render(language: str) -> str:
        values = _said(facts, language)
        here, there = (at[axis], loss), (at[axis] + width, facts["nudged"])
        straight = {key: [(end, loss + facts[key] * (end - at[axis])) for end in ends] for key in ("tangent", "chord")}
        run = np.array([here, (there[0], loss), there])
        content = [
            f'<path class="nnb-nudge-curve" d="{view.line(np.column_stack([places, curve(places)]))}"/>',
            f'<path class="nnb-nudge-run" d="{view.line(run)}"/>',
            *(f'<path class="nnb-nudge-{key}" d="{view.line(np.array(line))}"/>' for key, line in straight.items()),
            *(view.dot(place, 6, "nnb-drag") for place in (here, there)),
        ]  # fmt: skip
        names = [text(f"kit.{key}", language) for key in (parameter, "loss")]
        drawing = svg.drawing(
            TOP + HEIGHT + 22, text("nudge.alt", language, **values), [view.inside(content), view.axes(names, language)]
        )
        tangent = facts["tangent"]
        downhill = "level" if abs(tangent) < LEVEL else "right" if tangent < 0 else "left"
        sums = [(key, f"nudge.{key}") for key in SENTENCES] + [("downhill", f"nudge.downhill_{downhill}")]
        return drawing + "".join(
            f'<p class="nnb-sum nnb-nudge-{kind}">{text(key, language, **values)}</p>' for kind, key in sums
        )

    static = Figure("nudge", render, facts)
    if not interactive:
        return static
    data = {"name": name, "start": start, "parameter": parameter, "view": view.data(), **bowl.data()}
    return interactive_figure("nudge", static, data)


def _said(facts: Mapping[str, Any], language: str) -> dict[str, str]:
    """The numbers as the sentences name them."""
    digits = 3 + max(0, math.ceil(-math.log10(facts["width"])))  # enough to work the chord out
    said = {"loss": decimal(facts["loss"], language, 3), "before": decimal(facts["loss"], language, digits)}
    said |= {"nudged": decimal(facts["nudged"], language, digits)}
    said |= {key: decimal(facts[key], language) for key in (*PARAMETERS, "width")}
    said |= {key: signed(facts[key], language, 3) for key in ("chord", "tangent")}
    other = PARAMETERS[1 - PARAMETERS.index(facts["parameter"])]
    said |= {"name": text(f"kit.{facts['parameter']}", language), "value": said[facts["parameter"]]}
    return said | {"other": text(f"kit.{other}", language), "held": said[other]}
