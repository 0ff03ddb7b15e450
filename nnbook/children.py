"""Processes that end with the one that started them, also where that one is killed and can't end them itself."""

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """Called in a process that `multiprocessing` has started: end it at once when its parent has ended."""
    threading.Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
