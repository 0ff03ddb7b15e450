"""What `nnbook translations check` tells, and what `accept` refuses, on a page with one of each thing."""

import re

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from site_books import ROOT, edit
from translation_books import ENGLISH, page, pages, write_pages

from nnbook import localisation
from nnbook.cli_translations import translations
from nnbook.site import parity
from nnbook.site.book import read_plan
from nnbook.site.errors import BuildError
from nnbook.site.parity import Prose
from nnbook.site.translations import amounts, desk, style, terms
from nnbook.site.translations.blocks import blocks


@pytest.fixture
def root(tmp_path):
    return write_pages(tmp_path / "book")


def findings(root):
    return desk.findings(read_plan(root), "ja")


def run(root, monkeypatch, *words):
    monkeypatch.chdir(root)
    return CliRunner().invoke(translations, words)


def test_there_is_nothing_to_mend_in_the_book():
    book = read_plan(ROOT)
    assert [finding for language in book.languages for finding in desk.findings(book, language)] == []


def test_a_figure_a_formula_and_a_term_are_three_findings(root, monkeypatch):
    path = root / "book" / "ja" / "reading.md"
    assert run(root, monkeypatch, "check", "ja").output == "ja: nothing to mend\n"
    edit(path, "```{figure} drawn.png\n:alt: 絵。\n\n描いたものです。\n```\n\n", "")
    edit(path, "\\sum_i w_i", "\\sum_j w_i")
    edit(path, "最後の段落で", "混乱行列の段落で")
    told = run(root, monkeypatch, "check", "ja")
    assert told.exit_code == 1
    formula, figure, term = told.output.splitlines()
    assert re.match(
        r"ja  book/ja/reading.md:30: formula .*sum_j.* in place of .*sum_i.*, see book/en/.*:30; copy", formula
    )
    assert re.match(r"ja  book/ja/reading.md:\d+: missing: note .*drawn.png.*, see book/en/reading.md:\d+; tr", figure)
    assert re.match(r"ja  book/ja/reading.md:\d+: .* got '混乱行列' \(別の意味になる\); write '混同行列'", term)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("(sums)=\n", "(sum)=\n", ["label 'sum' in place of 'sums', see book/en/reading.md:25; copy"]),
        ("## 和", "### 和", ["heading 'h3' in place of 'h2'"]),
        ("figures.weights()", "figures.weight()", ["cell 'figures.weight.*' in place of 'figures.weights.*; copy"]),
        ("重みは$w$です。", "", [r"missing after this line: \$w\$, see book/en/reading.md:9"]),
        ("$x_1$", "$x_2$", [r"'\$x_2\$' in place of '\$x_1\$'"]),
        ("{caption} fig-weights", "{caption} fig-weight", ["caption 'fig-weight' in place of 'fig-weights'"]),
        ("{figure} drawn.png", "{figure} shown.png", ["figure 'shown.png' in place of 'drawn.png'"]),
        ("、{numref}`fig-weights`", "", ["missing .*{numref}`fig-weights`"]),
        ("{term}`重み`", "重み", ["missing .*{term}"]),
        ("[最初の章](home)", "最初の章", [r"missing .*\[\]\(home\)"]),
        ("example.org/mnist", "example.org/emnist", ["org/emnist.' in place of .*org/mnist"]),
        ("{cite:p}`lecun`", "論文", ["missing .*{cite:p}`lecun`"]),
        ("[^note] ", "", [r"missing .*\[\^note\]"]),
        ("|percent", "|percent0", []),
        ("fig-weights:share", "fig-weights:sum", ["fig-weights:sum.* in place of .*fig-weights:share"]),
        ("{eval}`count`", "数", ["missing .*{eval}`count`"]),
        ("| 学習率 | 2 |\n", "", ["missing: row .of 2 columns"]),
        ("100個", "1000個", ["a number is the same .* got 1000 for 100, see book/en/reading.md:9; mend"]),
        ("100個", "百個", []),
        ("- 二つ目\n", "", ["missing: item '- second item', see .*; translate it here"]),
        ("最後の段落で、お別れです。\n", "", ["missing: paragraph 'The last paragraph.*; translate it here"]),
        (
            "## 和\n",
            "## 和\n\n日本語だけの段落です。\n",
            ["not in book/en/reading.md: paragraph '日本語.*; delete it, or"],
        ),
        ("## 和\n", "## 和\n\n```{admonition} 訳注\n:class: side translation\n\n$q$は[こちら](x)です。\n```\n", []),
        ("お別れです。", "お別れだった。", ["sentences end in です・ます; this one ends in 'だった。'; end it so"]),
        ("お別れです。", "「さようなら。お別れだった。」と言います。", []),
        ("お別れです。", "お別れです", ["a paragraph ends with a sign .*; write"]),
        ("和は次のとおりです。", "和は", []),  # the formula goes on
        ("最後の段落", "最後の３段落", ["digits are of half width; got '３'"]),
        ("最後の段落", "最後のﾀﾞﾝﾗｸ", ["katakana are of full width; got 'ﾀﾞﾝﾗｸ'"]),
        ("段落で、お", "段落で,お", ["punctuation is of full width; got ','"]),
        ("お別れです。", "お別れです。。", ["one sign of punctuation is enough; got '。。'"]),
        ('alt: "重みの絵。"', 'alt: "ウェイトの絵。"', ["got 'ウェイト' .*; write '重み'"]),
        ("それぞれの重み", "それぞれのウエイト", ["got 'ウエイト'; write '重み'"]),
    ],
)
def test_what_a_page_has_lost_or_says_otherwise_is_found_with_line_and_remedy(root, old, new, expected):
    path = root / "book" / "ja" / "reading.md"
    line = path.read_text(encoding="utf-8").partition(old)[0].count("\n") + 1
    edit(path, old, new)
    found = findings(root)
    assert len(found) == len(expected), found
    for finding, pattern in zip(found, expected, strict=True):
        assert re.search(pattern, finding), finding
        number = int(re.match(r"ja  book/ja/reading.md:(\d+): ", finding)[1])
        assert abs(number - line) <= 4  # a quotation that is missing is told of where its block begins


