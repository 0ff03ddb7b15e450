"""The browser for tests: the system's Chromium or Chrome, else the one that Playwright has installed.

As a program it ends with 0 if there is one, so that `make test` knows whether to install it.
"""

import shutil
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The path of a browser, or None."""
    in_system = next(filter(None, map(shutil.which, NAMES)), None)
    if in_system:
        return in_system
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


if __name__ == "__main__":
    sys.exit(find() is None)
