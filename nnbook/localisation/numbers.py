"""Numbers as each language writes them, from the CLDR data of Babel; `figures/kit/numbers.js` does so in the page.

A number is rounded as Python rounds it, and then written: Babel alone would round some halves to the other side.
"""

from copy import copy
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import NumberPattern


@lru_cache
def locale(language: str) -> Locale:
    """What CLDR knows of a `language`, given by its code in the web's form, such as pt-BR.

    Raises:
        ValueError: if CLDR doesn't know it.
    """
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError(
            f"a language is one whose numbers and plurals CLDR describes; got {language!r}; "
            f"name the catalogue and the folder by a code such as es, ko or pt-BR"
        ) from None


def percent(share: float, language: str, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage: 0.918 is 91.8%, and in Spanish 91,8 % with a space that never breaks."""
    rounded = Decimal(f"{100 * share:.{digits}f}").scaleb(-2)
    return _pattern(language, "percent", digits).apply(rounded, locale(language), group_separator=False)


def count(number: int, language: str) -> str:
    """A whole number with its thousands set apart, 1234 -> '1,234'."""
    return _pattern(language, "decimal", 0).apply(Decimal(int(number)), locale(language))


def decimal(number: float, language: str, digits: int = 2) -> str:
    """A number with `digits` decimals, a true minus for negatives: 1.25, −0.30, 0.00."""
    rounded = Decimal(f"{number:.{digits}f}")
    written = _pattern(language, "decimal", digits).apply(abs(rounded), locale(language), group_separator=False)
    return f"−{written}" if rounded < 0 else written


def signed(number: float, language: str, digits: int = 2) -> str:
    """A number with `digits` decimals and its sign, a true minus for negatives: +1.25, −0.30, but 0.00."""
    rounded = round(number, digits)
    written = decimal(rounded, language, digits)
    return f"+{written}" if rounded > 0 else written


def direction(language: str) -> str:
    """Where its lines begin, as HTML says it: "ltr" or "rtl"."""
    return "rtl" if locale(language).character_order == "right-to-left" else "ltr"


def day(when: date, language: str) -> str:
    """A day in words, 3 May 2026 -> 'May 3, 2026'."""
    return format_date(when, "long", locale(language))


def form(number: int, language: str) -> str:
    """The name that CLDR gives to the plural form of a whole number: `one`, `few`, `many`, `other` ..."""
    return str(locale(language).plural_form(int(number)))


@lru_cache
def forms(language: str) -> frozenset[str]:
    """The plural forms that whole numbers take; those of millions, too, which Romance languages set apart."""
    return frozenset(form(number, language) for number in (*range(201), 1000, 1_000_000))


@lru_cache
def _pattern(language: str, kind: str, digits: int) -> NumberPattern:
    """How `language` writes a `percent` or a `decimal` with so many digits."""
    pattern: NumberPattern = copy(getattr(locale(language), f"{kind}_formats")[None])
    pattern.frac_prec = (digits, digits)
    return pattern
