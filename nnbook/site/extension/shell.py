"""The page around the text: words in its language, the way to the other languages, pictures as files."""

import hashlib
import re
from collections.abc import Iterable
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from nnbook.localisation import template
from nnbook.localisation import text as words
from nnbook.site.extension.outputs import with_files

TEMPLATES = Path(__file__).parents[1] / "templates" / "pages"
# A line break beside a character of the Chinese and Japanese scripts, or beside their punctuation.
_WIDE = "[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
# The theme makes menus and tables those of Bootstrap; here they have a look of their own.
_OF_BOOTSTRAP = {"nav", "nav-link", "flex-column"}
_TABLE = re.compile(r'(<table class="[^"]*?) ?\btable\b(?=")')
_BREAK = re.compile(f"(?<={_WIDE})\n|\n(?={_WIDE})")


def add_templates(app: Sphinx, config: Config) -> None:
    """Let our templates win over the theme's; before the theme reads them."""
    config.templates_path.insert(0, str(TEMPLATES))


def translate_parts(app: Sphinx, config: Config) -> None:
    """Part captions in the table of contents are keys of the catalogue; after the table was read."""
    for document in config.external_site_map.values():
        for tree in document.subtrees:
            if tree.caption:
                tree.caption = words(tree.caption, config.language)


def pages_with_stale_shell(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """All pages when a title, a label or the order of pages has changed, since menus and references quote them.

    Sphinx itself writes only the pages whose own text has changed.
    """
    titles = {page: title.astext() for page, title in env.titles.items()}
    labels = env.get_domain("std").data["labels"]
    facts = [sorted(titles.items()), sorted(env.toctree_includes.items()), sorted(labels.items())]
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()
    changed = getattr(env, "nnbook_shell", digest) != digest
    env.nnbook_shell = digest  # type: ignore[attr-defined]
    return sorted(env.found_docs) if changed else []


def leave_out_search(app: Sphinx) -> None:
    """Make no index of Sphinx's own: it finds no Japanese; once the builder is there."""
    app.builder.search = False  # type: ignore[attr-defined]


def add_context(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """What the templates need: words, links to the same page in the other languages, addresses."""
    config = app.config
    context["book_text"] = partial(words, language=config.language)
    context["book_template"] = partial(template, language=config.language)
    if body := context.get("body"):
        context["body"] = _TABLE.sub(r"\1", body)
    context["with_sections"] = partial(with_sections, name=words("site.contents", config.language))
    base = config.html_baseurl.rstrip("/")
    context["to_root"] = "../" * (pagename.count("/") + 1)
    context["pictured"] = config.nnbook_pictured
    context["card"] = f"{base}/card.png" if base and config.nnbook_pictured else None
    context["alternates"] = [_alternate(code, pagename, base, config) for code in config.nnbook_languages]
    # The theme prints `pageurl` as the canonical address.
    context["pageurl"] = f"{base}/{config.language}/{pagename}.html" if base else None


def with_sections(pages: Any, sections: Any, name: str) -> Any:
    """The menu of `pages` with the `sections` of the page in view under its own link, called `name`.

    Both are trees of Beautiful Soup, which the theme keeps and gives again; `sections` is "" on a page without any.
    """
    pages, sections = copy(pages), copy(sections)
    for element in [*pages.select("[class]"), *(sections.select("[class]") if sections else ())]:
        element["class"] = [name for name in element["class"] if name not in _OF_BOOTSTRAP]
    here = pages.select_one('li.current > a[href="#"]')
    if here is not None and sections:
        # scripts/shell.js looks for this id, and marks the section that is being read.
        menu = pages.new_tag("nav", attrs={"id": "pst-page-toc-nav", "class": "book-sections", "aria-label": name})
        menu.append(sections)
        here.insert_after(menu)
    return pages


def _alternate(code: str, pagename: str, base: str, config: Config) -> dict[str, Any]:
    """The page `pagename` in the language `code`: how people and how machines get there."""
    up = "../" * (pagename.count("/") + 1)
    relative = f"{up}{code}/{pagename}.html"
    return {
        "code": code,
        "name": words("site.language_name", code),
        "locale": words("site.locale", code),
        "href": relative,
        "address": f"{base}/{code}/{pagename}.html" if base else relative,
        "current": code == config.language,
    }


class ExplicitIds(SphinxTransform):
    """Sections answer to their own label, the same in every language, and no more to an id made of the title."""

    default_priority = 262  # right after labels have been given to their sections (260, 261)

    def apply(self, **kwargs: Any) -> None:
        explicit = {self.document.nameids[name] for name, own in self.document.nametypes.items() if own}
        for section in self.document.findall(nodes.section):
            section["ids"] = [name for name in section["ids"] if name in explicit] or section["ids"]


class JoinLines(SphinxTransform):
    """A line break in the source is a space in English and nothing in Japanese."""

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