def test_what_is_known_to_be_behind_is_not_told_of_again(root):
    edit(root / "book" / "en" / "reading.md", "reads 100 digits", "reads $n$ of 200 digits")
    assert findings(root) == []


def test_words_around_the_pages_are_looked_at_too(root, monkeypatch, tmp_path):
    words = localisation.files()["ja"]
    text = words.read_text(encoding="utf-8").replace("混同行列", "混乱行列")
    monkeypatch.setattr(desk, "_catalogue", lambda code: tmp_path / f"{code}.json")
    (tmp_path / "ja.json").write_text(text, encoding="utf-8")
    (tmp_path / "en.json").write_text(localisation.files()["en"].read_text(encoding="utf-8"), encoding="utf-8")
    lines = [line for line in findings(root) if "ja.json" in line]
    assert len(lines) == text.count("混乱行列")
    assert re.search(r"ja.json:\d+: .*'混乱行列'", lines[0])


def test_a_page_that_is_missing_is_one_finding(root):
    (root / "book" / "ja" / "reading.md").unlink()
    assert findings(root) == [
        "ja  book/ja/reading.md:1: missing: the page; copy book/en/reading.md there, and translate it"
    ]


def test_english_that_waits_to_be_translated_is_not_checked_as_if_it_were_japanese(root):
    (root / "translations" / "ja" / "reading.ties").unlink()
    (root / "book" / "ja" / "reading.md").write_text(ENGLISH, encoding="utf-8")
    assert findings(root) == []


