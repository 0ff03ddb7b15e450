"""The words of figures and pages: every language has all of them, with the same blanks, and none is left over."""

import json
import re
import string
from itertools import chain
from pathlib import Path

import interactive_tools as tools
import numpy as np
import pytest
from figures_tools import elements, find

from nnbook import figures, localisation
from nnbook.localisation import numbers
from nnbook.site.book import read_plan
from nnbook.site.errors import BuildError

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "nnbook"
LANGUAGES = read_plan(ROOT).languages
SHARED = {"kit", "class", "plural", "model"}  # beginnings of keys that any figure may use
ROOMS = {path.stem for path in (PACKAGE / "figures").iterdir() if path.stem != "__init__"}
NAMED = re.compile(rf"""(["'`])((?:{"|".join(ROOMS | SHARED | {"site", "chart"})})\.(?:\$?\{{[^}}]*\}}|[\w.-])*)\1""")
FILES = re.compile(r".*\.(css|js|py)")


@pytest.fixture
def catalogues(tmp_path, monkeypatch):
    """A folder of further catalogues, and how one is made of the English texts: each form as `change` gives it."""

    def forget():
        for known in (localisation.files, localisation.languages, localisation.catalogue):
            known.cache_clear()

    def write(language, change=lambda text, form: text, **others):
        texts = {
            key: {form: change(text.get(form, text["other"]), form) for form in numbers.forms(language)}
            if isinstance(text, dict)
            else change(text, "other")
            for key, text in localisation.catalogue("en").items()
        } | others
        kept = {key: text for key, text in texts.items() if text is not None}
        (tmp_path / f"{language}.json").write_text(json.dumps(kept), encoding="utf-8")
        forget()

    monkeypatch.setenv("NNBOOK_CATALOGUES", str(tmp_path))
    yield write
    monkeypatch.undo()
    forget()


def blanks(text) -> set[str | None]:
    forms = text.values() if isinstance(text, dict) else [text]
    found = chain.from_iterable(string.Formatter().parse(form) for form in forms)
    return {name for _, name, _, _ in found if name is not None}


def test_the_source_language_comes_first():
    assert localisation.languages()[0] == "en"
    assert {"en", "ja"} <= set(localisation.languages())


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_keys_and_blanks(language):
    source, other = localisation.catalogue("en"), localisation.catalogue(language)
    assert other.keys() == source.keys()
    assert {key: blanks(text) for key, text in other.items()} == {key: blanks(text) for key, text in source.items()}


def test_no_japanese_text_is_still_english():
    """Names, numbers and codes may be the same; a run of English words may not."""
    source, japanese = localisation.catalogue("en"), localisation.catalogue("ja")
    english = {key: text for key, text in source.items() if re.search(r"[a-z]{3,} [a-z]{3,}", str(text))}
    assert [key for key, text in english.items() if japanese[key] == text] == []


def named(path: Path) -> set[str]:
    """The keys that a source names, as patterns: one may have blanks that the program fills, "kit.place_{row}"."""
    found = {match[2] for match in NAMED.finditer(path.read_text(encoding="utf-8"))}
    return {
        r"[\w.-]*".join(map(re.escape, re.split(r"\$?\{[^}]*\}", key))) for key in found if not FILES.fullmatch(key)
    }


def sources() -> list[Path]:
    return sorted(path for kind in ("py", "html", "js") for path in PACKAGE.glob(f"**/*.{kind}"))


def test_every_key_is_used_and_every_key_that_is_used_is_there():
    keys, captions = {*localisation.catalogue("en")}, re.findall(r"caption: (\S+)", (ROOT / "_toc.yml").read_text())
    places = [*sources(), *(ROOT / "book" / "en").glob("*.md")]  # cells name the labels of their charts
    used = {pattern: {key for key in keys if re.fullmatch(pattern, key)} for path in places for pattern in named(path)}
    assert [pattern for pattern, found in used.items() if not found] == [], "no catalogue has these keys; add them"
    unused = keys - {*captions, *chain.from_iterable(used.values())}
    assert sorted(unused) == [], "nothing says these texts; delete them"


def test_a_figure_uses_keys_of_its_own_name_and_shared_ones():
    """What two figures say belongs to the kit; so it is found, and what belongs to a figure can go away with it."""
    for path in sources():
        inside = path.relative_to(PACKAGE).parts
        room = inside[1].removesuffix(".py") if inside[0] == "figures" else "site"
        others = {re.split(r"\\?\.", key)[0] for key in named(path)} - SHARED - {room}
        assert not others, f"{path} names keys of {others}; put them below kit."


def test_an_unknown_key_is_an_error_that_says_what_to_do():
    with pytest.raises(KeyError, match=r"got 'no.such.key' for 'ja'; add it to every file"):
        localisation.text("no.such.key", "ja")


def test_an_unknown_language_is_an_error_that_says_what_to_do():
    with pytest.raises(ValueError, match=r"got 'xx'; choose one of en, .*ja.* or add nnbook/localisation/xx.json"):
        localisation.text("site.title", "xx")
    with pytest.raises(ValueError, match=r"numbers and plurals CLDR describes; got 'tlhh'; name .* es, ko or pt-BR"):
        localisation.percent(0.5, "tlhh")


