"""A translated page as it is published: with the source's cells, in English what it lacks, and where it is behind.

What needs no translator is brought into step here, so that a page whose source has changed can be built; what a
translator has to see is marked for the reader. A page that is in step composes to itself.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from nnbook.site import sources
from nnbook.site.translations import standing
from nnbook.site.translations.blocks import EQUAL, Block
from nnbook.site.translations.desk import Translated
from nnbook.site.translations.standing import Standing

DIRECTIVE = "behind"  # with the place of a notice in `Composed.notices`
_TAKEN = (standing.CHANGED, standing.MOVED, standing.UNTRANSLATED)  # their labels are those of the source
_FRAME = {*EQUAL, "caption", "heading"}  # what other places of the book point at: as in the source, one by one
_INSIDE = {"note", "answer"}  # a notice stands in them, at their end
_MARKER = re.compile(r"(?:[-+*]|\d+[.)])[ \t]+(?:\[[ x]\][ \t]+)?")
_CAPTION_HEAD = re.compile(r"\A.*\n(?::[\w-]+:.*\n)*")
# What belongs to the block before it: a caption, a cell of an answer, a note in the margin.
_FOLLOWS = {
    "caption": re.compile(""),
    "cell": re.compile(r"^:?tags:.*\banswer\b|^- answer\b", re.MULTILINE),
    "note": re.compile(r"^:class:.*\bside\b|\A.*\{(?:margin|sidebar)\}", re.MULTILINE),
}


@dataclass(frozen=True)
class Composed:
    """A page, composed.

    Attributes:
        text: what is to be parsed.
        lines: by line of the `text`, from 0, the line of the translator's file that it stands for.
        foreign: by line of the `text`, from 0, whether it is in the source language.
        notices: what is behind; each is named in the `text` by a directive with its place.
    """

    text: str
    lines: tuple[int, ...]
    foreign: tuple[bool, ...]
    notices: tuple[Standing, ...]


@dataclass
class _Piece:
    kind: str
    text: str
    line: int
    own: bool  # of the translator's file: its lines count on from `line`
    foreign: bool = False
    notices: list[Standing] = field(default_factory=list)


def page_of(root: Path, source: str, language: str, page: str) -> Translated | None:
    """The `page` in `language`, as a translation; None if it is none, or has nothing to be compared with."""
    files = [root / "book" / code / f"{page}.md" for code in (source, language)]
    whole = language != source and all(path.is_file() for path in files)
    return Translated(root, language, source, page, *files) if whole else None


def text_of(root: Path, source: str, language: str, page: str) -> str:
    """What is parsed of a page, translation or not."""
    translated = page_of(root, source, language, page)
    return composed(translated).text if translated else sources.read(root / "book" / language / f"{page}.md")


def line_in_file(root: Path, source: str, language: str, page: str, line: int) -> int:
    """The line of a page's file that a `line` of what is parsed of it stands for, both from 1."""
    translated = page_of(root, source, language, page)
    lines = composed(translated).lines if translated else ()
    return lines[line - 1] if 0 < line <= len(lines) else line


def composed(page: Translated, agreeing: bool = False) -> Composed:
    """The `page` as it is to be parsed.

    Args:
        agreeing: take the source's words, too, where the page is behind, and tell of nothing: what differs then is the
            translator's doing.
    """
    return _joined(_held(list(_pieces(page, agreeing))))


def _pieces(page: Translated, agreeing: bool) -> Iterator[_Piece]:
    owners = {id(block): found for found in page.standings for block in found.translation}
    inserted, labels, line = _inserted(page, owners), _labels(page.source_blocks), 1
    yield from _all_put(inserted[-1], labels, line, agreeing)
    done = set[int]()
    for place, block in enumerate(page.blocks):
        found = owners.get(id(block)) or _owner_of_label(page.blocks, place, owners)
        line = block.line
        if found is None or found.state not in (*standing.BEHIND, standing.UNTRANSLATED):
            yield _Piece(block.kind, block.text, line, own=True)
        elif found.state == standing.REMOVED:
            same = found.was == tuple(block.digest for block in found.translation)  # in both languages
            is_copy = same and any(block.is_prose for block in found.translation)  # which nobody has translated
            gone = agreeing or same or block.kind in _FRAME - {"heading", "label"}
            yield _Piece(block.kind, "" if gone else block.text, line, own=True)
            if block is found.translation[-1] and not agreeing and not is_copy:
                yield _Piece("notice", "", line, own=False, notices=[found])
        elif not found.moved and block.kind != "label" and id(found) not in done:
            done.add(id(found))
            yield from _put(found, labels, line, agreeing)
        yield from _all_put(inserted[place], labels, block.last_line, agreeing)


