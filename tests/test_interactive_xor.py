"""XOR: no single neuron does it, the network at the start does, and maps and counts are what NumPy finds."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, spoken
from playwright.sync_api import expect

from nnbook import figures

POINTS, WANTED = np.array([(0, 0), (0, 1), (1, 0), (1, 1)]), np.array([0, 1, 1, 0])
GRID = np.stack(np.meshgrid(*[np.linspace(-0.33, 1.33, 12)] * 2), axis=-1).reshape(-1, 2)
# For each map whether places (N, 2) are in the region where the neuron says 1.
SHADED = """places => [...document.querySelectorAll('.nnb-live .nnb-xor-map')].map(map => {
    const svg = map.querySelector('svg'), region = map.querySelector('.nnb-region');
    return places.map(([x, y]) => {
        const point = svg.createSVGPoint();
        point.x = 22 + 60 * x;
        point.y = 104 - 22 - 60 * y;
        return region.isPointInFill(point);
    });
})"""


@pytest.fixture(scope="module")
def figure():
    return figures.xor()


def sums(neurons, places):
    """The sums of the single neuron, the hidden ones and the output, (4, N)."""
    neurons = np.asarray(neurons)
    first = places @ neurons[:3, :2].T + neurons[:3, 2]
    hidden = first[:, 1:] > 1e-9
    return np.vstack([first.T, hidden @ neurons[3, :2] + neurons[3, 2]])


def test_three_of_four_is_the_best_and_the_network_solves_it(figure):
    facts = figure.facts
    assert (facts["best_single"], facts["single"], facts["solved"]) == (3, 3, 4)
    outputs = sums([[0, 0, 0], *facts["solution"]], POINTS)[3] > 0
    assert outputs.tolist() == WANTED.tolist()
    random = np.random.default_rng(3)  # also off the sliders' steps no neuron finds the fourth
    rows = random.normal(size=(20_000, 3))
    right = ((rows[:, :2] @ POINTS.T + rows[:, 2:] > 0) == WANTED).sum(axis=1)
    assert right.max() == 3


def test_without_scripts_both_attempts_are_shown(figure):
    said = spoken(elements(figure))
    for part in (
        "3 of 4 right",
        "4 of 4 right",
        "one neuron: says 1 at (0, 1), (1, 0), (1, 1)",
        "+1.0 h₁ −1.0 h₂ −0.5",
    ):
        assert part in said
    assert latin_words(figure, "ja") == set()


@pytest.mark.browser
def test_the_maps_show_what_the_neurons_say(browser, figure, tmp_path):
    random = np.random.default_rng(5)
    with pages.opened(browser, figure, tmp_path) as page:
        for turn in range(20):
            view, maps = (("one", [0]), ("two", [1, 2, 3]))[turn % 2]
            neurons = random.integers(-20, 21, (4, 3)) / 10
            numbers = ",".join(
                f"{key}{at}={value}" for at, row in enumerate(neurons) for key, value in zip("pqb", row, strict=True)
            )
            page.evaluate("address => { location.hash = address; }", f"xor:view={view},{numbers}")
            right = [int(((sums(neurons, POINTS)[number] > 1e-9) == WANTED).sum()) for number in (0, 3)]
            expect(page.locator(".nnb-live b:text('of 4')")).to_have_text([f"{count} of 4 right" for count in right])
            crosses = [path.get_attribute("d").count("M") for path in page.locator(".nnb-live .nnb-crosses").all()]
            assert crosses == [4 - right[0], 0, 0, 4 - right[1]]
            shown, expected = np.array(page.evaluate(SHADED, GRID.tolist())), sums(neurons, GRID)
            far = np.abs(expected[:3]).min(axis=0) > 0.02  # from the edges, which are drawn to a fraction of a pixel
            assert far.sum() > 50
            assert (shown == (expected > 1e-9))[maps][:, far].all()


@pytest.mark.browser
def test_keys_and_address(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        assert page.get_by_role("slider").count() == 3
        page.get_by_role("radio", name="network 2-2-1").check(force=True)
        assert page.get_by_role("slider").count() == 9
        page.get_by_role("slider", name="output neuron: v₂").focus()
        for _ in range(6):
            page.keyboard.press("ArrowRight")
        assert page.url.endswith("#xor:view=two,q3=-0.4")
        expect(page.locator("nnb-xor [role=status]")).to_have_text(
            "3 of 4 right"
        )  # now the output fires at (1, 1), too
        page.goto(page.url.split("#")[0] + "#xor:view=none,p0=NaN,q0=99,b0=")
        expect(page.locator(".nnb-live .nnb-xor-unit:visible")).to_have_count(1)
        expect(page.locator(".nnb-live b:text('of 4'):visible")).to_have_text("3 of 4 right")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    def network(page):
        page.locator(".nnb-live input[type=radio]").nth(1).check(force=True)

    pages.holds_up(browser, figure, tmp_path, network)