def test_the_source_language_is_looked_at_for_its_words(root):
    edit(root / "book" / "en" / "reading.md", "says goodbye", "has an error\nmatrix")
    assert [re.sub(r".*?en/", "", finding) for finding in desk.findings(read_plan(root), "en")] == [
        "reading.md:56: a thing has one name; got 'error matrix' (something else); write 'confusion matrix'"
    ]


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("$x_1$", "$x_2$", r"'\$x_2\$' in place of '\$x_1\$'"),
        ("figures.weights()", "figures.weight()", "figures.weight"),
        ("[最初の章](home)", "最初の章", r"\[\]\(home\)"),
        ("(sums)=", "(sum)=", "label 'sum' in place of 'sums'"),
        ("drawn.png", "shown.png", "figure 'shown.png' in place"),
        ("fig-weights:share", "fig-weights:sum", "fig-weights:share"),
    ],
)
def test_accept_refuses_what_is_not_equal_and_changes_no_file(root, old, new, cause):
    english, japanese = (root / "book" / code / "reading.md" for code in ("en", "ja"))
    english.write_text(re.sub(r"\b(reads|first item|Sums|drawn\.$|accuracy)", r"\1 now", ENGLISH, flags=re.M), "utf-8")
    edit(english, "figures.weights()", "figures.weights()  # new")
    edit(japanese, "figures.weights()", "figures.weights()  # new")
    if "figures" in new:
        edit(japanese, "figures.weights()", new)
    else:
        edit(japanese, old, new)
    edit(english, "What is drawn", "What is drawn now")
    before = page(root).ties.read_bytes()
    with pytest.raises(BuildError, match=rf"has the code, formulas[^§]*Mend what is named[^§]*{cause}"):
        desk.accept(page(root))
    assert page(root).ties.read_bytes() == before


def test_accept_takes_other_words_and_numbers(root):
    edit(root / "book" / "en" / "reading.md", "reads 100 digits", "reads 200 digits")
    (accepted,) = desk.accept(page(root))
    assert accepted.state == "changed"
    assert [found.state for found in page(root).standings if found.state != "current"] == []


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("book/ja/reading.md", "# 見出し\n\n```{note}\n開いたまま\n", r"reading.md:3: a fence must be closed"),
        ("book/ja/reading.md", "---\na: [\n---\n", r"reading.md:\d: the head of a page must be YAML"),
        ("book/ja/reading.md", "一\n<<<<<<< HEAD\n二\n", r"reading.md:2: a merge must be finished; got the mark <<<<"),
        ("book/ja/reading.md", "漢字".encode("cp932"), r"reading.md:1: a source must be in UTF-8; .* Shift-JIS"),
        ("translations/ja/terms.ties", "heading 12 34\n", r"terms.ties:1: 'heading 12 34' is not a kind and two lists"),
        ("translations/ja/terms.ties", "# a\n>>>>>>> mine\n", r"terms.ties:2: a merge must be finished"),
        ("_toc.yml", None, r"_toc.yml: there is no such file"),
    ],
)
@pytest.mark.parametrize("command", [("check",), ("status",), ("refresh", "ja"), ("accept", "ja", "reading")])
def test_what_can_not_be_read_is_told_with_its_line_and_no_file_is_changed(
    root, monkeypatch, file, text, message, command
):
    edit(root / "book" / "en" / "index.md", "Welcome", "Welcome again")
    path = root / file
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    told = run(root, monkeypatch, *command)
    if command[0] == "accept" and "terms" in file:
        return  # it reads its own page alone
    assert told.exit_code == 1
    assert re.search(message, told.output)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_a_catalogue_that_is_no_json_is_told_with_its_line(root, monkeypatch, tmp_path):
    (tmp_path / "xx.json").write_text('{\n  "a": "b",\n  c\n}\n', encoding="utf-8")
    monkeypatch.setenv("NNBOOK_CATALOGUES", str(tmp_path))
    for known in (localisation.files, localisation.languages):
        known.cache_clear()
    edit(root / "_config.yml", "languages: [en, ja]", "languages: [en, ja, xx]")
    told = run(root, monkeypatch, "check")
    monkeypatch.undo()
    for known in (localisation.files, localisation.languages):
        known.cache_clear()
    assert told.exit_code == 1
    assert re.search(r"xx.json:3: a catalogue must be JSON", told.output)


