"""Polynomials: they are the best of their degree, the errors are those of NumPy, and the slider shows each."""

import json

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, spoken, words
from numpy.polynomial import Polynomial
from playwright.sync_api import expect

from nnbook import figures

DRAWN = """() => document.querySelector('.nnb-live .nnb-degree-fit').getAttribute('d')"""


@pytest.fixture(scope="module")
def figure():
    return figures.degree()


def points(draw, kind):
    return np.array(draw["points"][kind]).T


def draws(figure):
    return json.loads(figure._data)["draws"]


def test_the_errors_are_those_of_the_best_polynomials(figure):
    """Another basis and another solver, as far as they are stable."""
    for draw in draws(figure):
        (x, y), (other_x, other_y) = points(draw, "train"), points(draw, "validation")
        assert (len(x), len(other_x)) == (12, 60)
        for degree in range(9):
            best = Polynomial.fit(x, y, degree)
            fit = draw["fits"][degree]
            assert fit["train"] == pytest.approx(((best(x) - y) ** 2).mean(), abs=1e-8)
            assert fit["validation"] == pytest.approx(((best(other_x) - other_y) ** 2).mean(), abs=1e-6)
        train = [fit["train"] for fit in draw["fits"]]
        assert (np.diff(train) <= 0).all()
        assert train[11:] == [0] * 5


def test_facts_pick_the_best_and_the_worst(figure):
    facts = figure.facts
    validation = {int(key): fit["validation"] for key, fit in facts["degrees"].items()}
    assert list(validation) == list(range(16))
    assert facts["best"]["validation"] == min(validation.values()) == validation[facts["best"]["degree"]]
    assert facts["worst"]["validation"] == max(validation.values()) == validation[facts["worst"]["degree"]]
    assert [facts[key]["degree"] for key in ("constant", "line", "shown", "exact", "last")] == [0, 1, 9, 11, 15]
    assert facts["best"]["degree"] == facts["best_degrees"][0]


def test_the_picture_at_rest_tells_its_numbers(figure):
    facts = figure.facts["shown"]
    said = words(find(elements(figure), "p", "nnb-sum")[0])
    assert said.startswith(
        f"Degree 9: training error {facts['train']:.3f}, validation error {facts['validation']:.3f}."
    )
    assert "The curve leaves the picture: it reaches from −" in said
    assert f"lowest at degree {figure.facts['best']['degree']}" in spoken(elements(figure))
    assert "leaves" not in spoken(elements(figures.degree(start=3)))
    assert latin_words(figure, "ja") == set()


@pytest.mark.parametrize(
    ("options", "message"),
    [({"start": 16}, "goes from 0 to 15; got 16; choose"), ({"seeds": []}, "at least once; got no seeds; pass one")],
)
def test_what_does_not_fit_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        figures.degree(**options)


@pytest.mark.browser
def test_every_degree_of_every_draw_is_drawn_as_numpy_has_it(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        frame = page.locator(".nnb-live .nnb-frame").get_attribute("d")
        left, top, right, bottom = (float(n) for n in frame.replace("M", "").replace("H", " ").replace("V", " ")
                                    .replace("z", "").split()[:4])  # fmt: skip
        for number, draw in enumerate(draws(figure), 1):
            for degree in (0, 3, 11, 15):
                page.evaluate("address => { location.hash = address; }", f"degree:degree={degree},draw={number}")
                fit = draw["fits"][degree]
                said = page.locator(".nnb-live .nnb-sum")
                expect(said).to_contain_text(f"Degree {degree}: training error {fit['train']:.3f}, validation")
                assert ("leaves" in said.text_content()) == (fit["lowest"] < -2.1 or fit["highest"] > 2.1)
                drawn = np.array([place.split() for place in page.evaluate(DRAWN)[1:].split("L")], dtype=float)
                x = np.linspace(-1, 1, 289)
                heights = np.polynomial.chebyshev.chebval(x, fit["coefficients"])
                np.testing.assert_allclose(drawn[:, 0], left + (right - left) * (x + 1) / 2, atol=0.06)
                np.testing.assert_allclose(drawn[:, 1], top + (bottom - top) * (2.1 - heights) / 4.2, atol=0.06)


@pytest.mark.browser
def test_a_reader_chooses_by_slider_chart_and_button(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        slider, said = page.get_by_role("slider"), page.locator(".nnb-live .nnb-sum")
        slider.focus()
        page.keyboard.press("ArrowLeft")
        expect(said).to_contain_text("Degree 8:")
        assert page.url.endswith("#degree:degree=8")
        expect(page.locator("nnb-degree [role=status]")).to_contain_text("Degree 8:")
        chart = page.locator(".nnb-live svg.nnb-drawing").nth(1).locator(".nnb-plane-inside").bounding_box()
        page.mouse.click(chart["x"] + chart["width"] * 3.4 / 15.8, chart["y"] + 50)
        expect(said).to_contain_text("Degree 3:")
        before = page.evaluate(DRAWN)
        page.get_by_role("button", name="Other points").click()
        assert page.evaluate(DRAWN) != before
        assert page.url.endswith("#degree:degree=3,draw=2")
        page.go_back()
        page.go_back()
        expect(said).to_contain_text("Degree 8:")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path)
