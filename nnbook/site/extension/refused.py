"""What no form of the book can show, or not to everyone: refused with its place, before a reader misses it."""

import re
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
_EMBEDDED = re.compile(r"<(iframe|video|audio|embed|object)\b", re.IGNORECASE)


class Refuse(SphinxTransform):
    """Warn of films, frames and the like, and of pictures of cells without words for who can't see them."""

    default_priority = 399  # before outputs move into their figures

    def apply(self, **kwargs: Any) -> None:
        for markup in self.document.findall(nodes.raw):
            for name in dict.fromkeys(_EMBEDDED.findall(markup.astext())):
                LOGGER.warning(
                    "a page must hold what EPUB and paper can show, and ask no other site for anything; got <%s>; show "
                    "a picture and link to the rest",
                    name.lower(),
                    location=markup,
                )
        for cell in self.document.findall(nodes.container):
            shown = cell.findall(nodes.image) if cell.get("nb_element") == "cell_code" else ()
            if not all(picture.get("alt") for picture in shown):
                LOGGER.warning(
                    "a picture of a cell must have words for who can't see it; got none; write them in the head of the "
                    "cell, as mystnb: {image: {alt: ...}}",
                    location=cell,
                )
