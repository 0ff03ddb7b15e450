"""The browser that prints."""

import os
import shutil
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
