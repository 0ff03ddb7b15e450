"""The book as a whole: the home page tells of its chapters, the glossary is linked from where chapters use a term."""

import re

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect
from serving import served
from site_books import PICTURE_CELL, ROOT, build, edit, write_book

from nnbook.localisation import text
from nnbook.pipeline import BuildError

ENTRY = re.compile(r"^(\S.*)\n((?:[ ]{2}.*\n|\n)+)", re.MULTILINE)
GLOSSARY = """\
---
description: "{about}"
---

(terms)=
# {title}

```{{glossary}}
{dog}
  {meaning}

  :{code}: {other}
  :also: {also}
  :see: [](about-weights)

{house}
  {meaning}
```
"""
WORDS = {
    "en": {"dog": "dog", "house": "dog house", "also": "Hound, small wolf", "code": "ja", "other": "犬"},
    "ja": {"dog": "犬", "house": "犬小屋", "also": "イヌ、小さな狼", "code": "en", "other": "dog"},
}
USES = {
    "en": "A hotdog, the *dog\nhouse*; then dogs, and a dog.\n",
    "ja": "山犬と*犬小屋*、それから犬がいて、また犬がいます。\n",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book whose home page has a list, and whose glossary has two terms, one a part of the other."""
    root = tmp_path_factory.mktemp("whole") / "book"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CELL_RUNS", str(root.parent / "runs"))
        write_book(root, PICTURE_CELL.replace('<div class="nnb"', '<div class="nnb nnb-small"'))
        edit(root / "_toc.yml", "file: weights\n", "file: weights\n  - chapters:\n      - file: terms\n")
        for code, known in WORDS.items():
            pages = root / "book" / code
            edit(pages / "index.md", "`fig-zero`", "`fig-zero`\n\n```{chapters}\n```\n\n")
            edit(
                pages / "weights.md", "name: python3\n", f"name: python3\ndescription: In {code}.\npicture: fig-zero\n"
            )
            edit(pages / "weights.md", "(sums)=", f"{USES[code]}\n(sums)=")
            text = GLOSSARY.format(about=f"Words: {code}", title="Terms", meaning="Some meaning.", **known)
            (pages / "terms.md").write_text(text, encoding="utf-8")
        yield root, build(root).output


def page(site, name):
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_the_home_page_lists_the_other_pages_with_number_picture_and_description(book):
    chapter, terms = page(book[1], "en/index").select(".book-chapters > li")
    assert chapter.a.get_text() == "1 Weights"
    assert chapter.a["href"] == "weights.html"
    assert chapter.select("p")[1].get_text() == "In en."
    assert chapter.select_one("[aria-hidden] > img")["alt"] == ""
    assert (book[1] / "en" / chapter.img["src"]).is_file()
    assert [text.get_text() for text in terms.select("p")] == ["Terms", "Words: en"]
    assert page(book[1], "ja/weights").select_one("meta[name=description]")["content"] == "In ja."


@pytest.mark.parametrize(("language", "shown"), [("en", ["dog\nhouse", "dogs"]), ("ja", ["犬小屋", "犬"])])
def test_the_first_use_of_each_term_in_a_chapter_leads_to_the_glossary(book, language, shown):
    links = page(book[1], f"{language}/weights").select("a[href^='terms.html#term-']")
    assert [link.get_text() for link in links] == shown
    glossary = page(book[1], f"{language}/terms")
    assert all(glossary.find(id=link["href"].partition("#")[2]).name == "dt" for link in links)
    assert glossary.select_one(".field-list dd[lang]").get_text(strip=True) == WORDS[language]["other"]
    assert not page(book[1], f"{language}/index").select("a[href*='#term-']")


def test_a_page_that_the_home_page_can_not_tell_of_stops_the_build(book):
    pages = [book[0] / "book" / code / "weights.md" for code in ("en", "ja")]
    for path in pages:
        edit(path, "picture: fig-zero", "picture: fig-one")
    edit(pages[1], "description: In ja.\n", "")
    with pytest.raises(BuildError) as caught:
        build(book[0])
    assert re.search(
        r"en  book/en/weights.md:1: the picture of a page must be .* got 'fig-one'; write", str(caught.value)
    )
    assert re.search(r"ja  book/ja/weights.md:1: .* weights has no description; write `desc", str(caught.value))


@pytest.mark.browser
@pytest.mark.parametrize(("language", "query"), [("en", "Fig. 1.1"), ("ja", "図1.1")])
def test_a_figure_is_found_by_its_number(book, browser, language, query):
    with served(book[1]) as address:
        page = browser.new_page()
        page.goto(f"{address}/{language}/index.html")
        page.keyboard.press("Control+k")
        page.locator("#book-search-query").fill(query)
        found = page.locator("#book-search li:has(a[href$='weights.html#about-weights'])")
        expect(found).to_contain_text(query)
        page.close()


def entries(language):
    """The terms of the real glossary, each with its fields."""
    text = (ROOT / "book" / language / "glossary.md").read_text(encoding="utf-8").partition("{glossary}\n")[2]
    return {term: dict(re.findall(r":(\w+): (.*)", body)) for term, body in ENTRY.findall(text)}


def places(fields):
    return re.findall(r"\((.+?)\)", fields["see"])


def test_both_languages_have_the_same_terms_explained_at_the_same_places():
    english, japanese = entries("en"), entries("ja")
    assert {(term, fields["ja"], tuple(places(fields))) for term, fields in english.items()} == {
        (fields["en"], term, tuple(places(fields))) for term, fields in japanese.items()
    }
    assert [*english] == sorted(english, key=str.lower)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_page_says_that_it_is_from_the_sample(small_site, language):
    page = (small_site / language / "weights.html").read_text(encoding="utf-8")
    assert text("site.sample_note", language, count="9,500") in page
