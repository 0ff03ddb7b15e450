"""The scripts of every page as one file: they keep the reader's place, search, and do what the shell does."""

from pathlib import Path

from nnbook.interactive.scripts import Scripts

FOLDER = Path(__file__).with_name("scripts")
NAME = "page.js"


def sources() -> dict[str, list[Path]]:
    """The scripts; each does its work alone."""
    return {NAME: sorted(FOLDER.glob("*.js"))}


SCRIPTS = Scripts(sources, Path(__file__).with_name("minified.js"))


def write(folder: Path) -> Path:
    """Write the script into `folder` and give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(SCRIPTS.published()[NAME], encoding="utf-8")
    return path
