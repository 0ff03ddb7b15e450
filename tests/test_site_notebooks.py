"""Pages as notebooks: what they say in Markdown, that they run from top to bottom, and how pages link to them."""

import json
import os
import re

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from site_books import CELL, HEAD, build, edit, page_text, write_book

# Every kind of construct, some of them where Markdown is read in more ways than one.
CONSTRUCTS = """
(constructs)=
# Constructs

1. A *first* item costs \\$5, not `a|b`.
2. Second, see [](about-weights), {numref}`fig-zero` and [a page](https://example.org/a_b).

   - inner **bold**

**「強調」**{numref}`fig-zero`、そして**重み**も。

| a | b |
| --- | ---: |
| 1 | x\\|y |

Term
: What it *means*.

> Quoted.

```{admonition} A title
:class: tip

On $x_i$ and more.
```

```sh
make book
```

```{answer}
It is *zero*.
```

```{code-cell} ipython3
:tags: [answer, remove-input]

1 + 1
```

$$
a &= b \\\\
c &= d
$$

\\- no list
"""


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """The notebooks of a small book as (kind, text) by language and name."""
    root = write_book(tmp_path_factory.mktemp("notebooks") / "small")
    for language in ("en", "ja"):
        (root / "book" / language / "constructs.md").write_text(HEAD + CONSTRUCTS, encoding="utf-8")
    edit(root / "_toc.yml", "- file: weights\n", "- file: weights\n      - file: constructs\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CELL_RUNS", str(root / "runs"))
        patch.setenv("NNBOOK_BASE_URL", "https://book.example")
        patch.setenv("NNBOOK_GITHUB_NOTEBOOKS", "someone/book/blob/notebooks")
        site = build(root).output
    read = {path.relative_to(site): nbformat.read(path, as_version=4) for path in site.rglob("*.ipynb")}
    for notebook in read.values():
        nbformat.validate(notebook)
    return site, {path.as_posix(): [(cell.cell_type, cell.source) for cell in read[path].cells] for path in read}


def texts(cells):
    return "\n\n".join(source for kind, source in cells if kind == "markdown")


def test_each_page_with_cells_is_a_notebook_in_each_language(notebooks):
    names = {f"{code}/notebooks/{page}.ipynb" for code in ("en", "ja") for page in ("constructs", "weights")}
    assert set(notebooks[1]) == names


def test_values_references_and_formulas_are_written_out(notebooks):
    english, japanese = (texts(notebooks[1][f"{code}/notebooks/weights.ipynb"]) for code in ("en", "ja"))
    assert english.startswith("# Weights\n\n")
    assert "The lowest is −1.23, for a cat." in english
    assert "**Fig. 1.1** Look at $w_i$: 91.7% of 60,000." in english
    assert "## Sums\n\nAs (1.1) says:" in english
    assert "> **注釈**\n>\n> $x \\le y$ についての注です。" in japanese
    assert "$$\nz = b + \\sum_{i=1}^{784} w_i x_i \\tag{1.1}\n$$" in english
    assert "> **Note**\n>\n> A note about $x \\le y$ in one sentence on two lines." in english
    assert "**図1.1** $w_i$ を見ましょう。60,000枚の91.7%です。" in japanese
    assert "のものです。**この**行と、その次のPython Notebook の行は続きます。" in japanese
    assert not re.search(r"\{value\}|\{numref\}|\)=$|^```\{", english + japanese, flags=re.MULTILINE)


def test_cells_are_those_of_the_page_without_outputs(notebooks):
    cells = [source for kind, source in notebooks[1]["en/notebooks/weights.ipynb"] if kind == "code"]
    assert cells[1:] == [CELL]
    written = json.loads((notebooks[0] / "ja/notebooks/weights.ipynb").read_text(encoding="utf-8"))
    assert all(cell.get("outputs", []) == [] for cell in written["cells"])
    assert 'NNBOOK_LANGUAGE"] = "ja"' in "".join(written["cells"][0]["source"])


def test_constructs_have_a_form_in_markdown(notebooks):
    cells = notebooks[1]["en/notebooks/constructs.ipynb"]
    markdown = texts(cells)
    for expected in (
        "1. A *first* item costs \\$5, not `a|b`.",
        "2. Second, see [Weights](https://book.example/en/weights.html#about-weights), ",
        "[a page](https://example.org/a_b).\n\n   - inner **bold**",
        "<strong>「強調」</strong>[Fig. 1.1](https://book.example/en/weights.html#fig-zero)、そして**重み**も。",
        "| a | b |\n| --- | --- |\n| 1 | x\\|y |",
        "**Term**\n\n> What it *means*.",
        "> Quoted.",
        "> **A title**\n>\n> On $x_i$ and more.",
        "```sh\nmake book\n```",
        "<details><summary>Answer</summary>\n\nIt is *zero*.\n\n</details>",
        "$$\n\\begin{aligned}a &= b \\\\\nc &= d\\end{aligned}\n$$",
        "\\- no list",
    ):
        assert expected in markdown
    assert ("code", "1 + 1") in cells  # hidden on the page, but the notebook has to run


def test_pages_link_to_their_notebook_and_to_colab_where_it_is_published(notebooks):
    site = notebooks[0]
    page = page_text(site / "ja" / "weights.html")
    assert '<a href="notebooks/weights.ipynb" download>このページのノートブック</a>' in page
    assert "https://colab.research.google.com/github/someone/book/blob/notebooks/ja/weights.ipynb" in page
    assert "take-along" not in re.sub(r"<link[^>]*>", "", (site / "ja" / "index.html").read_text(encoding="utf-8"))


@pytest.mark.full_data
@pytest.mark.browser
@pytest.mark.parametrize(("language", "page"), [("en", "index"), ("ja", "looking-inside-neural-networks")])
def test_a_notebook_of_the_book_runs_from_top_to_bottom_and_shows_its_figures(
    language, page, tmp_path, real_site, browser
):
    notebook = nbformat.read(real_site / language / "notebooks" / f"{page}.ipynb", as_version=4)
    variables = {**os.environ, "IPYTHONDIR": str(tmp_path), "NNBOOK_SIZE": "full"}
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute(env=variables)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    types = {output.output_type for output in outputs if output.get("name") != "stdout"}
    assert types <= {"execute_result", "display_data"}  # no warning, no error
    shown_by_cells = [output for output in outputs if "text/html" in output.get("data", {})]
    assert len(shown_by_cells) == sum(
        "\nfigures." in f"\n{cell.source}" or "\nplt." in cell.source for cell in notebook.cells[1:]
    )

    exported = tmp_path / "page.html"
    exported.write_text(HTMLExporter(template_name="lab").from_notebook_node(notebook)[0], encoding="utf-8")
    context = browser.new_context(offline=True)
    shown = context.new_page()
    shown.goto(exported.as_uri(), wait_until="domcontentloaded")
    measure = "all => all.map(one => one.getBoundingClientRect().height)"
    heights = shown.locator(".jp-OutputArea-output:has(.nnb)").evaluate_all(measure)
    assert len(heights) == len(shown_by_cells)
    assert min(heights) > 100
    assert shown.get_by_text("ニューロン" if language == "ja" else "positive").count()
    context.close()
