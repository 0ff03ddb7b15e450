"""A process that stays: it loads what is slow once and answers questions until it is closed."""

import gc
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

from nnbook.site.errors import BuildError
from nnbook.site.jobs import context, failed

Answer = Callable[[Any], Any]


class Resident:
    """A process of its own, in which `make` gives the function that answers.

    Args:
        make: called there with `arguments`; left when the process is closed or the one that started it has gone.
    """

    def __init__(self, make: Callable[..., AbstractContextManager[Answer]], *arguments: Any) -> None:
        self._pipe, theirs = context().Pipe()
        self._process = context().Process(target=_answer, args=(theirs, make, arguments), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, question: Any) -> None:
        """Send a question, the answer to which `answer` waits for."""
        with suppress(OSError):  # `answer` says that the process has ended
            self._pipe.send(question)

    def answer(self) -> Any:
        """The answer to the oldest question.

        Raises:
            BuildError: if that is the answer, or the process ended without one.
        """
        try:
            result = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            result = failed(f"the process ended with code {self._process.exitcode} and without a word")
        if isinstance(result, BuildError):
            raise result
        return result

    def call(self, question: Any) -> Any:
        """Ask and wait for the answer; raises as `answer`."""
        self.ask(question)
        return self.answer()

    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return bool(self._process.is_alive())

    def close(self) -> None:
        """Let it end, by force if it does not; what it is doing is lost."""
        self._pipe.close()
        self._process.join(3)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _answer(pipe: Any, make: Callable[..., AbstractContextManager[Answer]], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all processes; the first one closes the others
    gc.disable()  # looking for memory to free takes a third of the time; it can be done when nobody waits
    with make(*arguments) as answer:
        while True:
            try:
                question = pipe.recv()
            except EOFError:
                return
            try:
                result = answer(question)
            except BuildError as error:
                result = error
            except Exception as error:
                result = failed(error)
            try:
                pipe.send(result)
            except OSError:
                return
            gc.collect()
            if not gc.get_freeze_count():
                gc.freeze()  # what the first answer needed stays
