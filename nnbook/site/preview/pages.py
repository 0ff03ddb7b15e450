"""In a resident process: set one language again and again with the same Sphinx."""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nnbook.site.configuration import LanguageBuild, assets_for, settings_for
from nnbook.site.language import application, findings_of
from nnbook.site.preview.resident import Answer

BUILDER = "nnbook.site.preview.builder"
NOT_YET = "etoc.ref"  # a page of the contents that this language lacks is a note, which keeps nobody from writing


@dataclass(frozen=True)
class Written:
    """What a build of one language did: the pages it wrote, and what there was to warn of."""

    pages: tuple[str, ...]
    findings: tuple[str, ...]


@contextmanager
def language(build: LanguageBuild) -> Iterator[Answer]:
    """Set `build` from nothing at the first question and what has changed at each one after it.

    A question is whether static files have changed; the answer is of the kind `Written`.
    """
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

    def update(self, static_changed: bool) -> Written:
        self._warnings.seek(0)
        self._warnings.truncate()
        findings = findings_of(lambda: self._run(static_changed), self._build, self._warnings)
        if self._app is None:
            return Written((), tuple(findings))
        self._read_again(findings)
        return Written(tuple(sorted(self._app.builder.written)), tuple(findings))

    def _run(self, static_changed: bool) -> None:
        if self._app is None:
            settings = settings_for(self._build)
            settings["extensions"] = [*settings["extensions"], BUILDER]
            settings["suppress_warnings"] = [*settings.get("suppress_warnings", []), NOT_YET]
            self._app = application(self._build, settings, self._warnings)
        elif static_changed:
            assets_for(self._build)  # the style sheets of the book are part of one
            self._app.builder.copy_static_files()
        self._app.builder.written.clear()
        self._app.build()

    def _read_again(self, findings: list[str]) -> None:
        """Let pages with findings be read the next time in any case; Sphinx does not repeat its warnings."""
        known = self._app.env.all_docs
        named = {match[1] for finding in findings for match in self._of_page.finditer(finding)}
        whole = any(not self._of_page.search(finding) for finding in findings)
        for page in known if whole else named & known.keys():
            known[page] = 0
        if findings:
            self._app.builder.highlighter.forget()
