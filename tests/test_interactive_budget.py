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


UNREADABLE = ("%E0%A4%A", "model=%E0%A4%A", "%,=,,%%")
ABSURD = (
    "model=__proto__,image=constructor,class=toString,layer=NaN,neuron=-1,step=1e999,at=-1,pixel=1e9,network=0.5",
    "row=99999,column=-5,neuron=1e9,scale=none,actual=%00,predicted=,view=%5B,with=,image=-1,class=99,at=7,pixel=0.5",
    "row=0.5,column=NaN,pixel=-7,class=-1,network=1e9,layer=0.5,step=",
)


@pytest.mark.parametrize("name", BOOK.pages)
def test_an_address_that_says_nothing_leaves_each_figure_at_rest(real_site, browser, name):
    """Links are cut off and mangled on their way; whatever comes, no script fails."""
    problems = []
    with served(real_site) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.goto(f"{address}/en/{name}.html")
        started(page)
        figures = page.locator(".nnb-interactive")
        keys = sorted(set(figures.evaluate_all("all => all.map(one => one.dataset.nnbName)")) - {None, ""})
        for key in keys:
            kind = page.locator(f'.nnb-interactive[data-nnb-name="{key}"]')
            at_rest = kind.all_inner_texts()
            for broken in (*ABSURD, *UNREADABLE):
                page.evaluate("address => { location.hash = address; }", f"#{key}:{broken}")
                page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert kind.all_inner_texts() == at_rest, page.url
        for number, key in enumerate(keys):  # and as a page is opened
            page.goto(f"{address}/en/{name}.html?{number}#{key}:{UNREADABLE[number % len(UNREADABLE)]}")
            started(page)
        page.close()
    assert problems == []


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


def test_a_page_has_every_rule_of_its_figures(real_site):
    """Scripts put the names of classes together, so a rule may look unused and is not."""
    ours, named = re.compile(r"\.(nnb-[\w-]+)"), re.compile(r"\bnnb-[\w-]+")
    names = ["page.css", *(name for name in bundle.files() if name.endswith(".css"))]
    shared = "".join((real_site / "en" / "_static" / name).read_text(encoding="utf-8") for name in names)
    rules = set(ours.findall(bundle.static_style() + bundle.style()))
    for path in (real_site / "en").glob("*.html"):
        head, _, body = path.read_text(encoding="utf-8").partition("<body")
        assert rules & set(named.findall(body)) <= set(ours.findall(shared + head)), path.name
