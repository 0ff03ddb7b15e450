"""The line of a neuron: it is where the sum is zero, also when dragged, and the counts are NumPy's."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, spoken
from playwright.sync_api import expect

from nnbook import figures

# Two places on the drawn line, as the reader sees them, on the points' scale.
ON_THE_LINE = """([low, high]) => {
    const svg = document.querySelector('.nnb-live svg');
    const matrix = svg.querySelector('.nnb-line').getScreenCTM();
    const size = svg.getBoundingClientRect(), unit = size.width / 336;
    return [-50, 50].map(x => new DOMPoint(x, 0).matrixTransform(matrix)).map(({x, y}) => [
        low + (high - low) * ((x - size.left) / unit - 32) / 300,
        high - (high - low) * ((y - size.top) / unit - 4) / 300,
    ]);
}"""


@pytest.fixture(scope="module")
def points():
    random = np.random.default_rng(1)
    some = [random.normal(centre, 0.13, (60, 2)) for centre in ((0.3, 0.6), (0.62, 0.42))]
    return np.clip(np.concatenate(some), 0, 1).round(4), np.repeat([0, 1], 60)


@pytest.fixture(scope="module")
def figure(points):
    return figures.boundary(*points, [1.2, -0.8], -0.3, ("cat", "dog"))


def wrong(points, w1, w2, b):
    places, labels = points
    return int(((places @ [w1, w2] + b > 0) != labels).sum())


def scale(points):
    places, margin = points[0], 0.04 * np.ptp(points[0])
    return places.min() - margin, places.max() + margin


def test_right_and_wrong_are_counted(figure, points):
    facts = figure.facts
    assert facts["wrong"] == wrong(points, 1.2, -0.8, -0.3)
    assert facts["right"] + facts["wrong"] == facts["total"] == 120
    said = spoken(elements(figure))
    assert f"{facts['right']} of 120 right, {facts['wrong']} wrong" in said
    assert "−0.30 +1.20 x₁ −0.80 x₂ > 0: read as dog" in said
    assert latin_words(figure, "ja") == set()


def test_large_weights_get_longer_sliders(points):
    facts = figures.boundary(*points, [31, -12], -9, ("cat", "dog"), features=("above", "kit.parameters")).facts
    assert facts["weights"] == [31, -12]
    assert facts["wrong"] == wrong(points, 31, -12, -9)


def test_points_of_three_columns_are_refused():
    with pytest.raises(ValueError, match=r"are \(N, 2\), two numbers for each; got points of shape \(4, 3\); pass two"):
        figures.boundary(np.zeros((4, 3)), [0, 1, 0, 1], [1, 1], 0, ("cat", "dog"))


@pytest.mark.browser
def test_the_line_is_where_the_sum_is_zero(browser, figure, points, tmp_path):
    random = np.random.default_rng(2)
    with pages.opened(browser, figure, tmp_path) as page:
        for w1, w2, b in [*(random.integers(-100, 101, (25, 3)) / 50), (0, 1, -0.5), (-1, 0, 0.5)]:
            page.evaluate("address => { location.hash = address; }", f"boundary:w1={w1},w2={w2},b={b}")
            count = wrong(points, w1, w2, b)
            expect(page.locator(".nnb-live b").last).to_have_text(f"{120 - count} of 120 right, {count} wrong")
            assert page.locator(".nnb-live .nnb-rings").first.get_attribute("d").count("M") == count
            if abs(b + (w1 + w2) / 2) < 0.5 * np.hypot(w1, w2):  # in sight
                for place in page.evaluate(ON_THE_LINE, scale(points)):
                    assert b + np.dot(place, [w1, w2]) == pytest.approx(0, abs=0.01)
        page.evaluate("location.hash = 'boundary:w1=0,w2=0,b=-1'")  # no line: all on one side
        expect(page.locator(".nnb-live b").last).to_have_text("60 of 120 right, 60 wrong")


@pytest.mark.browser
def test_the_line_is_dragged_and_turned(browser, figure, points, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        low, high = scale(points)
        for handle, shift in ((0, (40, 30)), (1, (-60, -10))):
            box = page.locator(".nnb-live .nnb-handle").nth(handle).bounding_box()
            at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            page.mouse.move(*at)
            page.mouse.down()
            page.mouse.move(at[0] + shift[0], at[1] + shift[1], steps=4)
            page.mouse.up()
            drawing = page.locator(".nnb-live svg").first.bounding_box()
            unit = drawing["width"] / 336
            x, y = at[0] + shift[0] - drawing["x"], at[1] + shift[1] - drawing["y"]
            place = low + (high - low) * (x / unit - 32) / 300, high - (high - low) * (y / unit - 4) / 300
            w1, w2, b = (float(page.get_by_role("slider", name=name).input_value()) for name in ("w₁", "w₂", "bias"))
            assert (b + np.dot(place, [w1, w2])) / np.hypot(w1, w2) == pytest.approx(0, abs=0.02)
            assert np.hypot(w1, w2) == pytest.approx(np.hypot(1.2, 0.8), abs=0.04)
            assert f"b={b:g}" in page.url
        assert (w1, w2) != (1.2, -0.8)
        page.go_back()
        page.go_back()
        expect(page.locator(".nnb-live b").last).to_have_text(
            f"{120 - wrong(points, 1.2, -0.8, -0.3)} of 120 right, {wrong(points, 1.2, -0.8, -0.3)} wrong"
        )


@pytest.mark.browser
def test_keys_move_the_line_and_it_is_said(browser, figure, points, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        page.get_by_role("slider", name="bias b").focus()
        page.keyboard.press("ArrowLeft")
        assert page.url.endswith("#boundary:b=-0.32")
        count = wrong(points, 1.2, -0.8, -0.32)
        expect(page.locator("nnb-boundary [role=status]")).to_have_text(f"{120 - count} of 120 right, {count} wrong")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path)
