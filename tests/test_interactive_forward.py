"""Forward: every number on the page is NumPy's, whatever is given, and a step shows what is known by then."""

import re

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words
from playwright.sync_api import expect

from nnbook import figures

WEIGHTS = [np.array([[1, -2, 1], [-1, 1, 2]]), np.array([[2, -1]])]
BIASES = [np.array([0, -1]), np.array([0.5])]
INPUTS = (1, 0.5, 0)
FUNCTIONS = {"sigmoid": lambda x: 1 / (1 + np.exp(-x)), "relu": lambda x: np.maximum(x, 0), "tanh": np.tanh}
ALL = """settings => settings.map(values => {
    const root = document.querySelector('.nnb-live');
    for (const field of root.querySelectorAll('input[data-given]')) {
        field.value = values[field.dataset.given];
        field.dispatchEvent(new Event('input'));
    }
    return [...root.querySelectorAll('[data-known]')].map(e => [Number(e.dataset.known), e.textContent]);
})"""


@pytest.fixture(scope="module")
def figure():
    return figures.forward(WEIGHTS, BIASES, INPUTS)


def by_numpy(given, function):
    """All that is known of a 3-2-1 network, in order: inputs, and of each neuron its products, sum and activation."""
    x, (first, second) = np.array(given[:3]), (np.array(given[3:11]).reshape(2, 4), np.array(given[11:])[None])
    known = list(x)
    for layer in (first, second):
        products = layer[:, :-1] * x
        sums = layer[:, :-1] @ x + layer[:, -1]
        x = function(sums)
        for row in np.column_stack([products, sums, x]):
            known += row.tolist()
    return known


def equals(shown, known):
    """Whether all of `shown`, number and text, is what is `known`, to the digits that are written."""
    assert {at for at, _ in shown} == set(range(len(known)))
    for at, written in shown:
        digits = len(written.partition(".")[2])
        assert digits == (2 if at < 3 else 3)
        assert float(written.replace("−", "-")) == pytest.approx(known[at], abs=0.5001 * 10**-digits)


@pytest.mark.parametrize("activation", FUNCTIONS)
def test_the_picture_at_rest_holds_every_number(activation):
    figure = figures.forward(WEIGHTS, BIASES, INPUTS, activation)
    given = [*INPUTS, 1, -2, 1, 0, -1, 1, 2, -1, 2, -1, 0.5]
    known = by_numpy(given, FUNCTIONS[activation])
    places = [place for place in elements(figure).iter() if place.get("data-known")]
    equals([(int(place.get("data-known")), place.text) for place in places], known)
    first, second = figure.facts["layers"]
    assert (first["sums"], first["activations"]) == (
        pytest.approx(known[6:12:5]),
        pytest.approx(known[7:13:5], abs=1e-6),
    )
    assert (second["sums"], second["activations"]) == (
        pytest.approx(known[-2:-1], abs=1e-6),
        pytest.approx(known[-1:], abs=1e-6),
    )
    assert figure.facts["parameters"] == 11
    fields = {int(place.get("data-given")): place.text for place in elements(figure).iter() if place.get("data-given")}
    assert [float(fields[at].replace("−", "-")) for at in range(14)] == given


def test_words_are_of_the_language_and_signs_of_the_weights(figure):
    assert latin_words(figure, "ja") == set()
    wires = find(elements(figure), "path")
    weights = [1, -2, 1, -1, 1, 2, 2, -1]
    assert ["minus" in wire.get("class") for wire in wires] == [weight < 0 for weight in weights]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": (1, 2)}, "of inputs there are 3 of them here; got inputs of shape .*; pass"),
        ({"activation": "swish"}, "one of step, sigmoid, relu, tanh; got 'swish'; choose"),
        ({"weights": WEIGHTS[::-1]}, r"are \(2, 1\).*; got weights\[1\] of shape"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        figures.forward(**{"weights": WEIGHTS, "biases": BIASES, "inputs": INPUTS} | change)


@pytest.mark.browser
@pytest.mark.parametrize("activation", FUNCTIONS)
def test_the_page_calculates_what_numpy_does(browser, activation, tmp_path):
    settings = np.random.default_rng(7).uniform(-3, 3, (100, 14)).round(2).tolist()
    with pages.opened(browser, figures.forward(WEIGHTS, BIASES, INPUTS, activation), tmp_path) as page:
        for given, shown in zip(settings, page.evaluate(ALL, settings), strict=True):
            equals(shown, by_numpy(given, FUNCTIONS[activation]))


@pytest.mark.browser
def test_each_step_shows_what_is_known_by_then(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, fragment="forward:step=3") as page:
        back, forwards = page.locator(".nnb-live button").all()
        reading, seen = page.locator(".nnb-live .nnb-reading"), page.locator(".nnb-live td [data-known]:visible")
        expect(reading).to_have_text(re.compile(r"^Step 3 of 14\. h1: x3 0\.00 × 1 = 0\.000$"))
        expect(seen).to_have_count(3)
        forwards.click()
        expect(reading).to_have_text("Step 4 of 14. h1: sum = 0.000")
        forwards.click()
        expect(reading).to_have_text("Step 5 of 14. h1: sigmoid of the sum = 0.500")
        assert page.url.endswith("#forward:step=5")
        back.click()
        page.locator(".nnb-live [type=range]").focus()
        page.keyboard.press("End")
        expect(seen).to_have_count(14)
        assert "#" not in page.url
        forwards.click()
        expect(reading).to_have_text("Step 0 of 14.")
        expect(seen).to_have_count(0)
        back.click()
        expect(reading).to_have_text("Step 0 of 14.")


@pytest.mark.browser
def test_what_is_given_can_be_changed_and_is_kept_in_the_address(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        field, answer = page.get_by_label("weight of h1 for y1"), page.locator(".nnb-live text.nnb-value").last
        field.fill("-1.5")
        page.keyboard.press("Enter")
        expected = FUNCTIONS["sigmoid"](-1.5 * 0.5 - FUNCTIONS["sigmoid"](-1.5) + 0.5)
        expect(answer).to_have_text(f"{expected:.3f}")
        assert page.url.endswith("#forward:given=1_0.5_0_1_-2_1_0_-1_1_2_-1_-1.5_-1_0.5")
        assert page.locator(".nnb-live path").nth(6).get_attribute("class") == "nnb-forward-minus"
        for wrong in ("", "1000"):  # the last number that can be used stays
            field.fill(wrong)
            page.keyboard.press("Tab")
            expect(field).to_have_value("-1.5")
            expect(answer).to_have_text(f"{expected:.3f}")
        page.go_back()
        expect(field).to_have_value("2")
        rest = f"{figure.facts['layers'][1]['activations'][0]:.3f}"
        for wrong in ("given=1_2", "given=x", "step=99", "step=", "step=-1", "step=1e999,given=%"):
            page.evaluate("address => { location.hash = address; }", f"#forward:{wrong}")
            page.wait_for_timeout(30)
            expect(answer).to_have_text(rest)
            expect(page.locator(".nnb-live .nnb-reading")).to_contain_text("Step 14 of 14")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, lambda page: page.locator(".nnb-live button").last.click())
