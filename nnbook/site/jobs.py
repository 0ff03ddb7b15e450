"""Run functions in processes of their own, two at a time.

Sphinx takes about a second to load and keeps the language in global state. Where the system can, a server process loads
it once, in the background, and each job starts as a copy of that process.
"""

import multiprocessing
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from functools import lru_cache
from multiprocessing.connection import wait
from typing import Any

from nnbook.site.errors import BuildError, of_machine
from nnbook.site.sockets import folder_for

Job = tuple[Callable[..., Any], tuple[Any, ...]]
AT_ONCE = 2


def warm_up() -> None:
    """Start the server process and let it load Sphinx while other work goes on."""
    if sys.platform != "win32":
        from multiprocessing import forkserver

        context().set_forkserver_preload(["nnbook.site.preload"])
        forkserver.ensure_running()


@lru_cache(maxsize=1)
def context() -> Any:
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
    results: list[Any] = [None] * len(jobs)
    errors: dict[int, BuildError] = {}
    running: dict[Any, tuple[int, float, Any]] = {}
    waiting = list(range(len(jobs)))
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                index = waiting.pop(0)
                pipe, process = _start(*jobs[index])
                running[pipe] = (index, time.perf_counter(), process)
            for pipe in wait(list(running)):
                index, started, process = running.pop(pipe)
                results[index] = _result(pipe, process)
                if isinstance(results[index], BuildError):
                    errors[index] = results[index]
                else:
                    done(index, time.perf_counter() - started)
    finally:
        for _, _, process in running.values():
            process.terminate()
    if errors:
        raise _merged([errors[index] for index in sorted(errors)])
    return results


def _start(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, Any]:
    """A process that calls `function`, and the pipe on which its result will come."""
    ours, theirs = context().Pipe()
    process = context().Process(target=_call, args=(theirs, function, arguments), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _result(pipe: Any, process: Any) -> Any:
    """What came through the `pipe`: the function's result or the error that stopped it."""
    try:
        result = pipe.recv()
    except EOFError:
        process.join()
        result = failed(f"the process ended with code {process.exitcode} and without a word")
    pipe.close()
    process.join()
    return result


def _call(pipe: Any, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """In the process: call and send the result; end at once when the process that asked for it has gone."""
    threading.Thread(target=_watch, args=(pipe,), daemon=True).start()
    try:
        result = function(*arguments)
    except BuildError as error:
        result = error
    except Exception as error:
        result = failed(error)
    pipe.send(result)


def _watch(pipe: Any) -> None:
    try:
        pipe.poll(None)
    except OSError:
        return
    os._exit(1)


def failed(cause: str | Exception) -> BuildError:
    """The error of a step that ended in a way that nobody foresaw, or because of the machine."""
    if told := of_machine(cause):
        return told
    if isinstance(cause, Exception):
        last = traceback.extract_tb(cause.__traceback__)[-1]
        cause = f"{last.filename}:{last.lineno}: {type(cause).__name__}: {cause}"
    return BuildError("Each step of the build must end.", [cause], "This is an error of the program; please report it:")


def _merged(errors: Sequence[BuildError]) -> BuildError:
    """One error with the findings of all that broke the same rule as the first."""
    first = errors[0]
    findings = [line for error in errors if error.rule == first.rule for line in error.findings]
    return BuildError(first.rule, findings, first.remedy)
