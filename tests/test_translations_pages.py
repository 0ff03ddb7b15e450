"""What a reader of a translated page is told, and that a page whose English has changed is built."""

import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest
from site_books import PICTURE_CELL, ROOT, build, edit, page_text, write_book

from nnbook.site import parity, sources
from nnbook.site.book import read_plan
from nnbook.site.errors import BuildError
from nnbook.site.front import root_page
from nnbook.site.translations import desk, standing, ties, told
from nnbook.site.translations.blocks import blocks
from nnbook.site.translations.composed import Composed, composed, page_of

ENGLISH, JAPANESE = "book/en/weights.md", "book/ja/weights.md"
LIST = "\n- one\n- two\n"


def git(root: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


def tie(root: Path, language: str = "ja") -> None:
    for page in desk.translated(read_plan(root), language):
        if page.page != desk.WORDS:
            desk.refresh(page)


def composed_page(root: Path, page: str = "weights", agreeing: bool = False) -> Composed:
    found = page_of(root, "en", "ja", page)
    assert found
    return composed(found, agreeing)


def differences(root: Path) -> list[str]:
    return parity.differences(read_plan(root))


@pytest.fixture
def book(tmp_path):
    """The small book with a list, its languages in step."""
    root = write_book(tmp_path / "book")
    for name, items in ((ENGLISH, LIST), (JAPANESE, LIST.replace("one", "一").replace("two", "二"))):
        edit(root / name, "(sums)=", f"{items}\n(sums)=")
    tie(root)
    return root


EDITS = {
    "word": [("The lowest is", "The very lowest is")],
    "formula": [("z = b +", "y = b +")],
    "cell": [("\nFigure()\n", "\nFigure( )\n")],
    "caption": [("Look at $w_i$:", "Look at every $w_i$, $v$:")],
    "name of a caption": [("{caption} fig-zero", "{caption} fig-first"), ("fig-zero:", "fig-first:")],
    "item": [("- one", "- one more")],
    "note": [("A note about", "A long note about")],
    "heading": [("## Sums", "## All sums")],
    "label": [("(sums)=\n## Sums", "(totals)=\n## Totals")],
    "paragraph gone": [("As {eq}`eq-sum` says:\n\n", "")],
    "formula gone": [("As {eq}`eq-sum` says:", "As:"), ("$$\nz = b + \\sum_{i=1}^{784} w_i x_i\n$$ (eq-sum)\n\n", "")],
    "paragraph split": [("As {eq}`eq-sum` says:", "See {eq}`eq-sum`.\n\nIt says:")],
    "items merged": [("- one\n- two", "- one and two")],
    "moved": [("As {eq}`eq-sum` says:\n\n", ""), (":::{note}", "As {eq}`eq-sum` says:\n\n:::{note}")],
}


@pytest.mark.parametrize("kind", EDITS)
def test_a_page_whose_english_has_changed_agrees_and_says_so_once(book, kind):
    for old, new in EDITS[kind]:
        path = book / ENGLISH
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    found = composed_page(book)
    assert differences(book) == []
    assert len(found.notices) == (2 if kind == "name of a caption" else 1)
    assert [int(n) for n in re.findall(r"\{behind\} (\d+)", found.text)] == list(range(len(found.notices)))
    assert len(found.lines) == len(found.foreign) == len(found.text.splitlines())
    assert max(found.lines) <= len(sources.read(book / JAPANESE).splitlines())


def test_cells_formulas_and_names_are_those_of_the_source(book):
    for kind in ("formula", "cell", "name of a caption"):
        for old, new in EDITS[kind]:
            path = book / ENGLISH
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    text = composed_page(book).text
    assert "\ny = b +" in text
    assert "\nFigure( )\n" in text
    assert re.search(r"\{caption\} fig-first\n:class: wide\n.*を見ましょう", text)


@pytest.mark.parametrize("old", ["The lowest is", "A note about", "Look at"])
def test_white_space_is_no_change(book, old):
    edit(book / ENGLISH, old, old.replace(" ", "\n"))
    assert composed_page(book).text == sources.read(book / JAPANESE)


def test_a_page_in_step_is_left_as_it_is_and_the_real_book_is():
    for page in desk.translated(read_plan(ROOT), "ja"):
        if page.page != desk.WORDS and not standing.behind(page.standings):
            assert composed(page).text == sources.read(page.path)


def test_what_a_translation_lacks_is_in_the_source_language(book):
    edit(book / ENGLISH, "- two\n", "- two\n- three\n\nAll of it.\n\n(more)=\n## More\n\nWords.\n")
    found = composed_page(book)
    foreign = [line for line, is_foreign in zip(found.text.splitlines(), found.foreign, strict=True) if is_foreign]
    assert [line for line in foreign if line] == ["- three", "All of it.", "## More", "Words."]
    assert "- 二\n- three\n\nAll of it.\n\n(more)=\n## More\n\nWords.\n\n(sums)=" in found.text
    assert differences(book) == []


def test_a_new_section_stands_as_such_after_a_changed_passage(book):
    edit(book / ENGLISH, "Look at $w_i$", "Look at every $w_i$")
    edit(book / ENGLISH, "\n- one", "\n(new)=\n## New\n\nWords.\n\n- one")
    assert "```{behind} 0\n```\n\n(new)=\n## New\n\nWords.\n" in composed_page(book).text
    assert differences(book) == []


def test_what_a_translator_has_changed_is_an_error_with_the_line_of_the_file(book):
    edit(book / ENGLISH, "# Weights\n", "# Weights\n\nFirst.\n\nSecond.\n")
    edit(book / JAPANESE, "$$ (eq-sum)", "$$ (eq-sum)\n\n$$\nmore\n$$")
    line = sources.read(book / JAPANESE).splitlines().index("more")
    assert f"ja  {JAPANESE}:{line}: not in {ENGLISH}" in "\n".join(differences(book))


def test_nobody_writes_a_notice_by_hand(book, monkeypatch):
    monkeypatch.setenv("CELL_RUNS", str(book / "runs"))
    edit(book / JAPANESE, "(sums)=", "```{behind} 0\n```\n\n(sums)=")
    with pytest.raises(BuildError, match=r"weights.md:\d+: .*is written by the book itself; got it in a page; delete"):
        build(book)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A book whose English has gone on, as it is published."""
    with pytest.MonkeyPatch.context() as patch:
        root = write_book(tmp_path_factory.mktemp("behind") / "book")
        patch.setenv("CELL_RUNS", str(root / "runs"))
        tie(root)
        git(root, "init")
        git(root, "add", ".")
        git(root, "commit", "-m", "in step", "--date", "2026-01-02T12:00:00")
        edit(root / ENGLISH, "The lowest is", "The very lowest of all is")
        edit(root / ENGLISH, "## Sums\n", "## Sums\n\nUntranslatedword stands here.\n")
        git(root, "commit", "-am", "changed")
        edit(root / ENGLISH, "A note about", "A long note about")
        build(root)
        yield root / "_build" / "html"


def test_one_quiet_line_says_that_a_passage_has_changed_and_holds_the_new_english(site):
    text = page_text(site / "ja" / "weights.html")
    signs = re.findall(r'<details class="behind[^>]*>\s*<summary>(.*?)</summary>(.*?)</details>', text, re.DOTALL)
    assert [re.sub(r"\d+", "N", sign) for sign, _ in signs] == [
        "英語版はこの箇所がN年N月N日に変わりました。",
        "英語版はこの箇所が変わりました。",  # not committed yet
    ]
    assert '<div class="docutils container" lang="en">' in signs[0][1]
    assert '<span class="come">very</span> lowest <span class="come">of</span>' in signs[0][1]
    assert "behind" not in page_text(site / "ja" / "index.html").partition("<article")[2].partition("</article")[0]


def test_a_passage_without_translation_is_marked_and_translators_are_invited(site):
    text = page_text(site / "ja" / "weights.html")
    assert '<p lang="en">Untranslatedword stands here.</p>' in text
    assert re.search(r'1か所はまだ英語のままです。 <a [^>]*href="[^"]*/edit/main/book/ja/weights.md"', text)
    assert "untranslated-note" not in page_text(site / "en" / "weights.html")


def test_english_is_not_found_as_japanese(site):
    work = site.parent / "work" / "html"
    assert "Untranslatedword" in (work / "en" / "weights.sections.json").read_text("utf-8")
    japanese = (work / "ja" / "weights.sections.json").read_text("utf-8")
    assert "Untranslatedword" not in japanese
    assert "英語" not in japanese


def test_a_language_that_is_begun_says_so_and_nobody_is_sent_to_it(site):
    root = page_text(site / "index.html")
    assert 'languages = ["en"], wanted' in root
    assert re.search(r'<a href="ja/index.html" lang="ja" hreflang="ja">日本語（\d\d%）</a>', root)
    assert re.search(r">日本語（\d\d%）</a>", page_text(site / "en" / "index.html"))


def test_each_page_leads_to_its_file(site):
    assert f'href="https://github.com/nnbook/nnbook/edit/main/{JAPANESE}"' in page_text(site / "ja" / "weights.html")


def test_the_state_of_the_translations_leads_to_the_line_where_something_is_to_be_done(tmp_path, monkeypatch):
    root = write_book(tmp_path / "book", PICTURE_CELL)
    monkeypatch.setenv("CELL_RUNS", str(root / "runs"))
    edit(root / "_toc.yml", "- file: weights", "- file: weights\n      - file: translations")
    for code in ("en", "ja"):
        text = f"(state)=\n# {'State' if code == 'en' else '状況'}\n\n```{{translations}}\n```\n"
        (root / "book" / code / "translations.md").write_text(text, encoding="utf-8")
    tie(root)
    edit(root / ENGLISH, "A note about", "A long note about")
    edit(root / ENGLISH, "## Sums\n", "## Sums\n\nMore.\n")
    edit(root / JAPANESE, "# 重み\n", "# 重み\n\n```{admonition} 訳注\n:class: side translation\n\n短い注。\n```\n")
    build(root, formats=("epub",))
    text = page_text(root / "_build" / "html" / "ja" / "translations.html")
    note, heading = (sources.read(root / JAPANESE).splitlines().index(line) + 1 for line in (":::{note}", "## 和"))
    row = text.partition(f'edit/main/{JAPANESE}">重み</a>')[2].partition("</tr>")[0]
    assert re.findall(rf'edit/main/{JAPANESE}#L(\d+)">(\d+)</a>', row) == [(str(note), "1"), (str(heading), "1")]
    assert 'href="translations.html">翻訳の状況</a>' in page_text(root / "_build" / "html" / "ja" / "index.html")
    with ZipFile(root / "_build" / "html" / "ja" / "nnbook-ja.epub") as book:
        chapter = next(
            text for name in book.namelist() if "behind" in (text := book.read(name).decode("utf-8", "ignore"))
        )
    assert re.search(
        r'<div class="behind[^>]*>\s*<p class="summary">英語版はこの箇所が変わりました。</p>\s*</div>', chapter
    )
    assert '<p lang="en">More.</p>' in chapter


def entry(term: str, text: str, other: str) -> str:
    return f"{term}\n  {text}\n\n  :{'ja' if term.isascii() else 'en'}: {other}\n\n"


def test_entries_of_a_glossary_belong_together_by_their_terms_in_any_order():
    heads = "# G\n\n```{glossary}\n", "# 用\n\n```{glossary}\n"
    bias, weight = entry("bias", "A number.", "バイアス"), entry("weight", "A factor $w$.", "重み")
    page = heads[1] + entry("重み", "係数 $w$。", "weight") + entry("バイアス", "数。", "bias") + "```\n"
    known = [
        ties.tie_of(found.source, found.translation)
        for found in standing.standings(blocks(f"{heads[0]}{bias}{weight}```\n"), [], blocks(page))
    ]
    changed = f"{heads[0]}{bias.replace('number', 'shift')}{entry('loss', 'How bad.', '損失')}{weight}```\n"
    found = standing.standings(blocks(changed), known, blocks(page))
    assert [(one.state, [block.text.splitlines()[0] for block in one.translation]) for one in found] == [
        (standing.CURRENT, ["# 用"]),
        (standing.CURRENT, ["重み"]),
        (standing.CHANGED, ["バイアス"]),
        (standing.UNTRANSLATED, []),
    ]


def test_who_writes_is_told_what_is_behind_and_what_is_lacking(book):
    assert list(told.notes(read_plan(book), "weights")) == []
    edit(book / ENGLISH, "A note about", "A long note about")
    edit(book / ENGLISH, "# Weights\n", "# Weights\n\nFirst.\n\nSecond.\n")
    behind, lacking = told.notes(read_plan(book), "weights")
    assert re.fullmatch(rf"ja  {JAPANESE}:\d+: note: the source has changed since; see `.* diff ja weights`", behind)
    assert re.fullmatch(
        rf"ja  {JAPANESE}:8: 2 not translated yet, the first is a paragraph; .* source is shown", lacking
    )
    assert list(told.notes(read_plan(book), "index")) == []


@pytest.mark.parametrize(
    ("share", "name", "told_of"), [(0.4, "日本語（40%）", False), (0.999, "日本語（99%）", True), (1, "日本語", True)]
)
def test_machines_are_told_of_a_page_when_nearly_all_of_it_is_translated(share, name, told_of):
    page = root_page(("en", "ja"), "https://example.org/", {}, {"ja": {"index": share}})
    assert f'hreflang="ja">{name}</a>' in page
    assert ('<link rel="alternate" hreflang="ja"' in page) == told_of
    assert ('languages = ["en", "ja"], wanted' in page) == (share == 1)
