"""One page, ready to be published: one style sheet, a policy of what it may load, pictures that keep their room."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from nnbook.site.finish.matching import Used
from nnbook.site.finish.shapes import VOID, attributes, tree
from nnbook.site.finish.shorter import Told, unquoted

_TAG = re.compile(r"""<([a-zA-Z][\w:-]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>""")
_VERBATIM = re.compile(
    r"<(script|style|pre|textarea)\b(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>.*?</\1>", re.DOTALL | re.IGNORECASE
)
_INLINE = re.compile(r"<(script|style)\b((?:[^\"'>]|\"[^\"]*\"|'[^']*')*)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_LOADS = re.compile(r"""<(link|script)\b((?:[^"'>]|"[^"]*"|'[^']*')*)>""", re.IGNORECASE)
_STYLED = re.compile(r"""\sstyle=("[^"]*"|'[^']*')""")
_COMMENT = re.compile(r"<!--(?!\[if).*?-->", re.DOTALL)
_SPACE = re.compile(r"[ \t]*\n\s*")
_PROPERTY = re.compile(r"--[\w-]+")
_MADE = re.compile(r"""(?<=["'`<])[a-z][a-z0-9-]*(?=\\?["'`\s>/])""")  # "li" as scripts name it, <li> in markup
_CLASS_IN_DATA = re.compile(r"""class=\\?["']([^"'\\]*)""")
_FLAG = re.compile(r"""\s(defer|async|hidden|open|checked|disabled|selected|required|multiple)=("\1"|"")""")
# Names, operators, punctuation and white space have the colour of plain code: no need to say so a thousand times, and
# what is coloured (words of the language, texts, numbers) is found sooner.
_PLAIN_CODE = re.compile(r'<span class="(?:n|nn|o|p|w)">([^<]*)</span>|<span></span>')
# Every box of docutils is called a container, too; the theme makes it one of Bootstrap's and takes all of it back.
_CONTAINER = re.compile(r'(class="cell(?:_input)?) docutils container(?=")')
_SPAN = re.compile(r"""<(span|code)\b((?:[^"'>]|"[^"]*"|'[^']*')*)>""")
_NEEDLESS_TYPE = re.compile(r"""\stype=(["'])text/javascript\1""")
_HANDLED = {"link", "meta", "button", "img", "p", "th"}
_AT_ONCE = 2  # pictures at the top of a page that are not left for later


@dataclass
class Page:
    """A page as Sphinx wrote it, what it loads, and the style sheets that are part of it."""

    path: Path
    text: str
    own_styles: list[str] = field(default_factory=list)
    properties: set[str] = field(default_factory=set)
    styles: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)


def read(path: Path) -> Page:
    """Read a page and note what it loads and which custom properties it names."""
    text = path.read_text(encoding="utf-8")
    page = Page(path, _CONTAINER.sub(r"\1", _VERBATIM.sub(_plain_code_as_it_is, text)))
    page.properties.update(name for style in _STYLED.findall(page.text) for name in _PROPERTY.findall(style))
    for tag in _LOADS.finditer(page.text):
        name, values = tag[1].lower(), attributes(tag[2])
        if name == "link" and "stylesheet" in values.get("rel", "").split():
            page.styles.append(values["href"])
        if name == "script" and "src" in values:
            page.scripts.append(values["src"])
    for inline in _INLINE.finditer(page.text):
        page.properties.update(_PROPERTY.findall(inline[3]))
        if inline[1].lower() == "style":
            page.own_styles.append(inline[3])
    return page


def _plain_code_as_it_is(verbatim: re.Match[str]) -> str:
    return _PLAIN_CODE.sub(lambda span: span[1] or "", verbatim[0]) if verbatim[1].lower() == "pre" else verbatim[0]


def used_on(pages: list[Page], scripts: list[str], data: list[str], styles: list[str]) -> Used:
    """What is on any of the `pages` or may come there, by `scripts`, with markup in `data`, with later `styles`."""
    inline = [found[3] for page in pages for found in _INLINE.finditer(page.text)]
    text = " ".join([*scripts, *inline])
    markup = " ".join([text, *data])
    return Used(
        tree(page.text for page in pages),
        frozenset(_PROPERTY.findall(" ".join([markup, *styles]))).union(*(page.properties for page in pages)),
        frozenset(re.findall(r"[A-Za-z_][\w-]*", text)),
        frozenset(_MADE.findall(markup)) - {"html", "head", "body"},  # each page has its own
        frozenset(name for names in _CLASS_IN_DATA.findall(" ".join(data)) for name in names.split()),
    )


def finished(
    page: Page, style: str, told: Told, searches: bool, size_of: Callable[[Path], tuple[int, int] | None]
) -> str:
    """The text of the `page` with its one style sheet and its policy, tidied.

    Args:
        style: the address of the style sheet, from the page; it takes the place of all others.
        told: the classes that anything refers to.
        searches: whether scripts of the page run WebAssembly, as the search does.
        size_of: gives the width and the height of a picture in pixels, or None if it is not one.
    """
    pictures = 0
    seen = {"style": False, "viewport": False}
    scope = "row"

    def tag(match: re.Match[str]) -> str:
        nonlocal pictures, scope
        name = match[1].lower()
        text = told.shorter(name, _FLAG.sub(r" \1", match[2]))
        values = attributes(text) if name in _HANDLED else {}
        if name == "link" and "stylesheet" in values.get("rel", "").split():
            first, seen["style"] = not seen["style"], True
            return "<link" + unquoted(f' rel="stylesheet" href="{style}"') + ">" if first else ""
        if name == "link" and values.get("rel") == "next":  # Firefox loads it ahead, which the policy forbids
            return ""
        if name == "meta" and values.get("name") == "viewport":
            if seen["viewport"]:
                return ""
            seen["viewport"] = True
        if name in ("thead", "tbody"):
            scope = "col" if name == "thead" else "row"
        if name == "th" and "scope" not in values:
            text = f' scope="{scope}"{text}'
        if name == "p" and values.get("role") == "heading":  # a caption in a menu, which no heading stands above
            text = re.sub(r'\s(role|aria-level)="[^"]*"', "", text)
        if name == "script":
            text = _NEEDLESS_TYPE.sub("", text)
        if name == "button" and "type" not in values:
            text = f' type="button"{text}'
        if name == "img":
            pictures += 1
            text = text.rstrip(" /") + _room(values, page.path, size_of, later=pictures > _AT_ONCE)
        if name in VOID:
            text = text.rstrip(" /")
        if name == "meta":  # what reads cards of shared links may read no other HTML
            return f"<{match[1]}{text}>"
        return f"<{match[1]}{unquoted(text)}>"

    parts, end = [], 0
    for verbatim in _VERBATIM.finditer(page.text):
        own = _TAG.sub(tag, verbatim[0], count=1)
        if verbatim[1].lower() == "pre":
            own = _SPAN.sub(tag, own)
        parts += [_tidied(page.text[end : verbatim.start()], tag), own]
        end = verbatim.end()
    text = "".join([*parts, _tidied(page.text[end:], tag)]).strip() + "\n"
    text = re.sub(r"^<!doctype\b", "<!DOCTYPE", text)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_policy(text, searches)}">'
    return re.sub(r"(<meta charset=[^>]*>)", lambda match: f"{match[1]}\n{policy}", text, count=1)


def _tidied(text: str, tag: Callable[[re.Match[str]], str]) -> str:
    """A piece of a page that is not verbatim, without comments and indentation, each tag as `tag` writes it."""
    return _SPACE.sub("\n", _TAG.sub(tag, _COMMENT.sub("", text)))


def _room(values: dict[str, str], page: Path, size_of: Callable[[Path], tuple[int, int] | None], later: bool) -> str:
    """What an image lacks: its size, so that nothing moves when it comes, and the wish to be loaded when it is near."""
    added = ""
    address = values.get("src", "")
    if "width" not in values and "height" not in values and address and not address.startswith("data:"):
        size = size_of((page.parent / unquote(address.partition("?")[0])).resolve())
        added = f' width="{size[0]}" height="{size[1]}"' if size else ""
    return added + (' loading="lazy"' if later and "loading" not in values else "")


def _policy(text: str, searches: bool) -> str:
    """What the page may load: files of this site, and the inline scripts and styles that it has now, by their digests.

    Figures carry colours and positions in `style` attributes, which can't be named by digests; the policy lets these
    be, while whole <style> elements must be known.
    """
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for name, found, content in _INLINE.findall(text):
        values = attributes(found)
        kind = values.get("type", "")
        if "src" not in values and (not kind or kind in ("module", "text/javascript", "text/css")):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            hashes[name.lower()].append(f"'sha256-{digest}'")
    scripts = ["'self'", *dict.fromkeys(hashes["script"]), *(["'wasm-unsafe-eval'"] if searches else [])]
    rules = {
        "default-src": ["'none'"],
        "script-src": scripts,
        "style-src": ["'self'", *dict.fromkeys(hashes["style"])],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "base-uri": ["'self'" if "<base " in text else "'none'"],
        "form-action": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())
