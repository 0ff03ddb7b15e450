"""The race: the script's steps are NumPy's, slopes are those of the surface, and who is shown first is first."""

import json
from types import SimpleNamespace

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, words
from playwright.sync_api import expect

from nnbook import figures, race
from nnbook.figures.kit.contours import Plane
from nnbook.figures.optimisers import MAP

RACE = """([key, start, factor]) => {
    const { courses, limit } = nnbook.data(document.querySelector('nnb-optimisers'));
    return JSON.stringify(nnbook.race(courses[key], start, factor, limit)); // infinite losses are null there
}"""
HEADS = """() => [...document.querySelectorAll('.nnb-live .nnb-head')].map(head => head.getAttribute('transform'))"""


@pytest.fixture(scope="module")
def view():
    """A bent valley that opens to the right, cut as a real loss is."""
    across, up = np.linspace(-6, 14, 31), np.linspace(-5, 5, 25)
    x, y = np.meshgrid(across, up)
    losses = 2.3 - 2.1 * np.exp(-((x / 9) ** 2) - (y / 3 - 0.4 * np.sin(x / 3)) ** 2)
    return SimpleNamespace(across=across, up=up, losses=losses, path=np.array([[9.0, 3.0], [0, 0]]))


@pytest.fixture(scope="module")
def figure(view):
    return figures.optimisers(view)


@pytest.fixture(scope="module")
def courses(view):
    return {**race.COURSES, "real": race.real_course(view)}


def test_slopes_are_those_of_the_surface(courses):
    for course in courses.values():
        points = np.random.default_rng(0).uniform(course.low, course.high, (50, 2))
        for axis, step in enumerate(np.eye(2) * 1e-6):
            ahead, behind = (course.surface.at(points + sign * step)[0] for sign in (1, -1))
            np.testing.assert_allclose((ahead - behind) / 2e-6, course.surface.at(points)[1][:, axis], atol=1e-4)


def test_a_grid_is_interpolated_through_its_points(view, courses):
    points = np.stack(np.meshgrid(view.across, view.up), axis=-1)
    np.testing.assert_allclose(courses["real"].surface.at(points)[0], view.losses, atol=6e-5)
    x, y = points[::5, ::5, 0] + 0.3, points[::5, ::5, 1] - 0.1  # between them a plane stays a plane
    plane = race.Grid(view.across, view.up, 0.5 * points[..., 0] - 2 * points[..., 1])
    np.testing.assert_allclose(plane.at(np.stack([x, y], axis=-1)[1:, :-1])[0], (0.5 * x - 2 * y)[1:, :-1], atol=1e-4)


def test_the_ravine_has_its_curvature_and_its_floor():
    turned = race.COURSES["turned"].surface
    floor = np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    assert turned.at(floor)[0] == pytest.approx(0.5, abs=1e-4)
    assert turned.at(np.array([-floor[1], floor[0]]))[0] == pytest.approx(50, abs=1e-4)
    saddle = race.COURSES["saddle"].surface
    for lowest in ((0, 1), (0, -1)):
        loss, slopes = saddle.at(np.array(lowest, dtype=float))
        assert (loss, *slopes) == (0, 0, 0)
    assert saddle.at(np.zeros(2))[1].tolist() == [0, 0]


def test_facts_say_who_arrives(figure, courses):
    for key, course in courses.items():
        facts = figure.facts[key]
        steps = {}
        for runner in race.RUNNERS:
            losses = course.losses(race.run(runner, course, facts["start"], facts[runner]["rate"]))
            steps[runner] = facts[runner]["steps"]
            assert (losses[steps[runner] :] <= facts["goal"]).all()
            assert losses[steps[runner] - 1] > facts["goal"]
        assert facts["steps"] == steps[facts["first"]] == min(steps.values())
        assert facts["arrived"] == 5


def test_who_knows_no_parameters_does_not_notice_that_the_ravine_was_turned(figure):
    ravine, turned = figure.facts["ravine"], figure.facts["turned"]
    for runner in ("sgd", "momentum", "nesterov"):
        assert ravine[runner]["steps"] == turned[runner]["steps"]
    for runner in ("rmsprop", "adam"):
        assert ravine[runner]["steps"] < turned[runner]["steps"]


