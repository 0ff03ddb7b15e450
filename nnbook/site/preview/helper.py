"""In a resident process: run changed cells in a kernel that is warm, and compare the languages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_code_cell

from nnbook.site import parity
from nnbook.site.book import Book
from nnbook.site.cells import STALE, kernel_name, lacking, outputs_file, read_cells, run_lacking, steps, timeout
from nnbook.site.jobs import Answer
from nnbook.site.kernel import Kernel, started
from nnbook.site.preview.words import shows

Place = tuple[str, str]  # a language and a page


@dataclass(frozen=True)
class RunCells:
    """Run the cells of these places that have not been run; the answer is how many were."""

    book: Book
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Compare:
    """Compare the languages on these pages; the answer is a list of findings by page."""

    book: Book
    pages: tuple[str, ...]


@dataclass(frozen=True)
class NewWords:
    """Let cells that showed the `old` texts be lacking; the answer is the set of the places that have such cells."""

    book: Book
    languages: Collection[str]
    old: tuple[str, ...]


class Warm:
    """Start a kernel, so that the next changed cell does not wait for it; the answer is None."""


@contextmanager
def helper(cache: Path, environment: Mapping[str, str]) -> Iterator[Answer]:
    """Answer the questions above.

    Args:
        cache: the folder of the cells' outputs.
        environment: all environment variables of the kernel.
    """
    with ExitStack() as stack:
        yield _Helper(stack, cache, environment).answer


class _Helper:
    def __init__(self, stack: ExitStack, cache: Path, environment: Mapping[str, str]) -> None:
        self._stack = stack
        self._cache = cache
        self._environment = environment
        self._kernels: dict[str, Kernel] = {}

    def answer(self, question: RunCells | Compare | NewWords | Warm) -> object:
        if isinstance(question, RunCells):
            return sum(self._run(question.book, *place) for place in question.places)
        if isinstance(question, Compare):
            return {page: list(_differences(question.book, page)) for page in question.pages}
        if isinstance(question, NewWords):
            return self._mark_stale(question)
        kernel = self._kernel("python3", 600)
        if not kernel.done:
            kernel.run(new_code_cell("import nnbook"), "warm")
        return None

    def _mark_stale(self, news: NewWords) -> set[Place]:
        self._cache.mkdir(parents=True, exist_ok=True)
        found = set()
        for file in news.book.sources(news.languages):
            language, page = file.relative_to(news.book.root / "book").with_suffix("").as_posix().split("/", 1)
            for step in steps(read_cells(news.book, language, page)):
                outputs, own = outputs_file(step, self._cache), self._cache / step.name
                if outputs.exists() and shows(outputs, news.old):
                    own.unlink(missing_ok=True)
                    own.with_suffix(STALE).touch()
                    found.add((language, page))
        for kernel in self._kernels.values():
            if kernel.is_alive():
                kernel.forget_words()
        return found

    def _run(self, book: Book, language: str, page: str) -> int:
        notebook = read_cells(book, language, page) if book.file(language, page).exists() else None
        if not lacking(notebook, self._cache):
            return 0
        kernel = self._kernel(kernel_name(notebook), timeout(book))
        return run_lacking(book, language, page, self._cache, kernel)

    def _kernel(self, name: str, seconds: float) -> Kernel:
        """The kernel of this kind that runs already, or a new one."""
        if name not in self._kernels or not self._kernels[name].is_alive():
            self._kernels[name] = self._stack.enter_context(started(name, seconds, self._environment))
        return self._kernels[name]


def _differences(book: Book, page: str) -> Sequence[str]:
    if all(book.file(language, page).exists() for language in book.languages):
        return list(parity.page_differences(book, page))
    return []
