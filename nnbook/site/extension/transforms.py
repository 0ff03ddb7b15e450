"""What becomes of a page's text as Sphinx reads and writes it: ids, line breaks, the note on the sample, files."""

import re
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from nnbook.localisation import text as words
from nnbook.site.extension.outputs import with_files

# A line break beside a character of the Chinese and Japanese scripts, or beside their punctuation.
_WIDE = "[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
_BREAK = re.compile(f"(?<={_WIDE})\n|\n(?={_WIDE})")


class ExplicitIds(SphinxTransform):
    """Sections answer to their own label, the same in every language, and no more to an id made of the title."""

    default_priority = 262  # right after labels have been given to their sections (260, 261)

    def apply(self, **kwargs: Any) -> None:
        explicit = {self.document.nameids[name] for name, own in self.document.nametypes.items() if own}
        for section in self.document.findall(nodes.section):
            section["ids"] = [name for name in section["ids"] if name in explicit] or section["ids"]


class JoinLines(SphinxTransform):
    """A line break in the source is a space in English and nothing in Japanese; lines become one piece of text."""

    default_priority = 402  # after values and outputs have become text

    def apply(self, **kwargs: Any) -> None:
        for element in self.document.findall(nodes.TextElement):
            if isinstance(element, nodes.FixedTextElement | nodes.literal | nodes.math):
                continue
            for position, child in enumerate(element.children):
                if isinstance(child, nodes.Text) and "\n" in child:
                    before = element[position - 1].astext()[-1:] if position else ""
                    after = element[position + 1].astext()[:1] if position + 1 < len(element) else ""
                    joined = _BREAK.sub("", f"{before}{child}{after}")
                    element[position] = nodes.Text(joined[len(before) : len(joined) - len(after)])
            runs = groupby(element.children, lambda child: isinstance(child, nodes.Text))
            element[:] = [node for text, run in runs for node in ([nodes.Text("".join(run))] if text else run)]


class SampleNote(SphinxTransform):
    """Say at the top of every page when the book was built from the sample."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        record = self.config.nnbook_record
        if record.get("size") != "sample":
            return
        images = sum(data["train_images"] + data["test_images"] for data in record["datasets"].values())
        text = words("site.sample_note", self.config.language, count=images)
        note = nodes.container("", nodes.paragraph("", text), classes=["sample-note"])
        section = next(iter(self.document.findall(nodes.section)), None)
        place = self.document if section is None else section
        title = place.first_child_matching_class(nodes.title)
        place.insert(0 if title is None else title + 1, note)


class OutputFiles(SphinxPostTransform):
    """Write large pictures and data beside the pages; they are named by their content, so all builds agree."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        up, folder = "../" * self.env.docname.count("/"), Path(self.app.outdir)
        for markup in self.document.findall(nodes.raw):
            if markup.get("format") == "html":
                markup.children[:] = [nodes.Text(with_files(markup.astext(), folder, up))]
