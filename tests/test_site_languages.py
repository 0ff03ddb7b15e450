"""A language is a folder, a catalogue and a line of configuration: here one is added that nobody has prepared."""

import json
import re
from html.parser import HTMLParser

import pytest
from site_books import HEAD, PAGES, TOC, build_apart, edit, page_text, write_book

from nnbook import localisation

MARK = (
    "Þ"  # begins every word of the made-up catalogue; it takes the place of Esperanto, which Sphinx and docutils know
)
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-copy", "data-copied")


class Words(HTMLParser):
    """The words of the shell: text and attributes outside of the article, headings and menus of the pages left out."""

    def __init__(self):
        super().__init__()
        self.found, self._aside = [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.found += [values[name] for name in SPOKEN if values.get(name)]
        empty = tag in ("link", "meta", "img", "input", "br", "hr")
        if not empty and (self._aside or tag in ("script", "style", "article", "kbd") or "hreflang" in values):
            self._aside.append(tag)

    def handle_endtag(self, tag):
        if self._aside:
            self._aside.pop()

    def handle_data(self, data):
        if not self._aside and data.strip():
            self.found.append(data.strip())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = write_book(tmp_path_factory.mktemp("languages") / "small")
    edit(root / "_config.yml", "[en, ja]", "[en, ja, eo]")
    for name, text in PAGES.items():
        language, page = name.split("/")
        if language == "en":
            path = root / "book" / "eo" / f"{page}.md"
            path.parent.mkdir(exist_ok=True)
            source = (root / "book" / "en" / f"{page}.md").read_text(encoding="utf-8")
            assert source.startswith(HEAD) == ("%s" in text)
            path.write_text(re.sub(r"^(#+) ", rf"\1 {MARK}", source, flags=re.MULTILINE), encoding="utf-8")
    catalogues = root / "catalogues"
    catalogues.mkdir()
    marked = {
        key: {form: MARK + words for form, words in text.items()} if isinstance(text, dict) else MARK + text
        for key, text in localisation.catalogue("en").items()
    }
    (catalogues / "eo.json").write_text(json.dumps(marked), encoding="utf-8")
    build_apart(root, NNBOOK_CATALOGUES=catalogues, CELL_RUNS=root / "runs")
    assert (root / "runs").read_text() == "run\n"
    return root / "_build" / "html"


@pytest.mark.parametrize("page", ["index", "weights"])
def test_all_words_of_the_shell_are_of_the_new_language(site, page):
    reader = Words()
    reader.feed((site / "eo" / f"{page}.html").read_text(encoding="utf-8"))
    assert len(reader.found) > 15
    same_everywhere = re.compile(r"python -m http\.server|[\d.]+ [KM]B")
    others = [text for text in reader.found if MARK not in text and not same_everywhere.fullmatch(text)]
    assert [text for text in others if re.search(r"[A-Za-z]{2,}", text)] == []


@pytest.mark.parametrize("page", ["index", "weights"])
def test_pages_of_all_languages_lead_to_the_new_one(site, page):
    for code in ("en", "ja", "eo"):
        text = page_text(site / code / f"{page}.html")
        assert f'<html lang="{code}"' in text
        assert 'rel="alternate" hreflang' not in text, "machines want whole addresses, and this site's is not known"
        others = {"en", "ja", "eo"} - {code}
        assert set(re.findall(rf'<a href="\.\./(\w+)/{page}\.html"', text)) == others


def test_captions_and_numbers_of_figures_are_of_the_new_language(site):
    assert f"{MARK}Fig. 1.1" in (site / "eo" / "weights.html").read_text(encoding="utf-8")
    assert TOC.count("site.part.networks") == 1
    assert localisation.catalogue("en")["site.part.networks"] in (site / "eo" / "index.html").read_text("utf-8")


def test_the_first_page_knows_the_new_language(site):
    link = rf'<a href="eo/index.html" lang="eo" hreflang="eo">{MARK}{MARK}English \(\d+\s?%\)</a>'
    assert re.search(link, page_text(site / "index.html"))
