"""A file is not what it seems: what people and programs leave in a book's folder is named with line and remedy."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from site_books import PICTURE_CELL, build, edit, page_text, write_book

from nnbook import localisation
from nnbook.pipeline import BuildError
from nnbook.site.book import read_book
from nnbook.site.check import check
from nnbook.site.preview.changes import Changes, sort
from nnbook.site.typed_results import findings, typed_results

BROKEN = {
    "is open to the end of the page": ("```text\nnever closed\n", 6),
    r"still open where the next begins in line 10; write a line of ```": (
        "```text\nswallowed\n\nWords.\n```{note}\nOne.\n```\n",
        6,
    ),
    r"is open where the one around it ends in line 9": ("````{note}\n```{math}\nx\n````\n", 7),
    "the mark <<<<<<<; keep one side": ("<<<<<<< HEAD\n\nOurs.\n\n=======\n\nTheirs.\n\n>>>>>>> theirs\n", 6),
    "must be text; got a NUL character; delete it": ("Nothing\0here.\n", 6),
}


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("CELL_RUNS", str(tmp_path / "runs"))
    monkeypatch.delenv("NNBOOK_BASE_URL", raising=False)
    return write_book(tmp_path / "book", PICTURE_CELL)


def page(book, name="ja/index"):
    return book / "book" / f"{name}.md"


def append(book, text, code=("en", "ja")):
    """Add `text` to the home page in these languages."""
    for language in code:
        path = page(book, f"{language}/index")
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize("message", BROKEN)
def test_what_would_be_published_in_silence_is_named(book, message):
    text, line = BROKEN[message]
    append(book, f"\n{text}", ["ja"])
    with pytest.raises(BuildError, match=rf"ja  book/ja/index.md:{line}: .*{message}"):
        read_book(book)


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=======\n\nA title with a line of seven marks.\n",
        "````md\n```{note}\nshown as it is\n```\n````\n",
        "````{note}\n```text\n:::{tip}\n```\n````\n",
        "- a list\n  ```python\n  x\n  ```\n\n> ```text\n> quoted\n> ```\n",
        ":::{note}\n```{code-block} python\nx\n```\n:::\n\n```one line``` of code\n",
    ],
)
def test_what_is_closed_is_left_alone(book, text):
    append(book, f"\n{text}", ["ja"])
    read_book(book)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "book/ja/index.md",
            "# 重み\n".encode("cp932"),
            r"ja  book/ja/index.md:1: .*Shift-JIS .cp932.; save",
        ),
        ("book/en/index.md", "# A\n\nCafé\n".encode("cp1252"), r"index.md:3: .*Western code page .*save it as UTF-8"),
        ("_config.yml", "# 本\n".encode("utf-16"), r"_config.yml:1: .*looks like UTF-16; save it as UTF-8"),
        ("_toc.yml", b"root: index\n<<<<<<< a\n", r"_toc.yml:2: a merge must be finished"),
        ("book/en/weights.md", b"---\nkernelspec: [\n---\n# A\n", r"weights.md:3: the head of a page must be YAML"),
        ("book/en/weights.md", b"---\nfile_format: mystnb\n# A\n", r"weights.md:1: .*the second is missing"),
        ("book/en/weights.md", b"---\n- a\n---\n# A\n", r"weights.md:2: .*names with values; got list"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(book, name, content, message):
    (book / name).write_bytes(content)
    with pytest.raises(BuildError, match=message):
        read_book(book)


def test_all_faults_are_in_one_list(book):
    append(book, "\n```text\n")
    with pytest.raises(BuildError) as stopped:
        read_book(book)
    assert [line.partition(":")[0] for line in stopped.value.findings] == [
        "en  book/en/index.md",
        "ja  book/ja/index.md",
    ]


def test_leftovers_of_editors_are_no_sources(book):
    for name in ("ja/._index.md", "ja/index.md~", "ja/.ipynb_checkpoints/index-checkpoint.md", "ja/#index.md#"):
        path = book / "book" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\0\xff")
    page(book, "ja/.#index").symlink_to("nobody@nowhere:1")
    read_book(book)
    left = [path for path in (book / "book").rglob("*") if path.is_symlink() or b"\0" in path.name.encode()]
    assert sort([(False, path) for path in [*left, book / "book" / "ja" / "index.md~"]], book) == Changes()


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It reads 91.7% of the images.", ["91.7 %"]),
        ("正解率は92 %です。", ["92 %"]),
        ("Only 1,234 were wrong, a score of 0.5.", ["1,234", "0.5"]),
        ("In 1998 LeCun had 10 classes; in row 3, column 5 stands 71 (see 2.).", []),
        ("Each of the 784 pixels, {value}`fig-a:b.12|count` times, $x_{5.5}$, `zoom=1.7`, <https://a.org/3.14>.", []),
        ("```text\n91.7%\n```\n\n:width: 80%\n", []),
    ],
)
def test_a_typed_result_is_found(sentence, found):
    assert [number for _, number in typed_results(sentence)] == found


def test_a_typed_result_is_told_with_its_line_unless_it_is_given(book):
    append(book, "\nWord.\n\nIt reads 91.7% of 28.5.\n", ["en"])
    edit(book / "_config.yml", "given:\n", 'given:\n  "28.5": why not\n')
    (told,) = findings(read_book(book))
    assert re.match(r"en  book/en/index.md:8: .* not typed; got 91.7 %; write {value}`...`, or list it", told)


FAULTS = """
**「重み」**です。 A note[^1] without text.

