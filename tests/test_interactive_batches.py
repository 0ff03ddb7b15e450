"""Batches: each run of the page is NumPy's with the same order, and its curve runs over the examples seen."""

import json

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, spoken
from landscape_tools import numbers, tried
from playwright.sync_api import expect

from nnbook import figures, line

X, Y = line.points(100, np.random.default_rng(6))
ORDER = line.shuffled(100, 10, np.random.default_rng(1))
SIZES = (1, 10, 100)
READ = """
    const [, chart] = element.querySelectorAll('.nnb-live svg.nnb-drawing');
    const rows = [...element.querySelectorAll('.nnb-live tbody tr')];
    return {
        ends: JSON.parse(element.dataset.ends),
        curves: rows.map((_, at) => chart.querySelector(`.nnb-run-${at}`).getAttribute('d')),
        cells: rows.map(row => [...row.cells].map(cell => cell.textContent)),
    };
"""


@pytest.fixture(scope="module")
def figure():
    return figures.batches(X, Y)


def run(start, rate, size, shuffle=0):
    order = np.roll(ORDER, -100 * shuffle)
    return line.descent(X, Y, start, rate, 1000 // size, order.reshape(-1, size))


def start(figure):
    return figure.facts["start"]["slope"], figure.facts["start"]["intercept"]


def test_the_facts_compare_runs_of_the_same_cost(figure):
    facts, lowest = figure.facts, line.loss(X, Y, *line.least_squares(X, Y))
    assert facts["seen"] == 1000
    for size, told in zip(SIZES, facts["runs"].values(), strict=True):
        losses = line.loss(X, Y, *run(start(figure), facts["rate"], size).T)
        assert told["size"] * told["steps"] == facts["seen"]
        assert told["loss"] == pytest.approx(losses[-1], abs=1e-6)
        assert told["epoch"] == pytest.approx(losses[100 // size], abs=1e-6)
        assert told["above"] == pytest.approx(losses[-1] - lowest, abs=2e-6)
        assert told["wander"] == pytest.approx(np.mean(losses[-100 // size :]) - lowest, abs=2e-6)
    assert "the lowest possible is 0.092" in spoken(elements(figure))
    assert latin_words(figure, "ja") == set()


def test_other_numbers_of_examples_are_refused():
    with pytest.raises(ValueError, match="a multiple of 10, so that each batch is full; got 99; leave some out"):
        figures.batches(X[:99], Y[:99])


@pytest.mark.browser
def test_the_page_descends_as_numpy_does(browser, figure, tmp_path):
    random, lowest = np.random.default_rng(3), line.loss(X, Y, *line.least_squares(X, Y))
    settings = [
        {"rate": random.integers(1, 20) / 100, "seen": 10 * random.integers(0, 101), "shuffle": random.integers(0, 10)}
        for _ in range(12)
    ]
    with pages.opened(browser, figure, tmp_path) as page:
        for setting, found in zip(settings, tried(page, "batches", settings, READ), strict=True):
            for at, size in enumerate(SIZES):
                way = run(start(figure), setting["rate"], size, setting["shuffle"])
                steps = setting["seen"] // size
                assert found["ends"][at] == pytest.approx(way[steps], abs=1e-9)
                above = line.loss(X, Y, *way[: steps + 1].T) - lowest
                assert found["cells"][at][1:] == [f"{steps:,}", f"{above[-1]:.4f}"]
                across, down = numbers(found["curves"][at]).reshape(-1, 2).T
                assert across == pytest.approx(42 + 288 * size * np.arange(steps + 1) / 1000, abs=0.06)
                assert down == pytest.approx(22 + 150 * (1 - np.log10(above)) / 5, abs=0.06)


@pytest.mark.browser
def test_one_run_is_shown_alone_and_others_have_another_order(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        live = page.locator(".nnb-live")
        page.get_by_role("radio", name="10", exact=True).check(force=True)
        lengths = [len(live.locator(f"svg .nnb-run-{at}").first.get_attribute("d")) for at in range(3)]
        assert [length > 0 for length in lengths] == [False, True, False]
        assert page.url.endswith("#batches:runs=10")
        before = json.loads(page.locator("nnb-batches").get_attribute("data-ends"))
        page.get_by_role("button", name="Shuffle anew").click()
        after = json.loads(page.locator("nnb-batches").get_attribute("data-ends"))
        assert before[2] == pytest.approx(after[2])  # all examples are all examples
        assert before[0] != pytest.approx(after[0])
        page.get_by_role("slider", name="examples seen").focus()
        page.keyboard.press("Home")
        expect(page.locator("nnb-batches [role=status]")).to_contain_text("10 0 ")
        assert page.url.endswith("#batches:seen=0,runs=10,shuffle=1")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    alone = lambda page: page.get_by_role("radio").nth(1).check(force=True)  # noqa: E731
    pages.holds_up(browser, figure, tmp_path, alone)
