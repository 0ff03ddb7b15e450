"""What is far from the reader is laid out when they come near; the reader must never notice."""

import pytest
from interactive_tools import served
from waiting import wait_until, wait_until_holds

CHAPTER = "looking-inside-neural-networks"
SKIPPED = "article section[id] section[id] > :is(p, figure)"
# Which piece of the text stands nearest to the reader's eye, and where.
PLACE = """() => {
    const pieces = [...document.querySelectorAll('article section[id] > :is(p, h2, h3, figure)')];
    const tops = pieces.map((piece) => piece.getClientRects().length ? piece.getBoundingClientRect().top : -1e6);
    const at = tops.findLastIndex((top) => top <= 300);
    return [at, Math.round(tops[at])];
}"""
MOVED = "() => seen.map(([one, top]) => Math.round(one.getBoundingClientRect().top - top))"

pytestmark = [pytest.mark.browser, pytest.mark.full_data]


@pytest.fixture(scope="module")
def chapter(real_site):
    with served(real_site) as address:
        yield f"{address}/en/{CHAPTER}.html"


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def page(browser, request):
    page = browser.new_page(viewport={"width": request.param, "height": 844})
    yield page
    page.close()


def _settled(page, found):
    """What `found` gives once it has given the same for a while."""
    before, same = found(), 0
    while same < 4:
        page.wait_for_timeout(100)
        now = found()
        before, same = now, same + 1 if now == before else 0
    return before


def _comes_and_stays(page, found, fits):
    """Whether what `found` gives comes to fit, however slow the machine, and still does when all is quiet."""
    wait_until_holds(page, lambda: fits(found()))
    return fits(_settled(page, found))


def test_most_of_a_chapter_waits_until_the_reader_comes(page, chapter):
    page.goto(chapter)
    count = "all => all.filter(one => one.firstElementChild?.checkVisibility({contentVisibilityAuto: true})).length"
    figures = page.locator("article section[id] section[id] > figure")
    assert figures.evaluate_all(count) < figures.count() / 3


@pytest.mark.parametrize("name", ["fig-flow", "exercises"])
def test_an_address_leads_to_its_place_and_stays_there(page, chapter, name):
    page.goto(f"{chapter}#{name}")
    top = "name => { const it = document.getElementById(name); return Math.round(it.getBoundingClientRect().top); }"
    assert _comes_and_stays(page, lambda: page.evaluate(top, name), lambda top: 0 <= top <= 100)


@pytest.mark.parametrize("name", ["fig-hidden-mnist", "limits"])
def test_a_page_that_is_loaded_again_shows_what_it_showed(page, chapter, name):
    page.goto(f"{chapter}#{name}")
    _settled(page, lambda: page.evaluate(PLACE))
    page.mouse.wheel(0, 1100)
    before = _settled(page, lambda: page.evaluate(PLACE))
    page.reload()

    def same(place):
        return place[0] == before[0] and place[1] == pytest.approx(before[1], abs=3)

    assert _comes_and_stays(page, lambda: page.evaluate(PLACE), same)


def test_walking_up_through_what_was_far_never_jumps(page, chapter):
    page.goto(f"{chapter}#exercises")
    _settled(page, lambda: page.evaluate(PLACE))
    for _ in range(6):
        page.evaluate(
            """() => { window.seen = [...document.querySelectorAll('article section[id] > p')]
                .filter((one) => one.getBoundingClientRect().top > 0 && one.getBoundingClientRect().top < innerHeight)
                .map((one) => [one, one.getBoundingClientRect().top]); }"""
        )
        page.mouse.wheel(0, -300)
        assert _comes_and_stays(page, lambda: page.evaluate(MOVED), lambda moved: set(moved) <= {299, 300, 301})


def test_on_paper_nothing_is_left_out(page, chapter):
    page.goto(chapter)
    page.emulate_media(media="print")
    assert set(
        page.locator(SKIPPED).evaluate_all("all => all.map(one => getComputedStyle(one).contentVisibility)")
    ) == {"visible"}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_nothing_on_the_way_through_is_wider_than_the_narrowest_phone(browser, chapter, language, scripts):
    page = browser.new_page(viewport={"width": 320, "height": 1400}, java_script_enabled=scripts)
    page.goto(chapter.replace("/en/", f"/{language}/"))
    top, widths, cut = 0, set(), set()
    too_wide = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    while top < page.evaluate("document.documentElement.scrollHeight"):
        page.evaluate("top => scrollTo({top, behavior: 'instant'})", top)
        page.wait_for_timeout(50)
        wait_until(page, "document.fonts.status === 'loaded'")  # in another font, a formula has another width
        widths.add(page.evaluate("document.documentElement.scrollWidth"))
        cut.update(page.locator("article div.math").evaluate_all(too_wide))
        top += 1200
    page.close()
    assert top > 10_000
    assert widths == {320}
    assert cut == set(), "a formula that has to be scrolled"


def test_a_wide_formula_or_code_can_be_scrolled_with_the_keyboard_once_it_is_there(browser, chapter):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(chapter)
    wide = page.locator("article .cell_input pre").filter(visible=True)
    widths = "one => one.scrollWidth > one.clientWidth + 1"
    box = next(box for box in wide.all() if box.evaluate(widths))
    box.scroll_into_view_if_needed()
    box.and_(page.locator("[tabindex='0']")).wait_for()
    page.close()
