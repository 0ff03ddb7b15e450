"""The articles of pages as XHTML that every reader of XML understands: no prefixes, namespaces where they begin."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EntitySubstitution
from bs4.element import PreformattedString
from bs4.formatter import Formatter

_NAMESPACES = {"svg": "http://www.w3.org/2000/svg", "math": "http://www.w3.org/1998/Math/MathML"}
_XLINK = "http://www.w3.org/1999/xlink"
_CAMEL = re.compile(r"[<\s]([a-z]+[A-Z][A-Za-z]*)(?=[\s=>/])")  # as names in SVG are written, and none in HTML

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


def article_of(page: str) -> Tag:
    """The article of a `page` in HTML, without comments; names of SVG are as they were written."""
    article = BeautifulSoup(page, "html.parser", multi_valued_attributes=None).article
    assert article is not None
    for comment in article.find_all(string=lambda text: isinstance(text, PreformattedString)):
        comment.extract()
    written = {name.lower(): name for name in _CAMEL.findall(page)}
    for element in article.select("svg, svg *"):
        element.name = written.get(element.name, element.name)
        element.attrs = {written.get(name, name): value for name, value in element.attrs.items()}
    for element in article.find_all(list(_NAMESPACES)):
        spaces = {"xmlns": _NAMESPACES[element.name], **({"xmlns:xlink": _XLINK} if "xlink:" in page else {})}
        element.attrs = {**spaces, **element.attrs}
    return article


def markup(element: Tag) -> str:
    """The `element` in a document of XHTML."""
    return element.decode(formatter=_FORMATTER)


class _Xml(Formatter):
    def attributes(self, tag: Tag) -> Iterable[tuple[str, Any]]:
        """Those of a namespace that the document knows, in their order."""
        known = ("xmlns", "xlink:")
        return [(name, value) for name, value in tag.attrs.items() if ":" not in name or name.startswith(known)]


_FORMATTER = _Xml(language=Formatter.XML, entity_substitution=EntitySubstitution.substitute_xml)
