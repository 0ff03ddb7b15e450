"""How long work is told to a person: lines, and a bar while bytes come in."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bars

Report = Callable[[int, int | None], None]  # bytes so far, bytes in all if known


class Progress(Protocol):
    """What the origins report to."""

    def line(self, text: str, routine: bool = False) -> None:
        """Tell what happened; `routine` for what needs nobody's attention, such as a hit in the cache."""

    def bar(self, label: str) -> AbstractContextManager[Report]:
        """Show a bar as long as the context lasts; call what it gives with the bytes so far and in all."""


class ConsoleProgress:
    """Reports on a rich console, by default standard error, where it does not mix with a program's output.

    With `routine=False` lines about routine are left out, so that a notebook cell that finds its data stays clean.
    """

    def __init__(self, console: Console | None = None, routine: bool = False) -> None:
        # In a notebook rich would display its lines as the cell's output, which belongs to the figure.
        self._console = console or Console(file=sys.stderr, force_jupyter=False)
        self._routine = routine

    def line(self, text: str, routine: bool = False) -> None:
        if self._routine or not routine:
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def bar(self, label: str) -> Iterator[Report]:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        # A bar needs a terminal that can redraw; elsewhere the lines tell enough.
        hidden = not self._console.is_terminal
        with Bars(*columns, TimeRemainingColumn(), console=self._console, transient=True, disable=hidden) as bars:
            task = bars.add_task(label, total=None)
            yield lambda done, total: bars.update(task, completed=done, total=total)
