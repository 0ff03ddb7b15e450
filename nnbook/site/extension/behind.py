"""What a reader of a translation is told: which passages are in the source language still, and which are behind it.

The text is composed before it is parsed (see `nnbook.site.translations.composed`). A passage without translation gets
its language, so that it is read out, hyphenated and found as what it is; one whose source has changed is followed by a
line that says so, with the source as it is now behind it. A page that is in step has neither.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from nnbook.localisation import day
from nnbook.localisation import text as words
from nnbook.site.extension.folded import Folded, Summary
from nnbook.site.extension.sections import SIGN
from nnbook.site.sources import read
from nnbook.site.translations import standing
from nnbook.site.translations.blocks import ENTRY, Block, blocks
from nnbook.site.translations.composed import DIRECTIVE, Composed, composed, page_of
from nnbook.site.translations.history import History
from nnbook.site.translations.standing import Standing
from nnbook.site.translations.told import with_changes

_COMPOSED = "nnbook_composed"  # where Sphinx keeps it while it reads the page
_SOURCE = "nnbook_composed_from"
# What holds blocks that may be of two languages.
_THROUGH = (nodes.document, nodes.section, nodes.Sequential, nodes.definition_list_item, nodes.target, nodes.raw)
_COME, _END = "\ue000", "\ue001"  # around words that have come to the source: no page has them, and no parser minds
_CHANGED = re.compile(f"{_COME}(.*?){_END}", re.DOTALL)


def compose(app: Sphinx, page: str, content: list[str]) -> None:
    """Put the composed page in place of a translated one; an event of Sphinx, once it has read the text."""
    root, source = Path(app.srcdir).parents[1], app.config.nnbook_source
    translated = page_of(root, source, app.config.language, page)
    if translated is None:
        return
    for path in (translated.source, translated.ties):
        app.env.note_dependency(str(path))
    found = composed(translated)
    app.env.temp_data[_COMPOSED], app.env.temp_data[_SOURCE] = found, translated.source
    if found.text != read(translated.path):
        content[0] = found.text


class Behind(SphinxDirective):
    """The directive {behind}, which nobody writes: what the source says now in place of a translated passage."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        notices = self.env.temp_data[_COMPOSED].notices if _COMPOSED in self.env.temp_data else ()
        place = self.arguments[0]
        if not place.isdigit() or int(place) >= len(notices):
            raise self.error(f"{{{DIRECTIVE}}} is written by the book itself; got it in a page; delete it")
        found = notices[int(place)]
        history = History(self.env.temp_data[_SOURCE], blocks)
        said = self._sign(found, history)
        content = self._source(found, history)
        if not content:
            return [nodes.paragraph("", said, classes=[SIGN])]
        node = Folded("", Summary("", said), nodes.container("", *content), opened=False, classes=[SIGN])
        node[1]["classes"].append(f"language-{self.config.nnbook_source}")
        return [node]

    def _sign(self, found: Standing, history: History) -> str:
        kind = "removed" if found.state == standing.REMOVED else "changed"
        days = [history.without(digest) for digest in found.was] if found.state != standing.MOVED else []
        dated = max((date for date in days if date), default=None)
        if dated is None:
            return words(f"site.behind.{kind}", self.config.language)
        return words(f"site.behind.{kind}_on", self.config.language, date=day(dated, self.config.language))

    def _source(self, found: Standing, history: History) -> list[nodes.Node]:
        """The source's passage, with the words that are new marked if it is known what it said before."""
        before = [block for digest in found.was if (block := history.said(digest))]
        old, new = ("\n\n".join(filter(None, map(_plain, side))) for side in (before, found.source))
        content = self.parse_text_to_nodes(with_changes(old, new, _COME, _END) if old else new) if new else []
        for text in [text for node in content for text in node.findall(nodes.Text) if _COME in text]:
            pieces = _CHANGED.split(text)
            marked = [
                nodes.inline("", piece, classes=["come"]) if i % 2 else nodes.Text(piece)
                for i, piece in enumerate(pieces)
                if piece
            ]
            text.parent.replace(text, marked)
        return content


