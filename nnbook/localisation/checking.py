"""What a catalogue must be: JSON with keys of the source language, and each text with its blanks and forms.

A key that it lacks is no fault, but for the few by which the language itself is known: the source's words are shown.
"""

import json
import string
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nnbook.localisation import numbers

NEEDED = ("site.language_name", "site.locale")
Text = str | dict[str, str]  # of a text that counts, its forms: by CLDR's names, or by a number such as "0"


def read(path: Path) -> dict[str, Text]:
    """The texts in the catalogue at `path`.

    Raises:
        ValueError: naming the file, if it can't be read as JSON.
    """
    rule = "a catalogue must be JSON in UTF-8, names with texts"
    try:
        texts = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}:{error.lineno}: {rule}; {error.msg}; mend the line or the one above") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}:1: {rule}; {error}; save it as UTF-8") from None
    if not isinstance(texts, dict):
        raise ValueError(f"{path}:1: {rule}; got {type(texts).__name__}; write them between {{ and }}")
    return texts


def check(texts: Mapping[str, Text], source: Mapping[str, Text], language: str, path: Path) -> None:
    """Refuse the `texts` of the catalogue at `path` if they do not fit those of the `source` language.

    Raises:
        ValueError: a line for each fault, with file and line of the catalogue.
    """
    if faults := [f"{path}:{_line(path, key)}: {fault}" for key, fault in _faults(texts, source, language)]:
        raise ValueError("\n".join(faults))


def _faults(texts: Mapping[str, Text], source: Mapping[str, Text], language: str) -> Iterator[tuple[str, str]]:
    rule = "a catalogue says how its language is called"
    yield from ((key, f"{rule}; {key!r} is missing; write it here") for key in NEEDED if key not in texts)
    rule = "all catalogues have the keys of the source language"
    unused = (key for key in texts if key not in source)
    yield from ((key, f"{rule}; {key!r} is used by nobody; remove it, or add it to all catalogues") for key in unused)
    for key in (key for key in texts if key in source):
        found, wanted = _blanks(texts[key]), _blanks(source[key])
        if found is None or wanted is None:
            yield key, f"a text has its blanks in braces; {key!r} has a brace without its partner; write {{{{ for one"
        elif found != wanted:
            got, names = map(_listed, (found, wanted))
            yield key, f"a translation has the blanks of its source; {key!r} has {got}; write {names}"
        forms, needed = _forms(texts[key]), numbers.forms(language)
        counts = isinstance(texts[key], dict) or isinstance(source[key], dict)
        if counts and not needed <= forms <= needed | {"other"}:
            rule, got, names = (
                "a text that counts has every plural form of its language",
                *map(_listed, (forms, needed)),
            )
            yield key, f"{rule}; {key!r} has {got}; give it {names}"


def completed(texts: Mapping[str, Text], source: Mapping[str, Text], language: str) -> dict[str, Text]:
    """The `texts`, with those of the `source` for what they lack, in the plural forms that `language` has."""
    return {key: texts[key] if key in texts else _in_forms(text, language) for key, text in source.items()}


def _in_forms(text: Text, language: str) -> Text:
    if isinstance(text, str):
        return text
    return {form: text.get(form, text["other"]) for form in sorted(numbers.forms(language) | {"other"})} | {
        number: said for number, said in text.items() if number.isdigit()
    }


def _forms(text: Text) -> set[str]:
    return {name for name in text if not name.isdigit()} if isinstance(text, dict) else {"other"}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _blanks(text: Text) -> set[str] | None:
    """The names of the blanks in a text, or in any of its forms; None if its braces do not match."""
    forms = text.values() if isinstance(text, dict) else [text]
    try:
        return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name is not None}
    except ValueError:
        return None


def _line(path: Path, key: str) -> int:
    """The line of a `key` in its catalogue, 1 if it is not there."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.lstrip().startswith(f'"{key}"')), 1)
