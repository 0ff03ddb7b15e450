"""The theme of the book: what its pages may load, pictures and tables as readers need them, and a book without it."""

import base64
import hashlib
import re

import pytest
from PIL import Image
from serving import served
from site_books import build, edit, write_book

from nnbook.site.policy import policy

PICTURES = """
![One](one.png) ![Two](one.png)

![Three](one.png)

| Name | Number |
| ---- | -----: |
| a    |      1 |

```{margin} Beside
A remark at the side.
```
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = write_book(tmp_path_factory.mktemp("theme") / "small")
    for code in ("en", "ja"):
        Image.new("L", (600, 300)).save(root / "book" / code / "one.png")
        with (root / "book" / code / "index.md").open("a", encoding="utf-8") as page:
            page.write(PICTURES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CELL_RUNS", str(root / "runs"))
        yield build(root).output


def test_the_policy_names_what_stands_inside_the_page_and_nothing_else():
    page = (
        '<script src="a.js"></script><script>one</script><script type="application/json">{}</script><style>p{}</style>'
    )
    rules = dict(rule.split(" ", 1) for rule in policy(page, "<p>no script</p>").split("; "))
    digest = {text: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in ("one", "p{}")}
    assert rules["script-src"] == f"'self' 'wasm-unsafe-eval' 'sha256-{digest['one']}'"
    assert rules["style-src"] == f"'self' 'sha256-{digest['p{}']}'"
    assert rules["default-src"] == "'none'"


def test_pictures_keep_their_room_and_those_further_down_are_loaded_when_they_are_near(site):
    pictures = re.findall(r"<img[^>]*>", (site / "en" / "index.html").read_text(encoding="utf-8"))
    assert ['width="600"' in picture and 'height="300"' in picture for picture in pictures] == [True] * 3
    assert ['loading="lazy"' in picture for picture in pictures] == [False, False, True]


@pytest.mark.browser
def test_a_picture_keeps_its_shape_on_a_phone(browser, site):
    with served(site) as address:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{address}/en/index.html")
        box = page.get_by_alt_text("One").bounding_box()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.close()
    assert box["width"] < 390
    assert box["height"] == pytest.approx(box["width"] / 2, abs=1)


def test_cells_that_head_columns_say_so(site):
    page = (site / "ja" / "index.html").read_text(encoding="utf-8")
    assert [re.search(r'scope="(\w+)"', cell)[1] for cell in re.findall(r"<th [^>]*>", page)] == ["col", "col"]


def test_only_what_a_page_names_is_published(site):
    names = {path.name for path in (site / "en" / "_static").iterdir()}
    assert {"page.css", "page.js", "search.css", "nnbook-mathematics.woff2"} <= names
    assert not names & {"basic.css", "doctools.js", "sphinx-design.min.css", "pygments.css", "file.png"}


def test_the_book_builds_in_another_theme(tmp_path, monkeypatch):
    root = write_book(tmp_path / "small")
    monkeypatch.setenv("CELL_RUNS", str(root / "runs"))
    edit(root / "_config.yml", "html_theme: nnbook", "html_theme: sphinx_book_theme")
    page = (build(root).output / "en" / "weights.html").read_text(encoding="utf-8")
    assert "bd-article" in page
    assert re.search(r'<figure[^>]* id="fig-zero">', page)
    assert "words in en" in page
    assert "_static/page.css" in page
