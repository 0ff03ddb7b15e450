"""One neuron: bars, curve, numbers and address are those that NumPy finds, whatever the reader sets."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, spoken
from playwright.sync_api import expect

from nnbook import figures

FUNCTIONS = {
    "step": lambda x: float(x > 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: max(x, 0.0),
    "tanh": np.tanh,
}
RANGES = {"step": (0, 1), "sigmoid": (0, 1), "relu": (0, 6), "tanh": (-1, 1)}
DRAWN = """() => ({
    bars: [...document.querySelectorAll('.nnb-live rect')].map(bar => [Number(bar.getAttribute('x')),
        Number(bar.getAttribute('width')), bar.getAttribute('class')]),
    dot: ['cx', 'cy'].map(name => Number(document.querySelector('.nnb-live circle').getAttribute(name))),
    sum: Number(document.querySelector('nnb-neuron').dataset.sum),
    output: Number(document.querySelector('nnb-neuron').dataset.output),
})"""


@pytest.fixture(scope="module")
def figure():
    return figures.neuron([1, 0.5], [0.8, -1.2], 0.3)


def test_the_facts_are_the_sum_and_what_the_function_makes_of_it(figure):
    assert figure.facts["products"] == [0.8, -0.6]
    assert figure.facts["sum"] == 0.5
    assert figure.facts["output"] == pytest.approx(0.622459)
    for activation, function in FUNCTIONS.items():
        facts = figures.neuron([0.3, 0.9], [-1.5, 1.1], -0.2, activation).facts
        assert facts["output"] == pytest.approx(function(-0.45 + 0.99 - 0.2), abs=1e-6)


def test_without_scripts_every_number_is_said(figure):
    said = spoken(elements(figure))
    for part in ("0.8 × 1.0 = +0.80", "−1.2 × 0.5 = −0.60", "b = +0.30", "sum = +0.50", "output = 0.62"):
        assert part in said
    assert latin_words(figure, "ja") == set()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([2, 0], [0, 0], 0), "where its slider can go, 0 to 1; got x1 2; choose another"),
        (([0, 0], [0, 0], -3), "where its slider can go, -2 to 2; got b -3; choose another"),
        (([0, 0], [0, 0], 0, "swish"), "is one of step, sigmoid, relu, tanh; got 'swish'; choose one of these"),
        (([0, 0, 0], [0, 0], 0), r"of inputs there are 2 .*; got inputs of shape \(3,\); pass"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        figures.neuron(*arguments)


@pytest.mark.browser
def test_the_page_calculates_and_draws_what_numpy_does(browser, figure, tmp_path):
    random = np.random.default_rng(4)
    with pages.opened(browser, figure, tmp_path) as page:
        for number in range(40):
            activation = list(FUNCTIONS)[number % 4]
            x = random.integers(0, 11, 2) / 10
            w, b = random.integers(-20, 21, 2) / 10, int(random.integers(-20, 21)) / 10
            address = f"neuron:x1={x[0]},x2={x[1]},w1={w[0]},w2={w[1]},b={b},activation={activation}"
            page.evaluate("address => { location.hash = address; }", address)
            total = float(np.round(w @ x + b, 6))
            output = FUNCTIONS[activation](total)
            expect(page.locator("nnb-neuron")).to_have_attribute("data-sum", f"{total:g}")
            drawn = page.evaluate(DRAWN)
            assert drawn["output"] == pytest.approx(output, abs=1e-12)
            low, high = RANGES[activation]
            assert drawn["dot"] == pytest.approx([168 + 27 * total, 238 - 70 * (output - low) / (high - low)], abs=0.01)
            start = 0.0
            for (left, width, kind), part in zip(drawn["bars"], [*(w * x), b, total], strict=True):
                start = 0.0 if part is total else start
                assert left == pytest.approx(168 + 27 * min(start, start + part), abs=0.01)
                assert width == pytest.approx(27 * abs(part), abs=0.01)
                assert kind == ("nnb-plus" if part > 1e-12 else "nnb-minus") or width < 1e-9
                start += part


@pytest.mark.browser
def test_keys_move_a_slider_and_the_address_follows(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        page.get_by_role("slider", name="weight w₁").focus()
        page.keyboard.press("ArrowRight")
        assert page.url.endswith("#neuron:w1=0.9")
        expect(page.locator("nnb-neuron [role=status]")).to_have_text("sum = +0.60, output = 0.65")
        page.get_by_role("radio", name="step").check(force=True)
        assert page.url.endswith("#neuron:w1=0.9,activation=step")
        expect(page.locator(".nnb-live svg")).to_have_attribute("aria-label", pages.re.compile("step makes 1.00 of it"))
        page.go_back()
        page.go_back()
        expect(page.locator("nnb-neuron")).to_have_attribute("data-sum", "0.5")
    with pages.opened(browser, figure, tmp_path, fragment="neuron:w1=9,x1=NaN,b=-2,activation=swish") as page:
        expect(page.locator("nnb-neuron")).to_have_attribute("data-sum", "-1.8")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path)
