"""The Sphinx extension of the book.

It gives pages constructs of their own: the directives {caption}, {answer}, {chapters}, {dropdown} and {provenance} and
the roles {value} and {state}; links terms to the glossary; sets formulas as MathML; puts the words of the page's
language around the text; and writes each page as a notebook, too.
"""

from typing import Any

from docutils.parsers.rst.directives.body import Sidebar
from sphinx.application import Sphinx

from nnbook.site.assets import OURS, THEME
from nnbook.site.extension import behind, boundary, folded
from nnbook.site.extension.chapters import Chapters, ChaptersNode, FillChapters, keep_picture
from nnbook.site.extension.figures import Caption, FillFigures
from nnbook.site.extension.files import choose_files
from nnbook.site.extension.glossary import LinkTerms, NameFields
from nnbook.site.extension.mathematics import visit_block, visit_inline
from nnbook.site.extension.notebooks import write_notebook
from nnbook.site.extension.page import (
    add_context,
    add_policy,
    add_styles,
    leave_out_search,
    pages_with_stale_frame,
    translate_parts,
)
from nnbook.site.extension.records import Provenance, State
from nnbook.site.extension.sections import write_sections
from nnbook.site.extension.states import FillStates, StateRole
from nnbook.site.extension.transforms import ExplicitIds, JoinLines, OutputFiles, SampleNote
from nnbook.site.extension.translator import Translator
from nnbook.site.extension.unmeant import Unmeant
from nnbook.site.extension.values import ValueRole
from nnbook.site.reading import note_page
from nnbook.site.translations.composed import DIRECTIVE


def setup(app: Sphinx) -> dict[str, Any]:
    """Add everything to Sphinx; called by it."""
    # What pages quote, what they link to, and digests of what Sphinx does not watch by itself.
    app.add_config_value("nnbook_record", {}, "env", types=[dict])
    app.add_config_value("nnbook_languages", [], "html", types=[list])
    app.add_config_value("nnbook_pictured", False, "html", types=[bool])
    app.add_config_value("nnbook_shares", {}, "html", types=[dict])
    app.add_config_value("nnbook_repository", "", "env", types=[str])
    app.add_config_value("nnbook_edit", "", "env", types=[str])
    app.add_config_value("nnbook_source", "", "env", types=[str])
    app.add_config_value("nnbook_code", "", "env", types=[str])
    app.add_config_value("nnbook_assets", "", "html", types=[str])
    folded.add_to(app)
    app.add_directive(DIRECTIVE, behind.Behind)
    app.add_directive("caption", Caption)
    app.add_directive("chapters", Chapters)
    app.add_node(ChaptersNode)
    app.add_directive("provenance", Provenance)
    app.add_directive("translations", State)
    app.add_role("value", ValueRole())
    app.add_role("state", StateRole())
    for transform in (ExplicitIds, FillFigures, JoinLines, behind.MarkForeign, NameFields, SampleNote, Unmeant):
        app.add_transform(transform)
    for transform in (FillChapters, FillStates, LinkTerms, OutputFiles):
        app.add_post_transform(transform)
    boundary.setup(app)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.add_html_theme(OURS, str(THEME))
    app.connect("config-inited", translate_parts, priority=950)  # the table of contents is read at 900
    app.connect("builder-inited", leave_out_search)
    app.connect("source-read", behind.compose, priority=400)  # what is noted is the composed page
    app.connect("source-read", note_page)
    app.connect("doctree-read", keep_picture)
    app.connect("env-get-updated", pages_with_stale_frame, priority=900)  # when all is numbered
    app.connect("doctree-resolved", write_notebook)
    app.connect("html-page-context", write_sections)
    if app.config.html_theme == OURS:
        _set_theme(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _set_theme(app: Sphinx) -> None:
    """What pages need that have our theme; others bring it themselves."""
    app.add_directive("margin", Sidebar)  # see folded.FillBoxes
    app.set_translator("html", Translator)
    app.connect("html-page-context", add_context)
    app.connect("html-page-context", choose_files, priority=900)  # when every extension has added its own
    app.connect("html-page-context", add_styles, priority=940)
    app.connect("html-page-context", add_policy, priority=950)
