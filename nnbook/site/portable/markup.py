"""Trees of elements as XHTML that every reader of XML understands: no prefixes, namespaces where they begin."""

from collections.abc import Iterator
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

XHTML = "http://www.w3.org/1999/xhtml"
XLINK = "http://www.w3.org/1999/xlink"
SVG = "http://www.w3.org/2000/svg"
_EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

DOCUMENT = """\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
  lang="{language}" xml:lang="{language}">
<head>
<title>{title}</title>
{head}
</head>
<body{attributes}>
{body}
</body>
</html>
"""


def document(language: str, title: str, head: str, body: str, attributes: str = "") -> str:
    """A whole document; all but the title is markup."""
    return DOCUMENT.format(language=language, title=escape(title), head=head, body=body, attributes=attributes)


def local(element: Element) -> str:
    """The name of an element without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def markup(element: Element, namespace: str = XHTML) -> str:
    """The `element`, without the text after it, in a document whose namespace there is `namespace`."""
    return "".join(_pieces(element, namespace))


def _pieces(element: Element, namespace: str) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    own = element.tag[1:].partition("}")[0]
    name = local(element)
    yield f"<{name}" + (f' xmlns="{own}"' if own != namespace else "")
    yield from _attributes(element)
    if name in _EMPTY and own == XHTML:
        yield "/>"
        return
    yield ">" + escape(element.text or "", quote=False)
    for child in element:
        yield from _pieces(child, own)
        yield escape(child.tail or "", quote=False)
    yield f"</{name}>"


def _attributes(element: Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name.startswith(f"{{{XLINK}}}"):
            yield f' xmlns:xlink="{XLINK}" xlink:{name.rpartition("}")[2]}="{escape(value)}"'
        elif not name.startswith("{") and ":" not in name:
            yield f' {name}="{escape(value)}"'


def classes(element: Element) -> list[str]:
    """The classes of the `element`."""
    return element.get("class", "").split()


def parents(root: Element) -> dict[Any, Element]:
    """By element the one that holds it, for all elements in `root`."""
    return {child: parent for parent in root.iter() for child in parent}


def remove(element: Element, parent: Element) -> None:
    """Take the `element` out of its `parent` and leave the text after it."""
    place = list(parent).index(element)
    if element.tail:
        if place:
            parent[place - 1].tail = (parent[place - 1].tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
