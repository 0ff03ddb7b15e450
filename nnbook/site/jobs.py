"""Functions in processes of their own, two at a time, and processes that stay and answer questions.

Sphinx takes about a second to load and keeps the language in global state. Where the system can, a server process loads
it once, in the background, and each process starts as a copy of that one.
"""

import gc
import multiprocessing
import operator
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache
from typing import Any

from nnbook.children import end_with_parent
from nnbook.site.errors import BuildError, of_machine
from nnbook.site.sockets import folder_for

Job = tuple[Callable[..., Any], tuple[Any, ...]]
AT_ONCE = 2


def warm_up() -> None:
    """Start the server process and let it load Sphinx while other work goes on."""
    if sys.platform != "win32":
        from multiprocessing import forkserver

        _context().set_forkserver_preload(["nnbook.site.preload"])
        forkserver.ensure_running()


@lru_cache(maxsize=1)
def _context() -> Any:
    """How processes are started; the server's socket needs a folder with a short name."""
    from multiprocessing import util

    usual, tempfile.tempdir = tempfile.tempdir, folder_for(len("/pymp-12345678/listener-12345678"))
    try:
        util.get_temp_dir()  # made once a process, and kept
    finally:
        tempfile.tempdir = usual
    return multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")


def run(jobs: Sequence[Job], done: Callable[[int, float], None] = lambda index, seconds: None) -> list[Any]:
    """Call each function with its arguments in a process of its own and give the results in order.

    Args:
        done: told the index and the seconds of each job that has ended well.

    Raises:
        BuildError: if jobs raised it (the findings of all with the first one's rule), or a process failed.
    """
    running: list[Resident] = []

    def result(index: int) -> Any:
        started = time.perf_counter()
        running.append(process := Resident(_calling))
        try:
            function, arguments = jobs[index]
            found = process.call("call", function, *arguments)
        except BuildError as error:
            return error
        finally:
            process.close()
        done(index, time.perf_counter() - started)
        return found

    with ThreadPoolExecutor(AT_ONCE) as threads:
        try:
            results = list(threads.map(result, range(len(jobs))))
        finally:
            for process in running:
                process.close(patience=0)
    errors = [found for found in results if isinstance(found, BuildError)]
    if errors:
        first = errors[0]
        findings = [line for error in errors if error.rule == first.rule for line in error.findings]
        raise BuildError(first.rule, findings, first.remedy)
    return results


@contextmanager
def _calling() -> Iterator[Any]:
    yield operator


class Resident:
    """A process of its own with what `make` makes there, whose methods can be called: it loads what is slow once.

    Args:
        make: called there with `arguments`; left when the process is closed.
    """

    def __init__(self, make: Callable[..., AbstractContextManager[Any]], *arguments: Any) -> None:
        self._pipe, theirs = _context().Pipe()
        self._process = _context().Process(target=_answer, args=(theirs, make, arguments), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, method: str, *arguments: Any) -> None:
        """Call a method, the result of which `answer` waits for."""
        with suppress(OSError):  # `answer` says that the process has ended
            self._pipe.send((method, arguments))

    def answer(self) -> Any:
        """The answer to the oldest question.

        Raises:
            BuildError: if that is the answer, or the process ended without one.
        """
        try:
            result = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            result = _failed(f"the process ended with code {self._process.exitcode} and without a word")
        if isinstance(result, BuildError):
            raise result
        return result

    def call(self, method: str, *arguments: Any) -> Any:
        """Ask and wait for the answer; raises as `answer`."""
        self.ask(method, *arguments)
        return self.answer()

    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return bool(self._process.is_alive())

    def close(self, patience: float = 3) -> None:
        """Let it end, by force if it does not after some seconds; what it is doing is lost."""
        self._pipe.close()
        self._process.join(patience)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _answer(pipe: Any, make: Callable[..., AbstractContextManager[Any]], made_of: tuple[Any, ...]) -> None:
    """In the process: answer until the pipe is closed; end at once when the process that asks has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all processes; the first one closes the others
    end_with_parent()
    gc.disable()  # looking for memory to free takes a third of the time; it can be done when nobody waits
    with make(*made_of) as made, suppress(EOFError, OSError):
        while True:
            method, arguments = pipe.recv()
            try:
                result = getattr(made, method)(*arguments)
            except BuildError as error:
                result = error
            except Exception as error:
                result = _failed(error)
            pipe.send(result)
            gc.collect()
            if not gc.get_freeze_count():
                gc.freeze()  # what the first answer needed stays


def _failed(cause: str | Exception) -> BuildError:
    """The error of a step that ended in a way that nobody foresaw, or because of the machine."""
    if told := of_machine(cause):
        return told
    if isinstance(cause, Exception):
        last = traceback.extract_tb(cause.__traceback__)[-1]
        cause = f"{last.filename}:{last.lineno}: {type(cause).__name__}: {cause}"
    return BuildError("Each step of the build must end.", [cause], "This is an error of the program; please report it:")
