"""What a changed catalogue means for a preview: which cells showed the old words, and that nobody keeps them."""

import html
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from nnbook import localisation

Catalogues = dict[str, Mapping[str, str]]
# What may be written otherwise in markup, JSON or both, and the blanks.
_APART = re.compile(r"""\{[^}]*\}|["'&<>\\\n]""")


def forget() -> None:
    """Let this process read the catalogues anew, figures included."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("nnbook.localisation", "nnbook.figures")):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def catalogues(languages: Iterable[str]) -> Catalogues:
    """The texts of these languages as they are now."""
    found = {code: localisation.catalogue(code) for code in languages}
    return {
        code: {key: form for key, text in texts.items() for key, form in _forms(key, text)}
        for code, texts in found.items()
    }


def _forms(key: str, text: localisation.Text) -> list[tuple[str, str]]:
    """A text, or each of its forms by a key of its own."""
    return [(key, text)] if isinstance(text, str) else [(f"{key}:{name}", form) for name, form in text.items()]


def changed(old: Catalogues, new: Catalogues) -> dict[str, dict[str, str]]:
    """By language, the texts of `old` that are no longer so in `new`, by their keys."""
    found = {code: {key: text for key, text in old[code].items() if new[code].get(key) != text} for code in old}
    return {code: texts for code, texts in found.items() if texts}


def shows(outputs: Path, texts: Iterable[str]) -> bool:
    """Whether the file of a cell's `outputs` holds one of the `texts`, whatever fills its blanks."""
    whole = html.unescape(outputs.read_text(encoding="utf-8"))
    return any(all(_has(whole, piece.strip()) for piece in _APART.split(text) if piece.strip()) for text in texts)


def _has(whole: str, piece: str) -> bool:
    """Whether `piece` is in a text and, if it ends with Latin letters, not within a longer word."""
    before, after = (r"(?<![A-Za-z])" if piece[0].isascii() else ""), (r"(?![A-Za-z])" if piece[-1].isascii() else "")
    return re.search(before + re.escape(piece) + after, whole) is not None
