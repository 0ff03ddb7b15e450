"""Gradient descent in the page is NumPy's; the map shows all of it, and the rate is told from the limit."""

import json

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, spoken
from landscape_tools import POINTS, drag, nudged, numbers, tried
from playwright.sync_api import expect

from nnbook import figures, line

READ = """
    const d = key => element.querySelector(`.nnb-live svg.nnb-drawing .nnb-${key}`).getAttribute('d');
    return {
        way: JSON.parse(element.dataset.way), gradient: element.dataset.gradient.split(',').map(Number),
        text: element.querySelector('.nnb-live').textContent, trail: d('trail'), lowest: d('lowest'),
    };
"""


def within(places):
    """Whether the map, 288 units wide and high, holds all places."""
    return bool((places >= [42, 6]).all() and (places <= [330, 294]).all())


@pytest.fixture(scope="module")
def figure():
    return figures.descent(*POINTS)


def test_the_facts_follow_the_way(figure):
    facts = figure.facts
    start = facts["start"]["slope"], facts["start"]["intercept"]
    way = line.descent(*POINTS, start, facts["rate"], 20)
    assert [facts["end"]["slope"], facts["end"]["intercept"]] == pytest.approx(way[-1], abs=1e-6)
    assert [facts["first"]["slope"], facts["first"]["intercept"]] == pytest.approx(way[1], abs=1e-6)
    assert list(facts["gradient"].values()) == pytest.approx(nudged(np.array(start)), abs=1e-5)
    assert facts["limit"] == pytest.approx(2 / facts["curvatures"]["largest"], abs=1e-5)
    assert facts["arriving"]["loss"] < facts["overshooting"]["loss"] < facts["creeping"]["loss"]
    assert facts["beyond"]["loss"] > facts["start"]["loss"]
    assert f"After 20 steps: w = {way[-1][0]:.2f}" in spoken(elements(figure))
    assert latin_words(figure, "ja") == set()


def test_a_way_that_bursts_is_drawn_whole_at_rest():
    burst = elements(figures.descent(*POINTS, rate=0.5, interactive=False))
    trail = next(numbers(path.get("d")) for path in burst.iter("path") if path.get("class") == "nnb-trail")
    assert within(trail.reshape(-1, 2))
    assert "above the limit" in spoken(burst)


@pytest.mark.browser
def test_a_hundred_descents_of_the_page_are_those_of_numpy(browser, figure, tmp_path):
    random, limit = np.random.default_rng(7), line.rate_limit(POINTS[0])
    settings = [
        {
            "slope": random.integers(-70, 230) / 100,
            "intercept": random.integers(-110, 190) / 100,
            "rate": random.integers(1, 60) / 100,
            "steps": int(random.choice([0, 1, 5, 20, 60, 200])),
        }
        for _ in range(100)
    ]
    best = np.polyfit(*POINTS, 1)
    with pages.opened(browser, figure, tmp_path) as page:
        for setting, found in zip(settings, tried(page, "descent", settings, READ), strict=True):
            way = line.descent(*POINTS, (setting["slope"], setting["intercept"]), setting["rate"], setting["steps"])
            np.testing.assert_allclose(np.array(found["way"], float), way, rtol=1e-9, atol=1e-9)
            by = 1e-5 * max(1, np.abs(way[-1]).max())
            assert found["gradient"] == pytest.approx(nudged(way[-1], by=by), rel=1e-5, abs=1e-6)
            share = setting["rate"] / limit
            assert ("above the limit" in found["text"]) == (share > 1)
            assert ("without overshooting" in found["text"]) == (0.1 <= share < 0.5)
            drawn, middle = numbers(found["trail"]).reshape(-1, 2), np.add(numbers(found["lowest"])[:2], (7, 0))
            far = np.unravel_index(np.abs(way - best).argmax(), way.shape)
            zoom = 2.0 ** np.round(np.log2(96 * np.abs((way - best) / (drawn - middle))[far]))
            assert drawn == pytest.approx(middle + (way - best) * [96, -96] / zoom, abs=0.11)
            assert within(drawn)
            assert zoom == 1 or not within(middle + (way - best) * [192, -192] / zoom)
            assert ("which now shows" in found["text"]) == (zoom > 1)


@pytest.mark.browser
def test_steps_go_downhill_and_are_written_out(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, fragment="descent:steps=0,rate=0.1") as page:
        start = np.array([figure.facts["start"][key] for key in ("slope", "intercept")])
        gradient = nudged(start)
        live = page.locator("nnb-descent .nnb-live")
        written = f"w = {start[0]:.3f} − 0.10 × ({gradient[0]:+.3f}) = {start[0] - 0.1 * gradient[0]:.3f}"
        expect(live).to_contain_text(written.replace("-", "−"))
        expect(page.get_by_role("button", name="To the start")).to_be_disabled()
        page.get_by_role("button", name="One step").click()
        way = json.loads(page.locator("nnb-descent").get_attribute("data-way"))
        assert way[1] == pytest.approx(start - 0.1 * gradient)
        expect(page.locator("nnb-descent [role=status]")).to_contain_text("After 1 step:")
        track, mark = (
            page.locator(f".nnb-live {of}").bounding_box() for of in ("input >> nth=0", ".nnb-descent-limit")
        )
        share = (line.rate_limit(POINTS[0]) - 0.01) / (0.6 - 0.01)  # of the way of the thumb, which is 16 px wide
        assert mark["x"] + mark["width"] / 2 == pytest.approx(track["x"] + 8 + share * (track["width"] - 16), abs=1)
        page.get_by_role("slider", name="rate").focus()
        page.keyboard.press("End")
        expect(live).to_contain_text("above the limit, 2 / 4.36 = 0.46")
        page.get_by_role("button", name="Play").click()
        expect(live).to_contain_text("which now shows", timeout=10_000)
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.browser
def test_a_start_is_chosen_on_the_map(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        slope, intercept = (page.get_by_role("slider", name=name) for name in ("slope w", "intercept b"))
        box = page.locator(".nnb-live svg.nnb-drawing").first.bounding_box()
        unit = box["width"] / 336
        page.mouse.click(box["x"] + (42 + 240) * unit, box["y"] + (6 + 24) * unit)
        assert [float(slope.input_value()), float(intercept.input_value())] == pytest.approx([1.8, 1.65], abs=0.02)
        drag(page, page.locator(".nnb-live .nnb-drag"), (-96 * unit, 48 * unit))
        assert [float(slope.input_value()), float(intercept.input_value())] == pytest.approx([0.8, 1.15], abs=0.03)
        assert f"slope={slope.input_value()}" in page.url
        way = json.loads(page.locator("nnb-descent").get_attribute("data-way"))
        assert way[0] == [float(slope.input_value()), float(intercept.input_value())]


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    def burst(page):
        page.get_by_role("slider").first.press("End")
        for _ in range(3):
            page.locator(".nnb-live button").first.click()

    pages.holds_up(browser, figure, tmp_path, burst)
    with pages.opened(browser, figure, tmp_path, fragment="descent:rate=0.6,steps=200") as page:
        assert page.evaluate(pages.WIDE) == 0
        assert page.evaluate(pages.CUT_OFF) == []
        expect(page.locator("nnb-descent .nnb-live")).to_contain_text(" × 10")
