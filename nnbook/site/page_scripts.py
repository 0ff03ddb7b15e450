"""The script of every page, one file: it lets figures answer, keeps the reader's place, searches, and runs the shell.

One file and no more, since each further one would take its share of the line while the style sheet is on its way, and
nothing is seen before that.
"""

from pathlib import Path

from nnbook.figures.kit import bundle
from nnbook.figures.kit.scripts import Scripts

FOLDER = Path(__file__).with_name("scripts")
NAME = "page.js"


def sources() -> dict[str, list[Path]]:
    """The scripts of pages; each does its work alone."""
    return {NAME: sorted(FOLDER.glob("*.js"))}


SCRIPTS = Scripts(sources, Path(__file__).with_name("minified.js"))


def write(folder: Path) -> list[Path]:
    """Write into `folder` what pages load, at once or when a reader comes near a figure, and give the paths."""
    at_once, later = (bundle.scripts()[name] for name in (bundle.AT_ONCE, bundle.LATER))
    page = f"{at_once}\n{SCRIPTS.published()[NAME]}"
    styles = {bundle.STATIC_STYLE: bundle.static_style(), bundle.STYLE: bundle.style()}
    return bundle.write_files(folder, {NAME: page, bundle.LATER: later, **styles})
