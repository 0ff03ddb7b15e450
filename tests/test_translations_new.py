"""A language begun with one command: its pages are built at once, and say how far they are."""

import json
import re

import pytest
from click.testing import CliRunner
from site_books import build_apart, edit, page_text, write_book

from nnbook import localisation
from nnbook.cli import main
from nnbook.site.book import read_book, read_plan
from nnbook.site.errors import BuildError
from nnbook.site.translations import desk, new, standing
from nnbook.site.translations.composed import composed

BEGUN = ("eo", "he")  # one that no other test of ours knows, and one that is written from the right


@pytest.fixture(scope="module")
def patch():
    with pytest.MonkeyPatch.context() as patch:
        yield patch
    forget()


def forget():
    for known in (localisation.files, localisation.languages, localisation.catalogue):
        known.cache_clear()


@pytest.fixture(scope="module")
def book(tmp_path_factory, patch):
    """The small book with two languages begun, and a paragraph translated in each."""
    root = write_book(tmp_path_factory.mktemp("new") / "book")
    (root / "catalogues").mkdir()
    patch.setenv("NNBOOK_CATALOGUES", str(root / "catalogues"))
    patch.setenv("CELL_RUNS", str(root / "runs"))
    patch.chdir(root)
    build_apart(root)
    for code in BEGUN:
        done = CliRunner().invoke(main, ["translations", "new", code], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        lines = done.output.splitlines()
        assert len(lines) == 4
        assert lines[0].startswith(f"Made 2 pages in book/{code}/ and the catalogue")
        assert f"nnbook serve --language {code}" in lines[1]
        assert f"book/{code}/index.md" in lines[1]
        forget()
        edit(root / "book" / code / "index.md", "Read [](about-weights)", "Þ [](about-weights)")
    return root


@pytest.fixture(scope="module")
def site(book):
    build_apart(book)
    return book / "_build" / "html"


def test_no_figure_is_drawn_again_for_a_language_that_has_no_words_for_it(site, book):
    assert (book / "runs").read_text(encoding="utf-8") == "run\n"


def test_settings_and_catalogue_know_the_language(book):
    assert read_book(book).languages == ("en", "ja", *BEGUN)
    assert "# the first one is the source" in (book / "_config.yml").read_text(encoding="utf-8")
    written = json.loads((book / "catalogues" / "he.json").read_text(encoding="utf-8"))
    assert written == {"site.language_name": "עברית", "site.locale": "he_IL"}


def test_copies_wait_for_a_translator_and_what_is_written_is_current(book):
    pages = {page.page: page for page in desk.translated(read_plan(book), "eo")}
    counted = {name: standing.counts(page.standings) for name, page in pages.items()}
    assert counted["index"][standing.UNTRANSLATED] == 1
    assert counted["index"][standing.CURRENT] == 1
    assert counted["weights"][standing.UNTRANSLATED] == 6
    assert counted["words"][standing.UNTRANSLATED] == len(localisation.catalogue("en")) - 2
    assert not standing.behind(pages["weights"].standings)


def test_a_copy_is_one_after_its_source_has_changed_and_readers_see_the_new_one(tmp_path, patch, book):
    root = write_book(tmp_path / "book")
    new.begin(read_book(root), "nl")
    for old, changed in (("The lowest is", "The very lowest is"), ("z = b +", "y = b +"), ("## Sums", "## All sums")):
        edit(root / "book" / "en" / "weights.md", old, changed)
    page = next(page for page in desk.translated(read_plan_with(root, "nl"), "nl") if page.page == "weights")
    assert len(standing.behind(page.standings)) == 1  # the formula, which is that of the source at once
    found = composed(page)
    assert all(text in found.text for text in ("The very lowest is", "y = b +", "## All sums"))
    assert sum(found.foreign) >= 6
    desk.refresh(page)
    (root / "book" / "nl" / "weights.md").write_text(page.path.read_text("utf-8").replace("The lowest is", "Het is"))
    page = next(page for page in desk.translated(read_plan_with(root, "nl"), "nl") if page.page == "weights")
    assert "Het is" in composed(page).text


def read_plan_with(root, language):
    forget()
    return read_plan(root)


def test_a_text_of_the_new_language_has_forms_that_the_source_does_not_have(book):
    forget()
    for number in (0, 1, 2, 5):
        assert f"{number} section" in localisation.text("site.search.found", "he", count=number)


@pytest.mark.parametrize("code", BEGUN)
def test_pages_show_the_translated_and_the_english_as_what_they_are(site, code):
    text = page_text(site / code / "index.html")
    direction = ' dir="rtl"' if code == "he" else ""
    assert f'<html lang="{code}"{direction} data-theme' in text
    assert re.search(r"<p>Þ <a ", text)
    assert '<h1 lang="en">' in text
    assert f"/edit/main/book/{code}/index.md" in text
    weights = page_text(site / code / "weights.html")
    assert '<h2 lang="en">' in weights
    assert '<div class="admonition note" lang="en">' in weights
    assert re.search(r'<div lang="en" dir="ltr" class="nnb">.* words in en', weights)


def test_no_reader_is_sent_to_a_language_that_is_not_whole(site):
    root = page_text(site / "index.html")
    assert 'languages = ["en", "ja"], wanted' in root
    assert re.search(r'<a href="he/index.html" lang="he" dir="rtl" hreflang="he">עברית \(\S*2\d%\S*\)</a>', root)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("tlhh", r"known to CLDR.*got 'tlhh'"),
        ("ja", r"must be a new one.*'ja' is there already"),
        ("eo", r"must be a new one.*'eo' is there already"),
        ("../x", r"known to CLDR"),
    ],
)
def test_what_is_no_new_language_is_refused_and_nothing_is_written(book, code, message):
    before = (book / "_config.yml").read_bytes()
    with pytest.raises(BuildError, match=f"(?s){message}"):
        new.begin(read_plan(book), code)
    assert (book / "_config.yml").read_bytes() == before