Between $5 and $10, or 5$ and 10$.

<p><img src="nowhere.png" alt="gone"></p>

<img src="https://example.org/a.png" alt="far">

![far](https://example.org/b.png)

Meant: \\*\\* and \\$5 and $x_i$ are $x < 3$, 3$w_2$.

![not one](text.png)
"""


def test_what_was_not_meant_stops_the_build_with_its_line(book):
    append(book, FAULTS)
    for code in ("en", "ja"):
        (book / "book" / code / "text.png").write_text("no picture")
    with pytest.raises(BuildError, match="free of warnings") as stopped:
        build(book)
    told = "\n".join(stopped.value.findings)
    for line, message in (
        (6, r"\*\* must stand around strong text; \*\* stayed as it is; take the punctuation"),
        (6, r"a footnote must have its text; \[\^1\] stayed as it is; write it as a paragraph that begins with"),
        (8, r"a formula must hold no prose; got \$5 and \$; write \\\$ for a dollar"),
        (8, r"a formula must hold no prose; got \$ and 10\$; write"),
        (10, "a picture must be a file in the book; got 'nowhere.png'; put it there"),
        (12, ".*pages ask no other host; got 'https://example.org/a.png'; save it"),
        (14, ".*pages ask no other host; got 'https://example.org/b.png'; save it"),
        (18, "a picture must be what its name says; 'text.png' holds none that can be read; save it as PNG"),
    ):
        assert re.search(rf"^ja  book/ja/index.md:{line}: {message}", told, re.MULTILINE), (message, told)
    assert len(stopped.value.findings) == 16


PICTURES = ("図.png", "a+b.png", "net(1).png", "two words.png", "a&b.png", "100%.png", "raw#1.png")


def test_pictures_of_any_name_and_titles_with_formulas_are_everywhere(book):
    for number, name in enumerate(PICTURES):
        for code in ("en", "ja"):
            Image.new("RGB", (40, 20), (number, 90, 90)).save(book / "book" / code / name)
    shown = "\n\n".join(f"![{number}](<{name.replace('%', '%25')}>)" for number, name in enumerate(PICTURES[:6]))
    append(book, f'\n(sec)=\n## The weights $w_i^2$\n\n{shown}\n\n<p><img src="raw%231.png" alt="6"></p>\n')
    for code in ("en", "ja"):
        edit(page(book, f"{code}/weights"), "(about-weights)=\n# ", "(about-weights)=\n# $\\frac{a}{b}$ ")
    page(book).write_bytes(b"\xef\xbb\xbf" + page(book).read_bytes())  # a byte order mark
    site = build(book, formats=("epub",)).output
    assert check(site, read_book(book)) == []
    text = page_text(site / "ja" / "index.html")
    addresses = re.findall(r'<img[^>]*src="([^"]*)"', text)
    assert len(addresses) == len(PICTURES)
    assert len(list((site / "ja" / "_images").iterdir())) >= len(PICTURES)
    assert "<title>a/b 重み — " in page_text(site / "ja" / "weights.html")
    assert '<meta property="og:title" content="a/b 重み">' in page_text(site / "ja" / "weights.html")
    told = json.loads((book / "_build/work/html/en/index.sections.json").read_text(encoding="utf-8"))
    assert told[1]["title"] == "The weights w_i^2"
    with zipfile.ZipFile(next((site / "ja").glob("*.epub"))) as epub:
        contents = epub.read("book/contents.xhtml").decode()
        assert ">1 a/b 重み<" in contents
        assert ">The weights w_i^2<" in contents
        assert len(re.findall("<img", epub.read("book/index.xhtml").decode())) == len(PICTURES)


def test_the_address_of_the_site_must_have_its_scheme(book, monkeypatch):
    monkeypatch.setenv("NNBOOK_BASE_URL", "example.org/book")
    with pytest.raises(BuildError, match=r"must be whole.*\n.*https://.*\n.*NNBOOK_BASE_URL: got 'example.org/book'"):
        build(book)


LONG = """
from pathlib import Path
from site_books import PICTURE_CELL, build, edit, page_text, write_book
if __name__ == "__main__":
    build(Path({root!r}), languages=["en"], formats=["pdf"])
"""


@pytest.mark.browser
@pytest.mark.skipif(sys.platform == "win32", reason="no sockets that are files")
def test_one_language_built_where_the_name_of_the_temporary_folder_is_long_is_complete(book, tmp_path, browser_program):
    folder = tmp_path / ("x" * max(1, 87 - len(str(tmp_path))))
    folder.mkdir(exist_ok=True)
    script = tmp_path / "long.py"
    script.write_text(LONG.format(root=str(book)), encoding="utf-8")
    path = os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(Path(__file__).parent)])
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": path, "NNBOOK_BROWSER": browser_program}
    subprocess.run([sys.executable, script], env=environment, check=True)
    assert len(str(folder)) >= 88
    site = book / "_build" / "html"
    assert list((site / "en").glob("*.pdf"))
    assert check(site, read_book(book)) == []
    (site / "en" / "weights.html").unlink()
    assert "en/weights.html: the page is missing" in check(site, read_book(book))


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """Writes a catalogue of its own; all are forgotten when the test has ended."""

    def forget():
        for known in (localisation.files, localisation.languages, localisation.catalogue):
            known.cache_clear()

    def write(content):
        (tmp_path / "eo.json").write_bytes(content)
        forget()

    monkeypatch.setenv("NNBOOK_CATALOGUES", str(tmp_path))
    yield write
    monkeypatch.undo()
    forget()


def test_all_faults_of_a_catalogue_are_in_one_list(book, catalogue):
    texts = dict(localisation.catalogue("en"))
    with_blank = next(key for key, text in texts.items() if "{" in text)
    del texts["site.locale"]
    texts |= {with_blank: "no blank", "mine.alone": "left over"}
    catalogue(json.dumps(texts, indent=0).encode())
    edit(book / "_config.yml", "languages: [en, ja]", "languages: [en, ja, eo]")
    with pytest.raises(BuildError, match="Every catalogue must be free of mistakes") as stopped:
        read_book(book)
    told = "\n".join(stopped.value.findings)
    assert re.search(r"eo.json:1: .*'site.locale' is missing; write it here", told)
    assert re.search(r"eo.json:\d\d+: .*'mine.alone' is used by nobody; remove it", told)
    assert re.search(rf"eo.json:\d+: .*blanks of its source; '{re.escape(with_blank)}' has none; write", told)
    assert len(stopped.value.findings) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{\n"a": "b"\n"c": "d"}', r"eo.json:3: .*Expecting ',' delimiter; mend the line"),
        ('{"a": "重み"}'.encode("cp932"), "eo.json:1: .*save it as UTF-8"),
        (b"[]", "eo.json:1: .*got list"),
    ],
)
def test_a_broken_catalogue_is_named(catalogue, content, message):
    catalogue(content)
    with pytest.raises(ValueError, match=message):
        localisation.catalogue("eo")
