"""The browser that prints."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from nnbook.site.errors import BuildError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_browser() -> Path:
    """What NNBOOK_BROWSER says, else Chromium or Chrome.

    Raises:
        BuildError: if there is none.
    """
    named = os.environ.get("NNBOOK_BROWSER")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise BuildError(
            "A PDF must be printed by Chromium or Chrome.",
            [f"--pdf: no such program: {named or ', '.join(NAMES)}"],
            "Install one, name it with NNBOOK_BROWSER, or build without --pdf:",
        )
    return Path(found)


def look_for_fonts(languages: Iterable[str]) -> None:
    """Where the system can tell: refuse to print languages for which it has no font.

    Raises:
        BuildError: if there is none.
    """
    teller = shutil.which("fc-list")
    lacking = [code for code in languages if teller and not _said([teller, f":lang={code}"])]
    if lacking:
        raise BuildError(
            "A PDF must hold the letters of its language.",
            [f"{code}: no font on this system has them" for code in lacking],
            "Install one (on Debian and Ubuntu for Japanese: fonts-morisawa-bizud-gothic), or build without --pdf:",
        )


def version(browser: Path) -> str:
    """What the browser says of itself."""
    return _said([str(browser), "--version"])


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
