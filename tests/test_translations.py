"""What the desk says of a page after the source has changed, block by block, and what is done to that."""

import json
import re
import subprocess

import pytest
from click.testing import CliRunner
from site_books import edit
from translation_books import ENGLISH, page, pages, write_pages

from nnbook.cli_translations import translations
from nnbook.site.errors import BuildError
from nnbook.site.translations import desk, standing, ties, told
from nnbook.site.translations.blocks import blocks

LAST = "The last paragraph says goodbye.\n"
FIRST = "A network reads 100 digits"
NOTE = "```{note}\nA note on $b$ for readers.\n```\n\n"


@pytest.fixture
def root(tmp_path):
    return write_pages(tmp_path / "book")


def waiting(root, name="reading"):
    """The blocks that want work, as state and kind."""
    at_rest = {standing.CURRENT, standing.OWN}
    return [(found.state, found.kind) for found in page(root, name).standings if found.state not in at_rest]


def change(root, *changes, language="en"):
    for old, new in changes:
        edit(root / "book" / language / "reading.md", old, new)


def run(root, monkeypatch, *words):
    monkeypatch.chdir(root)
    return CliRunner().invoke(translations, words)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([("says goodbye", "says farewell")], ("changed", "paragraph")),  # a word
        ([("digits, see", "digits.\n\nSee")], ("changed", "paragraph")),  # a paragraph split
        ([("percent`.[^note]", "percent`."), (" It is {term}", "\nIt is {term}")], ("changed", "paragraph")),
        ([("A weight is $w$.\n\nIts acc", "A weight is $w$. Its acc")], ("changed", "paragraph")),  # two merged
        ([(NOTE, ""), (LAST, f"{LAST}\n{NOTE}")], ("moved", "note")),  # moved
        ([(NOTE, "")], ("removed", "note")),  # deleted
        ([("## Sums", "## Adding up")], ("changed", "heading")),
        ([("- second item\n", "- second item\n- third item\n")], ("untranslated", "item")),
        ([("- second item\n", "- second item\n\nMore of it.\n")], ("untranslated", "paragraph")),
        ([("\\sum_i w_i", "\\sum_j w_j")], ("changed", "formula")),
        ([("figures.weights()", "figures.weights(2)")], ("changed", "cell")),
        ([('alt: "A picture', 'alt: "One picture')], ("changed", "cell")),  # its words are translated
        ([("What every weight looks", "How a weight looks")], ("changed", "caption")),
        ([("| rate | 2     |", "| rate | 3     |")], ("changed", "table")),
        ([("Zero, by", "Two, by")], ("changed", "answer")),
        ([("Counted on", "Measured on")], ("changed", "footnote")),
        ([("How a network reads.", "How networks read.")], ("changed", "head")),
    ],
)
def test_each_kind_of_edit_leaves_one_block_behind(root, changes, expected):
    change(root, *changes)
    assert waiting(root) == [expected]


@pytest.mark.parametrize(
    "changes",
    [
        [("100 digits, see", "100\ndigits,   see")],
        [(LAST, f"\n\n{LAST}\n\n")],
        [("z = \\sum_i w_i x_i", "z =  \\sum_i w_i x_i.")],  # the end of the sentence is not of the formula
        [("file_format: mystnb\n", "file_format: mystnb\npicture: fig-weights\n")],
    ],
)
def test_white_space_and_settings_leave_none_behind(root, changes):
    change(root, *changes)
    assert waiting(root) == []


def test_what_a_translator_changes_is_not_behind(root):
    change(root, ("最後の段落で、お別れです。", "お別れです。"), ("## 和", "## 足し算"), language="ja")
    assert waiting(root) == []
    change(root, ("お別れです。", "お別れの\n\n段落です。"), language="ja")
    assert waiting(root) == []
    change(root, ("says goodbye", "says farewell"))
    assert waiting(root) == [("changed", "paragraph")]


