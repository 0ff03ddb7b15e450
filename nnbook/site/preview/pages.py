"""In a resident process: set one language again and again with the same Sphinx."""

import io
import re
import shutil
from collections.abc import Collection
from contextlib import ExitStack
from typing import Any

from nnbook.site.configuration import LanguageBuild, assets_for, settings_for
from nnbook.site.language import application, findings_of
from nnbook.site.preview import words

NOT_YET = "etoc.ref"  # a page of the contents that this language lacks is a note, which keeps nobody from writing


class Language(ExitStack):
    """Sets `build` again and again, from nothing at first."""

    def __init__(self, build: LanguageBuild) -> None:
        from sphinx.util.docutils import docutils_namespace, patch_docutils

        super().__init__()
        for folder in (build.doctrees, build.pages):
            shutil.rmtree(folder, ignore_errors=True)
        self.enter_context(patch_docutils())
        self.enter_context(docutils_namespace())
        self._build = build
        self._warnings = io.StringIO()
        self._app: Any = None
        self._of_page = re.compile(re.escape(build.book.shown(build.book.folder(build.language))) + r"/([^:]+)\.md:")
        self._again: set[str] = set()  # pages to be read, whatever their dates say
        self._written: set[str] = set()

    def update(self, saved: Collection[str], static_changed: bool) -> tuple[list[str], list[str]]:
        """Set what has changed, and give the pages that were written and what there was to warn of.

        Args:
            saved: the names of pages. Sphinx dates a page by the end of reading, and would not notice all of them.
            static_changed: whether files beside the pages have changed.
        """
        self._warnings.seek(0)
        self._warnings.truncate()
        self._written.clear()
        self._again |= set(saved)
        findings = findings_of(lambda: self._run(static_changed), self._build, self._warnings)
        # Sphinx does not repeat its warnings.
        named = {match[1] for finding in findings for match in self._of_page.finditer(finding)}
        whole = self._app is not None and any(not self._of_page.search(finding) for finding in findings)
        self._again = set(self._app.env.found_docs) if whole else named
        return sorted(self._written), findings

    def forget_words(self) -> None:
        """Read the catalogues anew from now on."""
        words.forget()

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
