"""The book as an EPUB 3: one file, no script, nothing from anywhere else."""

import zipfile
from collections.abc import Iterable
from datetime import datetime
from html import escape
from io import BytesIO
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from nnbook.localisation import text as words
from nnbook.site.portable.chapters import PICTURES, Chapter, Heading, contents
from nnbook.site.portable.cover import cover
from nnbook.site.portable.markup import document, markup
from nnbook.site.portable.style import FONT, style

_CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_PACKAGE = """\
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>{language}</dc:language>
<dc:creator>{authors}</dc:creator>
<dc:description>{description}</dc:description>
<dc:rights>{licence}</dc:rights>
<meta property="dcterms:modified">{modified}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual,visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
_HEAD = '<link rel="stylesheet" type="text/css" href="style.css"/>'
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}


class _File(NamedTuple):
    """A file of the book: what the package says of it, and its content."""

    id: str
    name: str
    kind: str
    content: bytes
    properties: str = ""
    read: bool = False  # whether it is one of those that are read one after the other


def epub(chapters: list[Chapter], pictures: dict[str, bytes], language: str, address: str, modified: datetime) -> bytes:
    """The file.

    Args:
        address: what tells this book from all others, such as the place where its source is.
        modified: the time that the book gives as that of its last change.
    """
    for chapter in chapters:
        chapter.link(lambda page, place: f"{_name(page)}{'#' if place else ''}{place}")
    files = list(_files(chapters, pictures, language))
    about = {
        "identifier": uuid5(NAMESPACE_URL, f"{address}#{language}"),
        "language": language,
        "modified": modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **{key: escape(words(f"site.{key}", language)) for key in ("title", "authors", "description", "licence")},
        "manifest": "\n".join(_item(file) for file in files),
        "spine": "\n".join(f'<itemref idref="{file.id}"/>' for file in files if file.read),
    }
    package = _PACKAGE.format_map(about)
    content = [("META-INF/container.xml", _CONTAINER.encode()), ("book/package.opf", package.encode())]
    return _zipped([*content, *((f"book/{file.name}", file.content) for file in files)])


def _name(page: str) -> str:
    return f"{page.replace('/', '--')}.xhtml"


def _item(file: _File) -> str:
    properties = f' properties="{file.properties}"' if file.properties else ""
    return f'<item id="{file.id}" href="{file.name}" media-type="{file.kind}"{properties}/>'


def _files(chapters: list[Chapter], pictures: dict[str, bytes], language: str) -> Iterable[_File]:
    """All files, those that are read first."""
    xhtml, title = "application/xhtml+xml", words("site.title", language)
    alt = escape(words("site.cover_alt", language, title=title))
    front = f'<section epub:type="cover" class="cover"><img src="cover.jpg" alt="{alt}"/></section>'
    yield _File("cover", "cover.xhtml", xhtml, document(language, title, _HEAD, front).encode(), read=True)
    navigation = _navigation([chapter.heading() for chapter in chapters], language)
    page = document(language, words("site.contents", language), _HEAD, navigation)
    yield _File("contents", "contents.xhtml", xhtml, page.encode(), "nav", read=True)
    for number, chapter in enumerate(chapters):
        holds = " ".join(kind for name, kind in (("math", "mathml"), ("svg", "svg")) if chapter.article.find(name))
        page = document(language, chapter.title, _HEAD, markup(chapter.article))
        yield _File(f"chapter-{number}", _name(chapter.page), xhtml, page.encode(), holds, read=True)
    yield _File("style", "style.css", "text/css", style("book.css", "epub.css").encode())
    yield _File("formulas", FONT.name, "font/woff2", FONT.read_bytes())
    yield _File("cover-image", "cover.jpg", "image/jpeg", cover(title, pictures), "cover-image")
    for name, content in sorted(pictures.items()):
        kind = _TYPES[name.rpartition(".")[2]]
        yield _File(f"picture-{name.replace('.', '-')}", f"{PICTURES}/{name}", kind, content)


def _navigation(headings: list[Heading], language: str) -> str:
    """The table of contents, and for readers the place where the text begins."""
    title = escape(words("site.contents", language))
    first = _name(headings[0].page)
    return (
        f'<nav epub:type="toc" id="toc"><h1>{title}</h1>{contents(headings, _entry)}</nav>\n'
        f'<nav epub:type="landmarks" hidden="hidden"><ol><li><a epub:type="toc" href="#toc">{title}</a></li>'
        f'<li><a epub:type="bodymatter" href="{first}">{escape(headings[0].title)}</a></li></ol></nav>'
    )


def _entry(heading: Heading) -> str:
    place = f"{_name(heading.page)}{'#' if heading.id else ''}{heading.id}"
    return f'<a href="{place}">{escape(heading.title)}</a>'


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The archive, without times; what it is comes first and uncompressed, as readers expect."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"application/epub+zip")
        for name, content in files:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, compresslevel=9)
    return whole.getvalue()
