"""From a small book to a site: what readers get, what is kept from build to build, and what stops a build."""

import json
import re
import shutil

import pytest
from site_books import PAGES, build, digests, edit, page_text, write_book

from nnbook.pipeline import BuildError
from nnbook.site import publish
from nnbook.site.book import read_book
from nnbook.site.cells import cache_folder
from nnbook.site.check import check


@pytest.fixture
def book(small_book, tmp_path, monkeypatch):
    monkeypatch.setenv("CELL_RUNS", str(tmp_path / "book" / "runs"))
    return shutil.copytree(small_book, tmp_path / "book")


@pytest.fixture(scope="module")
def pages(small_book):
    """The pages as text, by language and name."""
    site = small_book / "_build" / "html"
    return {path.relative_to(site).as_posix(): page_text(path) for path in site.rglob("*.html")}


def test_a_site_is_complete(small_book):
    assert check(small_book / "_build" / "html", read_book(small_book)) == []


def test_cells_run_once_for_all_languages(small_book):
    assert (small_book / "runs").read_text() == "run\n"


def test_each_page_shows_the_figure_in_its_own_language(pages):
    for code, other in (("en", "ja"), ("ja", "en")):
        page = pages[f"{code}/weights.html"]
        assert f"words in {code}" in page
        assert f"words in {other}" not in page.replace("words in {c}", "")
        assert ".nnb {color: red}</style>" not in re.sub(r"<pre>.*?</pre>", "", page, flags=re.DOTALL)


def test_a_caption_makes_a_numbered_figure_that_other_pages_refer_to(pages):
    assert re.search(r'<figure[^>]* id="fig-zero">', pages["en/weights.html"])
    assert '<span class="caption-number">Fig. 1.1 </span>' in pages["en/weights.html"]
    assert '<span class="caption-number">図1.1 </span>' in pages["ja/weights.html"]
    assert re.search(r'href="weights.html#fig-zero"><span[^>]*>図1.1</span>', pages["ja/index.html"])


def test_chapters_are_numbered_in_the_menu_and_in_their_titles_and_the_home_page_is_not(pages):
    numbered = '<span class="section-number">1 </span>'
    assert f"<h1>{numbered}Weights" in pages["en/weights.html"]
    assert f'<a href="weights.html">{numbered}Weights</a>' in pages["en/index.html"]
    assert pages["en/index.html"].count("section-number") == 2  # the menu, and the way to the next page


def test_values_are_written_in_prose_and_captions_before_and_after_the_figure(pages):
    assert "The lowest is −1.23, for a cat." in pages["en/weights.html"]
    assert "最小の重みは−1.23、猫のものです。" in pages["ja/weights.html"]
    assert ": 91.7% of 60,000." in pages["en/weights.html"]
    assert "60,000枚の91.7%です。" in pages["ja/weights.html"]


def test_lines_of_japanese_are_joined_without_a_space(pages):
    assert "<strong>この</strong>行と、その次のPython\nNotebook の行は続きます。" in pages["ja/weights.html"]
    assert "one sentence\non two lines" in pages["en/weights.html"]


def test_large_pictures_are_files_and_equal_in_all_languages(small_book, pages):
    names = [re.findall(r'src="_images/([\w.]+)"', pages[f"{code}/weights.html"]) for code in ("en", "ja")]
    assert names[0] == names[1] != []
    content = (small_book / "_build" / "html" / "ja" / "_images" / names[0][0]).read_bytes()
    assert content == bytes(range(256)) * 20


def test_formulas_are_mathml_and_numbered_formulas_can_be_referred_to(pages):
    page = pages["ja/weights.html"]
    assert '<math display="block"><semantics><mrow><mi>z</mi><mo>=</mo><mi>b</mi>' in page
    assert 'href="#equation-eq-sum">(1.1)</a>' in page


