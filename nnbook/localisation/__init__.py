"""Every word of the book that is not chapter prose, in every language.

One JSON file a language, with the same keys; the source language stands in for what one lacks. A language exists when
its file does: here, or in the folder that `NNBOOK_CATALOGUES` names, where a translator may keep one that is being
written. Nothing here knows about figures or pages: a key goes in, a text comes out, and an unknown key is an error, so
no reader ever meets one.

A text that counts has a form for each plural of its language, {"one": "{count} image", "other": "{count} images"}, and
where a number has words of its own, one for that number: {"0": "no image"}. The placeholder {count} chooses among them.
"""

import json
import os
from collections.abc import Iterable
from functools import lru_cache
from numbers import Integral
from pathlib import Path

from nnbook.localisation import checking, numbers
from nnbook.localisation.checking import Text
from nnbook.localisation.numbers import count, day, decimal, direction, percent, signed

__all__ = [
    "SOURCE_LANGUAGE",
    "Text",
    "catalogue",
    "class_name",
    "count",
    "current_language",
    "day",
    "decimal",
    "direction",
    "files",
    "in_figures",
    "languages",
    "name",
    "percent",
    "signed",
    "template",
    "text",
]

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


def in_figures(codes: Iterable[str]) -> dict[str, dict[str, Text]]:
    """By language the texts of its catalogue that figures may show: all but those of the site, by key.

    A language without any is left out: in it, figures are those of the source language.
    """
    catalogues = {code: checking.read(files()[code]) for code in codes}
    found = {
        code: {key: text for key, text in texts.items() if key.partition(".")[0] != "site"}
        for code, texts in catalogues.items()
    }
    return {code: texts for code, texts in found.items() if texts}


def current_language() -> str:
    """The language of figures shown in a notebook: `NNBOOK_LANGUAGE`, else the source language."""
    return os.environ.get("NNBOOK_LANGUAGE") or SOURCE_LANGUAGE


@lru_cache
def catalogue(language: str) -> dict[str, Text]:
    """All texts of one `language` by key; what nobody has translated yet is in the source language.

    Raises:
        ValueError: if there is no catalogue for `language`, or something in it is wrong; a line for each fault.
    """
    if language not in languages():
        raise ValueError(
            f"a language must have a catalogue; got {language!r}; "
            f"choose one of {', '.join(languages())} or add nnbook/localisation/{language}.json"
        )
    texts = checking.read(files()[language])
    source = texts if language == SOURCE_LANGUAGE else catalogue(SOURCE_LANGUAGE)
    checking.check(texts, source, language, files()[language])
    return checking.completed(texts, source, language)


def synonyms(language: str) -> dict[str, list[str]]:
    """By word of the book in `language` other words for nearly the same thing, small letters throughout.

    Those of terms are in the book's glossary.
    """
    path = _FOLDER / "synonyms" / f"{language}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def text(key: str, language: str, **values: object) -> str:
    """The text of `key` in `language`, its {placeholders} filled from `values`, and {count}, which chooses the plural.

    Raises:
        KeyError: if the catalogue has no such key, or a placeholder has no value.
    """
    unfilled, number = template(key, language), values.get("count")
    if isinstance(number, Integral):  # of Python or of NumPy
        values["count"] = count(int(number), language)
    if isinstance(unfilled, dict):
        if not isinstance(number, Integral):
            raise KeyError(f"a text with plurals needs a whole number; {key!r} got {number!r}; pass it as count")
        unfilled = unfilled.get(str(number)) or unfilled[numbers.form(int(number), language)]
    try:
        return unfilled.format_map(values)
    except KeyError as missing:
        raise KeyError(
            f"every placeholder of a text needs a value; {key!r} got none for {missing}; pass it by name"
        ) from None


def template(key: str, language: str) -> Text:
    """The text of `key` in `language` with its {placeholders} unfilled, or all its plural forms.

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


def name(key: str, fallback: str, language: str) -> str:
    """The text of `key` in `language`; what no catalogue knows is called as its data call it, by the `fallback`."""
    return text(key, language) if key in catalogue(language) else fallback


def class_name(class_key: str, language: str) -> str:
    """The name of a data set's class in `language`; a class that no catalogue knows is called as its data call it."""
    return name(f"class.{class_key}", class_key, language)
