"""In a resident process: set one language again and again with the same Sphinx."""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nnbook.site.configuration import LanguageBuild, assets_for, settings_for
from nnbook.site.jobs import Answer
from nnbook.site.language import application, findings_of

NOT_YET = "etoc.ref"  # a page of the contents that this language lacks is a note, which keeps nobody from writing


@dataclass(frozen=True)
class SetPages:
    """Set what has changed; the answer is of the kind `Written`.

    Attributes:
        pages: those that were saved. Sphinx dates a page by the end of reading, and would not notice all of them.
        static: whether files beside the pages have changed.
    """

    pages: frozenset[str]
    static: bool


@dataclass(frozen=True)
class Written:
    """What a build of one language did: the pages it wrote, and what there was to warn of."""

    pages: tuple[str, ...]
    findings: tuple[str, ...]


@contextmanager
def language(build: LanguageBuild) -> Iterator[Answer]:
    """Set `build` from nothing at the first question and what has changed at each one after it."""
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    for folder in (build.doctrees, build.pages):
        shutil.rmtree(folder, ignore_errors=True)
    with patch_docutils(), docutils_namespace():
        yield _Language(build).update


class _Language:
    def __init__(self, build: LanguageBuild) -> None:
        self._build = build
        self._warnings = io.StringIO()
        self._app: Any = None
        self._of_page = re.compile(re.escape(build.book.shown(build.book.folder(build.language))) + r"/([^:]+)\.md:")
        self._again: set[str] = set()  # pages to be read, whatever their dates say
        self._written: set[str] = set()

    def update(self, asked: SetPages) -> Written:
        self._warnings.seek(0)
        self._warnings.truncate()
        self._written.clear()
        self._again |= asked.pages
        findings = findings_of(lambda: self._run(asked.static), self._build, self._warnings)
        # Sphinx does not repeat its warnings.
        named = {match[1] for finding in findings for match in self._of_page.finditer(finding)}
        whole = self._app is not None and any(not self._of_page.search(finding) for finding in findings)
        self._again = set(self._app.env.found_docs) if whole else named
        return Written(tuple(sorted(self._written)), tuple(findings))

    def _run(self, static_changed: bool) -> None:
        if self._app is None:
            settings = settings_for(self._build)
            settings["suppress_warnings"] = [*settings.get("suppress_warnings", []), NOT_YET]
            self._app = application(self._build, settings, self._warnings)
            self._app.connect("env-get-outdated", lambda *event: self._again)
            self._app.connect("html-page-context", lambda app, page, *event: self._written.add(page))
        elif static_changed:
            assets_for(self._build)  # the style sheets of the book are part of one
            self._app.builder.copy_static_files()
        self._app.env._pickled_doctree_cache.clear()  # Sphinx reads no page twice in one process; its own tests do this
        self._app.build()
