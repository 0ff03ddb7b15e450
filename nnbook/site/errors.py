"""The one exception of a build that has to stop; also for what a machine does: no room, no right, a file in the way."""

import errno
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_RIGHTS = {errno.EACCES, errno.EPERM, errno.EROFS}
_KIND = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY}
_ELSEWHERE = "choose other folders with --output, NNBOOK_CACHE (data and networks) and TMPDIR (what is in work):"


class BuildError(Exception):
    """The book can't be built as it stands.

    Args:
        rule: what must hold, in one sentence.
        findings: where it does not: `language  file:line: cause`, one a line; at least one.
        remedy: what to do about it.
    """

    def __init__(self, rule: str, findings: Sequence[str], remedy: str) -> None:
        self.rule = rule
        self.findings = tuple(findings)
        self.remedy = remedy
        super().__init__("\n".join([rule, remedy, *self.findings]))

    def __reduce__(self) -> tuple[type["BuildError"], tuple[str, tuple[str, ...], str]]:
        """Keep the three parts when the error comes from another process."""
        return BuildError, (self.rule, self.findings, self.remedy)


@contextmanager
def machine() -> Iterator[None]:
    """Turn what the system says of files into a BuildError; also a decorator."""
    try:
        yield
    except OSError as error:
        told = of_machine(error)
        if told is None:
            raise
        raise told from error


def of_machine(error: object) -> BuildError | None:
    """What tells people of an `error` of the system about files; None if it is another error."""
    if not isinstance(error, OSError) or isinstance(error, BrokenPipeError):  # nobody reads what we print
        return None
    number, cause, names = error.errno, error.strerror, [error.filename, error.filename2]
    if isinstance(error, shutil.Error):  # of several files; one of them tells what there is to know
        source, target, text = error.args[0][0] if isinstance(error.args[0], list) else (None, None, str(error))
        found = re.search(r"\[Errno (\d+)\] ([^:]*)", text)
        number, cause, names = int(found[1]) if found else None, found[2] if found else text, [source, target]
    elif number is None:
        return None  # made by a library, of something that is no file
    places = " to ".join(str(name) for name in names if name is not None)
    findings = [f"{places}: {cause}"] if places else [cause or str(error), *_free()]
    remedy = f"Mend the place, or {_ELSEWHERE}"
    if number in _ROOM:
        remedy = f"Make room, or {_ELSEWHERE}"
    elif number in _RIGHTS:
        remedy = f"Give yourself the right to write there, or {_ELSEWHERE}"
    elif number in _KIND:
        remedy = f"Move away what stands there in place of a file or a folder, or {_ELSEWHERE}"
    return BuildError("The machine must let files be read and written.", findings, remedy)


def _free() -> Iterator[str]:
    """How much room there is where a build writes, for a system that does not say which file had none."""
    folders = {"here": Path(), "TMPDIR": Path(os.environ.get("TMPDIR") or "/tmp")}
    if "NNBOOK_CACHE" in os.environ:
        folders["NNBOOK_CACHE"] = Path(os.environ["NNBOOK_CACHE"])
    for name, folder in folders.items():
        if folder.exists():
            yield f"{name} ({folder.absolute()}): {shutil.disk_usage(folder).free / 1e6:,.0f} MB free"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; others may be writing the same at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
    finally:
        half.unlink(missing_ok=True)
