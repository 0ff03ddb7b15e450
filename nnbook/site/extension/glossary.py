"""The glossary: its entries, and the links to them from where a chapter first uses a term.

An entry is one of Sphinx's {glossary}, with fields under its sentences: `:ja:`, or another language's code, for the
term in that language, `:also:` for other words and `:avoid:` for those that this book does not use (see
nnbook/site/translations/terms.py), which the search takes from here, and `:see:` for the place that explains it.
"""

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from nnbook.localisation import languages, name
from nnbook.localisation import text as words
from nnbook.site.translations.terms import forms, pattern

_LISTS = (nodes.bullet_list, nodes.enumerated_list, nodes.list_item)
_RUNNING = (nodes.document, nodes.section, nodes.Admonition, nodes.figure, *_LISTS)


def synonyms(tree: nodes.Element) -> dict[str, list[str]]:
    """By each term of a glossary in `tree`, small letters throughout, the other words for it, those to avoid, too."""
    found: dict[str, list[str]] = {}
    for item in tree.findall(nodes.definition_list_item):
        for field in item.findall(nodes.field):
            if set(field.get("names", ())) & {"also", "avoid"}:
                others = [form for form, _ in forms(field[1].astext().lower())]
                found.setdefault(item[0].astext().lower(), []).extend(others)
    return found


def explained(tree: nodes.Element) -> dict[str, list[str]]:
    """By each term of a glossary in `tree` the places that explain it, as the page leads there."""
    return {
        item[0].astext(): [
            reference["refuri"]
            for field in item.findall(nodes.field)
            if "see" in field.get("names", ())
            for reference in field.findall(nodes.reference)
            if "refuri" in reference
        ]
        for item in tree.findall(nodes.definition_list_item)
    }


class NameFields(SphinxTransform):
    """Fields of an entry get names that readers know; a term of another language is marked as one."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        for glossary in self.document.findall(addnodes.glossary):
            for field in glossary.findall(nodes.field):
                key = field[0].astext()
                foreign = key in languages()
                field["names"] = [key]
                field[1]["classes"] += [f"language-{key}"] if foreign else []  # docutils makes an attribute of it
                known = name(f"site.glossary.{key}", key, self.config.language)
                field[0][:] = [nodes.Text(words("site.language_name", key) if foreign else known)]


class LinkTerms(SphinxPostTransform):
    """The first time that a chapter uses a term in running text, else in a caption, it is a link to the glossary.

    Authors write nothing. Where they do write {term}, only that is a link.
    """

    default_priority = 5  # before references are resolved (10)

    def run(self, **kwargs: Any) -> None:
        page, objects = self.env.docname, self.env.get_domain("std").data["objects"]
        places = {name.lower(): place for (kind, name), place in objects.items() if kind == "term"}
        if not places or not self.env.titles[page].get("secnumber"):
            return
        terms = sorted(places, key=len, reverse=True)  # "hidden layer" before "layer"
        known = re.compile("|".join(map(pattern, terms)), re.IGNORECASE)
        for reference in self.document.findall(addnodes.pending_xref):
            if reference["reftype"] == "term":
                places.pop(reference["reftarget"].lower(), None)
        for text in list(_running(self.document)):
            pieces: list[nodes.Node] = []
            end = 0
            for match in known.finditer(text):
                place = places.pop(terms[(match.lastindex or 0) - 1], None)
                if place:
                    shown = nodes.inline("", match[0], classes=["std-term"])
                    link = make_refnode(self.app.builder, page, place[0], place[1], shown)
                    pieces += [nodes.Text(text[end : match.start()]), link]
                    end = match.end()
            if pieces:
                text.parent.replace(text, [*pieces, nodes.Text(text[end:])])


def _running(document: nodes.document) -> Iterator[nodes.Text]:
    """The pieces of text in the paragraphs of a page, then those in its captions; what is folded does not count."""
    for block in (block for kind in (nodes.paragraph, nodes.caption) for block in document.findall(kind)):
        above = block.parent
        while isinstance(above, _RUNNING) and above.parent is not None:
            above = above.parent
        if isinstance(above, nodes.document):
            for text in block.findall(nodes.Text):
                if isinstance(text.parent, (type(block), nodes.emphasis, nodes.strong)):
                    yield text
