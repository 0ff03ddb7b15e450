"""The script of every page, one file: it lets figures answer, keeps the reader's place, searches, and runs the shell.

One file and no more, since each further one would take its share of the line while the style sheet is on its way, and
nothing is seen before that.
"""

from pathlib import Path

from rjsmin import jsmin

from nnbook.figures.kit import bundle

FOLDER = Path(__file__).with_name("scripts")
NAME = "page.js"


def write(folder: Path) -> list[Path]:
    """Write into `folder` what pages load, at once or when a reader comes near a figure, and give the paths."""
    files = bundle.files()
    own = [f"(()=>{{{jsmin(path.read_text(encoding='utf-8'))}\n}})();" for path in sorted(FOLDER.glob("*.js"))]
    later = {name: text for name, text in files.items() if name != bundle.AT_ONCE}
    at_once = {NAME: "\n".join([files[bundle.AT_ONCE], *own]), bundle.AT_REST: bundle.static_style()}
    return bundle.write(folder, {**at_once, **later})
