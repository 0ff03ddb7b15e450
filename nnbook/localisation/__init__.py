"""Every word of the book that is not chapter prose, in every language.

One JSON file a language, with the same keys. A language exists when its file does: here, or in the folder that
`NNBOOK_CATALOGUES` names, where a translator may keep one that is being written. Nothing here knows about
figures or pages: a key goes in, a text comes out, and an unknown key is an error, so no reader ever meets one.
"""

import os
from functools import lru_cache
from pathlib import Path

from nnbook.localisation import checking

SOURCE_LANGUAGE = "en"
_FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def files() -> dict[str, Path]:
    """The catalogues by language, in the order of their codes; those of the package win."""
    more = os.environ.get("NNBOOK_CATALOGUES")
    folders = [*([Path(more)] if more else []), _FOLDER]
    found = {path.stem: path for folder in folders for path in folder.glob("*.json")}
    return dict(sorted(found.items()))


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of all languages, the source language first."""
    return (SOURCE_LANGUAGE, *(code for code in files() if code != SOURCE_LANGUAGE))


def current_language() -> str:
    """The language of figures shown in a notebook: `NNBOOK_LANGUAGE`, else the source language."""
    return os.environ.get("NNBOOK_LANGUAGE") or SOURCE_LANGUAGE


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of one `language` by key.

    Raises:
        ValueError: if there is no catalogue for `language`, or it is not whole; a line for each fault.
    """
    if language not in languages():
        raise ValueError(
            f"a language must have a catalogue; got {language!r}; "
            f"choose one of {', '.join(languages())} or add nnbook/localisation/{language}.json"
        )
    texts = checking.read(files()[language])
    checking.check(texts, texts if language == SOURCE_LANGUAGE else catalogue(SOURCE_LANGUAGE), files()[language])
    return texts


def text(key: str, language: str, **values: object) -> str:
    """The text of `key` in `language`, its {placeholders} filled from `values`.

    Raises:
        KeyError: if the catalogue has no such key, or a placeholder has no value.
    """
    unfilled = template(key, language)
    try:
        return unfilled.format_map(values)
    except KeyError as missing:
        raise KeyError(
            f"every placeholder of a text needs a value; {key!r} got none for {missing}; pass it by name"
        ) from None


def template(key: str, language: str) -> str:
    """The text of `key` in `language` with its {placeholders} unfilled.

    Raises:
        KeyError: if the catalogue has no such key.
    """
    texts = catalogue(language)
    if key not in texts:
        raise KeyError(
            f"every text has a key in the catalogue; got {key!r} for {language!r}; "
            f"add it to every file of nnbook/localisation/"
        )
    return texts[key]


def class_name(class_key: str, language: str) -> str:
    """The name of a data set's class in `language`; a class that no catalogue knows is called as its data call it."""
    return catalogue(language).get(f"class.{class_key}", class_key)


def percent(share: float, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage, 0.917 -> '91.7%'; the same form in every language."""
    return f"{100 * share:.{digits}f}%"


def count(number: int) -> str:
    """A whole number with its thousands set apart, 1234 -> '1,234'."""
    return f"{number:,}"


def signed(number: float, digits: int = 2) -> str:
    """A number with `digits` decimals and its sign, a true minus for negatives: +1.25, −0.30, but 0.00."""
    rounded = round(number, digits)
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"
