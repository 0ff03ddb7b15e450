"""What every page of the book weighs before anybody touches it, and that nothing of its figures is loaded twice."""

import re
from pathlib import Path

import pytest
from interactive_tools import started
from serving import served

from nnbook.figures.kit import bundle
from nnbook.site.book import read_plan

PAGE = 500_000  # bytes, uncompressed, of all that a page loads before any interaction
SCRIPTS = 60_000  # of them for scripts, those in the page's own markup included
BOOK = read_plan(Path(__file__).parents[1])
PAGES = [(language, page) for page in BOOK.pages for language in BOOK.languages]
OF_FIGURES = re.compile(r"/(_images|_data)/|/_static/(kit|[a-z]+-[a-z-]+)\.(css|js)$")
INLINE = re.compile(r"<script(?![^>]*\b(?:src|type=.?application))[^>]*>(.*?)</script>", re.DOTALL)

pytestmark = [pytest.mark.browser, pytest.mark.full_data]


@pytest.fixture(scope="module", params=PAGES, ids="/".join)
def visited(real_site, browser, request):
    """What a page loads at once, as kind and body by address, and the addresses of all that it ever loads."""
    language, name = request.param
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    responses = []
    page.on("response", lambda response: responses.append(response))
    with served(real_site) as address:
        page.goto(f"{address}/{language}/{name}.html", wait_until="networkidle")
        at_once = {found.url: (found.request.resource_type, found.body()) for found in responses}
        started(page)
        page.wait_for_load_state("networkidle")
    page.close()
    return at_once, [found.url for found in responses]


def test_a_page_is_within_its_budget(visited):
    sizes = {url: len(body) for url, (_, body) in visited[0].items()}
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert sum(sizes.values()) <= PAGE, f"{sum(sizes.values())} bytes; the largest: {largest}"
    scripts = {url: len(body) for url, (kind, body) in visited[0].items() if kind == "script"}
    documents = [body.decode() for kind, body in visited[0].values() if kind == "document"]
    inline = sum(len(text.encode()) for document in documents for text in INLINE.findall(document))
    assert inline + sum(scripts.values()) <= SCRIPTS, f"{inline} bytes in the page, and {scripts}"


def test_no_picture_and_no_data_is_loaded_twice(visited):
    loaded = [url for url in visited[1] if OF_FIGURES.search(url)]
    assert len(loaded) == len(set(loaded))


def test_the_site_has_every_rule_of_the_figures(real_site):
    """Scripts put the names of classes together, so a rule may look unused and is not."""
    ours = re.compile(r"\.(nnb-[\w-]+)")
    names = [name for name in bundle.files() if name.endswith(".css")]
    sheets = [*real_site.glob("_static/*.css"), *(real_site / "en" / "_static" / name for name in names)]
    sheet = "".join(path.read_text(encoding="utf-8") for path in sheets)
    assert set(ours.findall(bundle.static_style() + bundle.style())) <= set(ours.findall(sheet))
