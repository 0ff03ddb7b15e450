"""The book as PDF: letters, links and numbers in place, the same bytes each time, and words for who lacks a browser."""

import os
import re
import shutil
import subprocess
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ContentStream, DictionaryObject, NameObject, StreamObject
from site_books import build, write_book

from nnbook.pipeline import BuildError
from nnbook.site.portable.letters import readable
from nnbook.site.portable.pdf import page_numbers

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def printer(browser_program, monkeypatch):
    """Builds print with the browser of the tests."""
    monkeypatch.setenv("NNBOOK_BROWSER", browser_program)


@pytest.fixture(params=["en", "ja"])
def language(request):
    return request.param


@pytest.fixture
def root(portable_book, tmp_path, monkeypatch):
    """A copy that can be built again."""
    monkeypatch.setenv("CELL_RUNS", os.devnull)
    return shutil.copytree(portable_book, tmp_path / "book")


@pytest.fixture
def file(portable_book, language):
    return portable_book / "_build" / "html" / language / f"nnbook-{language}.pdf"


@pytest.fixture
def book(file):
    return PdfReader(file)


def test_the_contents_give_the_page_of_each_part(book, file):
    numbers = page_numbers(file.read_bytes())
    starts = [numbers[name] for name in ("index--", "weights--", "weights--sums")]
    assert starts[0] == 3  # after the cover and the contents
    assert all(before <= after for before, after in pairwise(starts))
    contents = book.pages[1].extract_text()
    # The first is that of the page itself; chapters have a number before their title.
    assert re.findall(r"\d+", contents) == ["2", str(starts[0]), "1", *map(str, starts[1:])]


def test_parts_are_in_the_outline_and_the_file_is_tagged(book, language):
    titles = {"en": ["Contents", "Small book", "1 Weights"], "ja": ["目次", "小さな本", "1 重み"]}[language]
    assert [entry.title for entry in book.outline if not isinstance(entry, list)] == titles
    assert book.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert book.trailer["/Root"]["/Lang"] == language
    assert book.metadata.title == "nnbook"


def test_every_font_is_in_the_file_and_letters_can_be_read_again(book, language):
    for page in book.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            assert font["/Subtype"] == "/Type3" or _program(font), font
    text = "".join(page.extract_text() for page in book.pages)
    assert {"en": "The lowest is −1.23, for a cat.", "ja": "最小の重みは"}[language] in text.replace("\n", " ")


def _program(font):
    """The outlines of a `font`, where the file has them."""
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    return {"/FontFile2", "/FontFile3"} & set(descriptor)


@pytest.mark.parametrize(
    ("family", "package"),
    [("BIZ UDPGothic", "fonts-morisawa-bizud-gothic"), ("Noto Sans CJK JP", "fonts-noto-cjk (56 MB)")],
)
def test_text_can_be_read_again_whatever_the_japanese_font(family, package, root, tmp_path, monkeypatch):
    found = subprocess.run(["fc-list", family, "file"], capture_output=True, text=True, check=True).stdout
    if not found:
        pytest.skip(f"{family} is not installed; on Debian and Ubuntu it is in {package}")
    folders = {line.rpartition("/")[0] for line in found.splitlines()} | {"/usr/share/fonts/truetype/dejavu"}
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(f"<fontconfig>{''.join(f'<dir>{folder}</dir>' for folder in folders)}</fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts))
    page = root / "book" / "ja" / "index.md"
    page.write_text(
        page.read_text(encoding="utf-8") + "\n長い青い目の馬・鳥が一羽、西から来て黄色い歯を見せます。\n",
        encoding="utf-8",
    )
    build(root, formats=("pdf",), languages=["ja"])
    printed = PdfReader(root / "_build" / "html" / "ja" / "nnbook-ja.pdf")
    text = "".join(page.extract_text() for page in printed.pages).replace("\n", "")
    for part in ("目次", "小さな本", "最小の重みは", "長い青い目の馬・鳥が一羽、西から来て黄色い歯を見せます。"):
        assert part in text


def test_letters_are_those_of_the_document_where_a_font_has_one_glyph_for_several():
    table = b"""1 begincodespacerange
<0000> <FFFF>
endcodespacerange
3 beginbfchar
<0001> <2F6C>
<0002> <6B21>
<0003> <2ED1>
<0004> <FB01>
endbfchar
2 beginbfrange
<0005> <0006> <2F64>
<0007> <0008> <D835DC4E>
endbfrange
"""
    content = _printed_with(table, range(1, 9))
    assert _text_of(content) == "⽬次⻑ﬁ⽤⽥𝑎𝑏"
    assert _text_of(readable(content, set("目次長fi用田𝑎𝑏"))) == "目次長fi用田𝑎𝑏"
    # A book about radicals keeps them, and a file that needs nothing is left as it is.
    assert _text_of(readable(content, set("⽬目次長fi用𝑎𝑏"))) == "⽬次長fi用⽥𝑎𝑏"
    assert readable(content, set("⽬次⻑ﬁ⽤⽥")) == content


def _printed_with(table, glyphs):
    """A PDF of one page with these glyphs, of a font whose letters are in the `table`."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    letters = StreamObject()
    letters.set_data(table)
    font = {"/Type": "/Font", "/Subtype": "/Type0", "/BaseFont": "/Own", "/Encoding": "/Identity-H"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    font[NameObject("/ToUnicode")] = writer._add_object(letters)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
    shown = ContentStream(None, writer)
    shown.set_data(b"BT /F 12 Tf <%b> Tj ET" % b"".join(b"%04X" % glyph for glyph in glyphs))
    page[NameObject("/Contents")] = writer._add_object(shown)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def _text_of(content):
    return PdfReader(BytesIO(content)).pages[0].extract_text()


def test_no_page_is_empty(book):
    assert all(page.extract_text().strip() or len(page.images) for page in book.pages)


def test_a_file_printed_anew_has_the_same_bytes(root, portable_book):
    for language in ("en", "ja"):
        (root / "_build" / "work" / "portable" / language / "pdf.inputs").unlink()
    build(root, formats=("pdf",))
    for language in ("en", "ja"):
        name = f"_build/html/{language}/nnbook-{language}.pdf"
        assert (root / name).read_bytes() == (portable_book / name).read_bytes()


def test_without_a_browser_the_build_says_so_before_it_starts(tmp_path, monkeypatch):
    monkeypatch.setenv("NNBOOK_BROWSER", "no-such-browser")
    with pytest.raises(BuildError, match=r"(?s)printed by Chromium.*NNBOOK_BROWSER.*no such program: no-such-browser"):
        build(write_book(tmp_path / "small"), formats=("pdf",))
    assert not (tmp_path / "small" / "_build").exists()


def test_a_browser_that_prints_nothing_is_named(root, tmp_path, monkeypatch):
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\necho broken >&2\n")
    browser.chmod(0o755)
    monkeypatch.setenv("NNBOOK_BROWSER", str(browser))
    with pytest.raises(BuildError, match=r"(?s)must print the book.*without --pdf.*browser: broken"):
        build(root, formats=("pdf",))


def test_a_language_without_a_font_is_not_printed(root, tmp_path, monkeypatch):
    teller = tmp_path / "fc-list"
    teller.write_text("#!/bin/sh\n")
    teller.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(BuildError, match=r"(?s)letters of its language.*Install one.*ja: no font"):
        build(root, formats=("pdf",), languages=["ja"])