def test_who_runs_out_of_what_is_known_stops_there(courses):
    course = courses["real"]
    path = race.run("sgd", course, course.start, 300.0)
    assert np.isinf(course.losses(path)[-1])
    assert (path[np.isinf(course.losses(path)).argmax() :] == path[-1]).all()


def test_the_picture_at_rest_shows_the_first_arrival(figure):
    facts = figure.facts["ravine"]
    tree = elements(figure)
    said = [words(paragraph) for paragraph in find(tree, "p", "nnb-sum")]
    assert said[0].startswith(f"First to arrive: Nesterov, after {facts['steps']} steps.")
    reached = [words(result) for result in find(tree, "span", "nnb-result")]
    assert reached == [f"✓ {facts[runner]['steps']} steps" for runner in race.RUNNERS]
    assert [words(rule)[:5] for rule in find(tree, "span", "nnb-rule")] == ["w ← w", "v ← 0", "v ← 0", "s ← 0", "m ← 0"]
    assert latin_words(figure, "ja") <= pages.LATIN
    assert "real" not in figures.optimisers().facts


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"losses": np.zeros((3, 31))}, r"a loss for each place, \(25, 31\); got losses of shape \(3, 31\); pass"),
        ({"losses": np.full((25, 31), np.nan)}, "losses are finite numbers; got nan"),
        (
            {"across": np.linspace(0, 1, 31) ** 2},
            "grow evenly; got across of 31 numbers that begin with steps of .*; pass",
        ),
        ({"up": np.arange(3.0)}, "are four or more and grow evenly; got up of 3 numbers"),
    ],
)
def test_a_slice_that_is_no_grid_is_refused(view, change, message):
    with pytest.raises(ValueError, match=message):
        figures.optimisers(SimpleNamespace(**(vars(view) | change)))


def test_a_surface_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="on one of ravine, turned, saddle; got 'real'; choose one"):
        figures.optimisers(surface="real")


@pytest.mark.browser
def test_the_steps_of_the_script_are_those_of_numpy(browser, figure, courses, tmp_path):
    """All five on all surfaces, from several starts and at several rates; and it is them that are drawn."""
    random = np.random.default_rng(1)
    with pages.opened(
        browser, figure, tmp_path, fragment="optimisers:surface=turned,x=-1,y=0.2,rates=1.5,step=7"
    ) as page:
        turned = courses["turned"]
        plane = Plane(*MAP, *zip(turned.low, turned.high, strict=True))
        for runner, head in zip(race.RUNNERS, page.evaluate(HEADS), strict=True):
            x, y = race.run(runner, turned, (-1, 0.2), 1.5 * race.best_rates(turned)[runner], 7)[-1]
            assert head == f"translate({plane.across(x):.1f} {plane.down(y):.1f})"
        for key, course in courses.items():
            for factor in (1, 0.55, 1.45):
                start = course.start if factor == 1 else random.uniform(course.low, course.high).tolist()
                shown = json.loads(page.evaluate(RACE, [key, start, factor]))
                for runner, rate in race.best_rates(course).items():
                    path = race.run(runner, course, start, factor * rate, steps=100)
                    np.testing.assert_allclose(shown[runner]["path"][:101], path, rtol=1e-6, atol=1e-6)
                    losses = np.array([np.inf if loss is None else loss for loss in shown[runner]["losses"]])
                    np.testing.assert_allclose(losses[:101], course.losses(path), rtol=1e-5, atol=1e-6)
                    assert shown[runner]["arrived"] == race.arrivals(losses, course.goal)
                    assert shown[runner]["away"] == (np.isinf(losses).argmax() if np.isinf(losses).any() else -1)


@pytest.mark.browser
def test_it_rests_where_it_rested_without_scripts(browser, figure, tmp_path):
    rest = elements(figure)
    with pages.opened(browser, figure, tmp_path) as page:
        drawn = page.locator(".nnb-live .nnb-way").evaluate_all("ways => ways.map(way => way.getAttribute('d'))")
        for way, path in zip(find(rest, "path", "nnb-way"), drawn, strict=True):
            numbers = [np.array([float(n) for n in text.replace("M", "").replace("L", " ").split()]) for text in
                       (path, way.get("d"))]  # fmt: skip
            np.testing.assert_allclose(*numbers, atol=0.11)
        texts = page.locator(".nnb-live .nnb-sum").text_content()
        assert words(find(rest, "p", "nnb-sum")[0]) == texts
        heads = page.locator(".nnb-live .nnb-head").evaluate_all("all => all.map(one => one.getAttribute('transform'))")
        assert heads == [head.get("transform") for head in find(rest, "g", "nnb-head")]


