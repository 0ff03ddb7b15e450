"""The pages of a language as the chapters of a book: the article alone, figures as they are without scripts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib

from nnbook.site.plain import text_of
from nnbook.site.portable.markup import SVG, XHTML, XLINK, classes, local, parents, remove
from nnbook.site.portable.pictures import Pictures

PICTURES = "images"
_LEFT_OUT = {"script", "style", "button", "template", "dialog"}
_LEFT_OUT_CLASSES = {
    "headerlink",
    "nnb-only-dark",
    "only-dark",
    "prompts",
    "radio",
    "toctree-wrapper",
    "tex2jax_ignore-only",
}
_BOX, _TICKED = "☐", "☑\ufe0e"  # of a task, the latter as a character and not as a picture
_LEFT_OUT_ATTRIBUTES = {"loading", "decoding", "fetchpriority", "tabindex", "data-facts"}
_HEADINGS = ("h1", "h2", "h3")
_IDS = ("id", "for", "headers", "aria-labelledby", "aria-describedby")

Address = Callable[[str, str], str]  # of a page and an id in it, "" for the whole page


@dataclass
class Heading:
    """An entry of the table of contents."""

    title: str
    page: str
    id: str
    below: list["Heading"] = field(default_factory=list)


@dataclass
class Chapter:
    """One page: its name, and the tree of its article, whose internal links are `Link`s to be written."""

    page: str
    article: Element
    links: list[tuple[Element, str, str]]

    @property
    def title(self) -> str:
        """The words of its first heading."""
        found = next((element for element in self.article.iter() if local(element) == "h1"), None)
        return self.page if found is None else text_of(found)

    def link(self, address: Address) -> None:
        """Write the internal links, as the form of the book needs them."""
        for element, page, place in self.links:
            element.set("href", address(page, place))

    def heading(self) -> Heading:
        """The chapter in the table of contents, its sections below it."""
        sections = (section for section in self.article.iter(f"{{{XHTML}}}section"))
        entries = [
            Heading(text_of(section[0]), self.page, section.get("id", ""))
            for section in sections
            if len(section) and local(section[0]) == "h2"
        ]
        return Heading(self.title, self.page, "", entries)

    def has(self, name: str) -> bool:
        """Whether an element of this name is in it."""
        return any(local(element) == name for element in self.article.iter())


def read_chapters(folder: Path, pages: Sequence[str], base: str, pictures: Pictures) -> list[Chapter]:
    """The chapters of all `pages`.

    Args:
        folder: where the pages of the language are.
        base: the address of this language's published pages with a slash at its end, or "". Links to what is not in
            the book lead there, or stop being links.
        pictures: takes in the pictures; the articles refer to them as files in a folder `images`.
    """
    return [_read_chapter(folder, page, frozenset(pages), base, pictures) for page in pages]


def _read_chapter(folder: Path, page: str, pages: frozenset[str], base: str, pictures: Pictures) -> Chapter:
    text = (folder / f"{page}.html").read_text(encoding="utf-8")
    tree = html5lib.parse(text, treebuilder="etree")
    article = next(element for element in tree.iter(f"{{{XHTML}}}article"))
    article.tail = ""
    _clean(article)
    for element in article.iter(f"{{{SVG}}}image"):  # pixels in a chart
        element.set("href", f"{PICTURES}/{pictures.add(element.get('href', ''), (folder / page).parent, True)}")
    for element in article.iter(f"{{{XHTML}}}img"):
        kinds = classes(element)
        form = (int(element.get("width", 1)), int(element.get("height", 1))) if "nnb-signed" in kinds else None
        name = pictures.add(element.get("src", ""), (folder / page).parent, "nnb-pixels" in kinds, form)
        element.set("src", f"{PICTURES}/{name}")
        for choice in ("srcset", "sizes"):  # of other sizes, which a book that is carried along does not have
            element.attrib.pop(choice, None)
    return Chapter(page, article, list(_links(article, page, pages, base)))


def _clean(article: Element) -> None:
    """Take out what only a browser with scripts can use, and open what is folded."""
    above = parents(article)
    for element in list(article.iter()):
        name = local(element)
        kinds = {*classes(element), element.get("type")}
        if element in above and (not name or name in _LEFT_OUT or not _LEFT_OUT_CLASSES.isdisjoint(kinds)):
            remove(element, above[element])
        elif "-" in name and not name.startswith(("font-", "color-")):
            element.tag = f"{{{XHTML}}}div"
        elif name == "details":
            element.tag = f"{{{XHTML}}}div"
            element.set("class", f"{element.get('class', '')} unfolded".strip())
        elif name in {"summary", "label"}:  # the latter is that of a tab
            element.tag = f"{{{XHTML}}}p"
            element.attrib.pop("for", None)
            element.set("class", "summary")
        elif name == "input" and element.get("type") == "checkbox":
            element.tag = f"{{{XHTML}}}span"
            element.text = _BOX if element.get("checked") is None else _TICKED
            element.attrib.clear()
        elif name == "mrow" and "displaystyle" in element.attrib:
            element.tag = element.tag.replace("mrow", "mstyle")
        if element.get("role") == "doc-biblioentry":  # of an older standard than that of books
            element.set("role", "listitem")
        # Browsers know scriptlevel in a table of a formula, books do not.
        for attribute in [key for key in element.attrib if _is_for_scripts(key) or key in {"open", "scriptlevel"}]:
            del element.attrib[attribute]


def _is_for_scripts(attribute: str) -> bool:
    return attribute in _LEFT_OUT_ATTRIBUTES or attribute.startswith(("data-nnb-", "on"))


def _links(article: Element, page: str, pages: frozenset[str], base: str) -> Iterator[tuple[Element, str, str]]:
    """The links to places in the book; those that lead elsewhere are mended on the way."""
    for element in article.iter(f"{{{XHTML}}}a"):
        href = element.get("href")
        if href is None:
            continue
        parts = urlsplit(href)
        if parts.scheme or parts.netloc:
            continue
        target = _resolved(page, unquote(parts.path)) if parts.path else f"{page}.html"
        if target.removesuffix(".html") in pages:
            yield element, target.removesuffix(".html"), unquote(parts.fragment)
        elif base:
            element.set("href", _joined(base, target, parts.fragment))
        else:
            element.tag = f"{{{XHTML}}}span"
            element.attrib.clear()


def _resolved(page: str, path: str) -> str:
    """The `path` that a link on the page has, as seen from the folder of the language."""
    steps: list[str] = page.split("/")[:-1]
    for step in path.split("/"):
        if step == ".." and steps and steps[-1] != "..":
            steps.pop()
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)


def _joined(base: str, target: str, fragment: str) -> str:
    from urllib.parse import urljoin

    return urljoin(base, target) + (f"#{fragment}" if fragment else "")


def prefixed(article: Element, prefix: str) -> None:
    """Give all ids, and what refers to them inside the article, a `prefix`: articles share one document then."""
    for element in article.iter():
        for name in _IDS:
            if element.get(name):
                element.set(name, " ".join(f"{prefix}{one}" for one in element.get(name, "").split()))
        for name in ("href", f"{{{XLINK}}}href"):
            value: Any = element.get(name)
            if value and value.startswith("#") and local(element) != "a":
                element.set(name, f"#{prefix}{value[1:]}")
