"""The desk of one language: every page and the catalogue of words, how their blocks stand, and what is done to that."""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from nnbook import localisation
from nnbook.site import parity, sources
from nnbook.site.book import Book
from nnbook.site.errors import BuildError, write_whole
from nnbook.site.parity import Content, Prose
from nnbook.site.translations import checking, standing, terms, ties
from nnbook.site.translations.blocks import Block, blocks
from nnbook.site.translations.standing import Standing
from nnbook.site.translations.ties import Tie

WORDS = "words"  # what the catalogue is called among the pages
_ENTRY = re.compile(r'^ *"([^"\\]+)":')


@dataclass(frozen=True)
class Translated:
    """One page, or the catalogue, in one language.

    Attributes:
        root: the folder of the book.
        language: its code.
        source_language: that of what is translated.
        page: its name, or `WORDS`.
        source: the file in the source language.
        path: the file of the translation.
    """

    root: Path
    language: str
    source_language: str
    page: str
    source: Path
    path: Path

    @cached_property
    def source_blocks(self) -> tuple[Block, ...]:
        """What there is to translate."""
        return self._blocks(self.source)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What there is of it; nothing if there is no such file."""
        return self._blocks(self.path) if self.path.is_file() else ()

    @cached_property
    def held(self) -> dict[int, Content]:
        """By each block, of both sides, what it holds; a label belongs to the block behind it."""
        return {
            **_shared_out(self.source_blocks, self._content(self.source)),
            **(_shared_out(self.blocks, self._content(self.path)) if self.path.is_file() else {}),
        }

    def content_of(self, blocks: Sequence[Block]) -> Content:
        """What some `blocks` of either side hold."""
        held = [self.held[id(block)] for block in blocks if id(block) in self.held]
        if len(held) == 1:
            return held[0]
        return Content([mark for one in held for mark in one.marks], [said for one in held for said in one.prose])

    @cached_property
    def shown_source(self) -> str:
        """The file of the source, as people know it."""
        return sources.shown(self.source)

    @property
    def ties(self) -> Path:
        """Where its ties lie."""
        return ties.file_of(self.root, self.language, self.page)

    @cached_property
    def standings(self) -> list[Standing]:
        """How each block stands."""
        known = ties.read(self.ties)
        if self.page == WORDS:
            return standing.by_key(self.source_blocks, known, self.blocks)
        return standing.standings(self.source_blocks, known, self.blocks)

    def _content(self, path: Path) -> Content:
        if self.page != WORDS:
            return parity.content(sources.read(path))
        return Content(prose=[Prose(block.text, block.line, block.kind, False) for block in self._blocks(path)])

    def _blocks(self, path: Path) -> tuple[Block, ...]:
        # Copies: of two files that are equal, the blocks would be the very same ones, and are told apart by identity.
        return tuple(replace(block) for block in reader_of(self)(sources.read(path)))


def translated(book: Book, language: str) -> list[Translated]:
    """All pages of `language`, and its catalogue."""
    source = book.languages[0]
    pages = [
        Translated(book.root, language, source, page, book.file(source, page), book.file(language, page))
        for page in book.pages
    ]
    words = Translated(book.root, language, source, WORDS, _catalogue(source), _catalogue(language))
    return [*pages, words]


def _shared_out(page: Sequence[Block], content: Content) -> dict[int, Content]:
    """What each countable block of a `page` holds, by the block."""
    counted = ties.countable(page)
    ends = [block.last_line for block in counted[:-1]]
    found = {id(block): Content() for block in counted}
    for mark in content.marks:
        found[id(counted[bisect_left(ends, mark.line)])].marks.append(mark)
    for said in content.prose:
        found[id(counted[bisect_left(ends, said.line)])].prose.append(said)
    return found


def shares(book: Book) -> dict[str, dict[str, float]]:
    """By language and page, how much of its prose is translated, between 0 and 1; 1 for the source language."""
    found = {book.languages[0]: dict.fromkeys(book.pages, 1.0)}
    for language in book.languages[1:]:
        pages = [page for page in translated(book, language) if page.page != WORDS]
        found[language] = {page.page: _share(page) for page in pages if page.source.is_file()}
    return found


def _share(page: Translated) -> float:
    prose = [found for found in page.standings if any(block.is_prose for block in found.source)]
    waiting = sum(found.state == standing.UNTRANSLATED for found in prose)
    return 1 - waiting / len(prose) if prose else 1.0


def reader_of(page: Translated) -> Callable[[str], Iterable[Block]]:
    """What makes blocks of the text of such a file."""
    return entries if page.page == WORDS else blocks


def findings(book: Book, language: str) -> list[str]:
    """What there is to mend in the pages and the catalogue of a `language`; of the source language, in its words."""
    pages = translated(book, language)
    # What they hold is asked for page by page, while what was parsed for their blocks is at hand.
    avoided = tuple(wrong for page in pages if page.held for wrong in terms.wrong(page.blocks))
    return [finding for page in pages for finding in checking.findings(page, avoided)]


def _catalogue(language: str) -> Path:
    files = localisation.files()
    return files.get(language) or files[localisation.SOURCE_LANGUAGE].with_name(f"{language}.json")


def refresh(page: Translated) -> None:
    """Write the ties anew: what is in step is kept as in step, what is behind stays so, copies are tied to nothing.

    A page that is missing is made: a copy of the source's, which waits for a translator.
    """
    if page.page != WORDS and not page.path.is_file():
        write_whole(page.path, sources.read(page.source).encode())
        page = replace(page)  # which knows nothing of it yet
    ties.write(page.ties, [tie for found in page.standings if (tie := _refreshed(found))])


def accept(page: Translated, line: int | None = None) -> list[Standing]:
    """Tie what is behind to the source as it is now: the block in `line` of the translation, or all of the page.

    What was removed in the source is then a block of the translation's own, as is what the source never had.

    Raises:
        BuildError: if there is nothing to accept in that line, or what is to be equal differs in what is accepted.
    """
    waiting = [
        found for found in page.standings if found.state in (*standing.BEHIND, standing.UNTRANSLATED, standing.EXTRA)
    ]
    chosen = [found for found in waiting if found.translation and (line is None or _is_in(found, line))]
    if line is not None and not chosen:
        at = [f"{sources.place(page.path)}:{found.line}: {found.kind}, {found.state}" for found in waiting]
        raise BuildError(
            f"A block that is accepted is one that is behind; there is none in line {line}.",
            at or [f"{sources.place(page.path)}: every block is in step"],
            "Choose the line of one of these:",
        )
    if wrong := [finding for found in chosen for finding in checking.differences(page, found)]:
        raise BuildError(
            "A block that is accepted has the code, formulas, labels, links, figures and numbers of its source.",
            [f"{sources.place(page.path)}:{number}: {cause}" for number, cause in sorted(wrong)],
            "Mend what is named, then accept it:",
        )
    kept = [_tied(found) if found in chosen else _refreshed(found) for found in page.standings]
    ties.write(page.ties, [tie for tie in kept if tie])
    return chosen


def _refreshed(found: Standing) -> Tie | None:
    if found.state in (standing.CURRENT, standing.OWN):
        return _tied(found)
    here = tuple(block.digest for block in found.translation)
    if found.state == standing.UNTRANSLATED:  # else nobody would see that it is a copy when the source has changed
        return Tie(found.kind, here, here, copied=True) if here else None
    return Tie(found.kind, found.was, here) if found.state in standing.BEHIND and found.was else None


def _tied(found: Standing) -> Tie:
    return ties.tie_of(found.source, found.translation)


def _is_in(found: Standing, line: int) -> bool:
    return any(block.line <= line <= block.last_line for block in found.translation)


def entries(text: str) -> Iterator[Block]:
    """The entries of a catalogue, whose kind is their key."""
    try:
        content = json.loads(text)
    except ValueError:
        return  # told of with its line when the catalogue is read
    if not isinstance(content, dict):
        return
    lines = {match[1]: number for number, line in enumerate(text.splitlines(), 1) if (match := _ENTRY.match(line))}
    for key, value in content.items():
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield Block(key, said, lines.get(key, 1), said)
