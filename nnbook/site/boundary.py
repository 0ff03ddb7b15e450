"""Where the book ends: what its text may lead to, and what the HTML in it may hold.

Whoever sends a translation sends text and pictures. Neither may show a file of the machine that builds the book, nor
run anything there or in a reader's browser. Code is another matter: cells of a translation are those of the source.
"""

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

RULE = "what a page shows must lie in the folder book/"
REMEDY = "copy it there and name it by its place beside the page"
_HARMFUL = re.compile("(javascript|vbscript|data|file):")
_SPACES = re.compile("[\x00-\x20]")  # browsers pass over them in the name of a scheme
_LITERAL = re.compile(r"(?:\]\(|<)\s*((?:javascript|vbscript|data|file):[^)>\s]*)", re.IGNORECASE)
_HEAD = re.compile(r"\A\ufeff?---[^\n]*\n(.*?)(?:^---|\Z)", re.MULTILINE | re.DOTALL)
# They run or load something, or browsers read what is in them in another way than the parser here.
_FORBIDDEN = re.compile(
    "script|iframe|frame|frameset|object|embed|applet|base|meta|link|portal|template|"
    "textarea|title|xmp|noscript|noembed|noframes|plaintext"
)


def home(page: Path) -> Path:
    """The folder in which all lies that the file `page` may show: the book's, or without one its own."""
    return next((folder for folder in page.parents if folder.name == "book"), page.parent)


def leads_out(target: str | Path, page: Path) -> bool:
    """Whether the path `target`, symbolic links followed, is outside of the `home` of the file `page`."""
    return not Path(os.path.realpath(target)).is_relative_to(os.path.realpath(home(page)))


def links_out(folder: Path) -> Iterator[Path]:
    """The symbolic links in the book's `folder` that lead out of it."""
    return (path for path in sorted(folder.rglob("*")) if path.is_symlink() and leads_out(path, folder / "page"))


def is_harmful(address: str) -> bool:
    """Whether a link to this `address` runs something, or shows what is not of the book."""
    return bool(_HARMFUL.match(_SPACES.sub("", address).lower()))


def harmful_links(text: str) -> list[str]:
    """The addresses of what was to be such a link in a Markdown `text`, and stayed there as it was written."""
    return _LITERAL.findall(text)


def switched_on(text: str) -> Iterator[str]:
    """What the head of a page with this `text` switches on that lets the text run code."""
    import yaml

    head = _HEAD.match(text)
    try:
        content = yaml.safe_load(head[1]) if head else None
    except yaml.YAMLError:
        return  # whoever reads the head in earnest says so
    found = {name: content.get(name) for name in ("myst", "mystnb")} if isinstance(content, dict) else {}
    myst, cells = (value if isinstance(value, dict) else {} for value in (found.get("myst"), found.get("mystnb")))
    yield from (f"mystnb: {name}" for name in cells if re.match("execution|eval|kernel|custom|read_as", str(name)))
    if "substitution" in (myst.get("enable_extensions") or ()):
        yield "myst: enable_extensions: substitution"


def dangers(markup: str) -> list[str]:
    """What of a piece of HTML must not be in a page, as it is written there."""
    reader = _Reader()
    reader.feed(markup)
    if re.search("<[a-zA-Z!/?]", reader.rawdata):
        reader.found.append(reader.rawdata)  # where it ends is decided by what comes after this piece
    return reader.found


class _Reader(HTMLParser):
    """Collects what runs, what loads, and what is so odd that browsers may see something else in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _FORBIDDEN.fullmatch(tag) or any(self._is_bad(tag, name, value or "") for name, value in attrs):
            self.found.append(self.get_starttag_text() or tag)

    def _is_bad(self, tag: str, name: str, value: str) -> bool:
        picture = tag in {"img", "source"} and name in {"src", "srcset"} and value.startswith("data:image/")
        return name.startswith("on") or name == "srcdoc" or (is_harmful(value) and not picture)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem and "<" in data:
            self.found.append(data)

    def handle_comment(self, data: str) -> None:
        if data.startswith((">", "->")) or "--!" in data:
            self.found.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}")
