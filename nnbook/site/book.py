"""The book as it lies in its folder: languages, pages in reading order, settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nnbook.localisation import catalogue
from nnbook.localisation import languages as catalogues
from nnbook.site import sources
from nnbook.site.boundary import REMEDY, links_out
from nnbook.site.errors import BuildError
from nnbook.site.sources import CONFIG as CONFIG

TOC = "_toc.yml"


@dataclass(frozen=True)
class Book:
    """What to build.

    Attributes:
        root: the folder with `_config.yml`, `_toc.yml` and `book/`.
        languages: codes; the first is the source language, whose cells are run.
        pages: names in reading order, without suffix; the first is the home page.
        settings: the content of `_config.yml` without the languages and what is given.
        given: numbers that pages may state although no run gives them.
    """

    root: Path
    languages: tuple[str, ...]
    pages: tuple[str, ...]
    settings: dict[str, Any]
    given: tuple[str, ...] = ()

    def folder(self, language: str) -> Path:
        """Where the pages of `language` lie."""
        return self.root / "book" / language

    def file(self, language: str, page: str) -> Path:
        """The source of `page` in `language`."""
        return self.folder(language) / f"{page}.md"

    def shown(self, path: Path) -> str:
        """`path` as people know it: relative to the root, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def sources(self, languages: Iterable[str]) -> list[Path]:
        """The pages that there are in `languages`."""
        files = (self.file(language, page) for language in languages for page in self.pages)
        return [path for path in files if path.is_file()]


def read_book(root: Path) -> Book:
    """Read the book in the folder `root` and see that it is complete.

    Raises:
        BuildError: if a file can't be read or is not what it seems, a language has no catalogue, or the pages of the
            table of contents and those of the languages' folders differ.
    """
    book = read_plan(root)
    sources.check(book.sources(book.languages))
    findings = gaps(book)
    if findings:
        raise BuildError(
            f"Every page of {TOC} must exist in every language, and every page must be in {TOC}.",
            findings,
            "Write the page, let `nnbook translations refresh` begin it, or change the table of contents:",
        )
    return book


def read_plan(root: Path) -> Book:
    """Read what the book in the folder `root` is meant to be; pages may be missing.

    Raises:
        BuildError: if a file can't be read, or a language has no catalogue.
    """
    root = root.resolve()
    settings = _read_yaml(root / CONFIG, root)
    languages = _languages(settings)
    given = settings.pop("given", None) or {}
    outside = [f"{path.relative_to(root).as_posix()}: leads to {path.resolve()}" for path in links_out(root / "book")]
    if outside:
        raise BuildError("A symbolic link in book/ must lead to a place in it.", outside, f"{REMEDY.capitalize()}:")
    return Book(root, languages, _pages(root / TOC, root, languages), settings, tuple(map(str, given)))


def gaps(book: Book) -> list[str]:
    """Findings for pages that a language lacks, and for pages that nothing leads to."""
    return [*_missing(book), *_unlisted(book)]


def _read_yaml(path: Path, root: Path) -> dict[str, Any]:
    """The mapping in a YAML file at the root of the book."""
    name, remedy = path.relative_to(root).as_posix(), "Mend the file, or run the command in the book's folder:"
    if not path.exists():
        raise BuildError(f"A book must have a readable {name}.", [f"{path}: there is no such file"], remedy)
    try:
        content = yaml.safe_load(sources.read(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        cause = getattr(error, "problem", None) or str(error)
        raise BuildError(f"{name} must be valid YAML.", [f"{place}: {cause}"], remedy) from None
    if not isinstance(content, dict):
        found = type(content).__name__
        raise BuildError(f"{name} must hold names and values.", [f"{name}:1: found {found}"], remedy)
    return content


def _languages(settings: dict[str, Any]) -> tuple[str, ...]:
    """Take the languages out of the `settings`; each must have a catalogue."""
    chosen = settings.pop("languages", None)
    if not isinstance(chosen, list) or not chosen or not all(isinstance(code, str) for code in chosen):
        raise BuildError(
            f"{CONFIG} must list the languages of the book, the source language first.",
            [f"{CONFIG}: languages: {chosen!r}"],
            "Write for example `languages: [en, ja]`:",
        )
    lacking = [code for code in chosen if code not in catalogues()]
    if lacking:
        raise BuildError(
            "Every language of the book must have a catalogue of words.",
            [f"{CONFIG}: languages: {code}: nnbook/localisation/{code}.json is missing" for code in lacking],
            f"Add the catalogue, or choose among {', '.join(catalogues())}:",
        )
    faults = []
    for code in chosen:
        try:
            catalogue(code)
        except ValueError as error:
            faults += str(error).splitlines()
    if faults:
        raise BuildError("Every catalogue must be free of mistakes.", faults, "Mend what is named:")
    return tuple(chosen)


def _pages(path: Path, root: Path, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The pages that the table of contents names, in its order; its captions must be keys in every language."""
    from sphinx_external_toc.parsing import parse_toc_data

    content = _read_yaml(path, root)
    try:
        site_map = parse_toc_data(content)
    except Exception as error:  # the parser raises several kinds; each says what is wrong in one sentence
        raise BuildError(
            f"{TOC} must be a table of contents in the form of jupyter-book.",
            [f"{TOC}: {error}"],
            "Mend the entry that is named:",
        ) from None
    captions = [tree.caption for document in site_map.values() for tree in document.subtrees if tree.caption]
    unknown = [
        f"{code}  {TOC}: caption {caption!r}: not in nnbook/localisation/{code}.json"
        for caption in captions
        for code in languages
        if caption not in catalogue(code)
    ]
    if unknown:
        raise BuildError(f"A caption in {TOC} must be a key of every catalogue.", unknown, "Add the words:")
    return tuple(_in_reading_order(site_map, site_map.root.docname))


def _in_reading_order(site_map: Any, name: str) -> list[str]:
    """The page `name` and, depth first, all pages below it."""
    below = [str(item) for tree in site_map[name].subtrees for item in tree.items if str(item) in site_map]
    return [name.removesuffix(".md"), *(page for item in below for page in _in_reading_order(site_map, item))]


def _missing(book: Book) -> list[str]:
    """Findings for pages of the table of contents that a language lacks."""
    lines = sources.read(book.root / TOC).splitlines()
    numbers = {name: number for number, line in enumerate(lines, 1) for name in [line.partition(":")[2].strip()]}
    return [
        f"{language}  {TOC}:{numbers.get(page, numbers.get(f'{page}.md', 1))}: {page}: "
        f"{book.shown(book.file(language, page))} does not exist"
        for page in book.pages
        for language in book.languages
        if not book.file(language, page).is_file()
    ]


def _unlisted(book: Book) -> list[str]:
    """Findings for pages that lie in a language's folder but not in the table of contents."""
    return [
        f"{language}  {book.shown(path)}:1: this page is not in {TOC}"
        for language in book.languages
        for path in sources.files(book.folder(language), "*.md")
        if path.relative_to(book.folder(language)).as_posix().removesuffix(".md") not in book.pages
    ]