_LABEL = re.compile(r"^[ \t]*(?:\([^()\n]+\)=|:(?:name|label|class):.*)\n", re.MULTILINE)
_FIELD = re.compile(r"^:[\w-]+:.*$", re.MULTILINE)
_NUMBER = re.compile(r"^(\$\$) *\([^()\n]+\)", re.MULTILINE)
_FENCED = re.compile(
    r"\A[ \t]*(?:`{3,}|~{3,}|:{3,})\{[\w-]+\}(.*)\n(?::[\w-]+:.*\n)*((?:.*\n)*?)[ \t]*(?:`{3,}|~{3,}|:{3,})\s*\Z"
)


def _plain(block: Block) -> str:
    """The text of a block as it may stand a second time on a page: no labels, no frame, no code."""
    text = _NUMBER.sub(r"\1", _LABEL.sub("", block.text)).strip("\n")
    if block.kind == "head":
        return block.meaning
    if block.kind in ("cell", "code", "label"):
        return ""
    if block.kind == "heading":
        return f"**{text.lstrip('#').strip()}**"
    if block.kind.startswith(ENTRY):
        term, _, explained = text.partition("\n")
        return f"**{term}**\n\n{_FIELD.sub('', dedent(explained))}"
    if block.kind == "footnote":
        return re.sub(r"\A\[\^[^\]]+\]:\s*", "", text)
    if block.kind in ("caption", "answer", "note") and (fenced := _FENCED.match(f"{text}\n")):
        title = "" if block.kind == "caption" else fenced[1].strip()
        return f"**{title}**\n\n{fenced[2]}" if title else fenced[2]
    return text


class MarkForeign(SphinxTransform):
    """Passages in the source language are marked as such; the page says how many there are."""

    default_priority = 6  # before anything is moved

    def apply(self, **kwargs: Any) -> None:
        found: Composed | None = self.env.temp_data.get(_COMPOSED)
        if found is None or not any(found.foreign):
            return
        marked = list(self._mark(self.document, found.foreign))
        if marked:
            self._tell(len(marked))

    def _mark(self, parent: nodes.Element, foreign: tuple[bool, ...]) -> Iterator[nodes.Element]:
        for child in parent.children:
            if isinstance(child, _THROUGH):
                yield from self._mark(child, foreign)
            elif isinstance(child, nodes.Element) and 0 < (child.line or 0) <= len(foreign) and foreign[child.line - 1]:
                child["classes"].append(f"language-{self.config.nnbook_source}")  # docutils makes an attribute of it
                yield child

    def _tell(self, count: int) -> None:
        """Say at the top of the page that a part of it waits for a translator, and where that can be done."""
        language, edit = self.config.language, edit_address(self.config, self.env.docname)
        text = nodes.paragraph("", words("site.untranslated", language, count=count))
        if edit:
            text += [nodes.Text(" "), nodes.reference("", words("site.untranslated.help", language), refuri=edit)]
        note = nodes.container("", text, classes=["untranslated-note"])
        section = next(iter(self.document.findall(nodes.section)), None)
        place = self.document if section is None else section
        title = place.first_child_matching_class(nodes.title)
        place.insert(0 if title is None else title + 1, note)


def edit_address(config: Any, page: str) -> str:
    """Where the file of a `page` is edited on the web page of the code's host, or "" if there is none."""
    return f"{config.nnbook_edit}/book/{config.language}/{page}.md" if config.nnbook_edit else ""


def help_address(config: Any) -> str:
    """Where the code's host shows what a translator has to know, or ""."""
    return (
        f"{config.nnbook_edit.replace('/edit/', '/blob/', 1)}/CONTRIBUTING.md#translator" if config.nnbook_edit else ""
    )
