"""What pages load: one style sheet and one script for every page, and what figures and the search ask for later.

One file of each kind and no more, since each further one would take its share of the line, and nothing is seen before
the style sheet is there.
"""

from pathlib import Path

from rjsmin import jsmin

from nnbook.figures.kit import bundle
from nnbook.site.sources import read

OURS = "nnbook"  # the name of our theme
THEME = Path(__file__).with_name("theme")
SCRIPT, STYLE = "page.js", "page.css"
_LATER = "search.css"  # loaded by scripts/search.js
_CONTENT = ("mathematics", "record")  # what a book needs in any theme
_PARTS = ("reset", "text", "tables", "code", "admonitions", "constructs", *_CONTENT, "icons", "shell", "print")


def write(folder: Path, book_styles: list[Path], ours: bool) -> list[Path]:
    """Write into `folder` what pages load, at once or when a reader comes near a figure, and give the paths.

    Args:
        book_styles: style sheets of the book, which come last.
        ours: whether the pages have our theme; in another one they get figures and formulas alone.
    """
    files = bundle.files()
    css = {path.stem: path.read_text(encoding="utf-8") for path in (THEME / "css").glob("*.css")}
    parts = [css[name] for name in (_PARTS if ours else _CONTENT)]
    # In our theme, each page has the looks of its own figures in its head; see extension/page.py.
    figures = bundle.shared_style() if ours else bundle.static_style()
    styles = [*parts, figures, *map(read, book_styles)]
    shell = sorted((THEME / "scripts").glob("*.js")) if ours else []
    own = [f"(()=>{{{jsmin(path.read_text(encoding='utf-8'))}\n}})();" for path in shell]
    later = {name: text for name, text in files.items() if name != bundle.AT_ONCE}
    if ours:
        later[_LATER] = bundle.style_of(css["search"])
    at_once = {SCRIPT: "\n".join([files[bundle.AT_ONCE], *own]), STYLE: "".join(map(bundle.style_of, styles))}
    return bundle.write(folder, {**at_once, **later})
