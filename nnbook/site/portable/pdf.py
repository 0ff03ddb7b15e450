"""The book as a PDF: one document of all chapters, printed by a browser without a window.

Chromium knows page numbers at the foot, outlines and tags, but not the number of the page that a link leads to. So it
prints twice: the second time with the numbers that the first one came to.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import datetime
from html import escape
from io import BytesIO
from pathlib import Path

from nnbook.localisation import text as words
from nnbook.site.errors import BuildError
from nnbook.site.portable.chapters import PICTURES, Chapter, Heading, contents, prefixed
from nnbook.site.portable.cover import cover
from nnbook.site.portable.letters import readable
from nnbook.site.portable.markup import document, markup
from nnbook.site.portable.style import style
from nnbook.site.sockets import folder_for

_ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # it is shown nothing but the book
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
_SECONDS = 300
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")
_CREATOR = re.compile(rb"/Creator \((Mozilla(?:[^()\\]|\\.)*)\)")


def pdf(chapters: list[Chapter], pictures: dict[str, bytes], language: str, browser: Path, modified: datetime) -> bytes:
    """The file; it changes the chapters, so it comes last.

    Raises:
        BuildError: if printing failed.
    """
    for chapter in chapters:
        prefixed(chapter.article, f"{chapter.page}--")
        chapter.article["id"] = f"{chapter.page}--"
        chapter.link(lambda page, place: f"#{page}--{place}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / PICTURES).mkdir()
        for picture, content in pictures.items():
            (folder / PICTURES / picture).write_bytes(content)
        (folder / "cover.jpg").write_bytes(cover(words("site.title", language), pictures))
        (folder / "style.css").write_text(style("book.css", "print.css"), encoding="utf-8")
        first = _printed(browser, folder, _document(chapters, language, {}))
        text = _document(chapters, language, page_numbers(first))
        whole = _printed(browser, folder, text)
    return readable(_dated(whole, modified), set(text))


def page_numbers(content: bytes) -> dict[str, int]:
    """By name of a place the page that it is on, from 1."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content))
    pages = {name: reader.get_destination_page_number(place) for name, place in reader.named_destinations.items()}
    return {name.lstrip("/"): number + 1 for name, number in pages.items() if number is not None}


def _document(chapters: list[Chapter], language: str, numbers: Mapping[str, int]) -> str:
    """The whole book as one document."""
    title = words("site.title", language)
    alt = escape(words("site.cover_alt", language, title=title))

    def entry(heading: Heading) -> str:
        place = heading.id or f"{heading.page}--"
        number = f'<span class="page">{numbers.get(place, "")}</span>'
        return f'<a href="#{place}"><span>{escape(heading.title)}</span>{number}</a>'

    listed = contents([chapter.heading() for chapter in chapters], entry)
    parts = [
        f'<div class="cover"><img src="cover.jpg" alt="{alt}"/></div>',
        f"<nav><h1>{escape(words('site.contents', language))}</h1>{listed}</nav>",
        *(markup(chapter.article) for chapter in chapters),
    ]
    return document(language, title, '<link rel="stylesheet" href="style.css"/>', "\n".join(parts))


def _printed(browser: Path, folder: Path, text: str) -> bytes:
    """What the `browser` makes of a document in the `folder`."""
    source, target = folder / "book.xhtml", folder / "book.pdf"
    source.write_text(text, encoding="utf-8")
    target.unlink(missing_ok=True)
    command = [str(browser), *_ARGUMENTS, f"--user-data-dir={folder / 'browser'}", f"--print-to-pdf={target}"]
    room = {**os.environ, "TMPDIR": folder_for(len("/org.chromium.Chromium.123456/SingletonSocket"))}
    try:
        done = subprocess.run([*command, source.as_uri()], capture_output=True, timeout=_SECONDS, check=False, env=room)
        said = done.stderr.decode(errors="replace").strip().splitlines()[-3:]
    except subprocess.TimeoutExpired:
        said = [f"not done after {_SECONDS} s"]
    if not target.exists():
        raise BuildError(
            "The browser must print the book.",
            [f"{browser}: {line}" for line in said or ["ended without a file and without a word"]],
            "See whether it starts with --headless, or build without --pdf:",
        )
    return target.read_bytes()


def _dated(content: bytes, modified: datetime) -> bytes:
    """The file with a time that does not depend on when it was printed; every byte stays where it is."""
    time = modified.strftime("%Y%m%d%H%M%S").encode()
    content = _DATE.sub(lambda match: b"/" + match[1] + b" (D:" + time + b"+00'00')", content)
    return _CREATOR.sub(lambda match: b"/Creator (" + b"nnbook".ljust(len(match[1])) + b")", content, count=1)
