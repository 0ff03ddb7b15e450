"""Weight decay and random starts: rows on one scale, and under the slider the pictures and numbers of each decay."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, spoken
from playwright.sync_api import expect

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.kit.numbers import as_packed

DECAYS, SHARES, KEYS = [0, 0.002, 0.2], [0.917, 0.9118, 0.8371], tuple("0123456789")
PIXELS = """canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]"""


@pytest.fixture(scope="module")
def layers():
    drawn = np.random.default_rng(5).integers(-5, 6, (10, 784)) / 10  # few colours: noise is slow to pack
    return [drawn, drawn / 2, drawn / 5]


@pytest.fixture(scope="module")
def figure(layers):
    return figures.decay(layers, DECAYS, SHARES, (28, 28), KEYS)


def test_the_facts_are_those_of_the_weights(figure, layers):
    facts = figure.facts
    assert facts["rows"][1]["largest"] == pytest.approx(np.abs(layers[1]).max(), abs=1e-6)
    assert facts["best"] == facts["first"] == {"decay": 0, "accuracy": 0.917, "largest": facts["first"]["largest"]}
    assert (facts["shrunk"], facts["loss"]) == (5.0, 0.0799)


def test_all_rows_stand_on_one_scale(figure, layers):
    rows = elements(figure).findall(".//li/img")
    limit = np.abs(layers[0]).max()
    for img, layer in zip(rows, layers, strict=True):
        strip = np.concatenate(list(layer.reshape(10, 28, 28)), axis=1)
        assert img.get("src") in raster.diverging_img(strip, limit, "", 1)
    said = spoken(elements(figure))
    assert "decay 0.002 91.2% right" in said
    assert "none further from zero than" in said
    assert latin_words(figure, "ja") == set()


def test_starts_are_rows_with_their_accuracies(layers):
    figure = figures.seeds(layers, SHARES, (28, 28), [1, 2, 7])
    assert "seed 7 83.7% right" in spoken(elements(figure))
    facts = figure.facts
    assert (facts["lowest"], facts["highest"], facts["networks"], facts["neurons"]) == (0.8371, 0.917, 3, 10)
    assert facts["spread"] == pytest.approx(0.0799)
    assert facts["mean"] == pytest.approx(np.mean(SHARES), abs=1e-6)
    assert latin_words(figure, "ja") == set()


def test_what_does_not_fit_is_refused(layers):
    with pytest.raises(ValueError, match=r"accuracies there are 3.*; got accuracies of shape \(2,\); pass"):
        figures.decay(layers, DECAYS, SHARES[:2], (28, 28))
    with pytest.raises(ValueError, match=r"for images of brightness, \(H, W\); got \(4, 4, 3\); pass two numbers"):
        figures.seeds([np.zeros((2, 48))], [0.5], (4, 4, 3))


@pytest.mark.browser
def test_the_pictures_are_the_weights_of_the_decay_that_is_set(browser, figure, layers, tmp_path):
    packed = [as_packed(layer).reshape(10, 28, 28) for layer in layers]
    with pages.opened(browser, figure, tmp_path) as page:
        large, small = page.locator(".nnb-shot canvas"), page.locator(".nnb-faces canvas")
        for at, decay, scale, number, ground in (
            (0, 0, "shared", 0, "light"),
            (1, 0.002, "shared", 3, "dark"),
            (2, 0.2, "own", 9, "light"),
        ):
            page.evaluate(f"document.documentElement.dataset.theme = '{ground}'")
            page.evaluate(
                "address => { location.hash = address; }", f"decay:decay={decay},class={number},scale={scale}"
            )
            expect(page.locator(".nnb-reading")).to_contain_text(f"Weight decay {decay}: {100 * SHARES[at]:.1f}%")
            limit = float(np.abs(packed[at if scale == "own" else 0]).max())
            for canvas, image in ((large, packed[at][number]), (small.nth(4), packed[at][4])):
                drawn = np.array(canvas.evaluate(PIXELS), np.uint8).reshape(28, 28, 4)
                assert pages.same_colours(drawn, raster.diverging(image, limit, ground))


@pytest.mark.browser
def test_keys_and_clicks_set_it_and_the_address_follows(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        slider = page.get_by_role("slider")
        slider.focus()
        page.keyboard.press("ArrowRight")
        assert page.url.endswith("#decay:decay=0.002,class=0,scale=shared")
        expect(slider).to_have_attribute("aria-valuetext", "0.002")
        page.get_by_role("radio", name="7").check(force=True)
        page.get_by_role("radio", name="own").check(force=True)
        assert page.url.endswith("#decay:decay=0.002,class=7,scale=own")
        expect(page.locator(".nnb-shot canvas")).to_have_attribute("aria-label", "Weights of 7 with weight decay 0.002")
    with pages.opened(browser, figure, tmp_path, fragment="decay:decay=7,class=-1,scale=none") as page:
        expect(page.locator(".nnb-reading")).to_contain_text("Weight decay 0: 91.7%")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path)
