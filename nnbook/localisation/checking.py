"""What a catalogue must be: JSON with the keys of the source language, and in each text the blanks it has there."""

import json
import string
from collections.abc import Iterator, Mapping
from pathlib import Path


def read(path: Path) -> dict[str, str]:
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


def check(texts: Mapping[str, str], source: Mapping[str, str], path: Path) -> None:
    """Refuse the `texts` of the catalogue at `path` if they do not fit those of the `source` language.

    Raises:
        ValueError: a line for each fault, with file and line of the catalogue.
    """
    if faults := [f"{path}:{_line(path, key)}: {fault}" for key, fault in _faults(texts, source)]:
        raise ValueError("\n".join(faults))


def _faults(texts: Mapping[str, str], source: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    rule = "all catalogues have the same keys"
    yield from ((key, f"{rule}; {key!r} is missing; translate it here") for key in source if key not in texts)
    unused = (key for key in texts if key not in source)
    yield from ((key, f"{rule}; {key!r} is used by nobody; remove it, or add it to all catalogues") for key in unused)
    for key in (key for key in texts if key in source):
        found, wanted = _blanks(texts[key]), _blanks(source[key])
        if found is None or wanted is None:
            yield key, f"a text has its blanks in braces; {key!r} has a brace without its partner; write {{{{ for one"
        elif found != wanted:
            got, names = (", ".join(sorted(blanks)) or "none" for blanks in (found, wanted))
            yield key, f"a translation has the blanks of its source; {key!r} has {got}; write {names}"


def _blanks(text: str) -> set[str] | None:
    """The names of the blanks in a text; None if its braces do not match."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def _line(path: Path, key: str) -> int:
    """The line of a `key` in its catalogue, 1 if it is not there."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.lstrip().startswith(f'"{key}"')), 1)
