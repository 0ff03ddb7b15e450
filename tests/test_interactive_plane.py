"""The plane: maps, lines and counts are those of NumPy, at rest and after steps, also for the reader's own points."""

import re
from importlib import import_module

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, spoken
from playwright.sync_api import expect
from threadpoolctl import threadpool_limits
from waiting import wait_until

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.page_training import Run, Settings

room = import_module("nnbook.figures.plane")
PIXELS = """(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"""


@pytest.fixture(scope="module")
def figure():
    return figures.plane()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def trained(places, labels, settings, steps):
    run = Run(places, np.asarray(labels), settings, 2)
    with threadpool_limits(1, user_api="blas"):
        for _ in range(steps):
            run.step()
        return run, *run.judged(places, np.asarray(labels))


def summary(page):
    return page.locator(".nnb-live .nnb-plane-parts .nnb-sum").first


def test_what_can_be_told_apart_is_told(figure):
    facts = figure.facts
    _, loss, right = trained(room.points("moons"), room.LABELS, room.START, facts["steps"])
    assert (facts["loss"], facts["right"]) == (pytest.approx(loss, abs=1e-6), right)
    assert facts["right"] == facts["points"] == 120 > facts["early"]["right"]
    assert facts["straight"]["circles"] < 80  # no straight line parts a ring from what is inside of it
    assert facts["spirals"]["four"] < facts["spirals"]["eight"]
    assert f"120 of 120 points right, loss {loss:.3f}" in spoken(elements(figure.static))
    assert latin_words(figure, "ja") <= {"tanh"}


@pytest.mark.browser
def test_at_rest_the_page_has_come_to_the_same_maps(browser, figure, tmp_path):
    run, _, _ = trained(room.points("moons"), room.LABELS, room.START, figure.facts["steps"])
    with pages.opened(browser, figure, tmp_path) as page:
        expect(summary(page)).to_have_text(spoken(find(elements(figure.static), "p", "nnb-sum")[0]).strip())
        canvases = page.locator(".nnb-live .nnb-stage canvas").all()
        for canvas, values in zip(canvases, room._maps(run), strict=True):
            drawn = np.array(canvas.evaluate(PIXELS), np.uint8).reshape(room.CELLS, room.CELLS, 4)
            assert pages.same_colours(drawn, raster.diverging(values, 1, "light"))
        for kind in ("nnb-kind-0", "nnb-kind-1", "nnb-run"):
            theirs = find(elements(figure.static), "path", kind)[-1].get("d")
            ours = page.locator(f".nnb-live path.{kind}").last.get_attribute("d")
            assert ours.count("M") == theirs.count("M")
        lines = find(elements(figure.static), "g", "nnb-plane-edges")[0]
        signs = [path.get_attribute("class") for path in page.locator(".nnb-live .nnb-plane-edges path").all()]
        assert signs == [path.get("class") for path in lines]


@pytest.mark.browser
def test_layers_are_chosen_and_learn_as_in_numpy(browser, figure, tmp_path):
    fragment = "plane:data=spirals,first=8,second=5,activation=relu,rate=0.03,momentum=0.9,seed=3"
    with pages.opened(browser, figure, tmp_path, fragment=fragment) as page:
        assert page.locator(".nnb-live .nnb-stage canvas").count() == 8 + 5 + 1
        assert page.locator(".nnb-live .nnb-plane-edges path").count() == 2 * 8 + 8 * 5 + 5
        for _ in range(7):
            button(page, "One step").click()
        settings = Settings((8, 5), "relu", rate=0.03, batch=20, momentum=0.9, seed=3)
        _, loss, right = trained(room.points("spirals"), room.LABELS, settings, 7)
        expect(summary(page)).to_have_text(f"1 epochs: {right} of 120 points right, loss {loss:.3f}")
        page.get_by_role("radio", name="fast").check(force=True)
        button(page, "Run").click()
        expect(summary(page)).to_contain_text("1,000 epochs", timeout=30_000)
        page.get_by_role("combobox", name="first layer").select_option("0")
        assert page.locator(".nnb-live .nnb-stage canvas").count() == 1
        assert "first=0" in page.url
        page.go_back()
        expect(page.locator(".nnb-live .nnb-stage canvas")).to_have_count(14)


@pytest.mark.browser
def test_own_points_are_set_by_hand_and_by_keys(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        page.get_by_role("combobox", name="points").select_option("own")
        expect(summary(page)).to_have_text("Set points of both classes, then run.")
        assert button(page, "Run").is_disabled()
        large = page.get_by_role("application")
        box = large.bounding_box()
        for x, y in ((0.25, 0.25), (0.75, 0.8)):
            page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.get_by_role("radio", name="orange squares").check(force=True)
        large.focus()
        for key in ("Shift+ArrowRight", "ArrowUp", "Enter", "Shift+ArrowDown", "Enter", "Backspace"):
            page.keyboard.press(key)
        expect(page.locator("nnb-plane [role=status]")).to_contain_text("of 3 points right")
        for kind, marks in ((0, 2), (1, 1)):
            assert page.locator(f".nnb-live path.nnb-kind-{kind}").last.get_attribute("d").count("M") == marks
        page.reload()
        wait_until(page, "() => document.querySelectorAll('.nnb-live .nnb-stage canvas').length === 5")
        for _ in range(3):
            button(page, "One step").click()
        places = np.array([_placed(point) for point in re.findall("0....|1....", page.url.split("points=")[1])])
        np.testing.assert_allclose(places, [[-0.6, 0.6], [0.6, -0.72], [0.25, 0.05]], atol=0.011)
        _, loss, right = trained(places, [0, 0, 1], room.START, 3)
        expect(summary(page)).to_have_text(f"3 epochs: {right} of 3 points right, loss {loss:.3f}")
        button(page, "Clear").click()
        assert page.url.endswith("#plane:data=own")


def _placed(point):
    """Where a point of the address lies: its class, and two digits to the base 36 for each number."""
    return [round(room.EDGE * (2 * int(digits, 36) / 1295 - 1), 2) for digits in (point[1:3], point[3:])]


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    def own(page):
        page.locator(".nnb-live select").first.select_option("own")
        page.locator(".nnb-live select").nth(2).select_option("8")
        page.locator(".nnb-live [role=application]").focus()
        for key in ("Enter", "ArrowLeft", "Enter"):
            page.keyboard.press(key)

    pages.holds_up(browser, figure, tmp_path, own)
