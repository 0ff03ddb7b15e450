"""What a change on the disk means for the preview."""

import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nnbook import localisation
from nnbook.site.book import CONFIG, TOC
from nnbook.site.configuration import PACKAGE
from nnbook.site.errors import BuildError
from nnbook.site.sources import is_leftover

_CODE_KINDS = {".py", ".json", ".html", ".po", ".css", ".js", ".webp", ".png"}
_FRAME = re.compile(r'File "(.+?)", line (\d+)')


@dataclass(frozen=True)
class Changes:
    """Sorted by what they ask for.

    Attributes:
        code: files of the package; everything starts again.
        plan: whether the settings, the table of contents or the list of files changed; all is set from nothing.
        static: whether a style sheet or a picture beside the pages changed.
        pages: the files of pages.
    """

    code: tuple[Path, ...] = ()
    plan: bool = False
    static: bool = False
    pages: frozenset[Path] = frozenset()

    def pages_in(self, folder: Path) -> set[str]:
        """The names of the pages in the `folder` of a language that have changed."""
        found = (path.relative_to(folder) for path in self.pages if path.is_relative_to(folder))
        return {path.with_suffix("").as_posix() for path in found}


def sort(paths: Iterable[tuple[bool, Path]], root: Path) -> Changes:
    """Sort changes.

    Args:
        paths: whether a file is there as before, with other content; and which.
    """
    code, pages, plan, static = [], [], False, False
    for same, path in paths:
        if path in localisation.files().values():
            code.append(path)
        elif path.is_relative_to(PACKAGE):
            code += [path] if path.suffix in _CODE_KINDS and "__pycache__" not in path.parts else []
        elif path.is_relative_to(root / "book"):
            if is_leftover(path.relative_to(root)):
                continue
            static |= path.suffix != ".md"
            plan |= not same or path.suffix == ".bib"
            pages += [path] if path.suffix == ".md" else []
        else:
            plan |= path in {root / CONFIG, root / TOC}
    return Changes(tuple(code), plan, static, frozenset(pages))


def check_code(files: Iterable[Path]) -> None:
    """See that the package can be loaded before everything starts again with it.

    Raises:
        BuildError: if it can't.
    """
    if all(path.suffix != ".py" for path in files):
        return
    command = [sys.executable, "-c", "import nnbook.cli, nnbook.pipeline, nnbook.site.preload"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"the process ended with code {done.returncode}"]
        frames = _FRAME.findall(done.stderr)
        place = f"{frames[-1][0]}:{frames[-1][1]}: " if frames else ""
        raise BuildError(
            "The package must load without errors.", [f"{place}{lines[-1]}"], "Mend the file; the preview waits for it:"
        )
