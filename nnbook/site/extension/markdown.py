"""A page's resolved text as the Markdown that notebooks show: no directives or roles, references written out.

JupyterLab and Colab both render CommonMark with tables, formulas between dollars, and a little HTML.
"""

import base64
import mimetypes
import re
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import admonitionlabels
from sphinx.util.math import get_node_equation_number
from sphinx_design.tabs import sd_tab_input

from nnbook.site.extension.folded import Folded
from nnbook.site.extension.mathematics import lines
from nnbook.site.extension.sections import numbered

# What shows nothing by itself. Outputs are left out, too: whoever runs the notebook gets their own.
_SILENT = (nodes.Invisible, nodes.system_message, nodes.colspec, addnodes.toctree, nodes.meta, sd_tab_input)
_ASIDES = (nodes.Admonition, nodes.sidebar, nodes.topic)
_THROUGH = (
    nodes.document,
    nodes.container,
    nodes.compound,
    nodes.figure,
    nodes.legend,
    addnodes.glossary,
    nodes.field_list,
)
_SPECIAL = re.compile(r"([\\`*_\[\]<>$])")
_STARTS_BLOCK = re.compile(r"^(?:(#{1,6}|[-+])(?=\s)|(\d+)([.)])(?=\s))")


class Markdown:
    """Writes nodes of a `page` whose references are resolved and things numbered."""

    def __init__(self, app: Sphinx, page: str) -> None:
        self._config = app.config
        self._folder = Path(app.srcdir)  # where the page's pictures are looked for
        self._caption_number = numbered(app, page)
        builder = SimpleNamespace(config=app.config, fignumbers=app.env.toc_fignumbers.get(page, {}), name="html")
        self._writer: Any = SimpleNamespace(builder=builder)

    def blocks(self, parent: Iterable[nodes.Node], level: int = 1) -> list[str]:
        """The pieces of Markdown of all nodes in `parent`, to be set apart by empty lines.

        Raises:
            ValueError: for a node that would be lost.
        """
        return [text for node in parent for text in self.block(node, level) if text.strip()]

    def block(self, node: nodes.Node, level: int = 1) -> list[str]:
        """The pieces of one node; `level` is that of a heading directly in it."""
        written = self._block(node, level)
        names = node.get("classes", ()) if isinstance(node, nodes.paragraph | nodes.Admonition) else ()
        for language in (name[9:] for name in names if name.startswith("language-")):
            return [f'<div lang="{language}">\n', *written, "\n</div>"]
        return written

    def _block(self, node: nodes.Node, level: int) -> list[str]:
        match node:
            case _ if isinstance(node, _SILENT) or _is_left_out(node):
                return []
            case nodes.title():
                return [f"{'#' * level} {self.inline(node)}"]
            case nodes.section():
                return self.blocks(node, level + 1)
            case _ if isinstance(node, _THROUGH):
                return self.blocks(node, level)
            case nodes.paragraph():
                return [_STARTS_BLOCK.sub(lambda m: rf"\{m[1]}" if m[1] else rf"{m[2]}\{m[3]}", self.inline(node))]
            case nodes.math_block():
                number = self._equation_number(node)
                tag = rf" \tag{{{number}}}" if number else ""
                return [f"$$\n{lines(node.astext().strip())}{tag}\n$$"]
            case nodes.literal_block() | nodes.doctest_block():
                named = node.get("language", "")
                return [f"```{_LANGUAGES.get(named, named)}\n{node.astext().rstrip()}\n```"]
            case nodes.caption():
                return [self._captioned(node)]
            case nodes.image():
                return [self._image(node)]
            case nodes.bullet_list() | nodes.enumerated_list():
                return [self._list(node, level)]
            case nodes.definition_list():
                return [text for item in node for text in self._definition(item, level)]
            case nodes.field():
                return [f"{self.inline(node[0])}: {' '.join(self.blocks(node[1], level))}"]
            case nodes.block_quote():
                return [_quoted(self.blocks(node, level))]
            case Folded():
                return [self.folded(node, node[1:], level)]
            case _ if isinstance(node, _ASIDES):
                return [_quoted(self._aside(node, level))]
            case nodes.table():
                return self._table(node)
            case nodes.transition():
                return ["---"]
            case nodes.raw():
                return [node.astext()] if node.get("format") == "html" else []
            case nodes.footnote() | nodes.citation():
                label, *rest = node.children
                first, *more = self.blocks(rest, level)
                return [f"\\[{label.astext()}\\] {first}", *more]
            case nodes.attribution():
                return [f"— {self.inline(node)}"]
            case nodes.TextElement():  # of what has no form of its own: the title of a tab, of a card, of a box
                return [_head(self.inline(node))]
        raise ValueError(
            f"a page with cells must be able to become a notebook; {type(node).__name__} has no form in Markdown; "
            "use another construct, or add it to nnbook/site/extension/markdown.py"
        )

    def folded(self, node: Folded, content: Iterable[nodes.Node], level: int) -> str:
        """What is folded, with the part of it that is text."""
        text = "\n\n".join(self.blocks(content, level))
        return f"<details><summary>{self.inline(node[0])}</summary>\n\n{text}\n\n</details>"

    def inline(self, parent: nodes.Node) -> str:
        """The text in `parent`, on one line."""
        return "".join(map(self._inline, parent.children))

    def _inline(self, node: nodes.Node) -> str:
        match node:
            case nodes.Text():
                return _escaped(node.astext())
            case nodes.emphasis() | nodes.title_reference():
                return _marked(self.inline(node), "*", "em", _neighbours(node))
            case nodes.strong():
                return _marked(self.inline(node), "**", "strong", _neighbours(node))
            case nodes.literal() if "kbd" in node["classes"]:
                return f"<kbd>{_escaped(node.astext())}</kbd>"
            case nodes.literal():
                ticks = "``" if "`" in node.astext() else "`"
                return f"{ticks}{node.astext()}{ticks}"
            case nodes.math():
                return f"${node.astext().strip()}$"
            case nodes.reference():
                address = self._address(node)
                if not address:
                    return "" if _OF_CARD in node["classes"] else self.inline(node)
                return f"[{self.inline(node)}]({address})"
            case nodes.image():
                return self._image(node)
            case nodes.footnote_reference() | nodes.citation_reference():
                return f"\\[{node.astext()}\\]"
            case nodes.raw() if "task-list-item-checkbox" in node.astext():
                return "[x]" if "checked" in node.astext() else "[ ]"
            case nodes.raw():
                return node.astext().strip() if node.get("format") == "html" else ""
            case nodes.subscript() | nodes.superscript():
                return f"<{node.tagname[:3]}>{self.inline(node)}</{node.tagname[:3]}>"
        return "" if isinstance(node, _SILENT) or _is_left_out(node) else self.inline(node)

    def _captioned(self, caption: nodes.Element) -> str:
        """A caption; its number in bold tells it from the text."""
        return f"**{self._caption_number(caption.parent)}** {self.inline(caption)}".replace("****", "").strip()

    def _equation_number(self, block: nodes.math_block) -> str:
        return get_node_equation_number(self._writer, block) if block.get("label") else ""

    def _address(self, reference: nodes.reference) -> str | None:
        """The address of a reference, or None if a notebook can't follow it."""
        uri: str = reference.get("refuri", "")
        if not reference.get("internal"):
            return uri or None
        base = self._config.html_baseurl.rstrip("/")
        return f"{base}/{self._config.language}/{uri}" if base and uri and not uri.startswith("#") else None

    def _image(self, node: nodes.image) -> str:
        path = self._folder / node["uri"]
        kind = mimetypes.guess_type(path.name)[0]
        content = base64.b64encode(path.read_bytes()).decode()
        return f"![{_escaped(node.get('alt', ''))}](data:{kind};base64,{content})"

    def _list(self, node: nodes.Element, level: int) -> str:
        """A list; it is loose if an item has more than a line."""
        items = [self.blocks(item, level) for item in node]
        written = []
        for number, blocks in enumerate(items, node.get("start", 1)):
            mark = f"{number}. " if isinstance(node, nodes.enumerated_list) else "- "
            first, *more = "\n\n".join(blocks).splitlines() or [""]
            indented = (f"{' ' * len(mark)}{line}" if line else "" for line in more)
            written.append("\n".join([f"{mark}{first}", *indented]))
        return ("\n\n" if any(len(blocks) > 1 for blocks in items) else "\n").join(written)

    def _definition(self, item: nodes.Node, level: int) -> list[str]:
        """A term in bold, unless it is a link, and what it means as a quotation under it."""
        found = []
        for child in item.children:
            if isinstance(child, nodes.term):
                found.append(_head(self.inline(child)))
            else:
                found.append(_quoted(self.blocks(child.children, level)))
        return found

    def _aside(self, node: nodes.Element, level: int) -> list[str]:
        """The title of an admonition in bold (that of a note is its kind), then its text."""
        titles = [child for child in node if isinstance(child, nodes.title)]
        heads = [self.inline(title) for title in titles] or [str(admonitionlabels.get(node.tagname, ""))]
        head = [_marked(text, "**", "strong") for text in heads]
        return head + self.blocks((child for child in node if child not in titles), level)

    def _table(self, node: nodes.table) -> list[str]:
        """A table with pipes; without a head, it gets an empty one."""
        rows = [[self._in_cell(entry) for entry in row] for row in node.findall(nodes.row)]
        head = len(list(node.findall(nodes.thead)))
        if not head:
            rows.insert(0, [""] * len(rows[0]))
        rows.insert(1, ["---"] * len(rows[0]))
        title = [self._captioned(child) for child in node if isinstance(child, nodes.title)]
        return [*title, "\n".join(f"| {' | '.join(row)} |" for row in rows)]

    def _in_cell(self, entry: nodes.Node) -> str:
        """What stands in a cell of a table, on one line."""
        return "<br>".join("\n".join(self.blocks(entry)).splitlines()).replace("|", r"\|")