def test_several_edits_are_as_many_blocks(root):
    change(root, ("says goodbye", "says farewell"), ("## Sums", "## Adding up"), (FIRST, "It reads 100 digits"))
    assert waiting(root) == [("changed", "paragraph"), ("changed", "heading"), ("changed", "paragraph")]


@pytest.mark.parametrize("edited", ["says goodbye", "- second item", "## Sums", "What every weight"])
def test_accept_says_that_a_block_is_in_step_and_refresh_keeps_what_is_behind(root, edited):
    change(root, (edited, f"{edited} now"), ("100 digits", "200 digits"))
    behind = waiting(root)
    assert len(behind) == 2
    desk.refresh(page(root))
    assert waiting(root) == behind
    changed = page(root).standings
    line = next(found.line for found in changed if found.state == "changed" and "now" in found.source[0].text)
    (accepted,) = desk.accept(page(root), line)
    assert accepted.line == line
    assert waiting(root) == [("changed", "paragraph")]
    desk.accept(page(root))
    assert waiting(root) == []


def test_accept_names_what_there_is_to_accept(root, monkeypatch):
    change(root, ("says goodbye", "says farewell"))
    with pytest.raises(BuildError, match=r"none in line 7\.\n.*Choose .*\n.*reading.md:\d+: paragraph, changed"):
        desk.accept(page(root), 7)
    told = run(root, monkeypatch, "accept", "ja", "reading:x")
    assert told.exit_code == 2
    assert "is named by the number of its line; got 'x'; write reading:12" in told.output
    assert "got 'raeding'" in run(root, monkeypatch, "accept", "ja", "raeding").output
    assert "got 'xx'" in run(root, monkeypatch, "status", "xx").output
    done = run(root, monkeypatch, "accept", "ja", "reading.md")
    assert re.fullmatch(r"ja  reading:\d+: paragraph, was changed\n", done.output)
    assert waiting(root) == []


def test_what_was_removed_in_the_source_may_be_kept_as_the_language_s_own(root):
    change(root, (NOTE, ""))
    desk.accept(page(root))
    assert waiting(root) == []
    assert standing.counts(page(root).standings)["own"] == 1


def test_new_blocks_are_untranslated_until_they_are_there(root):
    change(root, (LAST, f"A new one.\n\n{LAST}"))
    assert waiting(root) == [("untranslated", "paragraph")]
    change(root, ("最後の段落", "A new one.\n\n最後の段落"), language="ja")
    assert waiting(root) == [("untranslated", "paragraph")]  # a copy is not translated
    change(root, ("A new one.", "新しい段落です。"), language="ja")
    assert waiting(root) == []
    desk.refresh(page(root))
    change(root, ("A new one.", "A newer one."))
    assert waiting(root) == [("changed", "paragraph")]


def test_a_block_of_the_translation_alone_is_extra_unless_it_is_marked_as_its_own(root):
    change(root, ("## 和\n", "## 和\n\n日本語だけの段落です。\n"), language="ja")
    assert waiting(root) == [("extra", "paragraph")]
    change(root, ("日本語だけの段落です。", "```{note}\n:class: side translation\n注です。\n```"), language="ja")
    assert waiting(root) == []


def test_entries_of_a_glossary_belong_together_whatever_their_order(root):
    assert [found.kind for found in page(root, "terms").standings][-2:] == ["entry.weight", "entry.confusion-matrix"]
    edit(root / "book" / "en" / "terms.md", "Mistakes, counted", "All mistakes, counted")
    assert waiting(root, "terms") == [("changed", "entry.confusion-matrix")]
    desk.refresh(page(root, "terms"))
    assert waiting(root, "terms") == [("changed", "entry.confusion-matrix")]
    desk.accept(page(root, "terms"))
    edit(root / "book" / "en" / "terms.md", ":avoid: error matrix (something else)", ":avoid: error table")
    assert waiting(root, "terms") == []  # other words are each language's own
    edit(root / "book" / "en" / "terms.md", "weight\n  What", "bias\n  A number.\n\nweight\n  What")
    assert waiting(root, "terms") == [("untranslated", "entry.bias")]


