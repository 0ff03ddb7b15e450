"""What a page says, section by section, as plain text: the source of the search index.

It is taken from the document and not from the page, since there the words of figures, code and menus are in the way.
"""

import json
import re
from collections import ChainMap
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from nnbook.site.extension.glossary import explained, synonyms
from nnbook.site.extension.mathematics import plain

SUFFIX = ".sections.json"
SIGN = "behind"  # the class of what tells the reader that a passage is behind its source
_NOTES = {"untranslated-note"}
Numbered = Callable[[nodes.Element], str]
# What a reader sees but does not look for: code, formulas, pictures with their words, names and digests in tables. A
# term leads to where it is explained.
_LEFT_OUT = (
    addnodes.glossary,
    nodes.Invisible,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.section,
    nodes.system_message,
)


def write_sections(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Write the sections of a page beside it; an event of Sphinx, once a page is about to be written."""
    if doctree is None:
        return
    path = Path(app.outdir, f"{pagename}{SUFFIX}")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(list(sections(doctree, numbered(app, pagename))), ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def numbered(app: Sphinx, page: str) -> Numbered:
    """What gives the words before the caption of a figure, a table or code on `page`: "Fig. 2.9", or "" if none."""
    numbers = app.env.toc_fignumbers.get(page, {})

    def words_of(node: nodes.Element) -> str:
        kind = {"container": "code-block"}.get(node.tagname, node.tagname)
        number = numbers.get(kind, {}).get(node["ids"][0] if node["ids"] else "", ())
        return str(app.config.numfig_format.get(kind, "%s") % ".".join(map(str, number))).strip() if number else ""

    return words_of


def sections(document: nodes.Element, number: Numbered) -> Iterator[dict[str, Any]]:
    """The sections of a `document` in reading order, the page itself first: `id`, `title` and `blocks` of text; of a
    glossary `synonyms` of its terms, and where each is `explained`.

    Args:
        number: gives the words before a caption.
    """
    for section in document.findall(nodes.section):
        title = section.next_node(nodes.title)
        blocks = list(dict.fromkeys(_text(block, number) for block in _blocks(section) if _is_telling(block)))
        if title is not None and _is_other(title) and not blocks and section.parent is not document:
            continue
        glossaries = list(section.findall(addnodes.glossary))
        yield {
            "id": section["ids"][0],
            "title": "" if title is None else title_text(title),
            "blocks": blocks,
            "synonyms": dict(ChainMap(*map(synonyms, glossaries))),
            "explained": dict(ChainMap(*map(explained, glossaries))),
        }


def title_text(title: nodes.Element) -> str:
    """A title as plain text, with its formulas; of one that can't be set, which is warned of elsewhere, the LaTeX."""
    copy = title.deepcopy()
    for formula in list(copy.findall(nodes.math)):
        with suppress(ValueError):
            formula[:] = [nodes.Text(plain(formula.astext().strip()))]
    return " ".join(copy.astext().split())


def _blocks(parent: nodes.Element) -> Iterator[nodes.Element]:
    """The paragraphs, captions, terms and the like in `parent`, but not in the sections inside of it."""
    for child in parent.children:
        if (
            not isinstance(child, nodes.Element)
            or isinstance(child, _LEFT_OUT)
            or _is_folded(child)
            or _is_other(child)
        ):
            continue
        if isinstance(child, nodes.TextElement) or _is_bare(child):
            if not (isinstance(parent, nodes.section) and isinstance(child, nodes.title)):
                yield child
        else:
            yield from _blocks(child)


def _is_other(element: nodes.Element) -> bool:
    """Whether it is not in the page's language, or says that something is not: found where it is in its own."""
    return any(name == SIGN or name in _NOTES or name.startswith("language-") for name in element.get("classes", ()))


def _is_bare(element: nodes.Element) -> bool:
    """Whether it is a cell of a table with no paragraph around its text; see records.py."""
    return isinstance(element, nodes.entry) and isinstance(element.next_node(), nodes.Text | nodes.Inline)


def _is_folded(element: nodes.Element) -> bool:
    """Whether it is a table of the record that stays folded: numbers and names, many times over."""
    return isinstance(element, nodes.container) and bool(element.children) and isinstance(element[0], nodes.raw)


def _is_telling(block: nodes.Element) -> bool:
    """Whether a reader may look for it: words, and not only numbers or a name in a table."""
    in_table = nodes.entry in {type(block), type(block.parent)}
    name_in_table = in_table and isinstance(block.next_node(), nodes.literal)
    return not name_in_table and re.search(r"[^\W\d_]", "".join(_pieces(block))) is not None


def _text(block: nodes.Element, number: Numbered) -> str:
    """What a block says; a caption with the words before it, which readers of a printed page look for."""
    before = number(block.parent) if isinstance(block, nodes.caption) else ""
    return " ".join([before, *"".join(_pieces(block)).split()]).strip()


def _pieces(element: nodes.Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif isinstance(child, nodes.Element) and not isinstance(child, _LEFT_OUT):
            yield from _pieces(child)
