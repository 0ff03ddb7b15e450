"""Notice what is saved: pages and what lies beside them, settings, and the code of the package."""

import hashlib
import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from watchfiles import watch

from nnbook import localisation
from nnbook.site.configuration import PACKAGE
from nnbook.site.preview.changes import Changes, sort

_STEP = 10  # milliseconds without a change after which a save is complete
_LONGEST = 400  # milliseconds that a stream of changes is collected


class Watcher:
    """Collects changes in threads of its own; made by `watching`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known = {path: content for path in _files(root) if (content := _content(path))}
        self._paths: queue.SimpleQueue[set[Path]] = queue.SimpleQueue()
        self.stop = threading.Event()
        # The root itself without what is in it: environments and builds are large.
        for recursive, folders in ((False, [root]), (True, _folders(root))):
            threading.Thread(target=self._collect, args=(folders, recursive), daemon=True).start()

    def wait(self) -> Changes:
        """The changes since the last call, as soon as there are any."""
        while True:
            paths = self._paths.get()
            while not self._paths.empty():
                paths |= self._paths.get()
            # Editors write beside a file and rename, or write twice: what counts is the content before and after.
            before = {path: self._known.pop(path, None) for path in paths}
            after = {path: _content(path) for path in paths}
            self._known |= {path: content for path, content in after.items() if content}
            changed = [path for path in paths if before[path] != after[path]]
            changes = sort([(None not in (before[path], after[path]), path) for path in changed], self._root)
            if changes != Changes():  # what else lies in the root may be anything
                return changes

    def _collect(self, folders: Iterable[Path], recursive: bool) -> None:
        options = {"recursive": recursive, "step": _STEP, "debounce": _LONGEST, "raise_interrupt": False}
        for changes in watch(*folders, stop_event=self.stop, **options):  # type: ignore[arg-type]
            self._paths.put({Path(name) for _, name in changes})


@contextmanager
def watching(root: Path) -> Iterator[Watcher]:
    """Watch the book in the folder `root` while the context lasts."""
    watcher = Watcher(root)
    try:
        yield watcher
    finally:
        watcher.stop.set()


def _files(root: Path) -> Iterator[Path]:
    yield from root.iterdir()
    for folder in _folders(root):
        yield from folder.rglob("*")


def _folders(root: Path) -> set[Path]:
    """The folders that are watched with all that is in them."""
    catalogues = {path.parent for path in localisation.files().values() if not path.is_relative_to(PACKAGE)}
    return {root / "book", PACKAGE, *catalogues}


def _content(path: Path) -> bytes | None:
    """A digest of the content of a file; None if there is no such file."""
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return None
