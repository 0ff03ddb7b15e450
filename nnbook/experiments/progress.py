"""How far trainings have come, for people: a bar for each at a terminal, a line now and then in a log."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from nnbook.experiments.parallel import Report

QUIET = 20  # seconds after which a log is told that there is still something to wait for


@contextmanager
def shown(console: Console, indent: str = "") -> Iterator[Report]:
    """What it gives is called with the name of an experiment, the number of its finished epochs and of all epochs."""
    left = TextColumn("{task.fields[left]}")
    columns = TextColumn(indent + "{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), left
    tasks: dict[str, TaskID] = {}
    begun: dict[str, tuple[float, int]] = {}
    said = time.monotonic()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def report(name: str, done: int, epochs: int) -> None:
            nonlocal said
            now = time.monotonic()
            if name not in tasks:
                tasks[name], begun[name] = bars.add_task(name, total=epochs, left=""), (now, done)
            since, before = begun[name]
            seconds = (now - since) * (epochs - done) / (done - before) if done > before else 0
            left = f"about {seconds:.0f} s left" if seconds else ""
            bars.update(tasks[name], completed=done, left=left)
            if left and not console.is_terminal and now - said > QUIET:
                said = now
                text = f"{indent}{name}: {done} of {epochs} epochs, {left}"
                console.print(text, soft_wrap=True, highlight=False, markup=False)

        yield report
