"""The style sheets of the book to take along, as one text: of its own, of the figures, of formulas and of code."""

from pathlib import Path

from pygments.formatters import HtmlFormatter

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1]
CODE = "a11y-high-contrast-light"  # the one of the pages in light mode


def style(*own: str) -> str:
    """All style sheets, those called `own` (in this folder) last."""
    paths = [PACKAGE / "figures" / "figures.css", HERE.parent / "static" / "mathematics.css"]
    texts = [path.read_text(encoding="utf-8") for path in [*paths, *(HERE / name for name in own)]]
    code = HtmlFormatter(style=CODE).get_style_defs(".highlight")
    return "\n".join([str(code), *texts])
