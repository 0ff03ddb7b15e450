"""What a file said before, and since when it says what it does: asked of git, which may not be there."""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from nnbook.site.translations.blocks import Block


class History:
    """The versions of a file as commits left them, the newest first; each is read when it is needed.

    Without git, or where only the last commit is there, nothing is known of before.
    """

    def __init__(self, path: Path, read: Callable[[str], Iterable[Block]]) -> None:
        self._path, self._read = path, read
        self._known: list[tuple[date, dict[str, Block]]] = []
        self._more = self._versions()

    def said(self, digest: str) -> Block | None:
        """The block with this `digest`, as it stood in the last version that had it."""
        return next((blocks[digest] for _, blocks in self._each() if digest in blocks), None)

    def since(self, digest: str) -> date | None:
        """The day since when the file has the block with this `digest`; None if it is younger than the last commit."""
        day = None
        for committed, blocks in self._each():
            if digest not in blocks:
                break
            day = committed
        return day

    def without(self, digest: str) -> date | None:
        """The day since when the file has no block with this `digest` any more."""
        day = None
        for committed, blocks in self._each():
            if digest in blocks:
                break
            day = committed
        return day

    def _each(self) -> Iterator[tuple[date, dict[str, Block]]]:
        yield from self._known
        for version in self._more:
            self._known.append(version)
            yield version

    def _versions(self) -> Iterator[tuple[date, dict[str, Block]]]:
        for line in self._git("log", "--format=%H %cs", "--", self._path.name).splitlines():
            commit, day = line.split()
            text = self._git("show", f"{commit}:./{self._path.name}")
            yield date.fromisoformat(day), {block.digest: block for block in self._read(text)}

    def _git(self, *words: str) -> str:
        """What git says, or nothing."""
        try:
            run = subprocess.run(
                ["git", *words], cwd=self._path.parent, capture_output=True, encoding="utf-8", errors="replace"
            )
        except OSError:  # there is no git
            return ""
        return run.stdout if run.returncode == 0 else ""
