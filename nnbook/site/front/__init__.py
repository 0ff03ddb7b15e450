"""The pages above the languages: the one that chooses a language, and the one for addresses that lead nowhere.

Both stand outside of the theme: they are small, hold all that they need, and have every language on one page.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from types import MappingProxyType

from nnbook.localisation import direction, percent
from nnbook.localisation import text as words
from nnbook.site.policy import policy

TEMPLATES = Path(__file__).parent
PROVENANCE = "provenance.json"  # beside the languages; who finds it has found the root of the site
Shares = Mapping[str, Mapping[str, float]]
WHOLE = 0.9  # of a page is translated where machines are told of it as one of the language
NO_ICON = '<link rel="icon" href="data:,">'


def root_page(
    languages: Sequence[str], base_url: str, pictures: Mapping[str, bytes], shares: Shares = MappingProxyType({})
) -> str:
    """The page above the languages: goes to the reader's if it is whole, and holds a plain link to each.

    Args:
        shares: by language and page, how much is translated; see `nnbook.site.translations.desk`.
        base_url: the address of the published site, or "".
        pictures: by file name, what lies beside the page.
    """
    base = f"{base_url.rstrip('/')}/" if base_url else ""
    begun = {code for code in languages if share_of(shares, code) < 1}
    found = [code for code in languages if shares.get(code, {}).get("index", 1) >= WHOLE]
    places = {**{code: f"{base}{code}/index.html" for code in found}, "x-default": base}
    # Machines want whole addresses, or none.
    alternates = [
        f'<link rel="alternate" hreflang="{code}" href="{escape(place)}">' for code, place in places.items() if base
    ]
    links = [
        f'<a href="{code}/index.html" {_lang(code)} hreflang="{code}">{shown_name(shares, code)}</a>'
        for code in languages
    ]
    icon = '<link rel="icon" href="favicon.svg" type="image/svg+xml">' if pictures else NO_ICON
    title = words("site.title", languages[0])
    return _page(
        "root.html",
        head=_head(languages[0], title, icon),
        title=escape(title),
        description=escape(words("site.description", languages[0])),
        alternates="\n".join(alternates),
        languages=json.dumps(list(languages)),
        whole=json.dumps([code for code in languages if code not in begun]),
        links="\n".join(links),
    )


def share_of(shares: Shares, language: str) -> float:
    """How much of the book is translated, between 0 and 1."""
    pages = shares.get(language, {})
    return sum(pages.values()) / len(pages) if pages else 1.0


def shown_name(shares: Shares, language: str) -> str:
    """What a `language` is called in itself, with its share as long as it is not whole, and then never 100%."""
    name, share = words("site.language_name", language), share_of(shares, language)
    if share == 1:
        return name
    return words("site.share", language, name=name, share=percent(min(int(share * 100), 99) / 100, language, 0))


def missing_page(languages: Sequence[str], base_url: str, pictures: Mapping[str, bytes]) -> str:
    """What a server shows for an address without a page, in every language, with the way to each first page.

    It is shown in place of pages at any depth, so addresses beside it mean nothing: they start with the `base_url`.
    Where that is not known, a script looks for the folder that holds the site.
    """
    base = f"{base_url.rstrip('/')}/" if base_url else ""
    titles = [words("site.missing.title", code) for code in languages]
    sections = [
        f"<section {_lang(code)}><h2>{escape(title)}</h2><p>{escape(words('site.missing.text', code))}</p>"
        f'<p><a href="{escape(base)}{code}/index.html" hreflang="{code}">{escape(words("site.missing.home", code))}</a>'
        "</p></section>"
        for code, title in zip(languages, titles, strict=True)
    ]
    icon, number = NO_ICON, "404"
    if pictures:
        icon = f'<link rel="icon" href="{_as_address(pictures["favicon.svg"])}" type="image/svg+xml">'
        number = f'<img src="{_as_address(pictures["number.svg"])}" width="352" height="112" alt="404">'
    return _page(
        "missing.html",
        head=_head(languages[0], f"404 — {words('site.title', languages[0])}", icon),
        number=number,
        sections="\n".join(sections),
        script="" if base else _filled("missing-script.html", mark=PROVENANCE),
    )


def _lang(code: str) -> str:
    """The attributes of an element in a language."""
    return f'lang="{code}"' + (' dir="rtl"' if direction(code) == "rtl" else "")


def _head(source: str, title: str, icon: str) -> str:
    """How a page in the `source` language begins, for both pages."""
    return _filled("head.html", source=source, title=escape(title), icon=icon)


def _page(template: str, **values: str) -> str:
    """A whole page, with the policy for what is inside of it."""
    text, charset = _filled(template, **values), '<meta charset="utf-8">'
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(text)}">'
    return text.replace(charset, f"{charset}\n{meta}", 1)


def _filled(template: str, **values: str) -> str:
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(values)


def _as_address(svg: bytes) -> str:
    """A picture as an address that needs no file."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")
