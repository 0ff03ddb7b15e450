"""The words of Sphinx and its theme, from the catalogue: a new language needs nothing but its catalogue.

Sphinx has translations of its own for many languages, but no language has all of these words; ours come first.
"""

import json
from pathlib import Path

from nnbook.localisation import text

# What Sphinx and the theme call a text, and its key. `%s` of the one is the only {blank} of the other.
KEYS = {
    "Attention": "site.theme.attention",
    "Back to top": "site.theme.back_to_top",
    "Caution": "site.theme.caution",
    "Color mode": "site.theme.mode",
    "Danger": "site.theme.danger",
    "Dark": "site.theme.mode.dark",
    "Error": "site.theme.error",
    "Fig. %s": "site.theme.figure",
    "Hint": "site.theme.hint",
    "Important": "site.theme.important",
    "Light": "site.theme.mode.light",
    "Link to this code": "site.theme.link_to.code",
    "Link to this definition": "site.theme.link_to.definition",
    "Link to this equation": "site.theme.link_to.equation",
    "Link to this heading": "site.theme.link_to.heading",
    "Link to this image": "site.theme.link_to.image",
    "Link to this table": "site.theme.link_to.table",
    "Link to this term": "site.theme.link_to.term",
    "Note": "site.theme.note",
    "Search": "site.search.label",
    "See also": "site.theme.see_also",
    "Skip to main content": "site.theme.skip",
    "System Settings": "site.theme.mode.auto",
    "Table %s": "site.theme.table",
    "Tip": "site.theme.tip",
    "Warning": "site.theme.warning",
    "next": "site.theme.next",
    "next page": "site.theme.next_page",
    "previous": "site.theme.previous",
    "previous page": "site.theme.previous_page",
}
_HEAD = 'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


def write(language: str, folder: Path) -> None:
    """Write the words of `language` below `folder` in the form that Sphinx reads and compiles."""
    path = folder / language / "LC_MESSAGES" / "sphinx.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = [f"msgid {_quoted(english)}\nmsgstr {_quoted(_text(key, language))}\n" for english, key in KEYS.items()]
    path.write_text("\n".join([_HEAD, *entries]), encoding="utf-8", newline="\n")


def _text(key: str, language: str) -> str:
    return text(key, language, number="%s")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
