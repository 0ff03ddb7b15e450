"""What is on a page but was not meant: marks that stayed as they were typed, prices read as formulas, lost pictures."""

import hashlib
import re
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from docutils import nodes
from PIL import Image
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from nnbook.site.boundary import leads_out
from nnbook.site.extension.outputs import PICTURES, TO_PICTURES
from nnbook.site.extension.places import place_of

LOGGER = logging.getLogger(__name__)
_MARKS = {
    re.compile(r"\*\*"): (
        "** must stand around strong text",
        "take the punctuation inside of it out, put a space beside it, or write `**` if it is meant",
    ),
    re.compile(r"\[\^[^\]\s]+\]"): ("a footnote must have its text", "write it as a paragraph that begins with {}:"),
}
_IMAGE = re.compile(r"""(<img\b[^>]*?\ssrc\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_COMMAND = re.compile(r"\\[a-zA-Z]+\*?(\s*\{[^{}]*\})*")
_PROSE = re.compile(r"[A-Za-z]{2,}\s+[A-Za-z]{2,}|[\u3040-\u30ff]{2,}")
_REMOTE = "a picture must lie in the book, since pages ask no other host; got {!r}; save it beside the page"

_BROKEN = "a picture must be what its name says; {!r} holds none that can be read; save it as PNG, JPEG, WebP or SVG"


class Unmeant(SphinxTransform):
    """Warn of what readers would see and no author wanted; take pictures of raw HTML along."""

    default_priority = 410  # after values and outputs have become text

    def apply(self, **kwargs: Any) -> None:
        for element in self.document.findall(nodes.TextElement):
            if not isinstance(element, nodes.FixedTextElement | nodes.literal | nodes.math | nodes.raw):
                self._marks(element)
                self._prices(element)
        for image in self.document.findall(nodes.image):
            if _is_remote(image["uri"]):
                LOGGER.warning(_REMOTE.format(image["uri"]), location=place_of(image, image["uri"]))
            elif not self._file(image["uri"], quoted=False).is_file():
                image["uri"] = unquote(image["uri"])  # Markdown writes an address, Sphinx looks for a file
            file, page = self._file(image["uri"], quoted=False), Path(self.env.doc2path(self.env.docname))
            if file.is_file() and not leads_out(file, page) and not _is_picture(file):
                LOGGER.warning(_BROKEN.format(image["uri"]), location=place_of(image, image["uri"]))
        for raw in self.document.findall(nodes.raw):
            if raw.get("format") == "html" and "<img" in (markup := raw.astext()):
                raw.children.clear()
                raw += nodes.Text(_IMAGE.sub(partial(self._taken_along, raw), markup))

    def _marks(self, element: nodes.TextElement) -> None:
        """Warn of Markdown that stayed in the text, unless backslashes say that it shall."""
        text = "".join(child for child in element.children if isinstance(child, nodes.Text))
        for pattern, (rule, remedy) in _MARKS.items():
            found = pattern.search(text)
            if found and "\\" not in element.rawsource:
                message = f"{rule}; {found[0]} stayed as it is; {remedy.format(found[0])}"
                LOGGER.warning(message, location=place_of(element, found[0]))

    def _prices(self, element: nodes.TextElement) -> None:
        """Warn of a formula that reaches from one price to the next."""
        for formula in (child for child in element.children if isinstance(child, nodes.math)):
            tex, at = formula.astext(), element.index(formula)
            before = element[at - 1].astext()[-1:] if at else ""
            after = element[at + 1].astext()[:1] if at + 1 < len(element) else ""
            amounts = (tex[:1].isdigit() and after.isdigit()) or (
                before.isdigit() and tex[-1:].isdigit() and not re.match(r"[\w\\]", tex, re.ASCII)
            )
            if amounts or _PROSE.search(_COMMAND.sub("", tex)):
                message = (
                    f"a formula must hold no prose; got ${tex}$; write \\$ for a dollar, \\text{{...}} for words in it"
                )
                LOGGER.warning(message, location=place_of(formula, tex))

    def _file(self, address: str, quoted: bool = True) -> Path:
        """The file that has this `address`, as seen from the page."""
        path = unquote(urlsplit(address).path) if quoted else address
        return Path(self.env.doc2path(self.env.docname)).parent.joinpath(path).resolve()

    def _taken_along(self, raw: nodes.raw, match: re.Match[str]) -> str:
        """The beginning of an <img> whose picture is put with those of figures; Sphinx would leave it behind."""
        address = match[2].strip("\"'")
        if address.startswith(("data:", TO_PICTURES)):
            return match[0]
        file = self._file(address)
        if _is_remote(address):
            LOGGER.warning(_REMOTE.format(address), location=place_of(raw, address))
        elif file.is_file() and not _is_picture(file):
            LOGGER.warning(_BROKEN.format(address), location=place_of(raw, address))
        elif not file.is_file() or not file.is_relative_to(Path(self.env.srcdir).resolve().parent):
            message = f"a picture must be a file in the book; got {address!r}; put it there, or mend the address"
            LOGGER.warning(message, location=place_of(raw, address))
        else:
            content = file.read_bytes()
            name = f"{hashlib.sha256(content).hexdigest()[:16]}{file.suffix.lower()}"
            folder = Path(self.app.outdir, PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
            self.env.note_dependency(str(file))
            return f'{match[1]}"{TO_PICTURES}{name}"'
        return match[0]


def _is_picture(file: Path) -> bool:
    """Whether a file holds what pages and books can show."""
    content = file.read_bytes()
    if content.lstrip()[:5] in (b"<?xml", b"<svg "):
        return True
    try:
        Image.open(BytesIO(content)).verify()
    except (OSError, SyntaxError):
        return False
    return True


def _is_remote(address: str) -> bool:
    return address.startswith("//") or "://" in address