def test_sections_have_the_same_addresses_in_all_languages(pages):
    ids = [re.findall(r'<section [^>]*id="([^"]+)"', pages[f"{code}/weights.html"]) for code in ("en", "ja")]
    assert ids[0] == ids[1] == ["about-weights", "sums"]
    assert 'href="#sums"' in pages["ja/weights.html"]


def test_pages_link_to_their_twins(pages):
    page = pages["ja/weights.html"]
    assert re.search(r'<a href="../en/weights.html" lang="en" hreflang="en"[^>]*>English</a>', page)
    assert '<link rel="alternate" hreflang' not in page  # machines want whole addresses: see the test of one language
    assert '<html lang="ja"' in page


def test_the_shell_of_a_japanese_page_speaks_japanese(pages):
    """Words around the article, shown or read aloud: no English but names and keys."""
    for name in ("weights", "index"):
        page = re.sub(
            r"<(script|style|pre|article).*?</\1>|<meta http-equiv[^>]*>", "", pages[f"ja/{name}.html"], flags=re.DOTALL
        )
        page = re.sub(r'<meta (name="theme-color"|property="og:(type|locale)\b)[^>]*>', "", page)  # codes for machines
        spoken = re.findall(r'(?:title|aria-label|placeholder|alt|content)="([^"]+)"', page) + re.findall(
            r">([^<]+)<", page
        )
        words = {word for text in spoken for word in re.findall(r"[A-Za-z]{2,}", text)}
        assert words <= {
            "nnbook",
            "English",
            "Ctrl",
            "Enter",
            "Esc",
            "python",
            "http",
            "server",
            "CC",
            "BY",
            "MIT",
            "KB",
            "JavaScript",
            "width",
            "device",
            "initial",
            "scale",
            "ja",
        }
    article = pages["ja/weights.html"].partition("<article")[2]
    assert 'title="この箇所へのリンク"' in article
    assert "ネットワーク</p>" in pages["ja/weights.html"]  # the caption of a part, a key in _toc.yml


def test_a_book_from_the_sample_says_so_on_every_page(pages, mnist_sample, cifar10_sample):
    images = sum(len(split.labels) for data in (mnist_sample, cifar10_sample) for split in (data.train, data.test))
    for name in ("index", "weights"):
        assert f"sample of {images:,} images" in pages[f"en/{name}.html"]
        assert f"見本画像{images:,}枚" in pages[f"ja/{name}.html"]


def test_the_record_lies_beside_the_pages(small_book):
    record = json.loads((small_book / "_build" / "html" / "provenance.json").read_text(encoding="utf-8"))
    assert record["size"] == "sample"
    assert record["datasets"]["mnist"]["classes"] == list("0123456789")
    assert str(small_book) not in json.dumps(record)


