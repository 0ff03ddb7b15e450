"""The words of figures and pages: every language has all of them, with the same blanks, and none is left over."""

import re
import string
from pathlib import Path

import pytest

from nnbook import localisation
from nnbook.figures.kit import bundle

PACKAGE = Path(__file__).parents[1] / "nnbook"
OTHERS = [language for language in localisation.languages() if language != localisation.SOURCE_LANGUAGE]


def blanks(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_source_language_comes_first():
    assert localisation.languages()[0] == "en"
    assert {"en", "ja"} <= set(localisation.languages())


@pytest.mark.parametrize("language", OTHERS)
def test_languages_have_the_same_keys_and_blanks(language):
    source, other = localisation.catalogue("en"), localisation.catalogue(language)
    assert other.keys() == source.keys()
    assert {key: blanks(text) for key, text in other.items()} == {key: blanks(text) for key, text in source.items()}


def test_no_japanese_text_is_still_english():
    """Names, numbers and codes may be the same; a run of English words may not."""
    source, japanese = localisation.catalogue("en"), localisation.catalogue("ja")
    same = [key for key in source if source[key] == japanese[key] and re.search(r"[a-z]{3,} [a-z]{3,}", source[key])]
    assert same == []


def test_every_key_is_used():
    """A key stands in the code as it is, or as a text with blanks that the program fills ("place.{row}{column}")."""
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for pattern in ("**/*.py", "**/*.html", "**/*.js")
        for path in PACKAGE.glob(pattern)
    )
    for path in (PACKAGE.parent / "_toc.yml", *(PACKAGE.parent / "book" / "en").glob("*.md")):  # labels of charts
        sources += path.read_text(encoding="utf-8")
    quoted = r"[\"'`]{}[\"'`]"
    filled = re.findall(r'f"([a-z_]+\.[^"\s]*\{[^"]*)"', sources)
    patterns = [re.compile(re.sub(r"\\{.*?\\}", r"[\\w-]+", re.escape(text))) for text in filled]
    by_scripts = {key for room in bundle.FIGURES.iterdir() for key in bundle.words(bundle.tag_of(room))}
    unused = [
        key
        for key in localisation.catalogue("en")
        if key not in by_scripts
        and not re.search(quoted.format(re.escape(key)), sources)
        and f"caption: {key}" not in sources
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert unused == [], ", ".join(unused)


def test_an_unknown_key_is_an_error_that_says_what_to_do():
    with pytest.raises(KeyError, match=r"got 'no.such.key' for 'ja'; add it to every file"):
        localisation.text("no.such.key", "ja")


def test_an_unknown_language_is_an_error_that_says_what_to_do():
    with pytest.raises(ValueError, match=r"got 'xx'; choose one of en, ja or add nnbook/localisation/xx.json"):
        localisation.text("site.title", "xx")


def test_a_blank_without_a_value_is_an_error():
    with pytest.raises(KeyError, match=r"'weights.hidden_neuron' got none for 'number'; pass it by name"):
        localisation.text("weights.hidden_neuron", "en")


@pytest.mark.parametrize(
    ("number", "digits", "text"), [(1.254, 2, "+1.25"), (-0.3, 2, "−0.30"), (-0.001, 2, "0.00"), (-12.6, 1, "−12.6")]
)
def test_signed_numbers(number, digits, text):
    assert localisation.signed(number, digits) == text


def test_numbers_are_written_the_same_in_every_language():
    assert localisation.percent(0.9171) == "91.7%"
    assert localisation.count(60000) == "60,000"
    assert localisation.class_name("7", "ja") == "7"
    assert localisation.class_name("cat", "ja") == "猫"
