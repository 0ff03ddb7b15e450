"""Backprop: every gradient that is shown, at rest or for whatever a reader gives, is a central difference by NumPy."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, words
from playwright.sync_api import expect

from nnbook import figures

GIVEN = ("x", "w1", "b1", "w2", "b2", "v1", "v2", "c", "t")
MADE = ("z1", "h1", "z2", "h2", "y", "L")
START = {"x": 2, "w1": 0.5, "b1": -1, "w2": -1, "b2": 1, "v1": 1.5, "v2": -0.8, "c": 0.5, "t": 2}
SHOWN = """settings => settings.map(given => {
    const root = document.querySelector('.nnb-live-backprop');
    for (const field of root.querySelectorAll('input.nnb-given')) {
        field.value = given[field.dataset.given];
        field.dispatchEvent(new Event('input'));
    }
    const texts = key => [...root.querySelectorAll(`[data-${key}]`)].map(e => [e.dataset[key], e.textContent]);
    const line = root.querySelector('.nnb-backprop-chain').textContent;
    return {values: texts('value'), gradients: texts('gradient'), nudges: texts('nudge'), line};
})"""


@pytest.fixture(scope="module")
def figure():
    return figures.backprop()


def forwards(given, moved="", by=0.0):
    """All values of the network, with one that is moved after it was given or calculated."""
    v = dict(given)

    def put(key, value):
        v[key] = value + (by if key == moved else 0)

    for key in GIVEN:
        put(key, v[key])
    for number in "12":
        put(f"z{number}", v[f"w{number}"] * v["x"] + v[f"b{number}"])
        put(f"h{number}", 1 / (1 + np.exp(-v[f"z{number}"])))
    put("y", v["v1"] * v["h1"] + v["v2"] * v["h2"] + v["c"])
    put("L", (v["y"] - v["t"]) ** 2)
    return v


def difference(given, key, by=1e-5):
    """The central difference of the loss by the value of `key`."""
    return (forwards(given, key, by)["L"] - forwards(given, key, -by)["L"]) / (2 * by)


def number(written):
    return float(written.replace("−", "-"))


def equals(written, expected, slack=2e-6):
    digits = len(written.partition(".")[2])
    assert digits in (2, 3, 5)
    assert number(written) == pytest.approx(expected, abs=0.5 * 10**-digits + slack)


def test_at_rest_each_number_has_its_gradient(figure):
    values, tree = forwards(START), elements(figure)
    facts = figure.facts
    assert facts["values"] == pytest.approx(values, abs=1e-6)
    assert set(facts["gradients"]) == {*GIVEN, *MADE} - {"t", "L"}
    for key, gradient in facts["gradients"].items():
        assert gradient == pytest.approx(difference(START, key), abs=1e-6)
        assert facts["nudges"][key] == pytest.approx(gradient, abs=1e-6)
        shown = [words(place) for place in tree.iter() if place.get("data-gradient") == key]
        assert len(shown) == 2
        for text in shown:
            equals(text, gradient)
    assert np.prod(facts["chain"]["factors"]) == pytest.approx(facts["gradients"]["w1"], abs=1e-5)
    assert sum(facts["paths"].values()) == pytest.approx(facts["gradients"]["x"], abs=1e-5)
    assert latin_words(figure, "ja") == set()


@pytest.mark.browser
def test_each_gradient_is_a_central_difference_whatever_is_given(browser, figure, tmp_path):
    random = np.random.default_rng(3)
    settings = [dict(zip(GIVEN, row, strict=True)) for row in random.uniform(-3, 3, (100, 9)).round(2).tolist()]
    with pages.opened(browser, figure, tmp_path, fragment="backprop:check=1") as page:
        rows = [list(given.values()) for given in settings]
        for given, shown in zip(settings, page.evaluate(SHOWN, rows), strict=True):
            values = forwards(given)
            for key, written in shown["values"]:
                equals(written, values[key])
            assert {key for key, _ in shown["gradients"]} == {key for key, _ in shown["nudges"]}
            for key, written in shown["gradients"]:
                equals(written, difference(given, key))
            for key, written in shown["nudges"]:
                equals(written.removesuffix(" ✓"), difference(given, key))
                assert written.endswith("✓")
            equals(shown["line"].rpartition("= ")[2], difference(given, "w1"))


@pytest.mark.browser
def test_each_step_says_what_is_multiplied_and_nothing_is_seen_before_it_is_known(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, fragment="backprop:step=0") as page:
        back, forward, check = page.locator(".nnb-live button").all()
        reading, seen = page.locator(".nnb-backprop-step"), page.locator(".nnb-live td[data-gradient]:visible")
        expect(reading).to_contain_text("Nothing is calculated yet")
        values = forwards(START)
        said = []
        for step in range(1, 20):
            forward.click()
            expect(reading).to_contain_text(f"Step {step} of 19, {'forwards' if step <= 6 else 'backwards'}.")
            expect(seen).to_have_count(max(0, step - 6))
            line = page.locator(".nnb-backprop-step p").last.inner_text()
            left, *_, factors, result = line.split(" = ")
            key = left.removeprefix("∂L/∂").translate(str.maketrans("₁₂", "12"))
            expected = values[key] if step <= 6 else difference(START, key)
            equals(result, expected)
            said.append(line)
            if any(sign in factors for sign in "σ²∂"):
                continue  # written with symbols, or no product
            calculated = eval(factors.replace("−", "-").replace("×", "*"), {})  # what is written makes what is written
            assert calculated == pytest.approx(expected, abs=3e-3)
        assert said[7] == "∂L/∂v₁ = ∂L/∂y × h₁ = −1.930 × 0.500 = −0.965"
        assert said[11] == "∂L/∂z₁ = ∂L/∂h₁ × h₁ × (1 − h₁) = −2.895 × 0.500 × (1 − 0.500) = −0.724"
        assert "#" not in page.url
        back.click()
        check.click()
        assert page.url.endswith("#backprop:step=18,check=1")
        expect(page.locator(".nnb-live [data-nudge]:visible")).to_have_count(12)
        expect(check).to_have_attribute("aria-pressed", "true")
        page.locator(".nnb-live [type=range]").focus()
        page.keyboard.press("Home")
        expect(page.locator(".nnb-live [data-value=y]:visible")).to_have_count(0)


@pytest.mark.browser
def test_what_is_given_is_kept_in_the_address_and_nonsense_leaves_it_at_rest(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        field, gradient = page.get_by_label("weight v₁"), page.locator(".nnb-live td[data-gradient=w1]")
        field.fill("-1.234")
        page.keyboard.press("Enter")
        expect(field).to_have_value("-1.23")
        equals(gradient.inner_text(), difference(START | {"v1": -1.23}, "w1"))
        assert page.url.endswith("#backprop:given=2_0.5_-1_-1_1_-1.23_-0.8_0.5_2")
        for wrong in ("", "5"):
            field.fill(wrong)
            page.keyboard.press("Tab")
            expect(field).to_have_value("-1.23")
        page.go_back()
        expect(field).to_have_value("1.5")
        rest = f"{figure.facts['gradients']['w1']:.5f}".replace("-", "−")
        for wrong in ("given=1_2", "given=9_9_9_9_9_9_9_9_9", "given=________", "step=99,check=2", "step=-1"):
            page.evaluate("address => { location.hash = address; }", f"#backprop:{wrong}")
            page.wait_for_timeout(30)
            expect(gradient).to_have_text(rest)
            expect(page.locator(".nnb-backprop-step")).to_contain_text("Step 19 of 19")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, lambda page: page.locator(".nnb-live button").last.click())
