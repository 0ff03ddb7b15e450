"""Run the preview until Ctrl+C, and start again when the package has changed."""

import os
import signal
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

from rich.console import Console

from nnbook.site.configuration import LanguageBuild
from nnbook.site.lock import exclusive
from nnbook.site.preview.changes import Changes
from nnbook.site.preview.server import Board, serving
from nnbook.site.preview.session import Restart, Session
from nnbook.site.preview.watching import watching

_AGAIN = "NNBOOK_SERVE_AGAIN"  # in the environment of a process that took another's place: its port


def run(
    builds: Sequence[LanguageBuild], environment: Mapping[str, str], port: int | None, browser: bool, console: Console
) -> None:
    """Show the book until Ctrl+C or SIGTERM, which end it; every process that was started has gone then.

    Args:
        builds: the languages to show.
        environment: all environment variables of the kernel.
        port: as in `serving`.
        browser: whether to open the book in the reader's browser.

    Raises:
        BuildError: if another preview works in the same folder, or the port is taken.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    address = ""
    again = os.environ.get(_AGAIN)
    try:
        with exclusive(builds[0].work), ExitStack() as stack:
            watcher = stack.enter_context(watching(builds[0].book.root))
            board = Board()
            pages = builds[0].pages.parent
            address = stack.enter_context(serving(pages, builds[0].languages, board, int(again) if again else port))
            session = Session(builds, environment, board, console, stack)
            session.update(Changes())
            console.print(f"\n{address}   shows what you save; Ctrl+C ends it\n", style="bold", soft_wrap=True)
            if browser and not again:
                webbrowser.open(address)
            session.warm_up()
            while True:
                session.update(watcher.wait())
    except KeyboardInterrupt:
        console.print("ended")
    except Restart:
        console.print("the package has changed: starting again", style="yellow")
        _start_again(urlsplit(address).port)


def _start_again(port: int | None) -> None:
    """Let a new process take the place of this one, with the new code and the same port."""
    os.environ[_AGAIN] = str(port)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def reap() -> None:
    """Forget the processes of the one whose place this one took; they have ended with it."""
    if _AGAIN in os.environ and hasattr(os, "WNOHANG"):
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
