"""Charts by matplotlib, in the book's look: any figure of matplotlib becomes SVG that a page of any language can show.

matplotlib takes a second to load; so it is loaded when the first chart is drawn.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from nnbook.figures.kit.figure import Figure
from nnbook.localisation import current_language, languages, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

BACKEND = "module://nnbook.figures.kit.chart_backend"
STYLE = Path(__file__).parent / "style.mplstyle"
WITHOUT_ALT = "data-nnb-without-alt"  # where a page puts the alternative text that the cell's head gives
WIDE, NARROW = 700, 358  # CSS pixels: the widest chart, and the column of a phone
_SAID: dict[str, dict[str, str]] = {}  # by what stands in charts, what it is in each language


class Chart(Figure):
    """A figure drawn by matplotlib, twice: as wide as it is, and for a phone, so that its words keep their size.

    Args:
        kind: as for all figures.
        drawing: the figure of matplotlib; what is drawn on it later is shown, too.
        alt: the alternative text in a language; None if the page has it.
        facts: as for all figures.
    """

    def __init__(
        self, kind: str, drawing: "Drawing", alt: Callable[[str], str] | None, facts: Mapping[str, object]
    ) -> None:
        super().__init__(kind, lambda language: _markup(drawing, alt(language) if alt else None, language), facts)
        self.drawing = drawing

    @property
    def axes(self) -> "Axes":
        """Its first axes, to go on with: `chart.axes.axhline(0.5)`."""
        return self.drawing.axes[0]

    def _repr_html_(self) -> str:
        """As for all figures; pyplot would show a figure of its own once more at the end of the cell."""
        shown = super()._repr_html_()
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close(self.drawing)
        return shown


@contextmanager
def axes_for(ax: "Axes | None") -> "Iterator[Axes]":
    """The axes `ax` of a reader, or new ones, and the book's style for what is drawn on these in the context."""
    if ax is not None:
        yield ax
        return
    from matplotlib import style
    from matplotlib.figure import Figure as Drawing

    with style.context(STYLE):
        yield Drawing().subplots()


def drawing_of(axes: "Axes") -> "Drawing":
    """The whole figure that the `axes` are in."""
    drawing: Drawing = axes.get_figure(root=True)  # type: ignore[assignment]
    return drawing


def said(write: Callable[..., str], *values: object) -> str:
    """A text for a chart, as `write(*values, language)` gives it: in the current language, on pages in theirs.

    Raises:
        ValueError: if the same text stood in a chart already and is another one in another language.
    """
    texts = {language: write(*values, language) for language in languages()}
    now = texts[current_language()]
    if _SAID.setdefault(now, texts) != texts:
        raise ValueError(
            f"a text of a chart must be the same everywhere in each language; got {now!r} for {texts} and for "
            f"{_SAID[now]}; give one of them other words"
        )
    return now


def word(key: str, **values: object) -> str:
    """The text of `key` in the catalogue, for a label or a title of a chart: it follows the language of the page.

    Example:
        >>> plt.ylabel(word("kit.test_images"))
    """
    return said(lambda language: text(key, language, **values))


def chart(**facts: object) -> Chart:
    """What pyplot has drawn in this cell, with `facts` that prose can quote; the last line of the cell.

    Example:
        >>> plt.plot(losses)
        >>> chart(lowest=min(losses))
    """
    from matplotlib import pyplot

    return Chart("pyplot", pyplot.gcf(), None, facts)


def in_notebook() -> None:
    """Show matplotlib's figures in this notebook as the book's pages do: as SVG, in the book's style."""
    import matplotlib
    from matplotlib import style

    matplotlib.use(BACKEND)
    style.use(STYLE)


def _markup(drawing: "Drawing", alt: str | None, language: str) -> str:
    """The `drawing` with the words of `language`, read out as `alt`."""
    from matplotlib import style

    from nnbook.figures.kit.chart_svg import DPI, drawn

    def in_words(written: str) -> str:
        return _SAID.get(written, {}).get(language, written)

    width, height = (round(DPI * float(inches)) for inches in drawing.get_size_inches())
    if width > WIDE:
        width, height = WIDE, round(height * WIDE / width)
    sizes = {"nnb-wide": (width, height)} if width > NARROW else {}
    sizes["nnb-narrow"] = (min(width, NARROW), min(height, NARROW))
    with style.context(STYLE):
        forms = [drawn(drawing, *size, in_words, kind) for kind, size in sizes.items()]
    label = WITHOUT_ALT if alt is None else f'aria-label="{escape(alt)}"'
    return f'<div class="nnb-chart" role="img" style="--w:{width}px" {label}>{"".join(forms)}</div>'
