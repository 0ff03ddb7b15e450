"""matplotlib's backend in cells of the book: what pyplot drew is shown as charts at the end of the cell, and closed.

pyplot loads it by its name, `BACKEND` in `nnbook.figures.kit.charts`.
"""

from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display
from matplotlib import pyplot
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure

from nnbook.figures.kit.charts import Chart

FigureCanvas = FigureCanvasBase  # draws nothing before it is asked to: it would miss the glyphs of many a language


def show(*, block: bool | None = None) -> None:
    """Show all open figures; `block` is for windows."""
    for number in pyplot.get_fignums():
        display(_chart(pyplot.figure(number)))


def _chart(drawing: Figure) -> Chart:
    return Chart("pyplot", drawing, None, {})


_shell: Any = get_ipython()
if _shell is not None:
    _shell.events.register("post_execute", show)
    _html = _shell.display_formatter.formatters["text/html"]
    _html.for_type(Figure, lambda drawing: _chart(drawing)._repr_html_())  # as the last value of a cell