def test_outputs_depend_on_code_and_words_but_not_on_styles(tmp_path):
    package = tmp_path / "package"
    for name in ("figures/kit/parts.py", "figures/kit/figures.css", "localisation/en.json", "site/check.py", "cli.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("old")
    folder = cache_folder(tmp_path, ["data"], package)
    for name, same in (
        ("figures/kit/figures.css", True),
        ("site/check.py", True),
        ("cli.py", True),
        ("figures/weights.py", False),
        ("localisation/en.json", False),
    ):
        (package / name).write_text("new")
        assert (cache_folder(tmp_path, ["data"], package) == folder) == same, name
        (package / name).write_text("old")
    assert cache_folder(tmp_path, ["other data"], package) != folder


def test_a_new_build_elsewhere_gives_the_same_bytes(small_book, tmp_path, monkeypatch):
    monkeypatch.setenv("CELL_RUNS", str(tmp_path / "runs"))
    root = write_book(tmp_path / "another" / "place")
    build(root)
    assert digests(root / "_build" / "html") == digests(small_book / "_build" / "html")


def test_changed_text_runs_no_cell_and_gives_the_bytes_of_a_new_build(book, tmp_path, monkeypatch):
    """Titles and labels stand in menus and references of other pages too."""
    before = digests(book / "_build" / "html")
    edit(book / "book" / "en" / "weights.md", "# Weights", "# Weights and more")
    edit(book / "book" / "ja" / "weights.md", "注です", "注釈です")
    edit(book / "book" / "en" / "weights.md", "sentence", "phrase")  # a word that nothing has any more
    build(book)
    assert (book / "runs").read_text() == "run\n"
    page = page_text(book / "_build" / "html" / "en" / "index.html")
    assert page.count("Weights and more") >= 3  # the menu, the text, the way on
    fresh = shutil.copytree(book / "book", tmp_path / "fresh" / "book").parent
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(book / name, fresh)
    build(fresh)
    after = digests(book / "_build" / "html")
    assert after == digests(fresh / "_build" / "html")
    assert after != before


def test_a_changed_style_sheet_is_published_and_a_removed_page_is_not(book):
    (book / "book" / "_static" / "look.css").write_text("p { color: blue }\n", encoding="utf-8")
    page = page_text(book / "_build" / "html" / "ja" / "index.html")
    build(book)
    assert (book / "runs").read_text() == "run\n"
    assert "color: blue" in (book / "_build" / "html" / "en" / "_static" / "page.css").read_text(encoding="utf-8")
    assert page_text(book / "_build" / "html" / "ja" / "index.html") != page  # new address of the sheet
    for code in ("en", "ja"):
        (book / "book" / code / "weights.md").unlink()
        edit(book / "book" / code / "index.md", PAGES[f"{code}/index"].splitlines()[3], "-")
    edit(
        book / "_toc.yml",
        "parts:\n  - caption: site.part.networks\n    numbered: 1\n    chapters:\n      - file: weights\n",
        "",
    )
    build(book)
    left = digests(book / "_build" / "html")
    assert not [name for name in left if "weights" in name or "_images" in name]


def test_one_language_alone_goes_somewhere_else(book, tmp_path, monkeypatch):
    monkeypatch.setenv("NNBOOK_BASE_URL", "https://example.org/book/")
    before = digests(book / "_build" / "html")
    report = build(book, languages=["ja"], output=tmp_path / "ja only")
    assert sorted(path.name for path in report.output.iterdir() if path.is_dir()) == ["ja", "pagefind"]
    page = page_text(report.output / "ja" / "weights.html")
    assert "../en/" not in page
    assert '<link rel="canonical" href="https://example.org/book/ja/weights.html">' in page
    assert '<link rel="alternate" hreflang="ja" href="https://example.org/book/ja/weights.html">' in page
    assert digests(book / "_build" / "html") == before


MISTAKES = """

(mistakes)=
## Mistakes

A [missing page](nowhere), {ref}`no-label`, {value}`fig-zero:nothing|text`, {value}`fig-none:share|percent`,
{value}`fig-zero:share|roman`, {value}`fig-zero:animal|percent` and {value}`experiment:nope.parameters|count`.

$$
\\unknown{x}
$$

A formula $x % y$ with a comment.
And $\\mathop{\\rm argmin}_x f$ on the next line.

```{caption} fig-nowhere
No cell before it.
```
"""


def test_every_warning_stops_the_build_and_the_old_site_stays(book):
    before = digests(book / "_build" / "html")
    for code in ("en", "ja"):
        path = book / "book" / code / "weights.md"
        path.write_text(path.read_text(encoding="utf-8") + MISTAKES, encoding="utf-8")
    with pytest.raises(BuildError, match="free of warnings") as first:
        build(book)
    assert digests(book / "_build" / "html") == before
    text = "\n".join(first.value.findings)
    for code in ("en", "ja"):
        place = rf"^{code}  book/{code}/weights\.md:"
        lines = (book / "book" / code / "weights.md").read_text(encoding="utf-8").splitlines()
        line = 1 + lines.index("## Mistakes")
        assert re.search(rf"{place}{line + 2}: .*nowhere", text, re.MULTILINE)
        assert re.search(rf"{place}{line + 2}: undefined label: 'no-label'", text, re.MULTILINE)
        assert re.search(rf"{place}{line + 2}: .*got 'nothing' in 'fig-zero:nothing'", text, re.MULTILINE)
        assert re.search(rf"{place}{line + 2}: .*got 'fig-none'", text, re.MULTILINE)
        assert re.search(rf"{place}{line + 3}: .*got the form 'roman'", text, re.MULTILINE)
        assert re.search(rf"{place}{line + 3}: .*'percent' can't write 'cat'", text, re.MULTILINE)
        assert re.search(rf"{place}{line + 3}: .*got 'nope' in 'experiment:nope.parameters'", text, re.MULTILINE)
        assert re.search(rf"{place}{line + 6}: .*can't be converted: .*unknown", text, re.MULTILINE)
        assert re.search(rf"{place}{line + 9}: .*holds a comment", text, re.MULTILINE)
        assert re.search(rf"{place}{line + 10}: .*would have its limits beside it", text, re.MULTILINE)
        assert re.search(
            rf"{place}{line + 12}: .*right after a cell that shows a figure; 'fig-nowhere'", text, re.MULTILINE
        )
    # Sphinx has read the page now and would not warn again by itself.
    with pytest.raises(BuildError) as second:
        build(book)
    assert second.value.findings == first.value.findings


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("from nnbook import trained\ntrained('nope')", "ValueError: .*got 'nope'"),
        ("import warnings\nwarnings.warn('old data')", "UserWarning: old data"),
        (
            "class Bad:\n    def _repr_html_(self):\n        raise ValueError('no figure')\nBad()",
            "ValueError: no figure",
        ),
    ],
)
def test_a_failing_cell_stops_the_build_and_names_its_place(book, code, cause):
    for language in ("en", "ja"):
        path = book / "book" / language / "weights.md"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n```{{code-cell}}\n{code}\n```\n", encoding="utf-8")
    line = 1 + (book / "book" / "en" / "weights.md").read_text(encoding="utf-8").splitlines().index("```{code-cell}")
    before = digests(book / "_build" / "html")
    with pytest.raises(BuildError, match="must run without errors and warnings") as stopped:
        build(book)
    assert re.match(rf"en  book/en/weights\.md:{line}, cell 2: {cause}", str(stopped.value).splitlines()[-1])
    assert digests(book / "_build" / "html") == before


