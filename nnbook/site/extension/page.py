"""What the templates of the theme need to know of a page: words, the menu, the way to other languages, its policy."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from nnbook.figures.kit import bundle
from nnbook.localisation import direction, template
from nnbook.localisation import text as words
from nnbook.site.assets import THEME
from nnbook.site.extension.behind import edit_address, help_address
from nnbook.site.extension.chapters import faces
from nnbook.site.extension.sections import title_text
from nnbook.site.front import WHOLE, shown_name
from nnbook.site.policy import policy

STATE = "translations"  # the page that says how far they are
MODE_SCRIPT = (THEME / "mode.js").read_text(encoding="utf-8")


def translate_parts(app: Sphinx, config: Config) -> None:
    """Part captions in the table of contents are keys of the catalogue; after the table was read."""
    for document in config.external_site_map.values():
        for tree in document.subtrees:
            if tree.caption:
                tree.caption = words(tree.caption, config.language)


def pages_with_stale_frame(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """All pages when a title, label, term or number, or the order of pages has changed: others quote them.

    Sphinx itself writes only the pages whose own text has changed.
    """
    titles = {page: title.astext() for page, title in env.titles.items()}
    named = env.get_domain("std").data
    quoted = (titles, env.toctree_includes, env.toc_fignumbers, named["labels"], named["objects"])
    facts = [*(sorted(facts.items()) for facts in quoted), *faces(app)]
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()
    changed = getattr(env, "nnbook_frame", digest) != digest
    env.nnbook_frame = digest  # type: ignore[attr-defined]
    return sorted(env.found_docs) if changed else []


def leave_out_search(app: Sphinx) -> None:
    """Make no index of Sphinx's own: it finds no Japanese; once the builder is there."""
    app.builder.search = False  # type: ignore[attr-defined]


def add_context(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """What the templates need; addresses that machines read are there only if the site's own is known."""
    config = app.config
    base = config.html_baseurl.rstrip("/")
    context["book_text"] = partial(words, language=config.language)
    context["book_template"] = partial(template, language=config.language)
    context["book_parts"] = list(_parts(app, pagename, context["pathto"]))
    context["plain_title"] = title_text(app.env.titles[pagename]) if pagename in app.env.titles else ""
    context["description"] = app.env.metadata[pagename].get("description") or words("site.description", config.language)
    context["sections"] = _sections(app, pagename)
    context["to_root"] = "../" * (pagename.count("/") + 1)
    context["pictured"] = config.nnbook_pictured
    context["card"] = f"{base}/card.png" if base and config.nnbook_pictured else None
    context["alternates"] = [_alternate(code, pagename, base, config) for code in config.nnbook_languages]
    context["pageurl"] = f"{base}/{config.language}/{pagename}.html" if base else None
    context["mode_script"] = MODE_SCRIPT
    context["direction"] = direction(config.language)
    context["edit"] = edit_address(config, pagename)
    context["state"] = context["pathto"](STATE) if STATE in app.env.found_docs else ""
    context["help"] = help_address(config)
    context["translation"] = config.language != config.nnbook_source
    named = app.env.metadata[pagename].get("translators", "")
    context["translators"] = named if isinstance(named, str) else ", ".join(map(str, named))


def add_styles(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the looks of the figures on the page into its head: those of all figures would be seventy kilobytes."""
    if styles := bundle.style_at_rest(context.get("body") or ""):
        context["metatags"] = f"{context.get('metatags') or ''}<style>{styles}</style>"


def add_policy(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """What the page may load, when all that is inside of it is known."""
    scripts = [script.attributes.get("body") or "" for script in context["script_files"]]
    inside = "".join(f"<script>{text}</script>" for text in [MODE_SCRIPT, *scripts] if text)
    context["policy"] = policy(inside, context.get("body") or "", context.get("metatags") or "")


def _parts(app: Sphinx, here: str, address: Any) -> Iterator[dict[str, Any]]:
    """The parts of the book with their pages; the first one, without a caption, is the home page alone."""
    site = app.config.external_site_map
    titles = app.env.titles

    def entry(page: str, with_those_below: bool = True) -> dict[str, Any]:
        title = app.builder.render_partial(titles[page])["title"] if page in titles else page  # type: ignore[attr-defined]
        below = [entry(name) for tree in site[page].subtrees for name in _names(tree, site)]
        found = {"title": title, "href": address(page), "current": page == here}
        return found | {"below": below if with_those_below else []}

    yield {"caption": None, "pages": [entry(site.root.docname, with_those_below=False)]}
    for tree in site.root.subtrees:
        yield {"caption": tree.caption, "pages": [entry(name) for name in _names(tree, site)]}


def _names(tree: Any, site: Any) -> list[str]:
    """The pages of a `tree` of the table of contents; links to other sites are no pages."""
    return [name for item in tree.items if (name := str(item).removesuffix(".md")) in site]


def _sections(app: Sphinx, page: str) -> str:
    """The sections of a `page` as nested lists, without its title."""
    contents = app.env.tocs.get(page)
    inner = next((child for item in contents or () for child in item if isinstance(child, nodes.bullet_list)), None)
    if inner is None:
        return ""
    whole = nodes.container("", inner.deepcopy())
    for reference in whole.findall(nodes.reference):
        reference["refuri"] = reference["anchorname"] or "#"
    return str(app.builder.render_partial(whole[0])["fragment"])  # type: ignore[attr-defined]


def _alternate(code: str, pagename: str, base: str, config: Config) -> dict[str, Any]:
    """The page `pagename` in the language `code`: how people and how machines get there."""
    whole = config.nnbook_shares.get(code, {}).get(pagename, 1) >= WHOLE
    return {
        "code": code,
        "name": shown_name(config.nnbook_shares, code),
        "locale": words("site.locale", code),
        "href": f"{'../' * (pagename.count('/') + 1)}{code}/{pagename}.html",
        "address": f"{base}/{code}/{pagename}.html" if base and whole else None,
        "current": code == config.language,
    }
