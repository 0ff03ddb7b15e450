"""Cells that draw with matplotlib, as any author does: on the page, in the notebook, in the EPUB."""

import re
from zipfile import ZipFile

import nbformat
import pytest
from nbclient import NotebookClient
from site_books import HEAD, build, page_text, write_book

from nnbook.site.errors import BuildError

CHARTS = """
(charts)=
# Charts

```{code-cell} ipython3
:mystnb: {image: {alt: "%s"}}

import matplotlib.pyplot as plt
from nnbook import figures

plt.plot([1, 3, 2], label=figures.word("kit.test_images"))
plt.legend()
plt.title("Twice")
```

```{caption} fig-chart
%s
```

```{code-cell} ipython3
:mystnb: {image: {alt: "B"}}

%%matplotlib inline
figure, axes = plt.subplots()
axes.imshow([[1, 2], [3, 4]])
plt.xlabel("ずれ")
figure
```

```{code-cell} ipython3
plt.get_fignums()
```
"""
WORDS = {"en": ("Up <down>", "Look."), "ja": ("上がって下がる", "見ましょう。")}


def write(root, pages):
    for language, text in pages.items():
        (root / "book" / language / "weights.md").write_text(HEAD + text, encoding="utf-8")
        index = root / "book" / language / "index.md"
        index.write_text("(home)=\n# Home\n", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = write_book(tmp_path_factory.mktemp("charts") / "small")
    write(root, {language: CHARTS % words for language, words in WORDS.items()})
    build(root, formats=("epub",))
    return root


@pytest.fixture(scope="module")
def pages(root):
    return {language: page_text(root / "_build" / "html" / language / "weights.html") for language in WORDS}


@pytest.mark.parametrize("language", WORDS)
def test_open_figures_are_shown_once_at_the_end_of_their_cell(pages, language):
    page = pages[language]
    assert page.count('class="nnb-chart"') == 2
    assert "matplotlib.lines" not in page  # what the functions of pyplot give back
    assert "Text(" not in page
    assert re.search(r"<figure.*nnb-chart.*fig-chart|fig-chart.*nnb-chart", page, re.DOTALL)
    assert ">[]\n" in page  # and are closed then


def test_charts_speak_the_language_of_the_page(pages):
    assert 'aria-label="Up &lt;down&gt;"' in pages["en"]
    assert 'aria-label="上がって下がる"' in pages["ja"]
    assert ">test images</text>" in pages["en"]
    assert ">テスト画像</text>" in pages["ja"]
    assert all(">Twice</text>" in page and ">ずれ</text>" in page for page in pages.values())


def test_the_style_sheet_of_the_page_has_the_colours(root, pages):
    (style,) = re.findall(r'<link rel="stylesheet"[^>]* href="([^"]+)"', pages["en"])
    css = (root / "_build" / "html" / "en" / style.partition("?")[0]).read_text(encoding="utf-8")
    for name in re.findall(
        r"var\((--nnb-[\w-]+)\)", re.search(r'<div class="nnb-chart".*?</div>', pages["en"], re.DOTALL)[0]
    ):
        assert css.count(f"{name}:") >= 2, name


def test_the_epub_shows_them(root):
    with ZipFile(root / "_build" / "html" / "en" / "nnbook-en.epub") as book:
        (chapter,) = (book.read(name).decode() for name in book.namelist() if name.endswith("weights.xhtml"))
        assert chapter.count('class="nnb-chart"') == 2
        pictures = re.findall(r'<image[^>]* href="([^"]+)"', chapter)
        assert pictures
        assert all(any(name.endswith(address) for name in book.namelist()) for address in pictures)


def test_the_notebook_shows_them_as_the_page_does(root, pages, monkeypatch):
    path = root / "_build" / "html" / "ja" / "notebooks" / "weights.ipynb"
    notebook = nbformat.read(path, as_version=4)
    monkeypatch.setenv("NNBOOK_LANGUAGE", "ja")
    NotebookClient(notebook, timeout=120).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", []) if "nnb-chart" in str(output)]
    assert len(shown) == 2
    assert "image/png" not in shown[0]["data"]
    drawn = re.search(r'<svg class="nnb-wide".*?</svg>', shown[0]["data"]["text/html"])[0]
    assert re.findall(r"<text.*?</text>", drawn) == re.findall(
        r"<text.*?</text>", re.search(r'<svg class="nnb-wide".*?</svg>', pages["ja"], re.DOTALL)[0].replace("\n", "")
    )


CELL = "```{code-cell} ipython3\nimport matplotlib.pyplot as plt\n%s\n```\n"
LABELLED = "(charts)=\n# Charts\n\n"


def test_pictures_without_alternative_text_stop_the_build(tmp_path):
    root = write_book(tmp_path / "small")
    text = LABELLED + CELL % "plt.plot([1, 2])" + CELL % 'from PIL import Image\nImage.new("L", (9, 9))'
    write(root, dict.fromkeys(WORDS, text))
    with pytest.raises(BuildError) as stopped:
        build(root)
    rule = "a picture must have an alternative text.*; its cell has none; write what it shows into the head"
    found = [re.match(rf"(..)  book/\1/weights\.md:(\d+): {rule}", one) for one in stopped.value.findings]
    places = [text.partition("```{")[0].count("\n") + HEAD.count("\n") + 1, 0]
    places[1] = places[0] + (CELL % "").count("\n")
    assert [one[1] for one in found] == ["en", "en", "ja", "ja"]
    assert all(place <= int(one[2]) < place + 4 for place, one in zip(places * 2, found, strict=True))


def test_a_chart_that_cannot_be_drawn_stops_the_build(tmp_path):
    root = write_book(tmp_path / "small")
    write(root, dict.fromkeys(WORDS, LABELLED + CELL % 'plt.bar([1], [2], hatch="/")'))
    with pytest.raises(BuildError, match="ValueError: a chart of the book has no hatches; got '/'; use"):
        build(root)
