"""How elements are written that Sphinx writes without what readers need: room for pictures, tables that scroll."""

from typing import Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from nnbook.localisation import text as words
from nnbook.site.extension.unmeant import SIZE

_AT_ONCE = 2  # pictures at the top of a page that are not left for later


class Translator(HTML5Translator):
    """Sphinx's own writer of HTML, with a few things added."""

    _pictures = 0

    def visit_table(self, node: nodes.Element) -> None:
        """A wide table scrolls by itself."""
        self.body.append('<div class="book-table">')
        super().visit_table(node)

    def depart_table(self, node: nodes.Element) -> None:
        super().depart_table(node)
        self.body.append("</div>\n")

    def add_permalink_ref(self, node: nodes.Element, title: str) -> None:
        """The words of a language are those of its catalogue; Sphinx has them for few."""
        super().add_permalink_ref(node, words("site.link", self.config.language))

    def visit_admonition(self, node: nodes.Element, name: str = "") -> None:
        super().visit_admonition(node, name)
        if name:
            node[0].children[:] = [nodes.Text(words(f"site.admonition.{name}", self.config.language))]

    def emptytag(self, node: Any, tagname: str, suffix: str = "\n", **attributes: Any) -> str:
        """A picture keeps its room, so that nothing moves when it comes; one further down is loaded when it is near."""
        if tagname == "img":
            self._pictures += 1
            room = dict(zip(("width", "height"), node.get(SIZE) or (), strict=False))
            later = {"loading": "lazy"} if self._pictures > _AT_ONCE else {}
            attributes = {**room, **later, **attributes}
        return str(super().emptytag(node, tagname, suffix, **attributes)).replace(" />", ">")

    def starttag(self, node: Any, tagname: str, suffix: str = "\n", empty: bool = False, **attributes: Any) -> str:
        """A cell that heads a column or a row says so; docutils has no place of its own to do this."""
        if tagname == "th" and isinstance(node, nodes.entry):
            attributes["scope"] = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
        return str(super().starttag(node, tagname, suffix, empty, **attributes))
