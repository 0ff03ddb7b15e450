"""A page as a row of blocks: headings, paragraphs, items of lists, notes, captions, tables, cells, formulas.

A block is what a translator works on at a time. The texts of all blocks of a page, joined, are the page, byte for byte.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from nnbook.localisation import SOURCE_LANGUAGE
from nnbook.site.cell_options import without_words
from nnbook.site.parity import formula, head, tokens

if TYPE_CHECKING:
    from markdown_it.token import Token

DIGITS = 12  # of a digest: two texts of a book that share one by chance are less likely than a broken disk
EQUAL = {"cell", "code", "formula", "label"}  # the same in every language: nothing to translate
CONTAINERS = {"glossary"}  # whose content is worked on entry by entry
ENTRY = "entry."  # begins the kind of an entry, which ends with its term in the source language
_KINDS = {
    "bullet_list_open": "item",
    "ordered_list_open": "item",
    "dl_open": "definition",
    "field_list_open": "fields",
    "blockquote_open": "quotation",
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "table_open": "table",
    "footnote_reference_open": "footnote",
    "footnote_open": "footnote",
    "math_block": "formula",
    "math_block_label": "formula",
    "amsmath": "formula",
    "myst_target": "label",
    "front_matter": "head",
    "code_block": "code",
    "hr": "rule",
    "html_block": "html",
    "myst_line_comment": "comment",
    "myst_block_break": "comment",
}
_PARTS = {"item": {"list_item_open"}, "definition": {"dt_open"}, "footnote": {"footnote_reference_open"}}
_DIRECTIVES = {"code-cell": "cell", "math": "formula", "caption": "caption", "answer": "answer", "list-table": "table"}
_TABLES = {"list-table", "csv-table", "table"}
_PROSE_OF_HEAD = ("title", "description")
_ENTRY = re.compile(r"(?:\A|(?<=\n\n))(?=[^\s:]).+?(?=\n\n\S|\Z)", re.DOTALL)
_SOURCE_TERM = re.compile(rf"^[ \t]*:{SOURCE_LANGUAGE}:[ \t]*(.+)$", re.MULTILINE)
# Names in other languages and other names are each language's own; where a term is explained is not.
_OWN_FIELDS = re.compile(r"^[ \t]*:(?!see:)[\w-]+:(?:[^\n]|\n(?![ \t]*(?::|\n|\Z)))*", re.MULTILINE)
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # as Markdown counts them, not Python, which knows more ends
_DOLLARS = re.compile(r"\$\$(.*)\$\$\s*(\([^()]*\))?", re.DOTALL)
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,}|:{3,}).*$", re.MULTILINE)
_MARKUP = re.compile(r"\{[\w:-]+\}`[^`]*`|\$[^$]*\$|`[^`]*`|\]\([^)]*\)|https?://\S+|[\W\d_]")


@dataclass(frozen=True)
class Block:
    """A stretch of a page.

    Attributes:
        kind: what it is, in a word for people.
        text: all its lines, and the blank ones behind it, as they stand.
        line: where it begins in its file, from 1.
        meaning: its text without what does not count: white space, line breaks, settings of a head.
    """

    kind: str
    text: str
    line: int
    meaning: str

    @property
    def digest(self) -> str:
        """What the block means, in twelve hexadecimal digits."""
        return digest_of(self.meaning)

    @property
    def is_prose(self) -> bool:
        """Whether there is something to translate: words that are not code, formula, name or address."""
        return self.kind not in EQUAL and bool(_MARKUP.sub("", _FENCE.sub("", self.text) if self.meaning else ""))

    @property
    def last_line(self) -> int:
        """The last line with something on it."""
        return self.line + len(self.text.rstrip().splitlines()) - 1


def digest_of(text: str) -> str:
    """The first digits of the SHA-256 of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


@lru_cache(maxsize=256)
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a page with the `text`, in order."""
    lines = _LINES.findall(text)
    starts: dict[int, str] = {}
    for line, kind in _starts(tokens(text), 0):
        starts.setdefault(min(line, len(lines)), kind)
    starts.pop(len(lines), None)
    starts.setdefault(0, "blank")
    edges = [*sorted(starts), len(lines)] if lines else []
    return tuple(_block(starts[start], "".join(lines[start:stop]), start + 1) for start, stop in pairwise(edges))


def _starts(found: "Iterable[Token]", first: int) -> Iterator[tuple[int, str]]:
    """The line, from 0, where each block begins, and its kind; the text of what was `found` begins in line `first`."""
    kind = ""
    for token in found:
        if token.map is None:
            continue
        if token.level == 0:
            kind = _directive(token.info) if token.type in {"fence", "colon_fence"} else _KINDS.get(token.type, "text")
            yield first + token.map[0], kind
            if kind == "container":
                yield from _inside(token, first + token.map[0])
        elif token.level == 1 and token.type in _PARTS.get(kind, ()):
            yield first + token.map[0], kind


def _inside(token: "Token", line: int) -> Iterator[tuple[int, str]]:
    for match in _ENTRY.finditer(token.content):
        yield line + 1 + token.content.count("\n", 0, match.start()), ENTRY + _term(match[0])
    yield line + 1 + token.content.count("\n"), "container"  # the fence that closes it


def _term(entry: str) -> str:
    """By what an entry is known in all languages, each of which has its own order: the source language's term."""
    term = _SOURCE_TERM.search(entry)
    return re.sub(r"\W+", "-", (term[1] if term else entry.splitlines()[0]).strip()).lower()


def _directive(info: str) -> str:
    name = info[1:].partition("}")[0] if info.startswith("{") else ""
    if name in CONTAINERS:
        return "container"
    return _DIRECTIVES.get(name, "table" if name in _TABLES else "note" if name else "code")


def _block(kind: str, text: str, line: int) -> Block:
    if kind == "head":
        return Block(kind, text, line, _prose_of(text))
    if kind in ("container", "blank", "rule"):
        return Block(kind, text, line, "")
    if kind.startswith(ENTRY):
        return Block(kind, text, line, " ".join(_OWN_FIELDS.sub("", text).split()))
    said = without_words(text) if kind == "cell" else _formula(text) if kind == "formula" else text
    return Block(kind, text, line, " ".join(said.split()))


def _formula(text: str) -> str:
    """A formula as `parity` compares it, with its label."""
    written = _DOLLARS.fullmatch(text.strip())
    return f"{formula(written[1])} {written[2] or ''}" if written else text


def _prose_of(text: str) -> str:
    """What is to be translated of the head of a page."""
    said = head(text.strip().strip("-"))
    return " ".join(str(said[key]) for key in _PROSE_OF_HEAD if key in said)
