"""Boxes: what stands beside the text, and what stays folded until the reader asks for it.

Folded are answers, dropdowns, notes of the class `dropdown` and hidden cells. All become <details>, which browsers
unfold without a script. A cell can't stand inside a directive, so the cells of an answer follow it and carry the tag
`answer`.
"""

from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from nnbook.localisation import catalogue
from nnbook.localisation import text as words
from nnbook.site.extension.sections import SIGN

_BOXES = (nodes.sidebar, nodes.topic)  # {margin} is a sidebar, too; all have the look of notes


class Folded(nodes.General, nodes.Element):
    """What a reader unfolds; its first child is its `Summary`."""


class Summary(nodes.General, nodes.TextElement):
    """What is always shown of it."""


class Dropdown(SphinxDirective):
    """The directive {dropdown}, in place of the one of sphinx-design, whose colours and icons are not those here."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"open": directives.flag, "name": directives.unchanged}
    otherwise = "site.show.content"  # the key of what stands there without a title

    def run(self) -> list[nodes.Node]:
        if not self.content:
            raise self.error(f"{self.name} must have a text; got none; write it inside the fence")
        text, said = self.parse_inline(self.arguments[0]) if self.arguments else (self._untitled(), [])
        folded = Folded(
            "", Summary("", "", *text), *said, *self.parse_content_to_nodes(), opened="open" in self.options
        )
        self.set_source_info(folded)
        self.add_name(folded)
        return [folded]

    def _untitled(self) -> list[nodes.Node]:
        return [nodes.Text(words(self.otherwise, self.config.language))]


class Answer(Dropdown):
    """The directive {answer}; `FillBoxes` adds the cells that belong to it."""

    optional_arguments = 0
    option_spec: ClassVar[dict[str, Any]] = {}
    otherwise = "site.answer"


class FillBoxes(SphinxTransform):
    """Make side remarks, fold notes of the class `dropdown`, and move cells with the tag `answer` into their answer."""

    default_priority = 401  # after the outputs have got their language

    def apply(self, **kwargs: Any) -> None:
        for box in [box for kind in _BOXES for box in self.document.findall(kind) if "contents" not in box["classes"]]:
            beside = ["side"] if isinstance(box, nodes.sidebar) else []
            box["classes"] = [*beside, *(name for name in box["classes"] if name != "margin")]
            box.replace_self(nodes.admonition("", *box.children))  # which takes over ids, names and classes
        for note in [note for note in self.document.findall(nodes.Admonition) if "dropdown" in note["classes"]]:
            title = note[0].children if isinstance(note[0], nodes.title) else ()
            label = title or [nodes.Text(words(f"site.admonition.{note.tagname}", self.config.language))]
            folded = Folded("", Summary("", "", *label), *note[bool(title) :], opened="toggle-shown" in note["classes"])
            note.replace_self(folded)
        for folded in [folded for folded in self.document.findall(Folded) if SIGN not in folded["classes"]]:
            after = folded.parent.index(folded) + 1
            while after < len(folded.parent) and "tag_answer" in folded.parent[after].get("classes", []):
                folded += folded.parent.pop(after)


def add_to(app: Sphinx) -> None:
    """Tell Sphinx what can be folded."""
    app.add_node(Folded, html=(_visit, _depart))
    app.add_node(Summary, html=(_visit_summary, _depart_summary))
    app.add_node(HideCodeCellNode, override=True, html=(_visit_cell, _depart))
    app.add_directive("answer", Answer)
    app.add_directive("dropdown", Dropdown, override=True)
    app.add_transform(FillBoxes)


def _visit(translator: Any, node: Folded) -> None:
    opened = {"open": "open"} if node["opened"] else {}
    translator.body.append(translator.starttag(node, "details", CLASS="book-folded", **opened))


def _depart(translator: Any, node: nodes.Element) -> None:
    translator.body.append("</details>\n")


def _visit_summary(translator: Any, node: Summary) -> None:
    translator.body.append("<summary>")


def _depart_summary(translator: Any, node: Summary) -> None:
    translator.body.append("</summary>\n")


def _visit_cell(translator: Any, node: HideCodeCellNode) -> None:
    """Open what is hidden of a cell, with keys of the catalogue for "source", "output(s)", "content", or own words."""

    def said(prompt: str) -> str:
        return escape(str(catalogue(translator.config.language).get(prompt.removesuffix("s"), prompt)))

    show, hide = said(node["prompt_show"]), said(node["prompt_hide"])
    translator.body.append(
        '<details class="book-folded"><summary class="prompts">'
        f'<span class="when-shut">{show}</span><span class="when-open">{hide}</span></summary>\n'
    )