def test_a_build_that_was_killed_leaves_nothing_that_harms_the_next(book):
    """Killed in the middle of Sphinx, while outputs were being stored, and between the two renames."""
    expected = digests(book / "_build" / "html")
    work = book / "_build" / "work"
    (work / "doctrees" / "ja" / "complete").unlink()
    (work / "doctrees" / "ja" / "environment.pickle").write_bytes(b"half")
    (outputs,) = work.glob("outputs/*/*.json")
    outputs.rename(outputs.with_suffix(".123"))
    shutil.copytree(book / "_build" / "html" / "en", book / "_build" / ".html.new" / "en")
    (book / "_build" / "html").rename(book / "_build" / ".html.old")
    build(book)
    assert digests(book / "_build" / "html") == expected
    assert sorted(path.name for path in (book / "_build").iterdir()) == ["html", "work"]


def test_the_old_site_comes_back_at_once_after_a_kill_between_the_renames(tmp_path):
    old = tmp_path / ".html.old"
    old.mkdir()
    (old / "index.html").write_text("old")
    publish.recover(tmp_path / "html")
    assert (tmp_path / "html" / "index.html").read_text() == "old"
    assert not old.exists()


def test_other_files_are_never_overwritten(book, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(BuildError, match=r"(?s)new or empty folder.*mine: holds other files"):
        build(book, output=tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
