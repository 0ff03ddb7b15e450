"""The pages of a language as the chapters of a book: the article alone, figures as they are without scripts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import fromstring

from bs4 import Tag

from nnbook.site.extension.sections import SIGN
from nnbook.site.plain import text_of
from nnbook.site.portable.markup import article_of, markup
from nnbook.site.portable.pictures import take_in

PICTURES = "images"
_LEFT_OUT = {"script", "style", "button", "template", "dialog"}
_LEFT_OUT_CLASSES = {"headerlink", "nnb-only-dark", "only-dark", "prompts", "radio", "toctree-wrapper"}
_BOX, _TICKED = "☐", "☑\ufe0e"  # of a task, the latter as a character and not as a picture
_LEFT_OUT_ATTRIBUTES = {"loading", "decoding", "fetchpriority", "tabindex", "data-facts"}
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
    article: Tag
    links: list[tuple[Tag, str, str]]

    @property
    def title(self) -> str:
        """The words of its first heading."""
        found = self.article.find("h1")
        return self.page if found is None else _text(found)

    def link(self, address: Address) -> None:
        """Write the internal links, as the form of the book needs them."""
        for element, page, place in self.links:
            element["href"] = address(page, place)

    def heading(self) -> Heading:
        """The chapter in the table of contents, its sections below it."""
        headings = self.article.select("section > h2:first-child")
        entries = [Heading(_text(heading), self.page, _get(heading.parent, "id")) for heading in headings]
        return Heading(self.title, self.page, "", entries)


def read_chapters(folder: Path, pages: Sequence[str], base: str, pictures: dict[str, bytes]) -> list[Chapter]:
    """The chapters of all `pages`.

    Args:
        folder: where the pages of the language are.
        base: the address of this language's published pages with a slash at its end, or "". Links to what is not in
            the book lead there, or stop being links.
        pictures: the pictures are added to these; the articles refer to them as files in a folder `images`.
    """
    return [_read_chapter(folder, page, frozenset(pages), base, pictures) for page in pages]


def contents(headings: Sequence[Heading], link: Callable[[Heading], str]) -> str:
    """The table of contents; `link` writes what is in an entry besides those below it."""
    items = (f"<li>{link(each)}{contents(each.below, link) if each.below else ''}</li>" for each in headings)
    return f"<ol>{''.join(items)}</ol>"


def _read_chapter(folder: Path, page: str, pages: frozenset[str], base: str, pictures: dict[str, bytes]) -> Chapter:
    article = article_of((folder / f"{page}.html").read_text(encoding="utf-8"))
    _clean(article)
    for element in article.select("svg image"):  # pixels in a chart
        element["href"] = f"{PICTURES}/{take_in(pictures, _get(element, 'href'), (folder / page).parent, True)}"
    for element in article.find_all("img"):
        kinds = _get(element, "class").split()
        form = (int(_get(element, "width")), int(_get(element, "height"))) if "nnb-signed" in kinds else None
        name = take_in(pictures, _get(element, "src"), (folder / page).parent, "nnb-pixels" in kinds, form)
        element["src"] = f"{PICTURES}/{name}"
        for choice in ("srcset", "sizes"):  # of other sizes, which a book that is carried along does not have
            del element[choice]
    return Chapter(page, article, list(_links(article, page, pages, base)))


def _get(element: Tag | None, name: str) -> str:
    return str(element.get(name, "")) if element else ""


def _text(element: Tag) -> str:
    return text_of(fromstring(markup(element)))


def _clean(article: Tag) -> None:
    """Take out what only a browser with scripts can use, and open what is folded."""
    for element in article.find_all():
        name, kinds = element.name, {*_get(element, "class").split(), _get(element, "type")}
        if name in _LEFT_OUT or not _LEFT_OUT_CLASSES.isdisjoint(kinds):
            element.extract()
        elif "-" in name and not name.startswith(("font-", "color-")):
            element.name = "div"
        elif name == "details":
            if SIGN in kinds:  # there is no margin for what a passage would be if it were translated anew
                for content in element.find_all("div", recursive=False):
                    content.extract()
            element.name = "div"
            element["class"] = f"{_get(element, 'class')} unfolded".strip()
        elif name in {"summary", "label"}:  # the latter is that of a tab
            element.name = "p"
            del element["for"]
            element["class"] = "summary"
        elif name == "input" and element.get("type") == "checkbox":
            element.replace_with(_BOX if element.get("checked") is None else _TICKED)
        elif name == "mrow" and "displaystyle" in element.attrs:
            element.name = "mstyle"
        elif name == "mfrac":  # of \tfrac; books know it of mstyle alone
            del element["displaystyle"]
        if element.get("role") == "doc-biblioentry":  # of an older standard than that of books
            element["role"] = "listitem"
        # Browsers know scriptlevel in a table of a formula, books do not.
        for attribute in [key for key in element.attrs if _is_for_scripts(key) or key in {"open", "scriptlevel"}]:
            del element[attribute]


def _is_for_scripts(attribute: str) -> bool:
    return attribute in _LEFT_OUT_ATTRIBUTES or attribute.startswith(("data-nnb-", "on"))


def _links(article: Tag, page: str, pages: frozenset[str], base: str) -> Iterator[tuple[Tag, str, str]]:
    """The links to places in the book; those that lead elsewhere are mended on the way."""
    for element in article.find_all("a", href=True):
        parts = urlsplit(_get(element, "href"))
        if parts.scheme or parts.netloc:
            continue
        target = _resolved(page, unquote(parts.path)) if parts.path else f"{page}.html"
        if target.removesuffix(".html") in pages:
            place = unquote(parts.fragment)
            yield element, target.removesuffix(".html"), "" if ":" in place else place  # no figure answers here
        elif base:
            element["href"] = urljoin(base, target) + (f"#{parts.fragment}" if parts.fragment else "")
        else:
            element.name = "span"
            element.attrs = {}


def _resolved(page: str, path: str) -> str:
    """The `path` that a link on the page has, as seen from the folder of the language."""
    steps: list[str] = page.split("/")[:-1]
    for step in path.split("/"):
        if step == ".." and steps and steps[-1] != "..":
            steps.pop()
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)


def prefixed(article: Tag, prefix: str) -> None:
    """Give all ids, and what refers to them inside the article, a `prefix`: articles share one document then."""
    for element in article.find_all():
        for name in _IDS:
            if element.get(name):
                element[name] = " ".join(f"{prefix}{one}" for one in _get(element, name).split())
        for name in ("href", "xlink:href"):
            if element.name != "a" and _get(element, name).startswith("#"):
                element[name] = f"#{prefix}{_get(element, name)[1:]}"