def test_a_blank_without_a_value_is_an_error():
    with pytest.raises(KeyError, match=r"'kit.hidden_neuron' got none for 'number'; pass it by name"):
        localisation.text("kit.hidden_neuron", "en")
    with pytest.raises(KeyError, match=r"whole number; 'network_diagram.neurons' got '5'; pass it as count"):
        localisation.text("network_diagram.neurons", "en", count="5")


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (
            {"site.language_name": None, "site.locale": None},
            r"(?s)it.json:1: .* language is called; 'site.language_name' is missing; .*'site.locale' is missing",
        ),
        (
            {"kit.imagen": "x"},
            r"it.json:\d+: .*keys of the source language; 'kit.imagen' is used by nobody; remove it, or add",
        ),
        (
            {"network_diagram.neurons": {"one": "1", "other": "{count}"}},
            r"every plural form .*; 'network_diagram.neurons' has one, other; give it many, one, other",
        ),
        ({"network_diagram.neurons": "{count}"}, r"'network_diagram.neurons' has other; give it many"),
        (
            {"network_diagram.neurons": {"one": "", "many": "", "other": "{count}", "ones": ""}},
            r"has many, one, ones, other;",
        ),
    ],
)
def test_a_catalogue_that_is_not_whole_is_refused_by_name(catalogues, tmp_path, texts, message):
    catalogues("it", **texts)
    with pytest.raises(ValueError, match=message):
        localisation.text("site.title", "it")
    (tmp_path / "_config.yml").write_text("languages: [en, it]", encoding="utf-8")
    with pytest.raises(BuildError) as stopped:
        read_plan(tmp_path)
    assert re.search(message, "\n".join(stopped.value.findings))


def test_what_a_catalogue_lacks_is_said_in_english_and_in_the_forms_of_its_language(catalogues):
    catalogues("it", **{"site.copy": None, "network_diagram.neurons": None})
    assert localisation.text("site.copy", "it") == localisation.text("site.copy", "en")
    assert localisation.text("network_diagram.neurons", "it", count=1) == "1 neuron"
    assert set(localisation.template("network_diagram.neurons", "it")) == {"one", "many", "other"}


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (1.254, 2, "+1.25"),
        (-0.3, 2, "−0.30"),
        (-0.001, 2, "0.00"),
        (0.004, 2, "0.00"),
        (-0.005, 2, "−0.01"),
        (-12.6, 1, "−12.6"),
    ],
)
def test_signed_numbers(number, digits, text):
    assert localisation.signed(number, "en", digits) == text


@pytest.mark.parametrize(
    ("language", "percent", "count", "decimal"),
    [
        ("en", "91.7%", "60,000", "−0.50"),
        ("ja", "91.7%", "60,000", "−0.50"),
        ("ko", "91.7%", "60,000", "−0.50"),
        ("es", "91,7\N{NO-BREAK SPACE}%", "60.000", "−0,50"),
        ("pt-BR", "91,7%", "60.000", "−0,50"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language, percent, count, decimal):
    assert localisation.percent(0.9171, language) == percent
    assert localisation.count(60000, language) == count
    assert localisation.decimal(-0.5, language) == decimal


def test_numbers_are_rounded_as_python_rounds_them():
    for share in np.arange(0, 1, 0.00025).tolist():
        assert localisation.percent(share, "en") == f"{100 * share:.1f}%"


def test_classes_that_no_catalogue_knows_keep_their_names():
    assert localisation.class_name("7", "ja") == "7"
    assert localisation.class_name("cat", "ja") == "猫"


def test_the_number_chooses_the_form():
    said = [localisation.text("kit.cell_count", "en", count=n, share="1%") for n in (0, np.int64(1), 1234)]
    assert said == ["no image", "1 image, 1% of this class", "1,234 images, 1% of this class"]


@pytest.fixture
def matrix():
    """Of 1,000 images 918 are right; 81 zeros are taken for ones and a single one for a zero."""
    labels = np.repeat([0, 1], 500)
    taken = np.concatenate([np.repeat([0, 1], [419, 81]), np.repeat([0, 1], [1, 499])])
    images = np.zeros((1000, 8, 8), np.uint8)
    return figures.confusion_matrix({"model": np.eye(2)[taken] * 0.8 + 0.1}, images, labels, ("0", "1"))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "accuracy", "one", "several"),
    [
        ("it", "91,8%", r": 1 image, .* \(one\)$", r": 81 images, 16% .* \(other\)$"),
        ("th", "91.8%", r": 1 images, .* \(other\)$", r": 81 images, 16% .* \(other\)$"),
    ],
)
def test_a_new_language_has_its_numbers_and_plurals_at_rest_and_when_a_figure_answers(
    catalogues, matrix, browser, tmp_path, language, accuracy, one, several
):
    catalogues(language, lambda text, form: f"{text} ({form})")
    assert "".join(find(elements(matrix, language), "td", "nnb-accuracy")[0].itertext()) == accuracy
    path = tools.write_page(tmp_path, [matrix], language)
    markup = path.read_text(encoding="utf-8")
    path.write_text(markup.replace(f'<html lang="{language}"', '<html lang="en"'), encoding="utf-8")  # as a notebook
    page = browser.new_page()
    page.goto(path.as_uri())
    tools.started(page)
    page.get_by_label("picture").check()
    page.get_by_label("count").check()  # so that all is written by the script
    assert page.locator("td.nnb-accuracy").text_content() == accuracy
    assert f"accuracy {accuracy}," in page.locator("caption").text_content()
    for actual, predicted, said in ((1, 0, one), (0, 1, several)):
        page.locator(f'tr[data-actual="{actual}"] [data-predicted="{predicted}"]').hover()
        assert re.search(said, page.locator(".nnb-cell-title").text_content())
    page.close()


def test_languages_with_a_form_for_millions_use_it(catalogues):
    catalogues("it", lambda text, form: f"{text} ({form})")
    assert localisation.text("network_diagram.neurons", "it", count=1) == "1 neuron (one)"
    assert localisation.text("network_diagram.neurons", "it", count=1_000_000) == "1.000.000 neurons (many)"
