"""The style sheets of the book to take along, as one text: of its own, of the figures, of formulas and of code."""

from pathlib import Path

from pygments.formatters import HtmlFormatter

from nnbook.figures.kit import bundle

HERE = Path(__file__).parent
FONT = HERE.parent / "theme" / "fonts" / "nnbook-mathematics.woff2"  # the style sheet of formulas asks for it
CODE = "a11y-high-contrast-light"  # the one of the pages in light mode


def style(*own: str) -> str:
    """All style sheets, those called `own` (in this folder) last."""
    code = str(HtmlFormatter(style=CODE).get_style_defs(".highlight"))
    formulas = (HERE.parent / "theme" / "css" / "mathematics.css").read_text(encoding="utf-8")
    shared = [bundle.static_style(), formulas]
    return "\n".join([code, *shared, bundle.style(), *((HERE / name).read_text(encoding="utf-8") for name in own)])
