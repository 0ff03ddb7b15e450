"""In a resident process: run changed cells in a kernel that is warm, and compare the languages."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from nbformat.v4 import new_code_cell

from nnbook.site import parity
from nnbook.site.book import Book
from nnbook.site.cells import STALE, kernel_name, lacking, outputs_file, read_cells, run_lacking, steps, timeout
from nnbook.site.kernel import Kernel, started
from nnbook.site.preview.words import shows
from nnbook.site.translations import told

Place = tuple[str, str]  # a language and a page


class Helper(ExitStack):
    """Its kernels end with its context.

    Args:
        cache: the folder of the cells' outputs.
        environment: all environment variables of the kernels.
    """

    def __init__(self, cache: Path, environment: Mapping[str, str]) -> None:
        super().__init__()
        self._cache = cache
        self._environment = environment
        self._kernels: dict[str, Kernel] = {}

    def warm_up(self) -> None:
        """Start a kernel, so that the next changed cell does not wait for it."""
        kernel = self._kernel("python3", 600)
        if not kernel.done:
            kernel.run(new_code_cell("import nnbook"), "warm")

    def run(self, book: Book, places: Iterable[Place]) -> int:
        """Run the cells of these places that have not been run, and give their number."""
        return sum(self._run(book, *place) for place in places)

    def compare(self, book: Book, pages: Iterable[str]) -> dict[str, list[str]]:
        """By page, what there is to say of its languages; nothing as long as one lacks it."""
        whole = {page for page in pages if all(book.file(language, page).exists() for language in book.languages)}
        return {
            page: [*parity.page_differences(book, page), *told.notes(book, page)] if page in whole else []
            for page in pages
        }

    def forget(self, book: Book, languages: Collection[str], texts: Collection[str]) -> set[Place]:
        """Let cells that showed these `texts` of catalogues be lacking, and give the places that have such cells."""
        self._cache.mkdir(parents=True, exist_ok=True)
        found = set()
        for file in book.sources(languages):
            language, page = file.relative_to(book.root / "book").with_suffix("").as_posix().split("/", 1)
            for step in steps(read_cells(book, language, page)):
                outputs, own = outputs_file(step, self._cache), self._cache / step.name
                if outputs.exists() and shows(outputs, texts):
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
            self._kernels[name] = self.enter_context(started(name, seconds, self._environment))
        return self._kernels[name]