def _owner_of_label(blocks: Sequence[Block], place: int, owners: dict[int, Standing]) -> Standing | None:
    """Whose label the block at `place` is, where that has changed."""
    if blocks[place].kind != "label":
        return None
    following = next((owners[id(block)] for block in blocks[place:] if id(block) in owners), None)
    return following if following and following.state in (*_TAKEN, standing.REMOVED) else None


def _inserted(page: Translated, owners: dict[int, Standing]) -> dict[int, list[Standing]]:
    """By the place of the translated block behind which it belongs, what the translation lacks or has elsewhere."""
    places = {id(block): place for place, block in enumerate(page.blocks)}
    sources = {id(block): found for found in page.standings for block in found.source}
    fences = [place for place, block in enumerate(page.blocks) if block.kind == "container"]
    found_at, after, seen = defaultdict[int, list[Standing]](list), -1, set[int]()
    has_head = any(block.kind == "head" for block in page.blocks)  # which may have nothing to translate, and is enough
    for block in page.source_blocks:
        found = sources.get(id(block)) if not (has_head and block.kind == "head") else None
        if block.kind == "container":
            after = next((place for place in fences if place > after), after)
        elif found is None or id(found) in seen:
            continue
        elif not found.translation or found.moved:
            found_at[after].append(found)
        else:
            after = max(after, *(places[id(block)] for block in found.translation))
        seen.add(id(found))
    return found_at


def _labels(source: Sequence[Block]) -> dict[int, str]:
    """By block of the source the labels right before it."""
    found, waiting = dict[int, str](), ""
    for block in source:
        if block.kind == "label":
            waiting += block.text
        elif block.meaning:
            found[id(block)], waiting = waiting, ""
    return found


def _all_put(standings: Sequence[Standing], labels: dict[int, str], line: int, agreeing: bool) -> Iterator[_Piece]:
    for found in standings:
        yield from _put(found, labels, line, agreeing)


def _put(found: Standing, labels: dict[int, str], line: int, agreeing: bool) -> Iterator[_Piece]:
    """The blocks of what is behind or untranslated, in the order of the source and with its labels."""
    untranslated = found.state == standing.UNTRANSLATED
    rest, told, pieces, end = list(found.translation), list[Block](), list[_Piece](), 0
    new_section = False
    for block in found.source:
        in_frame = block.kind in _FRAME
        mine = next((one for one in rest if one.kind == block.kind or not (in_frame or one.kind in _FRAME)), None)
        if label := labels.get(id(block), ""):
            pieces.append(_Piece("label", label, line, own=False))
        new_section |= mine is None and block.kind == "heading"
        if mine is None and not (untranslated or in_frame or agreeing or new_section):
            told.append(block)  # it is in the notice alone
            continue
        if mine and (mine.digest == block.digest or mine.kind == "head"):
            pieces.append(_Piece(mine.kind, mine.text, mine.line, own=True, foreign=untranslated and mine.is_prose))
        elif mine is None or untranslated or agreeing or block.kind in EQUAL:
            foreign = block.is_prose and not agreeing
            pieces.append(_Piece(block.kind, block.text, mine.line if mine else line, own=False, foreign=foreign))
        else:
            pieces.append(_Piece(mine.kind, _with_head(mine, block), mine.line, own=True))
        if mine:
            rest.remove(mine)
            told.append(block)
            end = len(pieces)
    if not (agreeing or untranslated):
        left = [_Piece(block.kind, block.text, block.line, own=True) for block in rest if block.kind not in _FRAME]
        notice = _Piece("notice", "", line, own=False, notices=[replace(found, source=told)])
        pieces[end:end] = [*left, notice]
    yield from pieces