@pytest.mark.browser
def test_a_reader_plays_steps_chooses_and_switches_off(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        said, steps = page.locator(".nnb-live .nnb-sum b"), page.get_by_role("slider", name="steps")
        page.get_by_role("button", name="Step").click()
        expect(said).to_have_text("After 1 step nobody has arrived.")
        page.get_by_role("button", name="Play").click()
        expect(steps).not_to_have_value("1")
        page.get_by_role("button", name="Pause").click()
        assert page.url.endswith(f",step={steps.input_value()}") or page.url.endswith(f":step={steps.input_value()}")
        steps.fill("300")
        expect(page.locator(".nnb-live .nnb-result").nth(4)).to_have_text(
            f"✓ {figure.facts['ravine']['adam']['steps']} steps"
        )
        page.get_by_role("checkbox").nth(2).uncheck()  # Nesterov
        assert page.locator(".nnb-live .nnb-way").nth(2).is_hidden()
        second = min(("sgd", "momentum", "rmsprop", "adam"), key=lambda key: figure.facts["ravine"][key]["steps"])
        name = {"momentum": "Momentum", "adam": "Adam"}[second]
        expect(said).to_have_text(f"First to arrive: {name}, after {figure.facts['ravine'][second]['steps']} steps.")
        page.get_by_role("combobox").select_option("saddle")
        expect(said).to_contain_text("First to arrive: ")
        assert "surface=saddle" in page.url
        assert "off=nesterov" in page.url
        page.go_back()
        expect(page.get_by_role("combobox")).to_have_value("ravine")


@pytest.mark.browser
def test_nothing_runs_that_nobody_sees_or_wants(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        page.get_by_role("button", name="Play").click()
        page.get_by_role("button", name="Pause").wait_for()
        page.evaluate("document.body.style.paddingTop = '3000px'")
        page.get_by_role("button", name="Play").wait_for()
    with pages.opened(browser, figure, tmp_path, reduced_motion="reduce") as page:
        page.get_by_role("button", name="To the end").click()
        assert page.url.endswith("#optimisers:step=300")


@pytest.mark.browser
def test_the_start_is_where_the_reader_clicks_drags_or_goes_by_keys(browser, figure, tmp_path):
    low, high = race.COURSES["ravine"].low, race.COURSES["ravine"].high
    with pages.opened(browser, figure, tmp_path) as page:
        x, y = (page.get_by_role("slider", name=name) for name in ("start, across", "start, up"))
        box = page.locator(".nnb-live .nnb-frame").first.bounding_box()
        page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.25 * box["height"])
        assert float(x.input_value()) == pytest.approx((low[0] + high[0]) / 2, abs=0.02)
        assert float(y.input_value()) == pytest.approx(low[1] + 0.75 * (high[1] - low[1]), abs=0.02)
        ring = page.locator(".nnb-live .nnb-drag").bounding_box()
        page.mouse.move(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.5 * box["height"], steps=3)
        page.mouse.up()
        assert float(x.input_value()) == pytest.approx(low[0] + 0.75 * (high[0] - low[0]), abs=0.02)
        assert f"x={float(x.input_value()):g}" in page.url
        chart = page.locator(".nnb-live .nnb-frame").last.bounding_box()
        page.mouse.click(chart["x"] + 0.4 * chart["width"], chart["y"] + 20)
        assert int(page.get_by_role("slider", name="steps").input_value()) == pytest.approx(60, abs=1)
        before = page.locator(".nnb-live .nnb-way").first.get_attribute("d")
        y.focus()
        page.keyboard.press("ArrowUp")
        assert f"y={float(y.input_value()):g}" in page.url
        assert page.locator(".nnb-live .nnb-way").first.get_attribute("d") != before


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    def further(page):
        page.evaluate("location.hash = 'optimisers:surface=real,step=300,rates=3'")

    pages.holds_up(browser, figure, tmp_path, further)
