"""The nudge: chord and tangent are what NumPy finds at every place, for either parameter, and the signs are right."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, spoken
from landscape_tools import POINTS, drag, nudged, numbers, tried
from playwright.sync_api import expect

from nnbook import figures, line

PARAMETERS, EDGES = ("slope", "intercept"), (-0.3, -0.7)  # of the curve, 2.2 wide
READ = """
    const said = key => element.querySelector(`.nnb-live p.nnb-nudge-${key}`).textContent;
    const d = key => element.querySelector(`.nnb-live path.nnb-nudge-${key}`).getAttribute('d');
    return {
        chord: Number(element.dataset.chord), tangent: Number(element.dataset.tangent), line: d('tangent'),
        said: ['there', 'chord', 'tangent', 'downhill'].map(said),
    };
"""


@pytest.fixture(scope="module")
def figure():
    return figures.nudge(*POINTS)


def test_the_facts_are_the_slopes_of_smaller_and_smaller_chords(figure):
    facts, at = figure.facts, np.array([figure.facts[key] for key in PARAMETERS])
    assert list(facts["gradient"].values()) == pytest.approx(nudged(at), abs=1e-5)
    assert facts["tangent"] == facts["gradient"]["slope"] < 0
    gaps = [abs(chord - facts["tangent"]) for chord in facts["chords"].values()]
    assert gaps == pytest.approx(
        [10 ** (-at) * gaps[0] for at in range(4)], rel=0.01
    )  # a tenth of the width, of the gap
    other = figures.nudge(*POINTS, start=at, width=0.2, parameter="intercept").facts
    assert other["tangent"] == facts["gradient"]["intercept"]
    assert other["chord"] == pytest.approx((line.loss(*POINTS, at[0], at[1] + 0.2) - facts["loss"]) / 0.2, abs=1e-5)
    assert f"{facts['tangent']:+.3f}, the slope of the tangent".replace("-", "−") in spoken(elements(figure))
    assert latin_words(figure, "ja") == set()


def test_another_parameter_is_refused():
    with pytest.raises(ValueError, match="what is nudged is slope or intercept; got 'bias'; choose one of these"):
        figures.nudge(*POINTS, parameter="bias")


@pytest.mark.browser
def test_a_hundred_gradients_of_the_page_are_central_differences(browser, figure, tmp_path):
    random = np.random.default_rng(5)
    settings = [
        {
            "slope": random.integers(-30, 190) / 100,
            "intercept": random.integers(-70, 150) / 100,
            "width": random.integers(1, 110) / 100,
            "parameter": PARAMETERS[number % 2],
        }
        for number in range(100)
    ]
    with pages.opened(browser, figure, tmp_path) as page:
        for number, (setting, found) in enumerate(zip(settings, tried(page, "nudge", settings, READ), strict=True)):
            at, axis = np.array([setting[key] for key in PARAMETERS]), number % 2
            nudge = np.eye(2)[axis] * setting["width"]
            chord = (line.loss(*POINTS, *(at + nudge)) - line.loss(*POINTS, *at)) / setting["width"]
            tangent = nudged(at)[axis]
            assert found["tangent"] == pytest.approx(tangent, abs=1e-7)
            assert found["chord"] == pytest.approx(chord, abs=1e-9)
            for steep, said in zip((chord, tangent), found["said"][1:3], strict=True):
                assert f"{steep:+.3f}".replace("-", "−") in said or abs(steep) < 0.0006
            downhill = "falls" if tangent < 0 else "rises"
            assert f"The tangent {downhill} to the right" in found["said"][3] or abs(tangent) < 0.0006
            (x0, y0), *_, (x1, y1) = numbers(found["line"]).reshape(-1, 2)
            ends = [np.where(np.arange(2) == axis, end, at) for end in (EDGES[axis], EDGES[axis] + 2.2)]
            sides, losses = (line.loss(*POINTS, *np.transpose(places)) for places in (ends, [at, at + nudge]))
            top = 1.1 * max(sides.min(), losses.max())
            assert -(y1 - y0) / 230 * top / ((x1 - x0) / 288 * 2.2) == pytest.approx(tangent, abs=0.01)


@pytest.mark.browser
def test_the_nudge_shrinks_by_dragging_and_by_keys(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        width = page.get_by_role("slider", name="nudge")
        dots = page.locator(".nnb-live .nnb-drag")
        before = float(width.input_value())
        apart = dots.nth(1).bounding_box()["x"] - dots.nth(0).bounding_box()["x"]
        drag(page, dots.nth(1), (-apart / 2, 10))
        assert float(width.input_value()) == pytest.approx(before / 2, abs=0.02)
        width.focus()
        page.keyboard.press("Home")
        assert page.url.endswith("#nudge:width=0.01")
        element = page.locator("nnb-nudge")
        chord, tangent = (float(element.get_attribute(f"data-{key}")) for key in ("chord", "tangent"))
        assert chord == pytest.approx(tangent, abs=0.02)
        expect(page.locator("nnb-nudge [role=status]")).to_contain_text("a nudge of 0.01")
        page.get_by_role("radio", name="intercept b").check(force=True)
        assert page.url.endswith("width=0.01,parameter=intercept")
        expect(page.locator(".nnb-live svg.nnb-drawing")).to_have_attribute(
            "aria-label", pages.re.compile("as intercept b changes")
        )


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path)
