"""A page as a row of blocks: headings, paragraphs, items of lists, notes, captions, tables, cells, formulas.

A block is what a translator works on at a time. The texts of all blocks of a page, joined, are the page, byte for byte.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import yaml

from nnbook.site.cell_options import without_words
from nnbook.site.parity import formula, parser_config

if TYPE_CHECKING:
    from markdown_it.token import Token

DIGITS = 12  # of a digest: two texts of a book that share one by chance are less likely than a broken disk
EQUAL = {"cell", "code", "formula", "label"}  # the same in every language: nothing to translate
CONTAINERS = {"glossary"}  # whose content is worked on entry by entry
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
    lines = text.splitlines(keepends=True)
    starts: dict[int, str] = {}
    for line, kind in _starts(_parser().parse(text), 0):
        starts.setdefault(min(line, len(lines)), kind)
    starts.pop(len(lines), None)
    starts.setdefault(0, "blank")
    edges = [*sorted(starts), len(lines)] if lines else []
    return tuple(_block(starts[start], "".join(lines[start:stop]), start + 1) for start, stop in pairwise(edges))


@lru_cache(maxsize=1)
def _parser() -> Any:
    from markdown_it.renderer import RendererHTML
    from myst_parser.parsers.mdit import create_md_parser

    # What stands inside of a line does not matter here, and takes half of the time.
    return create_md_parser(parser_config(), RendererHTML).disable("inline")


def _starts(tokens: "list[Token]", first: int) -> Iterator[tuple[int, str]]:
    """The line, from 0, where each block begins, and its kind; the text of `tokens` begins in line `first`."""
    kind = ""
    for token in tokens:
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
    """The entries of a glossary: each begins behind an empty line, and all that is set in belongs to it."""
    before = ""
    for number, text in enumerate(token.content.splitlines(), line + 1):
        if text[:1].strip(" \t:") and not before.strip():
            yield number, "entry"
        before = text
    yield line + 1 + token.content.count("\n"), "container"  # the fence that closes it


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
    said = without_words(text) if kind == "cell" else formula(text.strip("$\n ")) if kind == "formula" else text
    return Block(kind, text, line, " ".join(said.split()))


def _prose_of(head: str) -> str:
    """What is to be translated of the head of a page."""
    try:
        content = yaml.safe_load(head.strip().strip("-"))
    except yaml.YAMLError:  # told of with its line when the page is read
        return ""
    if not isinstance(content, dict):
        return ""
    return " ".join(str(content[key]) for key in _PROSE_OF_HEAD if key in content)