def test_files_of_the_language_are_not_written_over(tmp_path, book):
    root = write_book(tmp_path / "book")
    (root / "book" / "sv").mkdir()
    with pytest.raises(BuildError, match=r"(?s)book/sv: is there already.*|.*move it away"):
        new.begin(read_plan(root), "sv")
    assert not list((root / "book" / "sv").iterdir())


def test_a_page_that_a_language_lacks_is_begun(tmp_path, book, monkeypatch):
    root = write_book(tmp_path / "book")
    new.begin(read_book(root), "da")
    forget()
    edit(root / "_toc.yml", "file: weights\n", "file: weights\n      - file: more\n")
    for code in ("en", "ja"):
        (root / "book" / code / "more.md").write_text("(more)=\n# More\n\nSome words.\n", encoding="utf-8")
    with pytest.raises(
        BuildError, match=r"(?s)let `nnbook translations refresh` begin it.*book/da/more.md does not ex"
    ):
        read_book(root)
    monkeypatch.chdir(root)
    assert CliRunner().invoke(main, ["translations", "refresh", "da"], catch_exceptions=False).exit_code == 0
    assert read_book(root).languages == ("en", "ja", "da")
    page = next(page for page in desk.translated(read_plan(root), "da") if page.page == "more")
    assert {found.state for found in page.standings} == {standing.UNTRANSLATED}
    (book / "catalogues" / "da.json").unlink()
    forget()


@pytest.mark.parametrize("listed", ["languages:\n  - en\n  - ja\n", "languages: [en, ja] # two\n"])
def test_a_language_is_added_where_the_others_are(tmp_path, book, listed):
    root = write_book(tmp_path / "book")
    config = root / "_config.yml"
    config.write_text(re.sub(r"^languages:.*\n", listed, config.read_text("utf-8"), flags=re.MULTILINE))
    new.begin(read_plan(root), "fi")
    forget()
    assert read_plan(root).languages == ("en", "ja", "fi")
    (book / "catalogues" / "fi.json").unlink()
