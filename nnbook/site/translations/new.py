"""Begin a language: a folder of pages that wait for a translator, a catalogue, and a word in the settings."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from babel.core import get_global

from nnbook import localisation
from nnbook.localisation.numbers import locale
from nnbook.site import sources
from nnbook.site.book import CONFIG, Book
from nnbook.site.errors import BuildError, write_whole
from nnbook.site.translations import desk

_LISTED = re.compile(r"^(languages:[ \t]*\[[^\]\n]*?)([ \t]*\])", re.MULTILINE)
_IN_LINES = re.compile(r"^languages:[^\n\[]*\n(?:[ \t]*(?:-.*|#.*)?\n)*?([ \t]*- )[^\n]*\n(?![ \t]*-)", re.MULTILINE)


def begin(book: Book, language: str) -> list[Path]:
    """Make the files of a `language` that the book does not have yet, and give them, the home page first.

    Raises:
        BuildError: if it is no language, or there is something of it already; nothing is written then.
    """
    catalogue, config = _catalogue(language), book.root / CONFIG
    settings = _with_language(sources.read(config), book, language)
    _refuse_what_is_there(book, language, catalogue)
    for name in book.pages:
        sources.read(book.file(book.languages[0], name))  # what can't be read stops before anything is written
    words = json.dumps(_needed(language), ensure_ascii=False, indent=2)
    write_whole(catalogue, f"{words}\n".encode())
    for page in desk.translated(replace(book, languages=(*book.languages, language)), language):
        if page.page != desk.WORDS:
            desk.refresh(page)  # makes it, and a copy is known as one, whatever becomes of the source
    write_whole(config, settings.encode())
    return [*(book.file(language, page) for page in book.pages), catalogue]


def next_steps(book: Book, language: str, made: list[Path]) -> Iterator[str]:
    """What a translator does first."""
    home = book.shown(made[0])
    yield f"Made {len(made) - 1} pages in {book.shown(made[0].parent)}/ and the catalogue {sources.place(made[-1])}."
    yield f"1. `nnbook serve --language {language}` shows the book; put your words into {home} and save it to see them."
    yield f"2. Words in figures and around the page go into {made[-1].name}: keys of en.json with texts of yours."
    yield f"3. `nnbook translations status {language}` says what is left; nothing has to be whole to be built."


def _needed(language: str) -> dict[str, str]:
    """What no other language can stand in for."""
    known = locale(language)
    tag = get_global("likely_subtags").get(str(known), str(known))
    territory = known.territory or tag.rpartition("_")[2]
    name = str(known.get_display_name() or language)
    return {"site.language_name": name[:1].upper() + name[1:], "site.locale": f"{known.language}_{territory}"}


def _catalogue(language: str) -> Path:
    try:
        locale(language)
    except ValueError as error:
        raise BuildError("A language must be known to CLDR.", [str(error)], "Choose its code:") from None
    folder = os.environ.get("NNBOOK_CATALOGUES") or localisation.files()[localisation.SOURCE_LANGUAGE].parent
    return Path(folder) / f"{language}.json"


def _refuse_what_is_there(book: Book, language: str, catalogue: Path) -> None:
    there = [path for path in (book.folder(language), catalogue) if path.exists()]
    if there:
        raise BuildError(
            "A language that is begun must be a new one.",
            [f"{sources.place(path)}: is there already" for path in there],
            f"Go on with it (`languages` in {CONFIG} has to name it), or move it away:",
        )


def _with_language(settings: str, book: Book, language: str) -> str:
    """The text of the settings, with one language more."""
    if language in book.languages:
        raise BuildError(
            "A language that is begun must be a new one.",
            [f"{CONFIG}: languages: {language!r} is there already"],
            f"See `nnbook translations status {language}`:",
        )
    if _LISTED.search(settings):
        return _LISTED.sub(rf"\g<1>, {language}\g<2>", settings, count=1)
    if match := _IN_LINES.search(settings):
        return f"{settings[: match.end()]}{match[1]}{language}\n{settings[match.end() :]}"
    raise BuildError(
        f"{CONFIG} must list the languages in a way that can be added to.",
        [f"{CONFIG}: `languages` is written otherwise"],
        "Write `languages: [en, ja]`:",
    )
