"""The desk of one language: every page and the catalogue of words, how their blocks stand, and what is done to that."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from nnbook import localisation
from nnbook.site import sources
from nnbook.site.book import Book
from nnbook.site.errors import BuildError
from nnbook.site.translations import standing, ties
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
        page: its name, or `WORDS`.
        source: the file in the source language.
        path: the file of the translation.
    """

    root: Path
    language: str
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

    @property
    def ties(self) -> Path:
        """Where its ties lie."""
        return ties.file_of(self.root, self.language, self.page)

    @cached_property
    def standings(self) -> list[Standing]:
        """How each block stands."""
        known = ties.read(self.ties)
        if self.page == WORDS:
            return _standings_of_words(self.source_blocks, known, self.blocks)
        return standing.standings(self.source_blocks, known, self.blocks)

    def _blocks(self, path: Path) -> tuple[Block, ...]:
        # Copies: of two files that are equal, the blocks would be the very same ones, and are told apart by identity.
        return tuple(replace(block) for block in reader_of(self)(sources.read(path)))


def translated(book: Book, language: str) -> list[Translated]:
    """All pages of `language`, and its catalogue."""
    source = book.languages[0]
    pages = [
        Translated(book.root, language, page, book.file(source, page), book.file(language, page)) for page in book.pages
    ]
    words = Translated(book.root, language, WORDS, _catalogue(source), _catalogue(language))
    return [*pages, words]


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


def _catalogue(language: str) -> Path:
    files = localisation.files()
    return files.get(language) or files[localisation.SOURCE_LANGUAGE].with_name(f"{language}.json")


def refresh(page: Translated) -> None:
    """Write the ties anew: what is in step is kept as in step, what is behind stays so, copies are tied to nothing."""
    ties.write(page.ties, [tie for found in page.standings if (tie := _refreshed(found))])


def accept(page: Translated, line: int | None = None) -> list[Standing]:
    """Tie what is behind to the source as it is now: the block in `line` of the translation, or all of the page.

    What was removed in the source is then a block of the translation's own, as is what the source never had.

    Raises:
        BuildError: if there is nothing to accept in that line.
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


def _standings_of_words(source: Iterable[Block], known: Iterable[Tie], translation: Iterable[Block]) -> list[Standing]:
    """As `standing.standings`; entries belong together by their keys, and one that is missing is untranslated."""
    mine, theirs = ({block.kind: block for block in side} for side in (source, translation))
    tied, found, line = {tie.kind: tie for tie in known}, [], 1
    for key in dict.fromkeys([*mine, *theirs]):
        tie, left, right = tied.get(key), mine.get(key), theirs.get(key)
        line = right.line if right else line
        if right is None:
            state = standing.UNTRANSLATED
        elif left is None:
            state = standing.EXTRA
        else:
            state = standing.CURRENT if tie is None or tie.source == (left.digest,) else standing.CHANGED
        ours, other = ([block] if block else [] for block in (left, right))
        found.append(Standing(state, ours, other, line, tie.source if tie else ()))
    return found
