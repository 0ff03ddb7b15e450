"""Hinges: the sum is the line through its bends, one neuron more is never worse, and the slider shows every fit."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words
from playwright.sync_api import expect

from nnbook import figures
from nnbook.hinges import fit

X = np.linspace(0, 1, 201)
Y = np.sin(3 * np.pi * X) * (1 - X / 2) + 0.6 * X


@pytest.fixture(scope="module")
def figure():
    return figures.hinges(X, Y)


def test_more_hinges_come_closer_and_are_lines_through_points_of_the_curve(figure):
    fits = fit(X, Y, range(1, 41))
    gaps = [np.abs(found(X) - Y).max() for found in fits]
    assert (np.diff(gaps) <= 0).all()
    assert gaps[-1] < gaps[0] / 100
    assert list(figure.facts["gaps"].values()) == pytest.approx(gaps, abs=1e-6)
    for count, found in enumerate(fits, 1):
        assert len(found.knots) == len(found.weights) <= count
        ends = [*found.knots, 1]
        np.testing.assert_allclose(found(X), np.interp(X, ends, np.interp(ends, X, Y)), atol=1e-9)


def test_no_choice_of_points_is_better():
    """All ways of two bends, tried."""
    x, y = X[::10], Y[::10]
    ends = [[0, first, second, 1] for at, first in enumerate(x[1:-1], 1) for second in x[at + 1 : -1]]
    gaps = [np.abs(np.interp(x, points, np.interp(points, x, y)) - y).max() for points in ends]
    assert np.abs(fit(x, y, [3])[0](x) - y).max() == pytest.approx(min(gaps))


def test_as_many_hinges_as_steps_leave_no_gap():
    np.testing.assert_allclose(fit([0, 1, 4, 5], [2, 0, 7, -1], [3])[0](np.array([0, 1, 4, 5])), [2, 0, 7, -1])


@pytest.mark.parametrize(
    ("x", "y", "units", "message"),
    [
        ([0, 0, 1], [1, 2, 3], [1], "places that grow; got x of 3 numbers that do not; sort"),
        ([0, 1, 2], [1, 2], [1], "there are 3 of them here; got y of shape .*; pass"),
        ([0, 1, 2], [1, 2, 3], [3], r"1 to 2 hinges between 3 points; got \[3\]; pass others"),
        ([0, 1, 2], [1, 2, 3], [], r"1 to 2 hinges between 3 points; got \[\]; pass others"),
    ],
)
def test_what_does_not_fit_is_refused(x, y, units, message):
    with pytest.raises(ValueError, match=message):
        figures.hinges(x, y, units)


def test_the_picture_at_rest_says_its_point(figure):
    sentences = [paragraph.text for paragraph in find(elements(figure), "p", "nnb-sum")]
    assert [sentence.split()[0] for sentence in sentences] == ["1", "6", "40"]
    assert sentences[1] == f"6 hidden neurons: largest gap {figure.facts['shown']['gap']:.3f}"
    assert latin_words(figure, "ja") == set()


@pytest.mark.browser
def test_the_slider_shows_the_fit_and_the_address_keeps_it(browser, figure, tmp_path):
    fresh = figures.hinges(X, Y, [1, 12, 40], start=12, interactive=False)
    with pages.opened(browser, figure, tmp_path, fragment="hinges:units=12") as page:
        reading, slider = page.locator(".nnb-live .nnb-reading"), page.locator(".nnb-live input")
        expect(reading).to_have_text(f"12 hidden neurons: largest gap {figure.facts['gaps']['12']:.3f}")
        for part in ("sum", "gap", "up", "down", "zero"):
            kind = f"nnb-hinges-{part}"
            drawn = find(elements(fresh), "path", kind)[0].get("d")
            assert page.locator(f".nnb-live .{kind}").get_attribute("d") == drawn
        slider.focus()
        page.keyboard.press("ArrowRight")
        expect(reading).to_contain_text("13 hidden neurons")
        assert page.url.endswith("#hinges:units=13")
        page.keyboard.press("End")
        expect(reading).to_contain_text("40 hidden neurons")
        page.go_back()
        expect(reading).to_contain_text("13 hidden neurons")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path)
