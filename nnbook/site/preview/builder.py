"""A Sphinx extension for the preview: write the pages that changed, and leave out what no writer waits for."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.highlighting import PygmentsBridge
from sphinx.util import logging

from nnbook.site.extension.sections import write_sections
from nnbook.site.preview.outline import outline

_CLOCK = 10_000  # microseconds that the times of files may lag behind the clock


class PreviewBuilder(StandaloneHTMLBuilder):
    """Writes HTML again and again in one process.

    Attributes:
        written: the pages written in this build.
    """

    search = False  # stemming every word takes longer than all the rest
    written: set[str]

    def init(self) -> None:
        super().init()
        self.written = set()
        self._is_first = True
        self._read: dict[str, nodes.document] = {}
        self._outlines: dict[str, nodes.document] = {}
        self._begun: dict[str, int] = {}
        self.env.__class__ = _Environment
        self.app.connect("env-purge-doc", self._forget)
        self.app.connect("env-updated", self._date)
        for listener in list(self.events.listeners["html-page-context"]):
            if listener.handler is write_sections:  # nobody searches here
                self.app.disconnect(listener.id)
        self.highlighter = _Colours(self.highlighter)

    def write(
        self, build_docnames: Iterable[str] | None, updated_docnames: Sequence[str], method: Any = "update"
    ) -> None:
        """Write what has changed; Sphinx adds the pages above, which our extension asks for if they are out of date."""
        if self._is_first:
            super().write(build_docnames, updated_docnames, method)
            return
        pages = {*(build_docnames or ()), *updated_docnames}
        self.prepare_writing(pages)
        self._write_serial(sorted(pages))

    def _write_serial(self, docnames: Sequence[str]) -> None:
        with logging.pending_warnings():
            for page in docnames:
                fresh = None if page in self.env._write_doc_doctree_cache else self._unpickled(page)
                tree = self.env.get_and_resolve_doctree(page, self, fresh)
                self.write_doc_serialized(page, tree)
                self.write_doc(page, tree)
                self.written.add(page)

    def finish(self) -> None:
        if self._is_first:
            super().finish()
        self._is_first = False

    def _forget(self, app: Sphinx, env: BuildEnvironment, page: str) -> None:
        """Before a page is read again."""
        self._begun[page] = time.time_ns() // 1_000 - _CLOCK
        self._read.pop(page, None)
        self._outlines.pop(page, None)
        env._pickled_doctree_cache.pop(page, None)  # Sphinx does not expect to be asked twice in one process

    def _date(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Sphinx dates pages by the end of reading, and would never notice that one was saved meanwhile."""
        env.all_docs |= self._begun
        self._begun.clear()
        return []

    def tree(self, page: str) -> nodes.document:
        """A tree to look things up in; unpickling it for each reference to a figure would take long."""
        if page not in self._read:
            self._read[page] = self._unpickled(page)
        return self._read[page]

    def outline(self, page: str) -> nodes.document:
        """What of a tree decides how things are numbered, which is done for all pages whenever one has changed."""
        if page not in self._outlines:
            self._outlines[page] = outline(self.tree(page), self.env.domains.values())
        return self._outlines[page]

    def _unpickled(self, page: str) -> nodes.document:
        """A tree of one's own, to be changed at will."""
        return BuildEnvironment.get_doctree(self.env, page)


class _Colours(PygmentsBridge):
    """A highlighter that keeps what it has done; nearly all code is as it was at the last build."""

    def __init__(self, highlighter: PygmentsBridge) -> None:
        self.__dict__.update(highlighter.__dict__)
        self._done: dict[Any, str] = {}

    def highlight_block(
        self, source: str, lang: str, opts: Any = None, force: bool = False, location: Any = None, **options: Any
    ) -> str:
        key = (source, lang, repr((opts, force, options)))
        if key not in self._done:
            self._done[key] = super().highlight_block(source, lang, opts, force, location, **options)
        return self._done[key]

    def forget(self) -> None:
        """Do all anew, and warn anew of what can't be read."""
        self._done.clear()


class _Environment(BuildEnvironment):
    _is_numbering = False

    def check_dependents(self, app: Sphinx, already: set[str]) -> Iterator[str]:
        self._is_numbering = True
        try:
            yield from list(super().check_dependents(app, already))
        finally:
            self._is_numbering = False

    def get_doctree(self, docname: str) -> nodes.document:
        builder = self.app.builder
        assert isinstance(builder, PreviewBuilder)
        return builder.outline(docname) if self._is_numbering else builder.tree(docname)

    def __getstate__(self) -> dict[str, Any]:
        return {}  # it lives as long as its process; Sphinx would write it to the disk on every build


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the place of Sphinx's own builder; called by Sphinx."""
    app.add_builder(PreviewBuilder, override=True)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
