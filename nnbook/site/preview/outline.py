"""What of a page decides how sections, figures, tables and formulas are numbered: a small part of its tree."""

from collections.abc import Iterable

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain

_ALWAYS = (nodes.section, nodes.title, nodes.caption, nodes.literal_block, addnodes.toctree)


def outline(document: nodes.document, domains: Iterable[Domain]) -> nodes.document:
    """A copy of the `document` without what has no number and holds nothing that has one.

    Sphinx asks every domain about every element, once for each page of the book, whenever one of them has changed.
    """
    numbered = (*_ALWAYS, *{kind for domain in domains for kind in domain.enumerable_nodes})
    copy = document.copy()
    copy.extend(_kept(document, numbered))
    return copy


def _kept(parent: nodes.Element, numbered: tuple[type[nodes.Element], ...]) -> list[nodes.Element]:
    kept = []
    for child in parent.children:
        if not isinstance(child, nodes.Element):
            continue
        if isinstance(child, (nodes.title, nodes.caption)):
            kept.append(child.deepcopy())
            continue
        inside = _kept(child, numbered)
        if inside or isinstance(child, numbered):
            copy = child.copy()
            copy.extend(inside)
            kept.append(copy)
    return kept
