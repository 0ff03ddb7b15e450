"""The same page in all languages: equal labels, cells, formulas and figures, in the same order.

Prose is free. What must agree is what the page is built around: its *landmarks* (labels, headings by level, cells,
displayed formulas, captions, pictures, items, rows of tables) one by one, and between two landmarks the set of what the
prose *quotes* (inline formulas, values, references, links, footnotes), in any order and as often as the sentences of a
language need it. What is said between that is kept as prose, for those who look at words.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any

import yaml

from nnbook.site.book import Book
from nnbook.site.cell_options import without_words
from nnbook.site.sources import VERBATIM, read

if TYPE_CHECKING:
    from markdown_it.token import Token
    from myst_parser.config.main import MdParserConfig

SYNTAX = ("attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist", "tasklist")  # as in _config.yml
GAP = "\ufffc"  # stands in prose where something is quoted
Finding = tuple[int, str]  # a line, and what is wrong there, with what to do
_PICTURES = {"figure", "image"}
_OWN = "translation"  # the class of a note that its language has of its own
_OPTION = re.compile(r"^:(name|label):[ \t]*(.+)$", re.MULTILINE)
_OPTIONS = re.compile(r"\A(:[\w-]+:.*\n|[ \t]*\n)*")
_TOLD = re.compile(
    r"""^(?::mystnb:.*?|:)?\b(title|description|alt|caption):[ \t]*("[^"\n]*"|'[^'\n]*'|[^\s"'].*)""", re.MULTILINE
)
# One paragraph, as most captions and notes are, which needs no parser: each line begins as no other block does.
_LINE = r"(?:[^\W\d_]|[{「『（“]|\d+(?![.)\d]))[^\n]*"
_PLAIN = re.compile(rf"(\n*)({_LINE}(?:\n{_LINE})*)\n*")
_CLASSES = re.compile(r"^:class:(.*)$", re.MULTILINE)
_PUNCTUATION = re.compile(r"(\\[,;: ]|[ .,;、。])+$")
_WORDS = re.compile(r"\\text\{[^{}]*\}")
_TARGET = re.compile(r".*<([^<>]+)>\s*\Z", re.DOTALL)  # of a role that is written {numref}`words <target>`
_TEXT_ROLES = {"abbr", "code", "guilabel", "kbd", "literal", "sub", "sup", "subscript", "superscript"}  # hold words
# Parsing lines with markdown-it takes several times as long, and gives no more of what is asked for here.
_QUOTE = re.compile(
    r"""
    \\.
    | \{(?P<role>[\w+:-]+)\}(?P<ticks>`+)(?P<content>.+?)(?<!`)(?P=ticks)(?!`)
    | (?P<fence>`+)(?!`).+?(?<!`)(?P=fence)(?!`)
    | \$(?P<tex>(?:\\.|[^\\$])+)\$
    | \[\^(?P<footnote>[^\]\s]+)\]
    | \]\((?P<target><[^<>\n]*>|(?:[^\s()]|\([^\s()]*\))*)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)
    | \]\[(?P<reference>[^\[\]]+)\]
    | <(?P<address>[a-z][a-z\d+.-]+:[^\s<>]*)>
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Mark:
    """One thing that every language must have.

    Attributes:
        kind: what it is, in a word for people.
        content: what must be equal.
        line: where it stands in its file, from 1.
        is_quote: whether it stands in a sentence, which may bring it sooner or later, or twice.
    """

    kind: str
    content: str
    line: int
    is_quote: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.content

    def __str__(self) -> str:
        first, *more = self.content.splitlines() or [""]
        return first if self.is_quote else f"{self.kind} {first!r}{' ...' if more else ''}"


@dataclass(frozen=True)
class Prose:
    """Words as they stand in a page, all that is quoted in them left out.

    Attributes:
        text: the words; `GAP` where something is quoted, lines as in the file.
        line: where it begins.
        kind: the token of markdown-it around it, such as "paragraph_open"; "field" in a list of fields, or the name of
            the option or of the directive whose argument it is.
        is_running: whether it is a paragraph of the page, and not of a list or a table.
    """

    text: str
    line: int
    kind: str
    is_running: bool


@dataclass
class Content:
    """What a page holds, in order."""

    marks: list[Mark] = field(default_factory=list)
    prose: list[Prose] = field(default_factory=list)


def parser_config(syntax: Iterable[str] = SYNTAX) -> "MdParserConfig":
    """How pages are parsed where Sphinx does not do it."""
    from myst_parser.config.main import MdParserConfig

    return MdParserConfig(enable_extensions=set(syntax))


@lru_cache(maxsize=16)
def tokens(text: str) -> "Sequence[Token]":
    """The tokens of a text, whose lines are left as they are."""
    return tuple(_parser().parse(text))


@lru_cache(maxsize=1)
def _parser() -> Any:
    from markdown_it.renderer import RendererHTML
    from myst_parser.parsers.mdit import create_md_parser

    # Task lists are looked for within lines, and fail where these are not parsed.
    return create_md_parser(parser_config(set(SYNTAX) - {"tasklist"}), RendererHTML).disable("inline")


@lru_cache(maxsize=256)
def content(text: str) -> Content:
    """What a page with the `text` holds."""
    found = Content()
    _Reader(found).read(text, 1)
    return found


def differences(book: Book) -> list[str]:
    """Findings for every page of the `book` whose languages disagree, and for headings without a label."""
    return [finding for page in book.pages for finding in page_differences(book, page)]


def page_differences(book: Book, page: str) -> Iterator[str]:
    """Findings for one page."""
    source = book.languages[0]
    files = {language: book.file(language, page) for language in book.languages}
    found = {language: _marks_of(book, language, page) for language in book.languages}
    for language, path in files.items():
        place = f"{language}  {book.shown(path)}"
        yield from _unlabelled(found[language], place)
        if language != source:
            differences = compare(found[source], found[language], book.shown(files[source]))
            yield from (f"{place}:{line}: {cause}" for line, cause in differences)


def _marks_of(book: Book, language: str, page: str) -> list[Mark]:
    """The marks of a page; where a translation is known to be behind, those that its source has now."""
    from nnbook.site.translations.composed import composed, page_of  # which compares formulas as this module does

    translated = page_of(book.root, book.languages[0], language, page)
    if translated is None:
        return content(read(book.file(language, page))).marks
    agreeing = composed(translated, agreeing=True)

    def line(number: int) -> int:
        return agreeing.lines[min(number, len(agreeing.lines)) - 1] if agreeing.lines else 1

    return [replace(mark, line=line(mark.line)) for mark in content(agreeing.text).marks]


def _unlabelled(found: Sequence[Mark], place: str) -> Iterator[str]:
    landmarks = [Mark("start of the page", "", 1), *(mark for mark in found if not mark.is_quote)]
    for before, here in pairwise(landmarks):
        if here.kind == "heading" and before.kind != "label":
            yield f"{place}:{here.line}: this heading has no label; write (some-label)= on the line before it"


def compare(
    original: Sequence[Mark], translated: Sequence[Mark], source: str, first: tuple[int, int] = (1, 1)
) -> Iterator[Finding]:
    """Findings for what differs between two languages, each with its line in the translation.

    Args:
        original: the marks of a page, or of blocks of it.
        translated: those of the same in another language.
        source: the file of the `original`, as people know it.
        first: the lines where both begin.
    """
    mine, theirs = (_parts(marks, line) for marks, line in zip((original, translated), first, strict=True))
    keys, others = ([mark.key for mark, _ in parts] for parts in (mine, theirs))
    same = [("equal", 0, len(keys), 0, len(others))]  # as nearly always
    changes = same if keys == others else SequenceMatcher(None, keys, others, autojunk=False).get_opcodes()
    for change, start, stop, other_start, other_stop in changes:
        if change == "equal":
            for part, other in zip(mine[start:stop], theirs[other_start:other_stop], strict=True):
                yield from _quote_differences(part, other, source)
            continue
        gone, come = [mark for mark, _ in mine[start:stop]], [mark for mark, _ in theirs[other_start:other_stop]]
        if [mark.kind for mark in gone] == [mark.kind for mark in come]:
            yield from (_changed(*pair, source) for pair in zip(gone, come, strict=True))
            continue
        here = theirs[min(other_start, len(theirs) - 1)][0].line
        for mark in gone:
            yield here, f"missing: {mark}, see {source}:{mark.line}; copy it from there"
        for mark in come:
            beside = mine[min(start, len(mine) - 1)][0].line
            yield mark.line, f"not in {source} (near line {beside}): {mark}; take it out"


def _changed(mark: Mark, other: Mark, source: str) -> Finding:
    """What to say of a mark that has another in its place."""
    lines = zip_longest(*(one.content.splitlines() for one in (mark, other)), fillvalue="")
    said, got = next((pair for pair in lines if len(set(pair)) > 1), (mark.content, other.content))
    kind = "" if mark.is_quote else f"{mark.kind} "
    return other.line, f"{kind}{got!r} in place of {said!r}, see {source}:{mark.line}; copy it from there"


_Part = tuple[Mark, dict[tuple[str, str], Mark]]  # a landmark, and what is quoted up to the next


def _parts(marks: Iterable[Mark], first: int) -> list[_Part]:
    found: list[_Part] = [(Mark("start", "", first), {})]
    for mark in marks:
        if mark.is_quote:
            found[-1][1].setdefault(mark.key, mark)
        else:
            found.append((mark, {}))
    return found


def _quote_differences(part: _Part, other: _Part, source: str) -> Iterator[Finding]:
    (mark, mine), (here, theirs) = part, other
    if mine.keys() == theirs.keys():
        return
    gone = [quote for key, quote in mine.items() if key not in theirs]
    come = [quote for key, quote in theirs.items() if key not in mine]
    for quote in list(gone):
        if found := next((one for one in come if one.kind == quote.kind), None):
            yield _changed(quote, found, source)
            gone.remove(quote)
            come.remove(found)
    for quote in gone:
        yield here.line, f"missing after this line: {quote}, see {source}:{quote.line}; copy it from there"
    for quote in come:
        yield quote.line, f"not in this part of {source} (from line {mark.line}): {quote}; take it out"


class _Reader:
    """Walks over the tokens of a page, and of the directives in it, and collects what they hold."""

    def __init__(self, found: Content) -> None:
        self._found = found
        self._columns = 0

    def read(self, text: str, first_line: int, is_running: bool = True) -> None:
        """Collect from `text`, whose first line has the number `first_line` in the file."""
        if plain := _PLAIN.fullmatch(text):
            self._inline(plain[2], first_line + len(plain[1]), "paragraph_open", is_running)
            return
        line, before, fields = first_line, "", 0
        for token in tokens(text):
            line = first_line + token.map[0] if token.map else line
            fields += token.nesting if token.type.startswith("field_list") else 0
            if token.type == "inline":
                kind = "field" if fields else before
                self._inline(token.content, line, kind, is_running and kind == "paragraph_open" and token.level == 1)
            else:
                self._block(token, line)
                before = token.type

    def _add(self, kind: str, content: str, line: int) -> None:
        self._found.marks.append(Mark(kind, content, line))

    def _block(self, token: "Token", line: int) -> None:
        if token.type == "front_matter":
            self._add("front matter", _front_matter(token.content), line)
            self._options(token.content, line + 1)
        elif token.type == "myst_target":
            self._add("label", token.content, line)
        elif token.type == "heading_open":
            self._add("heading", token.tag, line)
        elif token.type in {"math_block", "math_block_label", "amsmath"}:
            label = f" ({token.info})" if token.info else ""
            self._add("formula", formula(token.content) + label, line)
        elif token.type in {"fence", "colon_fence"} and token.info.startswith("{"):
            self._directive(token, line)
        elif token.type == "list_item_open":
            self._add("item", token.info, line)
        elif token.type in {"th_open", "td_open"}:
            self._columns += 1
        elif token.type == "tr_close":
            self._add("row", f"of {self._columns} columns", line)
            self._columns = 0
        elif token.type == "footnote_reference_open":
            self._quote("footnote", f"[^{token.meta['label']}]:", line)

    def _options(self, text: str, line: int) -> None:
        """Collect what readers are told in the options of a cell or a picture, or in the head of a page."""
        for match in _TOLD.finditer(text):
            said = Prose(match[2].strip("\"'"), line + text.count("\n", 0, match.start()), match[1], False)
            self._found.prose.append(said)

    def _quote(self, kind: str, content: str, line: int) -> None:
        self._found.marks.append(Mark(kind, content, line, is_quote=True))

    def _inline(self, text: str, line: int, kind: str, is_running: bool = False) -> None:
        for match in _QUOTE.finditer(text):
            self._quoted(match, line + text.count("\n", 0, match.start()))
        self._found.prose.append(Prose(_QUOTE.sub(_left_out, text), line, kind, is_running))

    def _quoted(self, match: re.Match[str], line: int) -> None:
        role, content = match["role"], match["content"]
        if match["tex"] or role == "math":
            self._quote("formula", f"${formula(match['tex'] or content)}$", line)
        elif role == "value":
            self._quote("value", f"{{value}}`{content.partition('|')[0]}`", line)
        elif role and role not in _TEXT_ROLES:
            target = _TARGET.match(content)
            if role.startswith("bdg-") and not target:
                return  # a badge of words
            named = "..." if role == "term" else target[1] if target else content  # a term has a name in each language
            self._quote("role", f"{{{role}}}`{named}`", line)
        elif match["footnote"]:
            self._quote("footnote", f"[^{match['footnote']}]", line)
        elif match["target"] or match["address"] or match["reference"]:
            address = (match["target"] or match["address"] or match["reference"]).strip("<>")
            self._quote("link", f"[]({address})", line)

    def _directive(self, token: "Token", line: int) -> None:
        name, _, argument = token.info[1:].partition("}")
        argument = argument.strip()
        if name == "code-cell":
            self._add("cell", without_words(token.content), line)
            self._options((_OPTIONS.match(token.content) or [""])[0], line + 1)
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
        kept = len(self._found.marks)
        for key, value in _OPTION.findall(head):
            self._add("label", f"{key} {value.strip()}", line)
        self._options(head, line + 1)
        if name == "caption" or name in _PICTURES:
            self._add(name, argument, line)
        elif argument:
            self._inline(argument, line, name)
        if name == "answer":
            self._add(name, "", line)
        self.read(content[len(head) :], line + 1 + head.count("\n"), is_running=not name.endswith("table"))
        if _OWN in " ".join(_CLASSES.findall(head)).split():  # a note that the other languages do not have
            del self._found.marks[kept:]


def _left_out(match: re.Match[str]) -> str:
    """What stands in prose for a quotation: the text of a link is prose, its target is not; lines are kept."""
    gap = "" if match["target"] is not None or match["reference"] else GAP
    return gap + "\n" * match[0].count("\n")


def _front_matter(text: str) -> str:
    """What the head of a page says about its cells and its picture; titles and descriptions are prose."""
    said = head(text)
    return json.dumps({key: said[key] for key in ("file_format", "jupytext", "kernelspec", "picture") if key in said})


def head(text: str) -> dict[str, Any]:
    """The settings in the head of a page; what is wrong with one is told of where pages are read."""
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return said if isinstance(said, dict) else {}


def formula(tex: str) -> str:
    """A formula without what may differ: spaces, the words in it, and the punctuation of the sentence it ends."""
    return _PUNCTUATION.sub("", " ".join(_WORDS.sub(r"\\text{}", tex).split()))
