"""Numbers in prose, however a language writes them: 10,000, 10.000, 1万 and ten thousand are one.

Digits are read in every language. Numerals are lists that need not be whole: they only save from false alarms.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from nnbook.localisation import numbers

_LEAST = 13  # what is less is a numeral in one language and digits in the other, and many words hold one
_SCALES = {
    **{"十": 10, "hundred": 100, "cien": 100, "ciento": 100, "百": 100, "백": 100},
    **{"thousand": 1000, "mil": 1000, "千": 1000, "천": 1000, "万": 10_000, "만": 10_000},
    **{"million": 10**6, "millón": 10**6, "millones": 10**6, "億": 10**8, "억": 10**8},
}
_UNITS = {
    **{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "sixteen": 16, "twenty": 20, "thirty": 30, "forty": 40},
    **{"fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90},
    **{word: number for number, word in enumerate("〇一二三四五六七八九")},
}
_LETTERS = "".join(word for word in (*_SCALES, *_UNITS) if len(word) == 1)  # which stand in words without spaces


def exchanged(text: str, other: str, language: str, others: str) -> Iterator[tuple[str, str]]:
    """Numbers of a `text` that its translation into `others` lacks, each with one that this has in its place."""
    if set(re.findall(r"\d+", text)) == set(re.findall(r"\d+", other)):
        return  # as nearly always; numerals are looked for in no hurry
    mine, theirs = _amounts(text, language), _amounts(other, others)
    missing = [said for value, said in mine.items() if value >= _LEAST and value not in theirs]
    extra = [said for value, said in theirs.items() if value >= _LEAST and value not in mine]
    yield from zip(missing, extra, strict=False)


def _amounts(text: str, language: str) -> dict[float, str]:
    """The numbers in a `text`, and how they are written there."""
    text, found, run = unicodedata.normalize("NFKC", text), dict[float, str](), list[re.Match[str]]()
    words = (match for match in _words(language).finditer(text) if match["digits"] or _is_numeral(match[0]))
    for match in [*words, None]:
        if run and (match is None or not _goes_on(text, run[-1], match)):
            found.setdefault(_value(run, language), text[run[0].start() : run[-1].end()])
            run = []
        run += [match] if match else []
    return found


def _is_numeral(word: str) -> bool:
    return word.lower() in _SCALES or word.lower() in _UNITS


def _goes_on(text: str, before: re.Match[str], match: re.Match[str]) -> bool:
    """Whether a word belongs to the number that the word `before` is a part of: 1万 and 2000, twenty and five."""
    gap = text[before.end() : match.start()]
    return (not gap or gap in {" ", "-", "\n"}) and (not match["digits"] or before[0].lower() in _SCALES)


def _value(run: Iterable[re.Match[str]], language: str) -> float:
    whole = part = 0.0
    for match in run:
        word = match[0].lower()
        scale = _SCALES.get(word, 0)
        if scale >= 1000:
            whole, part = whole + max(part, 1) * scale, 0
        elif scale:
            part += (max(part % 10, 1) * scale) - part % 10
        else:
            part += _UNITS[word] if word in _UNITS else _digits(word, language)
    return whole + part


def _digits(word: str, language: str) -> float:
    group, decimal = _signs(language)
    return float(word.replace(group, "").replace(decimal, "."))


@lru_cache
def _words(language: str) -> re.Pattern[str]:
    group, decimal = map(re.escape, _signs(language))
    digits = rf"(?P<digits>(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{decimal}\d+)?)"
    return re.compile(rf"{digits}|[{_LETTERS}]|[A-Za-zÀ-ɏ]+")


@lru_cache
def _signs(language: str) -> tuple[str, str]:
    """What sets thousands apart, and decimals."""
    symbols = numbers.locale(language).number_symbols["latn"]
    return unicodedata.normalize("NFKC", symbols["group"]), symbols["decimal"]
