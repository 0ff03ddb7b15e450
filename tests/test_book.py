"""The chapters as texts: cells that stand alone, numbers that come from the run, headings that can be linked to."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[1] / "book"
PAGES = sorted(BOOK.glob("*/*.md"))
CELL = re.compile(
    r"^```\{code-cell\}[^\n]*\n(?P<options>(?::[^\n]*\n)*)\n?(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)

# Numbers that a page may state without a run: what defines the data and the networks, and what follows by arithmetic.
GIVEN = {
    "28": "width and height of an MNIST image, in pixels",
    "784": "28 times 28",
    "32": "width and height of a CIFAR-10 image, in pixels",
    "60,000": "images in CIFAR-10",
    "1,000": "test images of each class of CIFAR-10",
    "100": "hidden neurons of the wide networks",
    "200": "the largest hidden layer",
    "10": "classes; hidden neurons",
    "10 %": "blind guessing among ten classes",
    "12": "mistakes in the figure that shows them",
    "20": "layers, in a question",
    "3.11": "the oldest Python that runs the book",
}
NUMBER = re.compile(r"(?<![A-Za-z0-9_.])\d[\d,]*(?:\.\d+)?(?:\s?[%％])?")


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def cells(page: Path) -> list[str]:
    return [match["code"] for match in CELL.finditer(page.read_text(encoding="utf-8"))]


def prose(text: str) -> str:
    """What is left of a page without front matter, cells, formulas, roles, labels, link targets and inline code."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = CELL.sub("", text)
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", "", text, flags=re.DOTALL)
    text = re.sub(r"\{[\w:-]+\}`[^`]*`", "", text)
    text = re.sub(r"^\([\w-]+\)=$|^```\{[\w-]+\} *[\w-]*$|^:\w+:.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"`[^`]*`", "", text)
    return re.sub(r"\]\([^)]*\)", "]", text)


def typed_results(text: str) -> list[str]:
    """Numbers in the prose of `text` that nobody but a run can know."""
    found = []
    for match in NUMBER.finditer(prose(text)):
        number = re.sub(r"\s*[%％]", " %", match[0].rstrip(","))
        if number not in GIVEN and not re.fullmatch(r"\d", number):
            found.append(number)
    return found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It reads 91.7% of the images.", ["91.7 %"]),
        ("正解率は92 %です。", ["92 %"]),
        ("In row 3, column 5 stands 71.", ["71"]),
        ("Only 1,234 were wrong, a score of 0.5.", ["1,234", "0.5"]),
        ("Each of the 784 pixels, {value}`fig-a:b.12|count` times, $x_{55}$ and `zoom=17`.", []),
    ],
)
def test_a_typed_result_is_found(sentence, found):
    assert typed_results(sentence) == found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_result_is_typed_by_hand(page):
    text = page.read_text(encoding="utf-8")
    headings = re.compile(r"^#.*$", re.MULTILINE)  # "M15t4k35" is a joke, not a result
    assert typed_results(headings.sub("", text)) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_cells_are_short(page):
    for cell in cells(page):
        lines = [line for line in cell.splitlines() if line.strip()]
        assert 1 <= len(lines) <= 8, cell
        assert max(map(len, lines)) <= 86, f"too long for the page: {cell}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_cells_use_only_what_nnbook_exports(page):
    import nnbook

    for cell in cells(page):
        for node in ast.walk(ast.parse(cell)):
            if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "nnbook":
                assert node.module == "nnbook", f"a cell imports from inside the package: {cell}"
                assert {alias.name for alias in node.names} <= set(nnbook.__all__), cell


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_heading_has_a_label(page):
    """Without one, the address of a heading is made from its words, and a Japanese one becomes `id1`."""
    lines = CELL.sub("", page.read_text(encoding="utf-8")).splitlines()
    for above, line in pairwise(lines):
        if re.match(r"#{1,6} ", line):
            assert re.fullmatch(r"\([a-z0-9-]+\)=", above), f"no label before {line!r}"


def test_no_outputs_are_committed():
    assert not list(BOOK.rglob("*.ipynb"))
