"""The directive {chapters}: every page of the book but the home page, with its number, a picture and a sentence.

A page gives both in its head: `description`, and `picture`, the name of one of its figures, whose first drawing or
image stands for it. Search engines and cards show the description, too.
"""

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

LOGGER = logging.getLogger(__name__)
_FACE = "nnbook-face"  # in what Sphinx keeps of a page: the markup of its picture
_PICTURE = re.compile(r"<img\b[^>]*>|<(/?)svg\b[^>]*>")
_ROOM = re.compile(r'<div class="(nnb nnb-[\w-]+)')


class ChaptersNode(nodes.General, nodes.Element):
    """Where the list is to stand."""


class Chapters(SphinxDirective):
    """The list is made when all pages have been read."""

    def run(self) -> list[nodes.Node]:
        return [ChaptersNode()]


def keep_picture(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the picture that stands for the page; an event of Sphinx, once a page has been read."""
    about, page = app.env.metadata[app.env.docname], app.env.docname
    name = about.get("picture")
    if not name:
        return
    figures = (figure for figure in doctree.findall(nodes.figure) if name in figure["names"])
    markup = "".join(raw.astext() for figure in figures for raw in figure.findall(nodes.raw))
    first, room = _first(markup), _ROOM.search(markup)
    if first and room:
        about[_FACE] = f'<div class="{room[1]}" aria-hidden="true">{_filling(first)}</div>'
    else:
        LOGGER.warning(
            "the picture of a page must be one of its figures that has a drawing or an image; got %r; write the name "
            "of another caption into `picture` in the head of the page",
            name,
            location=f"{app.env.doc2path(page)}:1",
        )


class FillChapters(SphinxPostTransform):
    """Write the list."""

    default_priority = 5  # before references are resolved (10) and pictures put in place (900)

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(ChaptersNode)):
            pages = [page for page in self.env.collect_relations() if page != self.config.root_doc]
            node.replace_self(nodes.bullet_list("", *map(self._item, pages), classes=["book-chapters"]))

    def _item(self, page: str) -> nodes.list_item:
        title, about = self.env.titles[page], self.env.metadata[page]
        number = title.get("secnumber")
        for key in ["description", *(["picture"] if number else [])]:
            if not about.get(key):
                LOGGER.warning(
                    "the home page must tell of every page, with a picture if it is a chapter; %s has no %s; write "
                    "`%s: ...` into its head",
                    page,
                    key,
                    key,
                    location=f"{self.env.doc2path(page)}:1",
                )
        shown = nodes.inline("", "", *(child.deepcopy() for child in title.children))
        if number:
            shown.insert(0, nodes.inline("", f"{'.'.join(map(str, number))} ", classes=["section-number"]))
        link = make_refnode(self.app.builder, self.env.docname, page, "", shown)
        picture = nodes.container("", nodes.raw("", about.get(_FACE, ""), format="html"), classes=["output"])
        texts = nodes.paragraph("", "", link), nodes.paragraph("", about.get("description", ""))
        return nodes.list_item("", *([picture] if _FACE in about else []), *texts)


def faces(app: Sphinx) -> Iterator[tuple[str, str, str]]:
    """What the list quotes of the pages: it has to be written again if that changes."""
    for page, about in sorted(app.env.metadata.items()):
        yield page, about.get("description", ""), about.get(_FACE, "")


def _first(markup: str) -> str:
    """The first image or drawing in the `markup` of a figure, "" if it has none; drawings may hold others."""
    start, depth = 0, 0
    for tag in _PICTURE.finditer(markup):
        start = start if depth else tag.start()
        depth += 0 if tag[1] is None else -1 if tag[1] else 1
        if not depth:
            return markup[start : tag.end()]
    return ""


def _filling(picture: str) -> str:
    """A picture without its words, which fills the room it is given."""
    if picture.startswith("<img"):
        return re.sub(r' alt="[^"]*"', ' alt=""', picture)
    return picture.replace("<svg", '<svg preserveAspectRatio="xMidYMid slice"', 1)
