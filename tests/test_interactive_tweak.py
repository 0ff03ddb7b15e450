"""Tweak: what moves behind a turned weight, and by how much, is what NumPy says; what stands beside it stands still."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words
from playwright.sync_api import expect

from nnbook import figures
from nnbook.figures.tweak import INPUTS, WEIGHTS

# Source and neuron of each weight of the first layer.
EDGES = [(at % len(INPUTS), at // len(INPUTS)) for at in range(6)]
SHOWN = """settings => settings.map(([edge, w]) => {
    const root = document.querySelector('.nnb-live-tweak');
    const [select, slider] = root.querySelectorAll('select, [type=range]');
    const change = (field, value) => {
        field.value = value;
        field.dispatchEvent(new Event(field === slider ? 'input' : 'change', {bubbles: true}));
    };
    change(select, edge);
    change(slider, w);
    return {
        nodes: [...root.querySelectorAll('[data-node]')].map(node => [...node.children].map(text => text.textContent)),
        lights: [...root.querySelectorAll('circle + circle')].map(c => [c.classList[0], Number(c.style.fillOpacity)]),
        wires: [...root.querySelectorAll('svg path')].map(p => [p.classList[0], parseFloat(p.style.strokeWidth)]),
        said: root.querySelector('[role=status]').textContent,
    };
})"""


@pytest.fixture(scope="module")
def figure():
    return figures.tweak()


def by_numpy(edge, weight):
    """The activations before and after, inputs first, and the weights after."""
    found = []
    for turned in (False, True):
        weights = [np.array(layer, dtype=float) for layer in WEIGHTS]
        if turned:
            weights[0][EDGES[edge][1], EDGES[edge][0]] = weight
        layers = [np.array(INPUTS)]
        for layer in weights:
            layers.append(1 / (1 + np.exp(-layer @ layers[-1])))
        found.append(layers)
    return *found, weights


def is_right(shown, edge, weight):
    before, after, weights = by_numpy(edge, weight)
    changes = [new - old for old, new in zip(before, after, strict=True)]
    hidden = EDGES[edge][1]
    flat = [np.concatenate(layers[1:]) for layers in (before, after, changes)]
    for number, (now, was, by) in enumerate(shown["nodes"]):
        old, new, change = (layers[number] for layers in flat)
        moves = number > 2 or number == hidden
        assert float(now) == pytest.approx(new, abs=5.1e-4)
        assert float(was) == pytest.approx(old, abs=5.1e-4)
        assert float(by.replace("−", "-")) == pytest.approx(change, abs=5.1e-4)
        assert moves == (change != 0)
        kind, light = shown["lights"][number]
        assert kind == f"nnb-tweak-{'plus' if change > 0 else 'minus' if change < 0 else 'still'}"
        assert light == pytest.approx(min(0.6, 0.1 + 1.2 * abs(change)) if moves else 0, abs=1e-4)
    carried = np.concatenate([(layer * change).ravel() for layer, change in zip(weights, changes, strict=False)])
    for number, (kind, width) in enumerate(shown["wires"]):
        if number == edge:
            assert kind == "nnb-tweak-turned"
            continue
        signs = {1: "plus", -1: "minus", 0: "still"}
        assert kind == f"nnb-tweak-{signs[int(np.sign(carried[number]))]}"
        assert width == pytest.approx(min(8, 1 + 11 * abs(carried[number])), abs=0.01)


def test_at_rest_one_weight_is_turned_and_the_facts_say_what_moves(figure):
    before, after, _ = by_numpy(0, 0.7)
    for layer, old, new in zip(figure.facts["layers"], before[1:], after[1:], strict=True):
        assert layer["before"] == pytest.approx(old, abs=1e-6)
        assert layer["after"] == pytest.approx(new, abs=1e-6)
        assert layer["changes"] == pytest.approx(new - old, abs=1e-6)
    assert (figure.facts["moved"], figure.facts["still"], figure.facts["neurons"]) == (6, 2, 8)
    assert figure.facts["outputs"] == pytest.approx(max(after[3] - before[3], key=abs), abs=1e-6)
    assert "nnb-tweak-turned" in find(elements(figure), "path")[0].get("class")
    assert latin_words(figure, "ja") == set()


@pytest.mark.browser
def test_whatever_is_turned_the_page_shows_what_numpy_calculates(browser, figure, tmp_path):
    random = np.random.default_rng(5)
    settings = [(0, 0.7), *((edge, w) for edge in range(6) for w in random.permutation(range(-40, 41))[:9] / 10)]
    settings = [(edge, float(w)) for edge, w in settings if w != WEIGHTS[0][EDGES[edge][1]][EDGES[edge][0]]]
    with pages.opened(browser, figure, tmp_path) as page:
        for (edge, weight), shown in zip(settings, page.evaluate(SHOWN, settings), strict=True):
            is_right(shown, edge, weight)
            still = ", ".join(f"h{'₁₂₃'[at]}" for at in range(3) if at != EDGES[edge][1])
            assert shown["said"].endswith(f"Of 8 neurons, 6 change; {still} do not.")


@pytest.mark.browser
def test_a_line_is_dragged_or_chosen_and_the_address_follows(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, has_touch=True) as page:
        drawing, slider = page.locator(".nnb-live-tweak svg"), page.get_by_role("slider")
        box = drawing.bounding_box()
        scale = box["width"] / 336
        x, y = box["x"] + 60 * scale, box["y"] + 212 * scale  # on the way from the second input to the third neuron
        page.mouse.move(x, y)
        page.mouse.down()
        expect(slider).to_have_value("1.5")  # turned by +2, as the first weight was
        page.mouse.move(x - 60, y + 30)
        expect(slider).to_have_value("-0.5")
        page.mouse.up()
        page.mouse.move(x, y)
        assert page.url.endswith("#tweak:edge=5,w=-0.5")
        expect(page.get_by_role("combobox")).to_have_value("5")
        page.get_by_role("button", name="Turn back").focus()
        slider.focus()
        page.keyboard.press("ArrowRight")
        assert page.url.endswith("#tweak:edge=5,w=-0.4")
        page.get_by_role("combobox").select_option("x₁ → h₂")
        expect(slider).to_have_value("-1.9")
        page.get_by_role("button", name="Turn back").click()
        expect(page.locator(".nnb-live [role=status]")).to_contain_text("Nothing is turned")
        page.go_back()
        page.go_back()
        expect(slider).to_have_value("-0.4")
        for broken in ("edge=6,w=9", "edge=-1", "edge=0.5,w=NaN", "edge=,w="):
            page.evaluate("address => { location.hash = address; }", f"#tweak:{broken}")
            expect(page.locator("nnb-tweak")).to_have_attribute("data-edge", "0")
            expect(page.locator("nnb-tweak")).to_have_attribute("data-weight", "0.7")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, lambda page: page.locator(".nnb-live select").select_option("3"))
