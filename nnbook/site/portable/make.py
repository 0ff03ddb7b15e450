"""Make the files to take along of one language, those that are not there yet."""

import os
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from nnbook.site.configuration import LanguageBuild, digest
from nnbook.site.portable.browser import version
from nnbook.site.portable.chapters import read_chapters
from nnbook.site.portable.epub import epub
from nnbook.site.portable.pdf import pdf
from nnbook.site.portable.style import HERE, style

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


def make(build: LanguageBuild, formats: Sequence[str], modified: datetime, browser: Path | None) -> list[Path]:
    """The files of one language in these `formats`, in their order; what has not changed since the last time is kept.

    Args:
        modified: the time that the files give as theirs.
        browser: prints the PDF, if there is to be one.

    Raises:
        BuildError: if a PDF can't be printed.
    """
    folder = build.work / "portable" / build.language
    folder.mkdir(parents=True, exist_ok=True)
    inputs = _digest(build, modified)
    made = []
    for kind in formats:
        file, mark = folder / f"nnbook-{build.language}.{kind}", folder / f"{kind}.inputs"
        facts = inputs + (version(browser) if kind == "pdf" and browser else "")
        if not (file.exists() and mark.exists() and mark.read_text(encoding="utf-8") == facts):
            mark.unlink(missing_ok=True)
            file.write_bytes(_written(kind, build, modified, browser))
            mark.write_text(facts, encoding="utf-8")
        made.append(file)
    return made


def last_change(root: Path) -> datetime:
    """The time that a book gives as its own: SOURCE_DATE_EPOCH, else that of the last commit, else one always the same.

    So two builds of a commit give the same bytes.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if not seconds:
        command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
        try:
            seconds = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        except OSError:
            seconds = ""
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else _EARLIEST


def _written(kind: str, build: LanguageBuild, modified: datetime, browser: Path | None) -> bytes:
    """The content of the file of this `kind`."""
    pictures: dict[str, bytes] = {}
    base = f"{build.base_url.rstrip('/')}/{build.language}/" if build.base_url else ""
    chapters = read_chapters(build.pages, build.book.pages, base, pictures)
    if kind == "pdf" and browser:
        return pdf(chapters, pictures, build.language, browser, modified)
    address = build.book.settings.get("repository", {}).get("url", "nnbook")
    return epub(chapters, pictures, build.language, address, modified)


def _digest(build: LanguageBuild, modified: datetime) -> str:
    """A digest of all that the files depend on; the pages name their pictures by content."""
    pages = [build.pages / f"{page}.html" for page in build.book.pages]
    facts = [modified, build.base_url, build.language, style("book.css", "epub.css", "print.css")]
    return digest([*pages, *sorted(HERE.glob("*.py"))], "\0".join(map(str, facts)))
