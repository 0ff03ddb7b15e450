"""Which blocks of a translation belong to which blocks of the source language, and what those said when both agreed.

A file of ties is text, a line for each pair, in the order of the translation: what kind of block it is, the digests of
the source language's blocks, and those of the translation's. Most lines have one of each; a paragraph that was
translated as two has two behind it. `own` stands for a block that only this language has, and `copy` for the source's
own words, which wait for a translator. So two people who work on two
paragraphs change two lines, and git merges them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from nnbook.site import sources
from nnbook.site.errors import BuildError
from nnbook.site.translations.blocks import EQUAL, Block

OWN, COPY = "own", "copy"
_HEAD = "# Which blocks belong together, and what they said when they did. Written by nnbook; see CONTRIBUTING.md.\n"
_DIGESTS = r"(?:[0-9a-f]{12}(?:,[0-9a-f]{12})*)"
_LINE = re.compile(rf"([\w.-]+) ({_DIGESTS}|{OWN}) ({_DIGESTS}|{COPY})")


@dataclass(frozen=True)
class Tie:
    """Blocks of the source language and of a translation that say the same.

    Attributes:
        kind: of the first block.
        source: digests of the source language's blocks; none if this is a block of the translation's own.
        translation: digests of the translation's blocks.
        copied: whether the translation still says what the source did, for want of a translator.
    """

    kind: str
    source: tuple[str, ...]
    translation: tuple[str, ...]
    copied: bool = False

    def __str__(self) -> str:
        here = COPY if self.copied else ",".join(self.translation)
        return f"{self.kind} {','.join(self.source) or OWN} {here}"


def file_of(root: Path, language: str, page: str) -> Path:
    """Where the ties of a page lie: not beside it, as nobody edits them."""
    return root / "translations" / language / f"{page}.ties"


def read(path: Path) -> list[Tie]:
    """The ties in a file; none if there is no such file.

    Raises:
        BuildError: if a line is not a tie, with its number.
    """
    if not path.is_file():
        return []
    found, wrong = [], []
    for number, line in enumerate(sources.read(path).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            wrong.append(
                f"{sources.place(path)}:{number}: {line.strip()[:60]!r} is not a kind and two lists of digests"
            )
            continue
        kind, source, translation = match.groups()
        said, copied = () if source == OWN else tuple(source.split(",")), translation == COPY
        found.append(Tie(kind, said, said if copied else tuple(translation.split(",")), copied))
    if wrong:
        raise BuildError(
            "Every line of a file of ties must be a tie.",
            wrong,
            "Take the file as it was before, or delete the line and run `nnbook translations accept`:",
        )
    return found


def write(path: Path, ties: Sequence[Tie]) -> None:
    """Write the file of ties anew, if it says something else; it is whole at every moment."""
    text = _HEAD + "".join(f"{tie}\n" for tie in ties)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def countable(page: Sequence[Block]) -> list[Block]:
    """The blocks that can be tied: all that mean something, but for the labels, which have to be equal anyway."""
    return [block for block in page if block.meaning and block.kind != "label"]


Pair = tuple[Sequence[Block], Sequence[Block]]  # of the source language, and of the translation


def pairs(source: Sequence[Block], translation: Sequence[Block]) -> Iterator[Pair]:
    """What belongs together in two pages that are in step, told from their structure alone; every block is in a pair.

    What is the same in both (cells, formulas, captions by name) holds the pages together; between, blocks belong
    together by kind and order. Where the numbers differ, all in between are one pair.
    """
    keys = [_key(block) for block in source], [_key(block) for block in translation]
    for change, start, stop, other, others in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        mine, theirs = source[start:stop], translation[other:others]
        if change == "replace" and len(mine) != len(theirs):
            yield mine, theirs
        elif change in ("equal", "replace"):
            yield from (([left], [right]) for left, right in zip(mine, theirs, strict=True))
        else:
            yield from (([block], []) for block in mine)
            yield from (([], [block]) for block in theirs)


def made(source: Sequence[Block], translation: Sequence[Block]) -> list[Tie]:
    """The ties of two pages that are in step; what the translation lacks has none."""
    return [tie_of(*pair) for pair in pairs(countable(source), countable(translation)) if pair[1]]


def tie_of(source: Sequence[Block], translation: Sequence[Block]) -> Tie:
    """The tie of blocks that are in step."""
    mine, theirs = (tuple(block.digest for block in blocks) for blocks in (source, translation))
    return Tie((*translation, *source)[0].kind, mine, theirs)


def _key(block: Block) -> str:
    """By what a block is known in all languages."""
    if block.kind in EQUAL:
        return f"{block.kind} {block.digest}"
    if block.kind == "caption":
        return block.text.splitlines()[0]
    return block.kind


def changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, range, range]]:
    """How `old` digests became `new` ones: "equal" or "replace" one by one, "delete", "insert", and else "group".

    The places are those in `old` and in `new`.
    """
    for change, start, stop, other, others in SequenceMatcher(None, old, new, False).get_opcodes():
        if change in ("equal", "replace") and stop - start == others - other:
            for place in range(stop - start):
                yield change, range(start + place, start + place + 1), range(other + place, other + place + 1)
        elif change in ("insert", "delete"):
            yield change, range(start, stop), range(other, others)
        else:
            yield "group", range(start, stop), range(other, others)
