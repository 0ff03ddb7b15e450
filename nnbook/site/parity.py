"""The same page in all languages: equal labels, cells, formulas and figures, in the same order.

Prose is free. What must agree is what the page is built around: its *landmarks* (labels, headings by level, cells,
displayed formulas, captions, pictures) one by one, and between two landmarks the set of inline formulas and of quoted
values, in any order and as often as the sentences of a language need them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import yaml

from nnbook.site.book import Book
from nnbook.site.cell_options import without_words
from nnbook.site.sources import VERBATIM, read

if TYPE_CHECKING:
    from markdown_it.token import Token
    from myst_parser.config.main import MdParserConfig

SYNTAX = ("attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist", "tasklist")  # as in _config.yml
_PICTURES = {"figure", "image"}
_OPTION = re.compile(r"^:(name|label):[ \t]*(.+)$", re.MULTILINE)
_OPTIONS = re.compile(r"\A(:[\w-]+:.*\n|[ \t]*\n)*")
_PUNCTUATION = re.compile(r"(\\[,;: ]|[ .,;、。])+$")
_WORDS = re.compile(r"\\text\{[^{}]*\}")


@dataclass
class Landmark:
    """One thing that every language must have at this place, and what the prose after it quotes.

    Attributes:
        kind: what it is, in a word for people.
        content: what must be equal.
        line: where it stands in its file, from 1.
        quotes: the inline formulas and values from here to the next landmark, with the line of the first.
    """

    kind: str
    content: str
    line: int
    quotes: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.content

    def __str__(self) -> str:
        first, *more = self.content.splitlines() or [""]
        return f"{self.kind} {first!r}{' ...' if more else ''}"


def parser_config(syntax: Iterable[str] = SYNTAX) -> "MdParserConfig":
    """How pages are parsed where Sphinx does not do it."""
    from myst_parser.config.main import MdParserConfig

    return MdParserConfig(enable_extensions=set(syntax))


def landmarks(text: str) -> list[Landmark]:
    """The landmarks of a page, in order; the first is the start of the page."""
    from markdown_it.renderer import RendererHTML
    from myst_parser.parsers.mdit import create_md_parser

    found = [Landmark("start of the page", "", 1)]
    _Reader(create_md_parser(parser_config(), RendererHTML), found).read(text, 1)
    return found


_known_landmarks = lru_cache(maxsize=32)(landmarks)  # of two languages compared again, one is as it was


def differences(book: Book) -> list[str]:
    """Findings for every page of the `book` whose languages disagree, and for headings without a label."""
    return [finding for page in book.pages for finding in page_differences(book, page)]


def page_differences(book: Book, page: str) -> Iterator[str]:
    """Findings for one page."""
    source = book.languages[0]
    files = {language: book.file(language, page) for language in book.languages}
    found = {language: _landmarks_of(book, language, page) for language in book.languages}
    for language, path in files.items():
        place = f"{language}  {book.shown(path)}"
        yield from _unlabelled(found[language], place)
        if language != source:
            yield from compare(found[source], found[language], book.shown(files[source]), place)


def _landmarks_of(book: Book, language: str, page: str) -> list[Landmark]:
    """The landmarks of a page; where a translation is known to be behind, those that its source has now."""
    from nnbook.site.translations.composed import composed, page_of  # which compares formulas as this module does

    translated = page_of(book.root, book.languages[0], language, page)
    if translated is None:
        return _known_landmarks(read(book.file(language, page)))
    agreeing = composed(translated, agreeing=True)

    def line(number: int) -> int:
        return agreeing.lines[min(number, len(agreeing.lines)) - 1] if agreeing.lines else 1

    return [
        Landmark(mark.kind, mark.content, line(mark.line), {quote: line(at) for quote, at in mark.quotes.items()})
        for mark in _known_landmarks(agreeing.text)
    ]


def _unlabelled(found: list[Landmark], place: str) -> Iterator[str]:
    for before, here in pairwise(found):
        if here.kind == "heading" and before.kind != "label":
            yield f"{place}:{here.line}: this heading has no label; write (some-label)= on the line before it"


def compare(original: list[Landmark], translated: list[Landmark], source: str, place: str) -> Iterator[str]:
    """Findings for what differs between the landmarks of two languages.

    Args:
        source: the file of the `original`, as people know it.
        place: language and file of the `translated` page.
    """
    matcher = SequenceMatcher(None, [mark.key for mark in original], [mark.key for mark in translated], autojunk=False)
    for change, start, stop, other_start, other_stop in matcher.get_opcodes():
        if change == "equal":
            for mark, other in zip(original[start:stop], translated[other_start:other_stop], strict=True):
                yield from _quote_differences(mark, other, source, place)
            continue
        here = translated[min(other_start, len(translated) - 1)].line
        for mark in original[start:stop]:
            yield f"{place}:{here}: missing: {mark}, see {source}:{mark.line}"
        for mark in translated[other_start:other_stop]:
            beside = original[min(start, len(original) - 1)].line
            yield f"{place}:{mark.line}: not in {source} (near line {beside}): {mark}"


def _quote_differences(mark: Landmark, other: Landmark, source: str, place: str) -> Iterator[str]:
    for quote in mark.quotes.keys() - other.quotes.keys():
        yield f"{place}:{other.line}: missing after this line: {quote}, see {source}:{mark.quotes[quote]}"
    for quote in other.quotes.keys() - mark.quotes.keys():
        yield f"{place}:{other.quotes[quote]}: not in this part of {source} (from line {mark.line}): {quote}"


class _Reader:
    """Walks over the tokens of a page, and of the directives in it, and collects landmarks."""

    def __init__(self, parser: Any, found: list[Landmark]) -> None:
        self._parser = parser
        self._found = found

    def read(self, text: str, first_line: int) -> None:
        """Collect from `text`, whose first line has the number `first_line` in the file."""
        line = first_line
        for token in self._parser.parse(text):
            line = first_line + token.map[0] if token.map else line
            self._block(token, line)

    def _add(self, kind: str, content: str, line: int) -> None:
        self._found.append(Landmark(kind, content, line))

    def _block(self, token: "Token", line: int) -> None:
        if token.type == "front_matter":
            self._add("front matter", _front_matter(token.content), line)
        elif token.type == "myst_target":
            self._add("label", token.content, line)
        elif token.type == "heading_open":
            self._add("heading", token.tag, line)
        elif token.type in {"math_block", "math_block_label", "amsmath"}:
            label = f" ({token.info})" if token.info else ""
            self._add("formula", formula(token.content) + label, line)
        elif token.type in {"fence", "colon_fence"} and token.info.startswith("{"):
            self._directive(token, line)
        elif token.type == "inline":
            self._inline(token, line)

    def _inline(self, token: "Token", line: int) -> None:
        for child in token.children or []:
            line += child.type in {"softbreak", "hardbreak"}
            role = child.meta.get("name") if child.type == "myst_role" else None
            if child.type == "math_inline_double":
                self._add("formula", formula(child.content), line)
            elif child.type == "math_inline" or role == "math":
                self._found[-1].quotes.setdefault(f"${formula(child.content)}$", line)
            elif role == "value":
                self._found[-1].quotes.setdefault(f"{{value}}`{child.content.partition('|')[0]}`", line)

    def _directive(self, token: "Token", line: int) -> None:
        name, _, argument = token.info[1:].partition("}")
        argument = argument.strip()
        if name == "code-cell":
            self._add("cell", without_words(token.content), line)
        elif name == "math":
            label = "".join(f" ({value.strip()})" for _, value in _OPTION.findall(token.content))
            self._add("formula", formula(_OPTIONS.sub("", token.content, count=1)) + label, line)
        elif name in VERBATIM:
            self._add(name, argument, line)
        else:
            self._container(name, argument, token.content, line)

    def _container(self, name: str, argument: str, content: str, line: int) -> None:
        """A directive with text in it: a note, a caption, a table."""
        options = _OPTIONS.match(content)
        head = options[0] if options else ""
        for key, value in _OPTION.findall(head):
            self._add("label", f"{key} {value.strip()}", line)
        if name == "caption" or name in _PICTURES:
            self._add(name, argument, line)
        else:
            for token in self._parser.parseInline(argument):
                self._inline(token, line)
        self.read(content[len(head) :], line + 1 + head.count("\n"))


def _front_matter(text: str) -> str:
    """What the head of a page says about its cells and its picture; titles and descriptions are prose."""
    content = yaml.safe_load(text) or {}
    return json.dumps(
        {key: content[key] for key in ("file_format", "jupytext", "kernelspec", "picture") if key in content}
    )


def formula(tex: str) -> str:
    """A formula without what may differ: spaces, the words in it, and the punctuation of the sentence it ends."""
    return _PUNCTUATION.sub("", " ".join(_WORDS.sub(r"\\text{}", tex).split()))
