"""Softmax: the page's shares are NumPy's, whatever the reader moves, and moving all scores alike moves no share."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, words
from playwright.sync_api import expect

from nnbook import evaluation, figures

SCORES = (2.31, -4.02, 5.6, 1.2, -3.3, 0.4, -1.1, 3.9, 4.8, 0.0)
KEYS = tuple("0123456789")
SHOWN = """() => [...document.querySelectorAll('.nnb-live tbody tr')].map(row =>
    [2, 3, 4].map(at => Number(row.cells[at].textContent.replace('−', '-').replace(/[,%]/g, ''))))"""
SET = """scores => [...document.querySelectorAll('.nnb-live input')].forEach((slider, at) => {
    slider.value = scores[at]; slider.dispatchEvent(new Event('input')); })"""


@pytest.fixture(scope="module")
def figure():
    return figures.softmax(SCORES, KEYS)


def matches(shown, scores):
    numbers, powers, shares = np.array(shown).T
    wanted = np.exp(scores)
    np.testing.assert_allclose(numbers, scores, atol=0.00501)
    assert (np.abs(powers - wanted) <= np.where(wanted < 100, 0.00501, 0.501)).all()
    np.testing.assert_allclose(shares, 100 * evaluation.softmax(np.array([scores]))[0], atol=0.0501)


def test_the_picture_at_rest_holds_the_numbers(figure):
    rows = find(elements(figure), "tbody")[0].findall("tr")
    shown = [[float(words(cell).replace("−", "-").rstrip("%")) for cell in row[2:]] for row in rows]
    matches(shown, SCORES)
    assert [np.sign(depth_of(row)) for row in rows] == np.sign(SCORES).tolist()
    assert figure.facts["winner"] == "2"
    assert figure.facts["shares"] == pytest.approx(evaluation.softmax(np.array([SCORES]))[0], abs=1e-6)
    assert figure.facts["sum"] == pytest.approx(sum(figure.facts["powers"]), abs=1e-4)
    assert latin_words(figure, "ja") == set()


def depth_of(row):
    return float(row.get("style").split(";")[0].removeprefix("--s:"))


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="every class has one key; got 2 class_keys for 3 classes; pass 3"):
        figures.softmax([1, 2, 3], ("a", "b"))


@pytest.mark.browser
def test_the_page_calculates_what_numpy_does(browser, figure, tmp_path):
    rng = np.random.default_rng(3)
    with pages.opened(browser, figure, tmp_path) as page:
        matches(page.evaluate(SHOWN), SCORES)
        for scores in rng.uniform(-8, 8, (20, 10)).round(1):
            page.evaluate(SET, scores.tolist())
            matches(page.evaluate(SHOWN), scores)
            total = page.locator(".nnb-live tfoot td").nth(2).inner_text().replace(",", "")
            assert float(total) == pytest.approx(np.exp(scores).sum(), abs=0.51)


@pytest.mark.browser
def test_adding_one_to_all_changes_no_share(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        plus, minus, reset = (page.locator(".nnb-live button").nth(at) for at in range(3))
        before = page.evaluate(SHOWN)
        expect(reset).to_be_disabled()
        while plus.is_enabled():
            plus.click()
        after = page.evaluate(SHOWN)
        assert [row[2] for row in after] == [row[2] for row in before]
        assert min(now[0] - then[0] for now, then in zip(after, before, strict=True)) >= 1
        expect(page.locator(".nnb-live .nnb-reading")).to_contain_text("2.72 times")
        minus.click()
        expect(plus).to_be_enabled()
        reset.click()
        assert page.evaluate(SHOWN) == before
        assert "#" not in page.url


@pytest.mark.browser
def test_a_score_is_moved_by_keys_and_kept_in_the_address(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        slider = page.locator(".nnb-live input").nth(7)
        slider.focus()
        for key in ("PageUp", "PageUp", "ArrowRight"):
            page.keyboard.press(key)
        assert slider.get_attribute("aria-valuetext").startswith("score +6.00, share ")
        expect(page.locator(".nnb-live .nnb-reading")).to_contain_text("Largest share: 7,")
        assert page.url.endswith("#softmax:scores=2.31_-4.02_5.6_1.2_-3.3_0.4_-1.1_6_4.8_0")
        page.go_back()
        assert page.evaluate(SHOWN)[7][0] == 5.9
        for wrong in ("1_2", "x", "1_2_3_4_5_6_7_8_9_99", ""):
            page.evaluate("address => { location.hash = address; }", f"#softmax:scores={wrong}")
            page.wait_for_timeout(30)
            assert page.evaluate(SHOWN)[7][0] == 3.9


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path)
