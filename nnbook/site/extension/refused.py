"""What no form of the book can show: refused with its place, before a reader misses it."""

import re
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
_EMBEDDED = re.compile(r"<(iframe|video|audio|embed|object)\b", re.IGNORECASE)  # in what a cell shows, too


class Refuse(SphinxTransform):
    """Warn of films, frames and the like."""

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
