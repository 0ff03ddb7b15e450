"""The chapters as texts: cells that stand alone, numbers that come from the run, headings that can be linked to."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from nnbook.site import typed_results
from nnbook.site.book import read_book

BOOK = Path(__file__).parents[1] / "book"
PAGES = sorted(BOOK.glob("*/*.md"))
CELL = re.compile(
    r"^```\{code-cell\}[^\n]*\n(?P<options>(?::[^\n]*\n)*)\n?(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def cells(page: Path) -> list[str]:
    return [match["code"] for match in CELL.finditer(page.read_text(encoding="utf-8"))]


def test_no_result_is_typed_by_hand():
    assert typed_results.findings(read_book(BOOK.parent)) == []


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