def _with_head(mine: Block, source: Block) -> str:
    """A translated caption under the name that the source gives the figure; anything else as it is."""
    if mine.kind != "caption" or source.kind != "caption":
        return mine.text
    heads = [_CAPTION_HEAD.match(block.text) for block in (mine, source)]
    head, new = (match[0] if match else "" for match in heads)
    return new + mine.text[len(head) :] if head.count("\n") == new.count("\n") else mine.text


def _held(pieces: list[_Piece]) -> list[_Piece]:
    """The `pieces` that show something, with each notice at the one behind which it may stand: no caption may lose its
    figure, and no cell its answer."""
    kept, waiting = list[_Piece](), list[Standing]()
    for piece in pieces:
        if piece.kind == "notice":
            waiting += piece.notices
        elif piece.text:
            held = piece.kind in _FOLLOWS and _FOLLOWS[piece.kind].search(piece.text)
            if kept and waiting and not held:
                kept[-1].notices, waiting = waiting, []
            kept.append(piece)
    if kept:
        kept[-1].notices = waiting
    return kept


def _joined(pieces: Sequence[_Piece]) -> Composed:
    lines, of_file, foreign, notices = list[str](), list[int](), list[bool](), list[Standing]()

    def add(new: Sequence[str], line: int, counts: bool, is_foreign: bool) -> None:
        lines.extend(new)
        of_file.extend(line + place if counts else line for place in range(len(new)))
        foreign.extend(is_foreign for _ in new)

    before, in_container = None, False
    for piece in pieces:
        in_container ^= piece.kind == "container"
        if before and before.kind != "label" and not (before.own and piece.own and not before.notices):
            _set_apart(lines, of_file, foreign, tight=before.kind == piece.kind == "item")
        new = piece.text.splitlines(keepends=True)
        end = 0
        if piece.kind in _INSIDE and piece.notices:
            while not new[-1].strip():
                end, new = end + 1, new[:-1]
            new, closing = new[:-1], new[-1]
            add(new, piece.line, piece.own, piece.foreign)
            mark = ":::" if new[0].lstrip().startswith("`") else "```"
            last = piece.line + len(new)
            for found in piece.notices:
                add([f"{mark}{{{DIRECTIVE}}} {len(notices)}\n", f"{mark}\n"], last, False, False)
                notices.append(found)
            add([closing, *["\n"] * end], last, piece.own, False)
        else:
            add(new, piece.line, piece.own, piece.foreign)
            for found in piece.notices:
                indent = _indent(piece, in_container)
                _set_apart(lines, of_file, foreign, tight=piece.kind == "item")
                add(
                    [f"{indent}```{{{DIRECTIVE}}} {len(notices)}\n", f"{indent}```\n"],
                    piece.line + piece.text.rstrip().count("\n"),
                    False,
                    False,
                )
                notices.append(found)
        before = piece
    return Composed("".join(lines), tuple(of_file), tuple(foreign), tuple(notices))


def _set_apart(lines: list[str], of_file: list[int], foreign: list[bool], tight: bool) -> None:
    """End what has been written with one empty line, or with none between two items of a list."""
    if not lines:
        return
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    while tight and not lines[-1].strip():
        for column in (lines, of_file, foreign):
            column.pop()
    if not tight and lines[-1].strip():
        lines.append("\n")
        of_file.append(of_file[-1])
        foreign.append(False)


def _indent(piece: _Piece, in_container: bool) -> str:
    """How far a notice is set in so that it belongs to its item, entry or footnote."""
    if piece.kind == "item" and (marker := _MARKER.match(piece.text)):
        return " " * len(marker[0].partition("[")[0])
    return "  " if in_container else {"definition": "  ", "footnote": "    "}.get(piece.kind, "")
