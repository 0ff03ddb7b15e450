"""One build at a time: a lock that the system lets go of when its owner ends, however it ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nnbook.site.errors import BuildError


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`.

    Raises:
        BuildError: if another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor)
    except OSError:
        os.close(descriptor)
        raise BuildError(
            "One build at a time can work in a folder.",
            [f"{folder}: another build is at work"],
            "Wait for it to end, then try again:",
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
