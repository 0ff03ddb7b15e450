"""What the figures of the real chapter weigh before anybody touches them, and that nothing of them is loaded twice."""

import re

import pytest
from interactive_tools import started
from rcssmin import cssmin
from serving import served

from nnbook.figures.kit import bundle

FIGURES = 350_000  # bytes, uncompressed, that the figures add to a page before any interaction
SCRIPTS = 60_000  # of them for their scripts
CHAPTER = "looking-inside-neural-networks"
OF_FIGURES = re.compile(r"/(_images|_data)/|/_static/(kit|[a-z]+-[a-z-]+)\.(css|js)$")

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
                **_markup(browser, f"{address}/{language}/{CHAPTER}.html"),
                "their part of the page's script": len(bundle.files()[bundle.AT_ONCE].encode()),
                "styles of figures": len(cssmin(bundle.static_style()).encode()),
                **{response.url: len(response.body()) for response in loaded if OF_FIGURES.search(response.url)},
            }
            started(page)
            page.wait_for_load_state("networkidle")
            found[language] = at_once, [response.url for response in loaded if OF_FIGURES.search(response.url)]
            page.close()
    return found


UNREADABLE = ("%E0%A4%A", "model=%E0%A4%A", "%,=,,%%")
ABSURD = (
    "model=__proto__,image=constructor,class=toString,layer=NaN,neuron=-1,step=1e999,at=-1,pixel=1e9,network=0.5",
    "row=99999,column=-5,neuron=1e9,scale=none,actual=%00,predicted=,view=%5B,with=,image=-1,class=99,at=7,pixel=0.5",
    "row=0.5,column=NaN,pixel=-7,class=-1,network=1e9,layer=0.5,step=",
)


@pytest.mark.parametrize("name", [CHAPTER, "index"])
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
                page.wait_for_timeout(50)
            assert kind.all_inner_texts() == at_rest, page.url
        for number, key in enumerate(keys):  # and as a page is opened
            page.goto(f"{address}/en/{name}.html?{number}#{key}:{UNREADABLE[number % len(UNREADABLE)]}")
            started(page)
        page.close()
    assert problems == []


def _markup(browser, address):
    """The bytes of each figure's markup on a page as it comes, with its data and words."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    figures = page.locator(".nnb-interactive, .nnb:not(.nnb-interactive .nnb)")
    found = figures.evaluate_all("all => all.map(one => [one.localName, one.className, one.outerHTML])")
    context.close()
    return {f"markup {at} {tag} {kind}": len(text.encode()) for at, (tag, kind, text) in enumerate(found)}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_figures_of_the_chapter_are_within_their_budget(visited, language):
    sizes, _ = visited[language]
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert sum(sizes.values()) <= FIGURES, f"{sum(sizes.values())} bytes; the largest: {largest}"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_picture_and_no_data_is_loaded_twice(visited, language):
    _, loaded = visited[language]
    assert len(loaded) == len(set(loaded)) > 20


def test_the_site_has_every_rule_of_the_figures(real_site):
    """Scripts put the names of classes together, so a rule may look unused and is not."""
    ours = re.compile(r"\.(nnb-[\w-]+)")
    names = [name for name in bundle.files() if name.endswith(".css")]
    sheets = [*real_site.glob("_static/*.css"), *(real_site / "en" / "_static" / name for name in names)]
    sheet = "".join(path.read_text(encoding="utf-8") for path in sheets)
    assert set(ours.findall(bundle.static_style() + bundle.style())) <= set(ours.findall(sheet))
