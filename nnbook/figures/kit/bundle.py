"""The scripts and the styles of all interactive figures, as few texts: no modules, so they run from a folder, too.

A page loads `interactive.js`, which is small (in the book it begins the script of every page): it waits for the reader
to come near a figure, and then loads `figures.js`, the scripts of the figures, and `interactive.css`, the look of what
they add.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nnbook.figures.kit.scripts import Scripts, packed

FIGURES = Path(__file__).parents[1]
KIT = Path(__file__).parent
AT_ONCE, LATER, STYLE = "interactive.js", "figures.js", "interactive.css"
STATIC_STYLE = "figures.css"


def sources() -> dict[str, list[Path]]:
    """The scripts in the order in which they run: what waits first, then those of the figures."""
    first = KIT / "runtime.js"
    written = (path for path in FIGURES.glob("*/*.js") if path != first and path.name != "minified.js")
    return {AT_ONCE: [first], LATER: sorted(written, key=_kit_first)}


SCRIPTS = Scripts(sources, Path(__file__).with_name("minified.js"))


@lru_cache(maxsize=1)
def scripts() -> dict[str, str]:
    """By file name, the scripts as they are published."""
    return SCRIPTS.published()


def script() -> str:
    """All scripts as they are published, in one text."""
    return "\n".join(scripts().values())


@lru_cache(maxsize=1)
def style() -> str:
    """All style sheets of what scripts add to figures, what they share first."""
    paths = [path for path in FIGURES.glob("*/*.css") if path.name not in (STATIC_STYLE, "static.css")]
    return "".join(packed(path.read_text(encoding="utf-8")) for path in sorted(paths, key=_kit_first))


@lru_cache(maxsize=1)
def static_style() -> str:
    """The style sheet of all figures as they are at rest, what they share first."""
    paths = [KIT / STATIC_STYLE, *sorted(FIGURES.glob("*/static.css"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _kit_first(path: Path) -> tuple[bool, str, str]:
    return path.parent != KIT, path.parent.name, path.name


def write(folder: Path) -> list[Path]:
    """Write the style sheets and the scripts into `folder` and give their paths."""
    return write_files(folder, {STATIC_STYLE: static_style(), STYLE: style(), **scripts()})


def write_files(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write texts by their file names into `folder` and give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in files]
