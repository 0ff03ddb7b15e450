"""The tools that tests take from npm: all of them fetched once, in the versions of audit/package.json."""

import hashlib
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
PACKAGES = ROOT / "audit" / "package.json"
MINUTES = 10  # for which nothing is tried again after a failure


@cache
def package(name: str) -> Path:
    """The folder of an npm package; where npm is lacking, or can't be reached, the test is skipped and says so."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    folder = ROOT / "_build" / "npm" / hashlib.sha256(PACKAGES.read_bytes()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    whole, failed = folder / "whole", folder / "failed"
    with FileLock(folder / "lock"):
        if not whole.exists():
            _fetch(folder, whole, failed)
    return folder / "node_modules" / name


def _fetch(folder: Path, whole: Path, failed: Path) -> None:
    """Fetch everything into `folder`; what failed a moment ago, in another process, is not tried again."""
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--omit=optional", "--prefix", str(folder)]
    shutil.copy(PACKAGES, folder)
    if failed.exists() and time.time() - failed.stat().st_mtime < MINUTES * 60:
        pytest.skip(f"npm could not fetch the tools of tests: {failed.read_text(encoding='utf-8')}")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        trouble = done.stderr.strip()[-200:] if done.returncode else ""
    except subprocess.TimeoutExpired:
        trouble = "no answer for two minutes"
    if trouble:
        failed.write_text(trouble, encoding="utf-8")
        pytest.skip(f"npm could not fetch the tools of tests: {trouble}")
    whole.touch()


@cache
def axe() -> str:
    """The source of axe-core."""
    return (package("axe-core") / "axe.min.js").read_text(encoding="utf-8")