_LANGUAGES = {"ipython3": "python", "default": "", "none": ""}
_OF_CARD = "sd-stretched-link"  # a link without words of its own, over a whole card


def _is_left_out(node: nodes.Node) -> bool:
    """Whether a cell showed this (what it was wrapped in may be gone), or it is the dark one of two pictures."""
    if not isinstance(node, nodes.Element):
        return False
    shown = node.get("nb_element") in {"cell_code_output", "mime_bundle"}
    return shown or not {"output", "only-dark"}.isdisjoint(node.get("classes", ()))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))


def _head(text: str) -> str:
    """A title in bold, unless it is a link."""
    return text if text.startswith("[") else _marked(text, "**", "strong")


def _marked(text: str, mark: str, tag: str, neighbours: tuple[str, str] = ("", "")) -> str:
    """Emphasis. A mark between punctuation and a letter is not read as one, which is common in Japanese; a tag is."""
    before, after = neighbours
    if (text[:1].isalnum() or not before.strip()) and (text[-1:].isalnum() or not after.strip()):
        return f"{mark}{text}{mark}" if text else ""
    return f"<{tag}>{text}</{tag}>"


def _neighbours(node: nodes.Node) -> tuple[str, str]:
    """The characters right before and right after an inline node."""
    place = node.parent.index(node)
    before, after = node.parent[:place], node.parent[place + 1 :]
    return "".join(other.astext() for other in before)[-1:], "".join(other.astext() for other in after)[:1]


def _quoted(blocks: Iterable[str]) -> str:
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).splitlines())