def test_entries_of_the_catalogue_belong_together_by_their_keys(root, monkeypatch, tmp_path):
    english = {"a.one": "One", "a.two": {"one": "{count} two", "other": "{count} twos"}, "a.three": "Three"}
    japanese = {"a.two": {"other": "{count}個"}, "a.one": "一"}
    monkeypatch.setattr(desk, "_catalogue", lambda code: tmp_path / f"{code}.json")

    def write():
        for code, texts in (("en", english), ("ja", japanese)):
            text = json.dumps(texts, ensure_ascii=False, indent=2)
            (tmp_path / f"{code}.json").write_text(text, encoding="utf-8")

    write()
    assert waiting(root, "words") == [("untranslated", "a.three")]
    desk.refresh(page(root, "words"))
    english["a.two"]["other"] = "{count} pairs"
    write()
    assert sorted(waiting(root, "words")) == [("changed", "a.two"), ("untranslated", "a.three")]
    (changed,) = (found for found in page(root, "words").standings if found.state == "changed")
    assert changed.line == 2
    desk.accept(page(root, "words"))
    assert waiting(root, "words") == [("untranslated", "a.three")]


def test_status_counts_by_page_and_names_each_open_block(root, monkeypatch):
    change(root, ("says goodbye", "says farewell"))
    told = run(root, monkeypatch, "status", "ja")
    assert re.search(r"page +current +changed\n", told.output)
    assert re.search(r"ja  reading +\d+ +1\n", told.output)
    rows = {row["page"]: row for row in json.loads(run(root, monkeypatch, "status", "--json").output)}
    assert [*rows] == ["index", "reading", "terms", "words"]
    assert rows["reading"]["changed"] == 1
    assert rows["reading"]["file"] == "book/ja/reading.md"
    (found,) = rows["reading"]["open"]
    line = ENGLISH.partition(LAST)[0].count("\n") + 1
    assert found == {
        "line": line,
        "kind": "paragraph",
        "state": "changed",
        "source": f"book/en/reading.md:{line}",
    }


@pytest.fixture
def committed(root):
    """The book, in a repository of git that knows how it was."""

    def git(*words):
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words], cwd=root, check=True)

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "First", "--date", "2024-05-06T07:08:09Z")
    return root


def test_diff_shows_old_and_new_with_the_changes_marked_and_the_translation(committed, monkeypatch):
    change(committed, ("says goodbye", "says farewell to all"))
    shown = run(committed, monkeypatch, "diff", "ja", "reading").output
    line = ENGLISH.partition(LAST)[0].count("\n") + 1
    assert f"book/ja/reading.md:{line}: paragraph, changed, see book/en/reading.md:{line}" in shown
    assert "The last paragraph says [-goodbye-]{+farewell to all+}." in shown
    assert "--- ja\n最後の段落で、お別れです。" in shown


def test_diff_of_what_was_removed_shows_what_it_said(committed):
    change(committed, (NOTE, ""))
    shown = "\n".join(told.changes(page(committed)))
    assert "note, removed" in shown
    assert "A note on $b$ for readers." in shown


def test_without_git_diff_says_that_the_old_text_is_not_known(root):
    change(root, ("says goodbye", "says farewell"))
    shown = "\n".join(told.changes(page(root)))
    assert "is not in the history of git that is here; it says now:\nThe last paragraph says farewell." in shown


def test_the_file_of_ties_says_one_pair_a_line_and_is_left_alone_if_nothing_is_new(root):
    path = page(root).ties
    lines = path.read_text(encoding="utf-8").splitlines()
    countable = ties.countable(blocks((root / "book" / "ja" / "reading.md").read_text(encoding="utf-8")))
    assert [line.split()[0] for line in lines[1:]] == [block.kind for block in countable]
    before = path.stat().st_mtime_ns
    for one in pages(root):
        desk.refresh(one)
    assert path.stat().st_mtime_ns == before
