"""The line and its map: squares are squared errors, both views show one line, and dragging either moves the other."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, spoken
from landscape_tools import POINTS, drag, numbers, tried
from playwright.sync_api import expect

from nnbook import figures, line

READ = """
    const part = (key) => element.querySelector(`.nnb-live .nnb-${key}`);
    const d = (key) => part(key).getAttribute('d');
    const map = element.querySelectorAll('.nnb-live svg.nnb-drawing')[1];
    return {
        over: d('over'), under: d('under'), fit: d('fit'), loss: Number(element.dataset.loss),
        mean: Number(part('mean').getAttribute('width')),
        here: ['cx', 'cy'].map(name => Number(map.querySelector('.nnb-drag').getAttribute(name))),
    };
"""


@pytest.fixture(scope="module")
def figure():
    return figures.line(*POINTS, start=(0.2, 1.3))


def areas(paths):
    """Of all squares of path data, each drawn from its corner."""
    return sorted(numbers(square)[2] ** 2 for path in paths for square in path.split("M")[1:])


def test_facts_and_the_static_picture_are_those_of_numpy(figure):
    x, y = POINTS
    facts, errors = figure.facts, 0.2 * x + 1.3 - y
    assert facts["loss"] == pytest.approx(np.mean(errors**2), abs=1e-6)
    assert facts["best"]["loss"] == pytest.approx(line.loss(x, y, *np.polyfit(x, y, 1)), abs=1e-6)
    assert facts["above"] == pytest.approx(facts["loss"] - facts["best"]["loss"], abs=2e-6)
    assert facts["largest"]["square"] == pytest.approx((errors**2).max(), abs=1e-6)
    paths = [find(elements(figure), "path", f"nnb-{kind}")[0].get("d") for kind in ("over", "under")]
    assert [path.count("M") for path in paths] == [(errors > 0).sum(), (errors <= 0).sum()]
    scale = 288 / (1.5 * max(np.ptp(x), np.ptp(y)))
    assert areas(paths) == pytest.approx(sorted((scale * errors) ** 2), abs=25, rel=0.02)
    assert f"Loss {facts['loss']:.3f}, the mean of 12 squares" in spoken(elements(figure))
    assert latin_words(figure, "ja") == set()


def test_every_line_of_the_map_has_one_loss(figure):
    """The path data of an ellipse names both of its ends along the valley; two more places lie on its short axis."""
    low, side = numbers(find(elements(figure), "rect", "nnb-ground")[0].get("x")), 288
    best, facts = np.polyfit(*POINTS, 1), figure.facts["best"]
    for path in find(elements(figure), "path", "nnb-lower")[:8]:
        x0, y0, _, narrow, turned, _, _, x1, y1 = numbers(path.get("d"))[:9]
        middle, away = (
            np.array([x0 + x1, y0 + y1]) / 2,
            narrow * np.array([-np.sin(np.radians(turned)), np.cos(np.radians(turned))]),
        )
        losses = []
        for at in ((x0, y0), (x1, y1), middle + away, middle - away):
            place = best + (np.array(at) - middle) * [1, -1] * 3 / side
            losses.append(line.loss(*POINTS, *place) - facts["loss"])
        assert losses == pytest.approx([losses[0]] * 4, rel=0.03)
    assert low == 42


def test_a_line_that_the_map_does_not_hold_is_refused():
    with pytest.raises(ValueError, match=r"where its slider can go, -0\.7 to 2\.3; got slope 5; choose another"):
        figures.line(*POINTS, start=(5, 0))


@pytest.mark.browser
def test_the_page_squares_the_errors_as_numpy_does(browser, figure, tmp_path):
    random, (x, y) = np.random.default_rng(2), POINTS
    places = np.stack([random.integers(-70, 231, 60), random.integers(-110, 191, 60)], axis=1) / 100
    scale, map_scale = 288 / (1.5 * max(np.ptp(x), np.ptp(y))), 288 / 3
    with pages.opened(browser, figure, tmp_path) as page:
        settings = [{"slope": slope, "intercept": intercept} for slope, intercept in places]
        for (slope, intercept), drawn in zip(places, tried(page, "line", settings, READ), strict=True):
            errors = slope * x + intercept - y
            assert drawn["loss"] == pytest.approx(line.loss(x, y, slope, intercept))
            assert areas([drawn["over"]]) == pytest.approx(sorted((scale * errors[errors > 0]) ** 2))
            assert areas([drawn["under"]]) == pytest.approx(sorted((scale * errors[errors <= 0]) ** 2))
            assert drawn["mean"] ** 2 == pytest.approx(scale**2 * drawn["loss"])
            assert drawn["here"] == pytest.approx([42 + map_scale * (slope + 0.7), 6 + map_scale * (1.9 - intercept)])
            x0, y0, x1, y1 = numbers(drawn["fit"])
            assert -(y1 - y0) / (x1 - x0) == pytest.approx(slope, abs=0.002)


@pytest.mark.browser
def test_dragging_either_moves_the_other(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        slope, intercept = (page.get_by_role("slider", name=name) for name in ("slope w", "intercept b"))
        drawings = page.locator(".nnb-live svg.nnb-drawing")
        x, y = drag(page, drawings.nth(1).locator(".nnb-drag"), (40, 30))
        box = drawings.nth(1).bounding_box()
        unit = box["width"] / 336
        wanted = -0.7 + ((x - box["x"]) / unit - 42) / 96, 1.9 - ((y - box["y"]) / unit - 6) / 96
        assert [float(each.input_value()) for each in (slope, intercept)] == pytest.approx(wanted, abs=0.006)
        assert f"slope={slope.input_value()}" in page.url
        handles, before = drawings.first.locator(".nnb-drag"), float(slope.input_value())
        left = handles.nth(0).bounding_box()
        x, y = drag(page, handles.nth(1), (-20, 50))
        assert float(slope.input_value()) < before - 0.1
        assert handles.nth(0).bounding_box() == pytest.approx(left, abs=1)  # the other end stays
        right = handles.nth(1).bounding_box()
        assert [right["x"] + right["width"] / 2, right["y"] + right["height"] / 2] == pytest.approx([x, y], abs=1)
        steep, height = slope.input_value(), float(intercept.input_value())
        box = drawings.first.bounding_box()
        page.mouse.move(box["x"] + 150 * unit, handles.nth(0).bounding_box()["y"])
        drag(page, drawings.first.locator(".nnb-grip"), (0, 25))
        assert slope.input_value() == steep
        assert float(intercept.input_value()) < height
        for _ in range(3):
            page.go_back()
        expect(page.locator("nnb-line .nnb-live")).to_contain_text("Loss 0.316, the mean of 12 squares")


@pytest.mark.browser
def test_the_best_line_is_shown_on_demand_and_found_by_keys(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, fragment="line:slope=0.76,intercept=0.38") as page:
        page.get_by_role("slider", name="intercept b").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("nnb-line [role=status]")).to_contain_text("No line has a lower one.")
        assert page.locator(".nnb-live .nnb-best").get_attribute("d") == ""
        page.get_by_role("button", name="best line").click()
        assert page.url.endswith("intercept=0.39,best=1")
        expect(page.get_by_role("button", name="best line")).to_have_attribute("aria-pressed", "true")
        best, fit = (numbers(page.locator(f".nnb-live .nnb-{key}").get_attribute("d")) for key in ("best", "fit"))
        assert best == pytest.approx(fit, abs=1)


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    shown = lambda page: page.locator(".nnb-live button").click()  # noqa: E731
    pages.holds_up(browser, figure, tmp_path, shown)
