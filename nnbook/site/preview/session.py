"""The preview from start to end: what has changed is made anew, what is wrong is shown until it is mended."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from nnbook import localisation
from nnbook.site import sources, typed_results
from nnbook.site.book import gaps, read_plan
from nnbook.site.cell_options import cells_in
from nnbook.site.configuration import LanguageBuild
from nnbook.site.errors import BuildError, machine
from nnbook.site.jobs import Resident
from nnbook.site.language import warned
from nnbook.site.preview import words
from nnbook.site.preview.changes import Changes, check_code
from nnbook.site.preview.helper import Helper, Place
from nnbook.site.preview.pages import Language
from nnbook.site.preview.server import Board
from nnbook.site.translations.composed import text_of

# How keys begin whose words Sphinx writes, on every page or once for all of them; the words of figures come from cells.
_OF_PAGES = {"site", "class", "plural"}
_OF_SETTINGS = {"title", "figure", "table", "part"}  # after "site"
_SHOWN = 8  # notes in the terminal; the page has them all


class Restart(Exception):
    """The code of the package has changed, or figures speak one language more: everything has to start again."""


class Session:
    """Holds the processes and what is not done yet; used by one thread.

    Args:
        builds: the languages to set.
        environment: all environment variables of the kernel.
        stack: what is opened is closed with it.
    """

    def __init__(
        self,
        builds: Sequence[LanguageBuild],
        environment: Mapping[str, str],
        board: Board,
        console: Console,
        stack: ExitStack,
    ) -> None:
        self._builds = {build.language: build for build in builds}
        self._book = builds[0].book
        self._board = board
        self._console = console
        self._for_helper = (builds[0].cells, dict(environment))
        self._helper = Resident(Helper, *self._for_helper)
        self._setters: dict[str, Resident] = {}
        self._code: set[Path] = set()
        self._words = words.catalogues(self._book.languages)
        self._in_figures = localisation.in_figures(self._book.languages).keys()
        # By language that has changed since it was set, the pages that were saved.
        self._waiting: dict[str, set[str]] = {code: set() for code in self._builds}
        self._everything = True
        self._static = False
        self._cells: dict[Path, tuple[str, ...]] = {}  # as they were when all of them had been run
        self._failure: tuple[dict[Path, str], BuildError] | None = None
        self._warnings: dict[str, list[str]] = {}
        self._differences: dict[str, list[str]] = {}
        self._errors: list[BuildError] = []
        self._notices: list[str] = []
        self._said: list[str] = []
        stack.callback(self._close)

    def warm_up(self) -> None:
        """Start a kernel while the writer thinks; a failure is told when a cell is run."""
        with suppress(BuildError):
            self._helper.call("warm_up")

    def update(self, changes: Changes) -> None:
        """Make anew what depends on the `changes` and on earlier ones that could not be done.

        Raises:
            Restart: if the package has changed.
        """
        self._note(changes)
        try:
            with machine():
                self._make()
        except BuildError as error:
            self._errors = [error]
        else:
            self._errors = [warned(self._warnings[code]) for code in self._builds if self._warnings.get(code)]
        self._tell()
        self._compare(changes)

    def _note(self, changes: Changes) -> None:
        self._code |= set(changes.code)
        self._everything |= changes.plan
        self._static |= changes.static
        for code in self._builds:
            folders = {self._book.folder(code), self._book.folder(self._book.languages[0])}  # see translations/composed
            saved = {page for folder in folders for page in changes.pages_in(folder)}
            if changes.static or saved:
                self._waiting.setdefault(code, set()).update(saved)

    def _make(self) -> None:
        if self._code:
            self._renew_words()
            if self._code:
                check_code(self._code)
                raise Restart
        if self._everything:
            self._begin_again()
        sources.check(self._book.sources(code for code in self._builds if code in self._waiting))
        self._run_cells()
        self._set_pages()

    def _renew_words(self) -> None:
        """If catalogues have changed, let what shows their old words be made again, and nothing else."""
        if not self._code & set(localisation.files().values()):
            return
        words.forget()
        self._book = read_plan(self._book.root)  # says what is wrong with them
        if localisation.in_figures(self._book.languages).keys() != self._in_figures:
            raise Restart
        new = words.catalogues(self._book.languages)
        old = words.changed(self._words, new)
        old = {code: old[code] for code in old.keys() & self._builds.keys()}
        if old:
            texts = tuple(text for changed in old.values() for text in changed.values())
            for code, page in self._helper.call("forget", self._book, tuple(old), texts):
                self._waiting.setdefault(code, set()).add(page)
            self._cells.clear()
        for code, changed in old.items():
            setter = self._setters.get(code)
            named = [key.split(".") for key in changed]
            if setter and any(first == "site" and second in _OF_SETTINGS for first, second, *_ in named):
                self._setters.pop(code).close()
            elif setter and setter.is_alive():
                setter.call("forget_words")
            if any(first in _OF_PAGES for first, *_ in named):
                self._waiting.setdefault(code, set()).update(self._book.pages)
        self._words = new
        self._code -= set(localisation.files().values())

    def _begin_again(self) -> None:
        """Read the settings and the table of contents, and set all languages from nothing."""
        book = read_plan(self._book.root)
        if book.languages != self._book.languages:
            raise Restart
        self._book = book
        self._close_setters()
        self._failure = None
        self._warnings.clear()
        self._waiting = {code: set() for code in self._builds}
        self._everything = False

    def _run_cells(self) -> None:
        """Run the cells that have changed; a language may be ahead of the one that it translates."""
        files = {
            (code, page): file
            for code in self._builds
            if code in self._waiting
            for page in self._book.pages
            if (file := self._book.file(code, page)).is_file()
        }
        source = self._book.languages[0]
        texts = {file: text_of(self._book.root, source, *place) for place, file in files.items()}
        found = {file: cells_in(text, file) for file, text in texts.items()}
        new = {file: cells for file, cells in found.items() if self._cells.get(file) != cells}
        saved = {file: texts[file] for file in new}
        if self._failure and self._failure[0] == saved:
            raise self._failure[1]  # the same cell would fail again
        if new:
            places = tuple(place for place, file in files.items() if file in new)
            try:
                self._run(places)
            except BuildError as error:
                self._failure = (saved, error)
                raise
        self._failure = None
        self._cells |= new

    def _run(self, places: tuple[Place, ...]) -> None:
        if not self._helper.is_alive():
            self._helper = Resident(Helper, *self._for_helper)
        began = time.perf_counter()
        with self._console.status("cells"):
            count = self._helper.call("run", self._book, places)
        if count:
            self._say("cells", time.perf_counter() - began, f"{count} run")

    def _set_pages(self) -> None:
        """Let each language that waits write its pages, all at the same time."""
        asked = {code: time.perf_counter() for code in self._builds if code in self._waiting}
        for code in asked:
            if code not in self._setters or not self._setters[code].is_alive():
                self._setters[code] = Resident(Language, replace(self._builds[code], book=self._book))
            self._setters[code].ask("update", self._waiting[code], self._static)
        failures = []
        for code, began in asked.items():
            try:
                written, self._warnings[code] = self._setters[code].answer()
            except BuildError as error:
                failures.append(error)
                continue
            if not written and self._warnings[code]:  # it could not even begin
                self._setters.pop(code).close()
            else:
                del self._waiting[code]
            self._say(code, time.perf_counter() - began, ", ".join(written) or "files beside the pages")
            self._board.pages_written(f"{code}/{page}" for page in written)
        if self._static:
            self._board.all_written()
        self._static = False
        if failures:
            raise failures[0]

    def _compare(self, changes: Changes) -> None:
        """Compare the languages while the writer looks at the page; what differs is a note, not an error."""
        if self._errors:
            return
        changed = {page for code in self._book.languages for page in changes.pages_in(self._book.folder(code))}
        pages = [page for page in self._book.pages if page in changed or page not in self._differences]
        if pages:
            self._differences |= self._helper.call("compare", self._book, pages)
        notices = [*gaps(self._book), *(line for page in self._book.pages for line in self._differences[page])]
        notices = [line for line in notices + typed_results.findings(self._book) if line.split()[0] in self._builds]
        if notices and notices != self._notices:
            self._console.print(f"What is left to do ({len(notices)}):", style="yellow")
            self._print(notices[:_SHOWN])
        self._notices = notices
        self._board.show([], notices)

    def _tell(self) -> None:
        """Show what is wrong, on the pages always, in the terminal once."""
        self._board.show(self._errors, self._notices)
        said = [str(error) for error in self._errors]
        if said != self._said and not said:
            self._console.print("mended", style="green")
        for error in self._errors if said != self._said else []:
            self._console.print(f"{error.rule} {error.remedy}", style="red", soft_wrap=True, highlight=False)
            self._print(error.findings)
        self._said = said

    def _print(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._console.print(f"  {line}", soft_wrap=True, highlight=False, markup=False)

    def _say(self, what: str, seconds: float, text: str) -> None:
        now = time.strftime("%H:%M:%S")
        self._console.print(f"{now}  {what:<6}{seconds:6.2f} s   {text}", soft_wrap=True, highlight=False, markup=False)

    def _close(self) -> None:
        self._close_setters()
        self._helper.close()

    def _close_setters(self) -> None:
        while self._setters:
            self._setters.popitem()[1].close()
