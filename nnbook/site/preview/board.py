"""What open pages should know: which of them are out of date, and what is wrong at the moment."""

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nnbook.site.errors import BuildError


class Board:
    """Written by the session, read by the threads of the server."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._all = 0
        self._versions: dict[str, int] = {}
        self._errors: tuple[BuildError, ...] = ()
        self._notices: tuple[str, ...] = ()

    def pages_written(self, names: Iterable[str]) -> None:
        """Pages such as `en/index` are new; they load themselves anew."""
        with self._changed:
            for name in names:
                self._versions[name] = self._versions.get(name, 0) + 1
            self._changed.notify_all()

    def all_written(self) -> None:
        """Every page should load itself anew, for instance for a style sheet."""
        with self._changed:
            self._all += 1
            self._changed.notify_all()

    def show(self, errors: Sequence[BuildError], notices: Sequence[str]) -> None:
        """Show what is wrong now; nothing takes it away."""
        with self._changed:
            self._errors, self._notices = tuple(errors), tuple(notices)
            self._changed.notify_all()

    def version(self, page: str) -> str:
        """Changes when the page does, and when another process serves it."""
        return f"{os.getpid()}-{self._all}-{self._versions.get(page, 0)}"

    def wait(self, page: str, seen: Mapping[str, Any] | None, seconds: float) -> dict[str, Any]:
        """The news for a `page`, at once if they differ from those it has `seen`, else when they do or time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._news(page) != seen, seconds)
            return self._news(page)

    def _news(self, page: str) -> dict[str, Any]:
        return {
            "version": self.version(page),
            "errors": [
                {"rule": error.rule, "findings": error.findings, "remedy": error.remedy} for error in self._errors
            ],
            "notices": list(self._notices),
        }
