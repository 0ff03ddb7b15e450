"""What is on a page but must not be, or was not meant: one walk over all of it, once everything is text.

Nothing from outside of the book gets in and nothing runs (see `nnbook.site.boundary`); nothing that EPUB and paper
can't show; no marks that stayed as they were typed, no prices read as formulas, no lost pictures.
"""

import re
import textwrap
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from docutils import nodes
from PIL import Image
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from nnbook.site.boundary import REMEDY, RULE, dangers, harmful_links, is_harmful, leads_out
from nnbook.site.extension.outputs import PICTURES, TO_PICTURES, keep
from nnbook.site.extension.places import place_of

LOGGER = logging.getLogger(__name__)
SIZE = "pixels"  # of a picture: its width and height
_MARKS = {
    re.compile(r"\*\*"): (
        "** must stand around strong text",
        "take the punctuation inside of it out, put a space beside it, or write `**` if it is meant",
    ),
    re.compile(r"\[\^[^\]\s]+\]"): ("a footnote must have its text", "write it as a paragraph that begins with {}:"),
}
_EMBEDDED = re.compile(r"<(iframe|video|audio|embed|object)\b", re.IGNORECASE)
_IMAGE = re.compile(r"""(<img\b[^>]*?\ssrc\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_COMMAND = re.compile(r"\\[a-zA-Z]+\*?(\s*\{[^{}]*\})*")
_PROSE = re.compile(r"[A-Za-z]{2,}\s+[A-Za-z]{2,}|[\u3040-\u30ff]{2,}")
_CODE = (nodes.FixedTextElement, nodes.literal, nodes.math, nodes.raw)
_LINK = ("a link must lead to a page or a file", "write another address")
_SHOWABLE = (
    "a page must hold what EPUB and paper can show, and ask no other site for anything",
    "show a picture and link to the rest",
)
_REMOTE = "a picture must lie in the book, since pages ask no other host; got {!r}; save it beside the page"
_BROKEN = "a picture must be what its name says; {!r} holds none that can be read; save it as PNG, JPEG, WebP or SVG"


class Unmeant(SphinxTransform):
    """Warn of it with its place, take out what is dangerous, and take pictures of raw HTML along."""

    default_priority = 870  # after all other text has come, before Sphinx collects files (880)

    def apply(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(lambda node: not isinstance(node, nodes.document))):
            match node:
                case nodes.raw():
                    self._raw(node)
                case nodes.Text():
                    self._text(node)
                case nodes.meta() if node.get("http-equiv"):
                    self._take_out(node, "http-equiv", "the head of a page must run and load nothing", "leave it out")
                case nodes.image():
                    self._image(node)
                case addnodes.toctree():
                    any(self._is_refused(node, str(address)) for _, address in node["entries"])
                case addnodes.download_reference():
                    self._is_refused(node, str(node.get("reftarget", "")), is_file=True)
                case nodes.Element():
                    self._is_refused(node, str(node.get("refuri", "")))
            if isinstance(node, nodes.TextElement) and not isinstance(node, _CODE):
                self._marks(node)
                self._prices(node)

    def _is_refused(self, node: nodes.Element, address: str, is_file: bool = False) -> bool:
        """Whether an element must not lead to this `address`; it is taken out then."""
        if is_harmful(address):
            if not _is_shown(node):
                self._take_out(node, address, *_LINK)
                return True
        elif is_file and "://" not in address and leads_out(self._file(address), self._page):
            self._take_out(node, address, RULE, REMEDY)
            return True
        return False

    def _text(self, node: nodes.Text) -> None:
        """MyST leaves a link as text if its scheme is one that runs something."""
        if not isinstance(node.parent, _CODE) and "literal" not in node.parent.get("classes", []):
            for address in harmful_links(node.astext()):
                self._say(node, address, *_LINK)

    def _image(self, node: nodes.image) -> None:
        if node["uri"].startswith("data:image/"):
            return
        if not _is_remote(node["uri"]) and not self._file(node["uri"]).is_file():
            node["uri"] = unquote(node["uri"])  # Markdown writes an address, Sphinx looks for a file
        address = node["uri"]
        if not _is_shown(node) and self._is_refused(node, address, is_file=True):
            return
        if _is_remote(address):
            LOGGER.warning(_REMOTE.format(address), location=place_of(node, address))
        elif (file := self._file(address)).is_file():
            node[SIZE] = self._size(node, file, address)

    def _raw(self, node: nodes.raw) -> None:
        markup = node.astext()
        is_text = "html" in node.get("format", "").split() and not _is_shown(node)
        if embedded := _EMBEDDED.search(markup):
            self._take_out(node, f"<{embedded[1].lower()}>", *_SHOWABLE)
        elif is_text and (found := dangers(markup)):
            self._take_out(node, found[0], "HTML in a page must run and load nothing", "use Markdown")
        elif node.get("format") == "html" and "<img" in markup:
            node.children[:] = [nodes.Text(_IMAGE.sub(partial(self._taken_along, node), markup))]

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

    @property
    def _page(self) -> Path:
        return Path(self.env.doc2path(self.env.docname))

    def _file(self, path: str) -> Path:
        """The file that has this `path`, as seen from the page."""
        return Path(self.env.relfn2path(path, self.env.docname)[1])

    def _taken_along(self, raw: nodes.raw, match: re.Match[str]) -> str:
        """The beginning of an <img> whose picture is put with those of figures; Sphinx would leave it behind."""
        address = match[2].strip("\"'")
        if address.startswith(("data:", TO_PICTURES)):
            return match[0]
        file = self._file(unquote(urlsplit(address).path))
        if _is_remote(address):
            LOGGER.warning(_REMOTE.format(address), location=place_of(raw, address))
        elif not file.is_file() or leads_out(file, self._page):
            message = f"a picture must be a file in the book; got {address!r}; put it there, or mend the address"
            LOGGER.warning(message, location=place_of(raw, address))
        elif self._size(raw, file, address) is not None:
            name = keep(file.read_bytes(), file.suffix[1:].lower(), Path(self.app.outdir, PICTURES))
            self.env.note_dependency(str(file))
            return f'{match[1]}"{TO_PICTURES}{name}"'
        return match[0]

    def _size(self, node: nodes.Element, file: Path, address: str) -> tuple[int, ...] | None:
        """Width and height of a picture in pixels, () if it has none; None if it is no picture, which is told."""
        content = file.read_bytes()
        if content.lstrip()[:5] in (b"<?xml", b"<svg "):
            return ()
        try:
            with Image.open(BytesIO(content)) as picture:
                picture.verify()
                return picture.size
        except (OSError, SyntaxError):
            LOGGER.warning(_BROKEN.format(address), location=place_of(node, address))
            return None

    def _take_out(self, node: nodes.Element, came: str, rule: str, remedy: str) -> None:
        """Say what is wrong with a `node`, and leave of it the text alone."""
        self._say(node, came, rule, remedy)
        if node.parent is not None:
            node.replace_self(nodes.inline("", "", *([] if isinstance(node, nodes.raw) else node.children)))

    def _say(self, node: nodes.Node, came: str, rule: str, remedy: str) -> None:
        short = textwrap.shorten(came, 80, placeholder=" ...") or came.strip()[:80]
        LOGGER.warning("%s; got %s; %s", rule, short, remedy, location=place_of(node, came.splitlines()[0]))


def _is_shown(node: nodes.Node | None) -> bool:
    """Whether a cell has shown the `node`: that is code, not text."""
    while node is not None and not (isinstance(node, nodes.container) and node.get("nb_element") == "mime_bundle"):
        node = node.parent
    return node is not None


def _is_remote(address: str) -> bool:
    return address.startswith("//") or "://" in address
