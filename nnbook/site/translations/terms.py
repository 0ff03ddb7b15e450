"""The terms of a language: what the book calls a thing, and what it does not call it, and why.

They are written in one place, the glossary: the first line of an entry is the term, `:also:` has the names it has
elsewhere, and `:avoid:` forms that the book keeps away from, each with the reason in parentheses. The glossary page
shows them, the search finds the term by them, and `nnbook translations check` names where one is used all the same.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nnbook.site.translations.blocks import ENTRY, Block

_FIELD = re.compile(r"^[ \t]*:avoid:((?:[^\n]|\n(?![ \t]*(?::|\n|\Z)))*)", re.MULTILINE)
_FORM = re.compile(r"\s*([^,、()（）]+?)\s*(?:[(（]([^()（）]*)[)）])?\s*(?:[,、]|\Z)")
_SCRIPTS = ("A-Za-z0-9-", "ァ-ヺー", "々〆〇一-鿿")  # a term is no part of a longer word of the same letters


@dataclass(frozen=True)
class Wrong:
    """A form that the book does not use.

    Attributes:
        form: how it is written.
        term: what to write for it.
        why: the reason, in the words of the glossary, or "".
    """

    form: str
    term: str
    why: str


def forms(field: str) -> list[tuple[str, str]]:
    """The forms in a field of an entry, which commas set apart, each with what stands in parentheses behind it."""
    return [(form, why) for form, why in _FORM.findall(" ".join(field.split()))]


def wrong(blocks: Iterable[Block]) -> list[Wrong]:
    """What a page with these blocks says that the book keeps away from."""
    found = []
    for block in blocks:
        if block.kind.startswith(ENTRY):
            term = block.text.splitlines()[0].strip()
            found += [Wrong(form, term, why) for field in _FIELD.findall(block.text) for form, why in forms(field)]
    return found


def uses(text: str, avoided: tuple[Wrong, ...]) -> Iterator[tuple[int, Wrong]]:
    """Where a `text` says what is `avoided`."""
    known = _known(avoided)
    for match in known.finditer(text) if avoided else ():
        yield match.start(), avoided[(match.lastindex or 0) - 1]


@lru_cache(maxsize=8)
def _known(avoided: tuple[Wrong, ...]) -> re.Pattern[str]:
    # Letters of another size are often what is wrong, but for the first of a sentence.
    return re.compile("|".join(pattern(wrong.form, first=True) for wrong in avoided))


def pattern(term: str, first: bool = False) -> str:
    """What finds a `term`, also in the English plural, as a word of its own; with a large or small `first` letter."""
    before, after = (
        next((letters for letters in _SCRIPTS if re.match(f"[{letters}]", end, re.I)), "")
        for end in (term[0], term[-1])
    )
    word = re.escape(term).replace("\\ ", r"\s+")
    if after == _SCRIPTS[0]:
        word = f"{word[:-1]}(?:y|ies)" if term.endswith("y") else f"{word}(?:e?s)?"
    if first and term[0].islower():
        word = f"(?:{term[0].upper()}|{term[0]}){word[1:]}"
    return (f"(?<![{before}])" if before else "") + f"({word})" + (f"(?![{after}])" if after else "")