@pytest.mark.parametrize(
    ("text", "other", "languages", "found"),
    [
        ("10,000 images", "1万枚", "ja", []),
        ("12,000 weights", "1万2000個", "ja", []),
        ("12,500", "一万二千五百", "ja", []),
        ("twenty thousand", "20000", "ja", []),
        ("a hundred and 25 more", "25、100", "ja", []),
        ("10,000 images", "10.000 imágenes", "es", []),
        ("91.8 of 100", "91,8 de cien", "es", []),
        ("about 50", "50쯤, 만", "ko", []),
        ("100 digits", "1000個", "ja", [("100", "1000")]),
        ("100 of 784", "784の1,000", "ja", [("100", "1,000")]),
        ("ten", "10", "ja", []),
        ("100 digits", "たくさん", "ja", []),
    ],
)
def test_a_number_is_one_however_it_is_written(text, other, languages, found):
    assert list(amounts.exchanged(text, other, "en", languages)) == found


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "¿Qué ve? Un peso. ¡Mira!", []),
        ("es", "Y bien, qué ve?", ["a question begins with ¿; got 'Y bien, qué ve?'"]),
        ("es", "¿Qué ve? Y ahora?", ["a question begins with ¿"]),
        ("es", "Mira!", ["an exclamation begins with ¡"]),
        ("ko", "신경망은 숫자를 읽습니다.", []),
        ("ko", "신경망은 숫자를 읽는다.", ["sentences end in 합니다"]),
        ("ko", "신경망은 숫자를 읽습니다", ["a paragraph ends with a sign such as a full stop"]),
        ("xx", "Anything goes", []),
    ],
)
def test_each_language_has_its_own_rules(language, text, expected):
    found = [says for _, says in style.mistakes(Prose(text, 1, "paragraph_open", True), language, "")]
    assert len(found) == len(expected)
    assert all(said.startswith(start) for said, start in zip(found, expected, strict=True))


def test_a_form_is_a_word_of_its_own_and_letters_may_be_large_at_its_beginning():
    entries = ("filter\n  It.\n\n  :avoid: sieve (old), Filta", "フィルター\n  It.\n\n  :avoid: フィルタ")
    text = "```{glossary}\n" + "\n\n".join(entries) + "\n```\n"
    avoided = tuple(terms.wrong(blocks(text)))
    assert [(one.form, one.term, one.why) for one in avoided] == [
        ("sieve", "filter", "old"),
        ("Filta", "filter", ""),
        ("フィルタ", "フィルター", ""),
    ]
    text = "Sieves, a sieve, resieve, filta, フィルターとフィルタ。"
    assert [text[at:][:6] for at, _ in terms.uses(text, avoided)] == ["Sieves", "sieve,", "フィルタ。"]


PIECES = """
```{note}|```{glossary}|```|:::|$$|- a|  - [x] b|> c|>|[^f]: d|(l)=|# h|a|: b|:f: g|---|    y|+++|<b>|% c|{r}`s`$t$
""".strip().split("|")
ENDS = ["\n", "\t", "\r\n", "\r", "\f", "\u2028", "|a|b|\n|-|-|\n|c|"]
LINES = st.sampled_from([f"{piece}\n" for piece in PIECES] + ENDS)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(LINES | st.text(max_size=8), max_size=25).map("".join))
def test_no_text_is_lost_or_makes_the_reader_fail(text):
    found = blocks(text)
    assert "".join(block.text for block in found) == text
    before = 0
    for block in found:
        assert block.line == len(re.findall("\r\n|\r|\n", text[:before])) + 1
        before += len(block.text)
    parity.content(text)


@pytest.mark.parametrize("path", sorted((ROOT / "book").rglob("*.md")), ids=lambda path: "/".join(path.parts[-2:]))
def test_the_blocks_of_each_page_give_it_back(path):
    text = path.read_text(encoding="utf-8")
    assert "".join(block.text for block in blocks(text)) == text


def test_every_page_of_the_fixture_is_in_step(root):
    assert {one.state for found in pages(root) for one in found.standings} == {"current"}
