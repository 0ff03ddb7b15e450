"""The scripts and the styles of all interactive figures, as few texts: no modules, so they run from a folder, too.

A page loads `interactive.js`, which is small: it waits for the reader to come near a figure, and then loads
`figures.js`, the scripts of the figures, and `interactive.css`, the look of what they add.

The sources keep to one rule that makes packing them safe without a parser: what starts a line and looks like a comment
has its lines to itself, and no text in back quotes runs over a line.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

ELEMENTS = Path(__file__).with_name("elements")
MINIFIED = Path(__file__).with_name("minified.js")  # a line for the stamp, and one for each file
AT_ONCE, LATER, STYLE = "interactive.js", "figures.js", "interactive.css"


def sources() -> list[Path]:
    """The scripts in the order in which they run: what waits first, then those of the figures."""
    return [ELEMENTS / "runtime.js", *sorted(path for path in ELEMENTS.glob("*.js") if path.name != "runtime.js")]


def script() -> str:
    """All scripts as they are published, in one text."""
    return "\n".join(scripts().values())


@lru_cache(maxsize=1)
def scripts() -> dict[str, str]:
    """By file name, the scripts as they are published: minified, or as they are if they have changed since then."""
    readable = readable_scripts()
    head, *minified = MINIFIED.read_text(encoding="utf-8").splitlines()
    return dict(zip(readable, minified, strict=True)) if head == stamp(readable) else readable


def stamp(readable: Mapping[str, str]) -> str:
    """The first line of the minified scripts: from which `readable` scripts they were made."""
    return f"// made by scripts/minify.py from {hashlib.sha256(''.join(readable.values()).encode()).hexdigest()}"


def readable_scripts() -> dict[str, str]:
    """By file name, the scripts, each in a function of its own, without comments and indentation."""
    first, *others = [f"(()=>{{\n{packed(path.read_text(encoding='utf-8'))}}})();\n" for path in sources()]
    return {AT_ONCE: first, LATER: "".join(others)}


@lru_cache(maxsize=1)
def style() -> str:
    """All style sheets of the interactive figures, what they share first (it comes first in the alphabet, too)."""
    return "".join(packed(path.read_text(encoding="utf-8")) for path in sorted(ELEMENTS.glob("*.css")))


def packed(source: str) -> str:
    """The `source` of a script or a style sheet without the lines of its comments and without indentation."""
    lines, comment = [], False
    for line in map(str.strip, source.splitlines()):
        comment = comment or line.startswith("/*")
        if not comment and line and not line.startswith("//"):
            lines.append(line)
        if comment and line.endswith("*/"):
            comment = False
    return "\n".join(lines) + "\n"


def write(folder: Path) -> list[Path]:
    """Write the style sheet and the scripts into `folder` and give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {STYLE: style(), **scripts()}
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in files]
