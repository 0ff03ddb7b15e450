"""The languages of the book hold the same things in the same order; made-up pages show what is noticed."""

import re

import pytest
from site_books import PAGES, ROOT, edit, write_book

from nnbook.pipeline import BuildError
from nnbook.site.book import read_book
from nnbook.site.parity import compare, content, differences

ENGLISH = """\
---
file_format: mystnb
---
(top)=
# Weights

Input $x_i$ and weight $w_i$ give {value}`fig-a:share|percent`.

$$
z = b + \\text{all of it}
$$ (eq-z)

````{note}
Inside, $c$ and

```{math}
:label: eq-in
y = 1
```
````

```{code-cell} ipython3
print(1)
```

```{caption} fig-a
A caption with $d$.
```

(end)=
## End
"""


def found(changes, text=ENGLISH):
    """The findings after the changes (old, new) in a translation of the page."""
    translated = text
    for old, new in changes:
        assert old in translated
        translated = translated.replace(old, new)
    findings = compare(content(text).marks, content(translated).marks, "book/en/a.md")
    return [f"ja  book/ja/a.md:{line}: {cause}" for line, cause in findings]


def test_the_book_itself_agrees():
    assert differences(read_book(ROOT)) == []


@pytest.mark.parametrize(
    "changes",
    [
        [("# Weights", "# 重み"), ("Inside,", "中では、")],
        [("Input $x_i$ and weight $w_i$", "重み $w_i$、入力 $x_i$、また $w_i$")],  # another order, once more
        [("\\text{all of it}", "\\text{すべて}\\,,")],
        [("|percent`", "|percent0`")],
        [("file_format: mystnb", "file_format: mystnb\ntitle: 重み")],
        [("## End", "## おわり\n\n```{admonition} 訳注\n注です。\n```")],
    ],
)
def test_prose_is_free(changes):
    assert found(changes) == []


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ([("(end)=", "(fin)=")], ["30: label 'fin' in place of 'end', see book/en/a.md:30; copy"]),
        ([("print(1)", "print(1)  # 一")], ["22: cell 'print.1.  # 一' in place of 'print.1.', see"]),
        ([("z = b", "z = c")], ["9: formula 'z = c.* in place of 'z = b"]),
        ([("y = 1", "y = 2")], ["16: formula 'y = 2 .eq-in.' in place of 'y = 1"]),
        ([("eq-z", "eq-y")], ["9: formula .*eq-y.* in place of .*eq-z"]),
        ([("{caption} fig-a", "{caption} fig-b")], ["26: caption 'fig-b' in place of 'fig-a'"]),
        ([("## End", "### End")], ["31: heading 'h3' in place of 'h2'"]),
        ([("(end)=\n", "")], ["30: missing: label 'end', see book/en/a.md:30; copy it from there"]),
        ([("(end)=", "(fin)=\n\n(end)=")], [r"30: not in book/en/a.md \(near line 30\): label 'fin'; take it out"]),
        ([("weight $w_i$ ", "weight ")], [r"5: missing after this line: \$w_i\$, see book/en/a.md:7"]),
        ([("weight $w_i$", "$w_i$ and $v$")], [r"7: not in this part of .*\$v\$; take it out"]),
        ([("weight $w_i$", "$v_i$")], [r"7: '\$v_i\$' in place of '\$w_i\$', see book/en/a.md:7"]),
        ([("fig-a:share", "fig-a:sum")], ["7: '{value}`fig-a:sum`' in place of '{value}`fig-a:share`'"]),
        ([("$c$ and", "and")], [r"9: missing after this line: \$c\$"]),
        ([("with $d$", "")], [r"26: missing after this line: \$d\$"]),
        ([("file_format: mystnb", "file_format: other")], ["1: front matter .* in place of"]),
    ],
)
def test_a_difference_is_found_with_file_and_line(changes, findings):
    lines = found(changes)
    assert len(lines) == len(findings)
    for line, finding in zip(lines, findings, strict=True):
        assert line.startswith("ja  book/ja/a.md:")
        assert re.match(finding, line.removeprefix("ja  book/ja/a.md:")), line


def test_the_order_of_figures_counts():
    swapped = ENGLISH.replace("(end)=\n## End\n", "```{caption} fig-b\nAnother.\n```\n")
    first, second = "```{caption} fig-a\nA caption with $d$.\n```\n", "```{caption} fig-b\nAnother.\n```\n"
    lines = found([(first, "§"), (second, first), ("§", second)], swapped)
    assert any("caption 'fig-" in line for line in lines)


def test_every_heading_needs_a_label(tmp_path):
    root = write_book(tmp_path)
    edit(root / "book" / "ja" / "weights.md", "(sums)=\n", "")
    findings = differences(read_book(root))
    assert any("this heading has no label" in line and line.startswith("ja  book/ja/weights.md:") for line in findings)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("_toc.yml", "weights", "wieghts", r"wieghts: book/ja/wieghts.md does not exist"),
        ("_toc.yml", "  - caption", "  caption", r"_toc.yml:5: mapping values are not allowed here"),
        ("_toc.yml", "root: index", "rot: index", r"_toc.yml: 'root' key not found"),
        ("_toc.yml", "site.part.networks", "Networks", r"ja  _toc.yml: caption 'Networks': not in .*ja.json"),
        ("_toc.yml", "- file", "- fille", r"_toc.yml: entry does not contain one of .*chapters/0"),
        ("_config.yml", "languages: [en, ja]", "languages: [en, xx]", r"localisation/xx.json is missing"),
        ("_config.yml", "languages: [en, ja]", "", r"must list the languages"),
    ],
)
def test_a_book_that_is_not_whole_is_refused(tmp_path, file, old, new, message):
    root = write_book(tmp_path)
    edit(root / file, old, new)
    with pytest.raises(BuildError, match=message):
        read_book(root)


def test_a_page_must_exist_in_every_language_and_be_listed(tmp_path):
    root = write_book(tmp_path)
    (root / "book" / "ja" / "weights.md").unlink()
    (root / "book" / "en" / "draft.md").write_text(PAGES["en/index"], encoding="utf-8")
    with pytest.raises(BuildError) as stopped:
        read_book(root)
    assert stopped.value.findings == (
        "ja  _toc.yml:7: weights: book/ja/weights.md does not exist",
        "en  book/en/draft.md:1: this page is not in _toc.yml",
    )


def test_outside_of_a_book_there_is_nothing_to_build(tmp_path):
    with pytest.raises(BuildError, match=r"must have a readable _config.yml"):
        read_book(tmp_path)
