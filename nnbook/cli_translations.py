"""The translator's commands: parse, call, print."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nnbook.cli_errors import errors

if TYPE_CHECKING:
    from nnbook.site.book import Book
    from nnbook.site.translations.desk import Translated

LANGUAGE = click.argument("language", metavar="LANGUAGE")


@click.group()
def translations() -> None:
    """See how far the translations are, and keep them in step."""


@translations.command()
@click.argument("language", metavar="[LANGUAGE]", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the place of every block that wants work.")
def status(language: str | None, as_json: bool) -> None:
    """By page, how many blocks are current, changed in the source since, untranslated, or in the translation alone."""
    import json

    with errors():
        from nnbook.site.translations import told

        rows = told.counts(_pages(language))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("page")
    for state in (states := [state for state in told.summary(rows) if any(row[state] for row in rows)]):
        table.add_column(state, justify="right")
    for row in rows:
        table.add_row(f"{row['language']}  {row['page']}", *(str(row[state] or "") for state in states))
    Console().print(table)


@translations.command()
@click.argument("language", metavar="[LANGUAGE]", required=False)
@click.argument("page", required=False)
def diff(language: str | None, page: str | None) -> None:
    """For each block that is behind: the source before and now, the changes marked, and the translation."""
    with errors():
        from nnbook.site.translations import told

        for part in _pages(language, page):
            for line in told.changes(part):
                click.echo(line + "\n")


@translations.command()
@LANGUAGE
@click.argument("place", metavar="PAGE[:LINE]")
def accept(language: str, place: str) -> None:
    """Say that the block in LINE of PAGE, or all of PAGE, is in step with the source as it is now."""
    name, _, line = place.removesuffix(".md").partition(":")
    if line and not line.isdigit():
        raise click.BadParameter(f"a block is named by the number of its line; got {line!r}; write {name}:12")
    with errors():
        from nnbook.site.translations import desk

        for page in _pages(language, name):
            for found in desk.accept(page, int(line) if line else None):
                click.echo(f"{language}  {page.page}:{found.line}: {found.kind}, was {found.state}")


@translations.command()
@click.argument("language", metavar="[LANGUAGE]", required=False)
def check(language: str | None) -> None:
    """Name what a translation has lost, changed or should say otherwise, by file and line; then exit with 1."""
    with errors():
        from nnbook.site.translations import desk

        book = _book()
        languages = [_known(language, book.languages)] if language else book.languages
        found = [finding for code in languages for finding in desk.findings(book, code)]
    for finding in found:
        click.echo(finding)
    if found:
        sys.exit(1)
    click.echo(f"{', '.join(languages)}: nothing to mend")


@translations.command()
@click.argument("language", metavar="[LANGUAGE]", required=False)
def refresh(language: str | None) -> None:
    """Write down which blocks belong together, those translated since, too; what was behind stays behind.

    A page that a language lacks is begun: it is that of the source, and waits to be translated.
    """
    with errors():
        from nnbook.site.translations import desk

        pages = list(_pages(language))
        for page in pages:
            page.standings  # noqa: B018 - what can't be read stops before anything is written
        for page in pages:
            desk.refresh(page)


@translations.command()
@LANGUAGE
def new(language: str) -> None:
    """Begin LANGUAGE, such as es or pt-BR: its pages are those of the source, and wait to be translated."""
    with errors():
        from nnbook.site.book import read_book
        from nnbook.site.translations import new

        book = read_book(Path())
        for line in new.next_steps(book, language, new.begin(book, language)):
            click.echo(line)


def _pages(language: str | None, name: str | None = None) -> "Iterator[Translated]":
    from nnbook.site.errors import BuildError
    from nnbook.site.translations import desk

    book = _book()
    others = book.languages[1:]
    pages = [
        page for code in ([_known(language, others)] if language else others) for page in desk.translated(book, code)
    ]
    chosen = [page for page in pages if name in (None, page.page)]
    if not chosen:
        known = [page.page for page in pages]
        raise BuildError("A page is named as in the table of contents.", [f"got {name!r}"], f"Choose one of {known}:")
    yield from chosen


def _book() -> "Book":
    """The book here, whose pages are what they seem."""
    from nnbook.site import sources
    from nnbook.site.book import read_plan

    book = read_plan(Path())
    sources.check(book.sources(book.languages))
    return book


def _known(language: str, languages: "Sequence[str]") -> str:
    from nnbook.site.errors import BuildError

    if language not in languages:
        rule = f"A translation has one of the languages {', '.join(languages)}."
        raise BuildError(rule, [f"got {language!r}"], "Choose one of them:")
    return language
