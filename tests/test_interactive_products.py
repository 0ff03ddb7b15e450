"""Template times image: what the browser calculates is what NumPy calculates, for every image and class."""

import base64

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.kit.bundle import script
from nnbook.figures.kit.numbers import as_packed, packed_layer
from nnbook.localisation import signed

KEYS = tuple("0123456789")
PIXELS = """which => { const canvas = document.querySelectorAll('.nnb-equals canvas')[which];
    return [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data] }"""
SCORES = """([layers, text]) => {
    const network = layers.map(nnbook.layer), all = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const images = Array.from({length: all.length / 784}, (_, at) => all.slice(at * 784, (at + 1) * 784));
    return images.map(image => [...nnbook.scores(network, image)]);
}"""


def in_browser(browser, layers, images):
    """The scores (N, classes) that the page calculates with `layers` of weights and biases for `images` (N, 28, 28)."""
    page = browser.new_page()
    page.set_content(f"<script>{script()}</script>")
    packed = [packed_layer(weights, biases) for weights, biases in layers]
    scores = page.evaluate(SCORES, [packed, base64.b64encode(images.tobytes()).decode()])
    page.close()
    return np.array(scores)


@pytest.fixture(scope="module")
def layer():
    random = np.random.default_rng(3)
    return random.normal(0, 0.15, (10, 784)).astype(np.float32), random.normal(0, 0.5, 10).astype(np.float32)


@pytest.fixture(scope="module")
def figure(layer, mnist_sample):
    test = mnist_sample.test
    return figures.template_products(test.images, test.labels, *layer, KEYS, index=3, classes=(4, 0))


@pytest.mark.browser
def test_a_thousand_scores_equal_those_of_numpy(browser, layer, mnist_sample):
    images = mnist_sample.test.images[:1000]
    expected = images.reshape(len(images), -1) / 255 @ layer[0].astype(float).T + layer[1]
    assert np.abs(in_browser(browser, [layer], images) - expected).max() < 1e-4


@pytest.mark.browser
@pytest.mark.full_data
@pytest.mark.parametrize("name", ["mnist-1-layer", "mnist-2-layer", "mnist-2-layer-wide"])
def test_a_thousand_scores_of_the_book_s_networks_equal_those_of_numpy(browser, full_networks, mnist, name):
    network, images = full_networks[name], mnist.test.images[:1000]
    layers = list(zip(network.weights, network.biases, strict=True))
    assert np.abs(in_browser(browser, layers, images) - network.scores(images)).max() < 1e-4


@pytest.mark.browser
def test_every_image_and_class_shows_its_own_products_and_scores(browser, figure, layer, mnist_sample, tmp_path):
    weights = as_packed(layer[0])
    with pages.opened(browser, figure, tmp_path) as page:
        inputs = page.locator(".nnb-image-choice input")
        for place in range(0, inputs.count(), 3):
            inputs.nth(place).check(force=True)
            index, shown = int(inputs.nth(place).get_attribute("value")), place % 10
            page.locator(".nnb-bars input").nth(shown).check(force=True)
            image = mnist_sample.test.images[index]
            scores = image.ravel() / 255 @ layer[0].astype(float).T + layer[1]
            assert page.locator(".nnb-bars .nnb-number").all_inner_texts() == [signed(score, "en") for score in scores]
            signs = page.locator(".nnb-bars i").evaluate_all(
                "bars => bars.map(b => b.className == 'nnb-above' ? 1 : -1)"
            )
            assert signs == np.sign(scores).astype(int).tolist()
            assert page.locator(".nnb-bars [data-winner]").get_attribute("data-class") == str(scores.argmax())
            drawn = [np.array(page.evaluate(PIXELS, which), dtype=np.uint8).reshape(28, 28, 4) for which in range(3)]
            limit = np.abs(weights).max()
            products = (weights[shown] * image.ravel() / 255).reshape(28, 28)
            assert np.array_equal(drawn[0], raster.ink(image))
            assert pages.same_colours(drawn[1], raster.diverging(weights[shown].reshape(28, 28), limit, "light"))
            assert pages.same_colours(drawn[2], raster.diverging(products, limit, "light"))


@pytest.mark.browser
def test_a_pixel_tells_its_product_and_the_sum_up_to_it(browser, figure, layer, mnist_sample, tmp_path):
    image = mnist_sample.test.images[3]
    row, column = (int(place[40]) for place in np.nonzero(image))
    with pages.opened(browser, figure, tmp_path) as page:
        page.locator(".nnb-shot canvas").nth(2).hover(position={"x": 5 * column + 2, "y": 5 * row + 2})
        told = page.inner_text(".nnb-reading")
    pixel, weight = image[row, column] / 255, layer[0][4].reshape(28, 28)[row, column]
    total = layer[1][4] + (image.ravel() / 255 * layer[0][4])[: row * 28 + column + 1].sum(dtype=float)
    minus = f"pixel {pixel:.2f} × weight {weight:+.3f} = {pixel * weight:+.3f}; sum up to here {total:+.2f}"
    assert told == f"Row {row + 1}, column {column + 1}: " + minus.replace("-", "−")


@pytest.mark.browser
def test_keys_choose_and_the_address_keeps_the_choice(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, fragment="products:image=3,class=7") as page:
        assert page.locator(".nnb-bars input").nth(7).is_checked()
        page.locator(".nnb-bars input").nth(7).focus()
        page.keyboard.press("ArrowDown")
        assert page.url.endswith("#products:image=3,class=8")
        assert "8: +" in page.text_content("[role=status]")
        page.go_back()
        assert page.locator(".nnb-bars input").nth(7).is_checked()


def choose(page):
    page.locator(".nnb-image-choice input").nth(12).check(force=True)
    page.focus(".nnb-plane")
    page.keyboard.press("ArrowUp")


@pytest.mark.browser
def test_the_figure_is_whole_at_every_width(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, choose)


def test_words_are_of_the_language_and_facts_of_the_static_figure(figure):
    assert latin_words(figure, "ja") == set()
    assert [row["class_key"] for row in figure.facts["rows"]] == ["4", "0"]


def test_images_of_colours_are_shown_and_cannot_be_asked(cifar10_sample):
    test, layer = cifar10_sample.test, (np.ones((10, 3072)), np.zeros(10))
    figure = figures.template_products(test.images, test.labels, *layer, KEYS, index=0, classes=(0,))
    assert elements(figure).tag == "div"


def test_without_scripts_or_where_it_is_asked_for_only_the_static_form_is_there(mnist_sample, layer):
    test = mnist_sample.test
    asked = figures.template_products(test.images, test.labels, *layer, KEYS, index=0, classes=(0,))
    still = figures.template_products(test.images, test.labels, *layer, KEYS, index=0, classes=(0,), interactive=False)
    assert elements(still).tag == "div"
    assert still.html("ja") in asked.html("ja")
