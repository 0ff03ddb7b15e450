"""The usual https mirrors of the original files. What breaks off is gone on with, not begun again."""

import shutil
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pooch
import requests

from nnbook.datasets import originals
from nnbook.datasets.catalogue import Description, Mirror
from nnbook.datasets.decoded import Arrays, checked
from nnbook.datasets.errors import DatasetError, UnavailableError
from nnbook.datasets.progress import Progress, Report

SECONDS_TO_ANSWER = 4.0
SECONDS_OF_SILENCE = 15.0
CHUNK = 1 << 14  # bytes; what a broken download loses at most
REMEDY = "The mirror serves other data; what it sent is removed. Try again later or use another origin of the data."


def fetch(
    description: Description,
    workspace: Path,
    progress: Progress,
    seconds_to_answer: float = SECONDS_TO_ANSWER,
    seconds_of_silence: float = SECONDS_OF_SILENCE,
) -> Arrays:
    """Download the original files from the first mirror that gives them all, and return the verified arrays.

    Files go to a folder of the mirror's own in `workspace`; one that breaks off is gone on with in the next attempt.
    Raises UnavailableError, which tells what each mirror did, if no mirror gives the data.
    """
    failures = []
    for mirror, failure in _reachable(description.mirrors, seconds_to_answer).items():
        if not failure:
            try:
                return _from_mirror(description, mirror, workspace, progress, seconds_of_silence)
            except (DatasetError, OSError) as error:  # what requests raises is an OSError
                failure = str(error)
                progress.line(f"{description.name}: {mirror.base} failed: {error}")
        failures.append(f"{mirror.base}: {failure}")
    raise UnavailableError("; ".join(failures) or f"no mirror of {description.name} is known")


def _from_mirror(
    description: Description, mirror: Mirror, workspace: Path, progress: Progress, seconds_of_silence: float
) -> Arrays:
    folder = workspace / urlsplit(mirror.base).netloc.replace(":", "-")
    resumed = folder.is_dir()
    folder.mkdir(exist_ok=True)
    progress.line(f"{description.name}: {'going on with' if resumed else 'starting'} the download from {mirror.base}")
    for file in mirror.files:
        if not (folder / file).exists():
            with progress.bar(file) as report:
                download(mirror.base + file, folder / file, report, seconds_of_silence)
    try:
        decoded = originals.read_folder(description, folder)
        if decoded is None:
            raise UnavailableError(f"its files lack parts of {description.name}")
        return checked(description.parts, decoded, REMEDY)
    except DatasetError:
        shutil.rmtree(folder, ignore_errors=True)
        if not resumed:
            raise
    # The older half did not fit the newer one: once more, from nothing.
    return _from_mirror(description, mirror, workspace, progress, seconds_of_silence)


def download(url: str, target: Path, report: Report, seconds_of_silence: float = SECONDS_OF_SILENCE) -> None:
    """Download `url` to `target`, which appears only when it is whole.

    What has come lies in `target` + ".part"; a later call asks the server for the rest of it alone. Raises
    requests.RequestException if the server fails or sends nothing for `seconds_of_silence`.
    """
    partial = target.with_name(f"{target.name}.part")
    try:
        _download_rest(url, partial, report, seconds_of_silence)
    except requests.HTTPError as error:
        too_long = requests.codes.requested_range_not_satisfiable
        if error.response is None or error.response.status_code != too_long:
            raise
        partial.unlink()  # not the beginning of what the server has now: start anew
        _download_rest(url, partial, report, seconds_of_silence)
    partial.replace(target)


def _download_rest(url: str, partial: Path, report: Report, seconds_of_silence: float) -> None:
    with partial.open("ab") as file:
        start = file.tell()
        # "identity": a length and a range count the bytes of the file only if they are sent as they are.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})

        def start_anew_if_whole(response: requests.Response, *_: Any, **__: Any) -> None:
            if response.status_code == requests.codes.ok:  # and not "partial content"
                file.truncate(0)

        downloader = pooch.HTTPDownloader(
            progressbar=_Bar(report, file),
            chunk_size=CHUNK,
            timeout=(SECONDS_TO_ANSWER, seconds_of_silence),
            headers=headers,
            hooks={"response": start_anew_if_whole},
        )
        downloader(url, file, None)


class _Bar:
    """What pooch wants of a progress bar, in terms of a `Report`."""

    def __init__(self, report: Report, file: Any) -> None:
        self._report = report
        self._file = file
        self._rest = 0
        self._start = 0

    @property
    def total(self) -> int:
        return self._rest

    @total.setter
    def total(self, rest: int) -> None:
        self._rest = rest  # what this response will send
        self._start = self._file.tell()

    def update(self, _: int) -> None:
        self._report(self._file.tell(), self._start + self._rest if self._rest else None)

    def reset(self) -> None:
        """Nothing to do: the position in the file tells how much has come."""

    def close(self) -> None:
        """Nothing to do: whoever opened the bar closes it."""


def _reachable(mirrors: tuple[Mirror, ...], seconds: float) -> dict[Mirror, str]:
    """For each mirror "" if its host answers, else what went wrong.

    All are asked at once: hosts that cannot be reached cost `seconds` at most, all together.
    """
    answers: dict[Mirror, str] = {}

    def ask(mirror: Mirror) -> None:
        try:
            with requests.head(mirror.base + mirror.files[0], timeout=seconds, allow_redirects=False):
                answers[mirror] = ""  # whatever the answer, the host is there
        except requests.RequestException as error:
            answers[mirror] = f"cannot be reached ({type(error).__name__})"

    # Daemons: looking up a name has no time-out, and must not hold up the end of the program.
    threads = [threading.Thread(target=ask, args=(mirror,), daemon=True) for mirror in mirrors]
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return {mirror: answers.get(mirror, f"did not answer within {seconds:g} seconds") for mirror in mirrors}
