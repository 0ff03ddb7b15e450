"""Is a built site complete? Every page in every language, every link, picture and anchor, nothing from another host."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from nnbook.site.book import Book
from nnbook.site.front import PROVENANCE

# Elements whose address a browser only follows when the reader asks for it, or not at all.
_FOLLOWED = {"a", "area", "form"}
_NAMED = {"alternate", "canonical", "license", "prev", "next", "search", "index", "author"}
_ADDRESSES = {"href", "src", "poster", "data", "action", "xlink:href"}
_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TRACEBACK = "Traceback (most recent call last)"
_MEANT = re.compile(r'<div class="output traceback.*?</pre>', re.DOTALL)  # of a cell with the tag raises-exception


@dataclass
class _Page:
    """What a page says: its language, its anchors, and its references as (line, address, loaded at once)."""

    language: str = ""
    anchors: set[str] = field(default_factory=set)
    references: list[tuple[int, str, bool]] = field(default_factory=list)


def check(site: Path, book: Book) -> list[str]:
    """Findings about the built site in the folder `site`; none if it is complete."""
    record, findings = _record(site)
    languages = tuple(record.get("languages", book.languages))
    findings += _missing_files(site, book, languages)
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        place = path.relative_to(site)
        if page.language != (place.parts[0] if len(place.parts) > 1 else languages[0]):
            findings.append(f"{place.as_posix()}:1: the page says that its language is {page.language!r}")
        if _TRACEBACK in _MEANT.sub("", path.read_text(encoding="utf-8")):
            findings.append(f"{place.as_posix()}: a traceback is on the page")
        for line, address, loaded in page.references:
            findings += _reference(site, path, line, address, loaded, pages)
    for path in sorted(site.rglob("*.css")):
        for line, address in _style_references(path.read_text(encoding="utf-8")):
            findings += _reference(site, path, line, address, True, pages)
    return findings


def _record(site: Path) -> tuple[dict[str, Any], list[str]]:
    """What the site says of itself, and findings about that."""
    try:
        record = json.loads((site / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return {}, [f"{PROVENANCE}: {error}"]
    lacking = (part for part in ("datasets", "experiments", "versions") if part not in record)
    return record, [f"{PROVENANCE}: says nothing of {part}" for part in lacking]


def _missing_files(site: Path, book: Book, languages: Sequence[str]) -> Iterator[str]:
    for name in ["index.html", *(f"{code}/{page}.html" for code in languages for page in book.pages)]:
        if not (site / name).is_file():
            yield f"{name}: the page is missing"


def _reference(
    site: Path, path: Path, line: int, address: str, loaded: bool, pages: dict[Path, _Page]
) -> Iterator[str]:
    """Findings about one `address` that the file `path` refers to."""
    place = f"{path.relative_to(site).as_posix()}:{line}"
    parts = urlsplit(address.strip())
    if parts.scheme == "data" or (address.startswith("#") and path.suffix == ".css"):
        return
    if parts.scheme or parts.netloc:
        if loaded and parts.scheme != "mailto":
            yield f"{place}: asks another host: {address}"
        return
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        yield f"{place}: leads nowhere: {address}"
    elif site.resolve() not in target.resolve().parents:
        yield f"{place}: leads out of the site: {address}"
    elif parts.fragment and target.suffix == ".html":
        page = pages.get(target) or pages.get(site / target.relative_to(site.resolve()))
        name, state, _ = unquote(parts.fragment).partition(":")  # of a figure, or an id
        if page is not None and name + state not in page.anchors:
            yield f"{place}: no such anchor: {address}"


def _read(path: Path) -> _Page:
    tree = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser", multi_valued_attributes=None)
    page = _Page()
    for element in tree.find_all():
        values = {name: str(value) for name, value in element.attrs.items()}
        tag, line, relations = element.name, element.sourceline or 1, set(values.get("rel", "").split())
        if tag == "html":
            page.language = values.get("lang", "")
        page.anchors |= {values[name] for name in ("id", "name") if name in values and (name == "id" or tag == "a")}
        page.anchors |= {f"{values['data-nnb-name']}:"} if values.get("data-nnb-name") else set()
        if tag == "style":
            inside = _style_references(element.string or "")
            page.references += [(line + at - 1, address, True) for at, address in inside]
        if tag == "link" and relations & {"alternate", "canonical"} and urlsplit(values.get("href", "")).netloc:
            continue
        addresses = [values[name] for name in _ADDRESSES if values.get(name)]
        addresses += [entry.split()[0] for entry in values.get("srcset", "").split(",") if entry.split()]
        addresses += [address for _, address in _style_references(values.get("style", ""))]
        loaded = tag not in _FOLLOWED and not (tag == "link" and relations & _NAMED)
        page.references += [(line, address, loaded) for address in addresses]
    return page


def _style_references(text: str) -> Iterator[tuple[int, str]]:
    """The addresses in a style sheet, each with its line."""
    text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    for match in _IN_STYLE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[1] or match[2]
