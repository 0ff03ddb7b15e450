"""What the figures of the real chapter weigh before anybody touches them, and that nothing of them is loaded twice."""

import re

import pytest
from interactive_tools import served, started
from lxml import html as markup

from nnbook.figures.figure import STYLE_SHEET
from nnbook.interactive import bundle

FIGURES = 350_000  # bytes, uncompressed, that the figures add to a page before any interaction
SCRIPTS = 60_000  # of them for their scripts
CHAPTER = "looking-inside-neural-networks"
OF_FIGURES = re.compile(r"/(_images|_data)/")

pytestmark = [pytest.mark.browser, pytest.mark.full_data]


@pytest.fixture(scope="module")
def visited(real_site, browser):
    """By language: the bytes of everything of the figures that a page brings at once, and all that scrolling brings."""
    found = {}
    with served(real_site) as address:
        for language in ("en", "ja"):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            loaded = []
            page.on("response", lambda response, loaded=loaded: loaded.append(response))
            page.goto(f"{address}/{language}/{CHAPTER}.html", wait_until="networkidle")
            at_once = {
                **_markup((real_site / language / f"{CHAPTER}.html").read_bytes()),
                "styles of figures": len(STYLE_SHEET.read_bytes()) + len(bundle.style().encode()),
                "scripts of figures": len(bundle.script().encode()),
                **{response.url: len(response.body()) for response in loaded if OF_FIGURES.search(response.url)},
            }
            started(page)
            page.wait_for_load_state("networkidle")
            found[language] = at_once, [response.url for response in loaded if OF_FIGURES.search(response.url)]
            page.close()
    return found


def _markup(page):
    """The bytes of each figure's markup on a page, with its data and words."""
    tree = markup.fromstring(page)
    outermost = "//*[starts-with(name(), 'nnb-') or @data-figure][not(ancestor::*[starts-with(name(), 'nnb-')])]"
    figures = enumerate(tree.xpath(outermost))
    return {
        f"markup {at} {one.tag} {one.get('data-figure', '')}": len(markup.tostring(one, encoding="utf-8"))
        for at, one in figures
    }


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_figures_of_the_chapter_are_within_their_budget(visited, language):
    sizes, _ = visited[language]
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert sum(sizes.values()) <= FIGURES, f"{sum(sizes.values())} bytes; the largest: {largest}"


def test_the_scripts_of_the_figures_are_within_their_budget():
    assert len(bundle.script().encode()) <= SCRIPTS, bundle.MINIFIED.name


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_picture_and_no_data_is_loaded_twice(visited, language):
    _, loaded = visited[language]
    assert len(loaded) == len(set(loaded)) > 20
