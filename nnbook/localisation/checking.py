"""What a catalogue must hold: the keys of the source language, and every plural form that its own language has."""

from collections.abc import Mapping
from pathlib import Path

from nnbook.localisation import numbers

Text = str | dict[str, str]  # of a text that counts, its forms: by CLDR's names, or by a number such as "0"


def check(texts: Mapping[str, Text], source: Mapping[str, Text], language: str, path: Path) -> None:
    """Refuse the `texts` of the catalogue at `path` if keys or plural forms are missing or left over.

    Raises:
        ValueError: naming the file and what it lacks.
    """
    for keys, problem, remedy in (
        (source.keys() - texts.keys(), "lacks", "translate them there"),
        (texts.keys() - source.keys(), "alone has", "remove them there, or add them to all catalogues"),
    ):
        if keys:
            raise ValueError(f"all catalogues have the same keys; {path} {problem} {_listed(keys)}; {remedy}")
    needed = numbers.forms(language)
    for key, text in texts.items():
        found = {name for name in text if not name.isdigit()} if isinstance(text, dict) else {"other"}
        counts = isinstance(text, dict) or isinstance(source[key], dict)
        if counts and not needed <= found <= needed | {"other"}:
            raise ValueError(
                f"a text that counts has every plural form of its language; {key!r} in {path} has {_listed(found)}; "
                f"give it {_listed(needed)}"
            )


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))
