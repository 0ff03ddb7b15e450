"""Weights you can read: the pixels and numbers on the screen are those of the arrays, by mouse, finger and keyboard."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.kit.bundle import script
from nnbook.figures.kit.numbers import as_packed, packed_images, packed_layer
from nnbook.figures.weight_images import averages
from nnbook.localisation import signed

KEYS = tuple("0123456789")
PIXELS = """([neuron, which]) => { const c = document.querySelectorAll(`[data-neuron="${neuron}"] canvas`)[which];
    return [...c.getContext('2d').getImageData(0, 0, 28, 28).data] }"""


@pytest.fixture(scope="module")
def weights():
    drawn = np.random.default_rng(5).normal(0, 0.2, (10, 784)) * np.linspace(0.4, 1, 10)[:, None]
    drawn[:, :60] = 0
    return drawn.astype(np.float32)


@pytest.fixture(scope="module")
def figure(weights, mnist_sample):
    train = mnist_sample.train
    return figures.weight_images(weights, (28, 28), KEYS, train.images, train.labels)


@pytest.fixture
def page(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as shown:
        yield shown


def point(page):
    page.check("input[value=own]", force=True)
    page.focus(".nnb-plane")
    page.keyboard.press("ArrowUp")


def pixels(page, neuron, which=0):
    return np.array(page.evaluate(PIXELS, [neuron, which]), dtype=np.uint8).reshape(28, 28, 4)


def test_a_packed_weight_is_off_by_less_than_its_step(weights):
    steps = np.abs(weights).max(axis=1, keepdims=True) / 704_968
    assert (np.abs(as_packed(weights) - weights) <= 1.001 * steps).all()
    assert (as_packed(weights)[weights == 0] == 0).all()


def test_a_packed_image_is_short_and_exact(browser, mnist_sample):
    images = mnist_sample.test.images[:200].copy()
    images[0], images[1] = 0, 255
    text = packed_images(images)
    assert len(text) < 0.55 * images.size
    page = browser.new_page()
    page.set_content(f"<script>{script()}</script>")
    read = page.evaluate("text => nnbook.images(text, 784).map(image => [...image])", text)
    page.close()
    assert np.array_equal(np.array(read), images.reshape(200, -1))


@pytest.mark.browser
@pytest.mark.parametrize("ground", ["light", "dark"])
def test_the_pixels_on_the_screen_are_the_weights(page, weights, ground):
    page.evaluate(f"document.documentElement.dataset.theme = '{ground}'")
    packed = as_packed(weights).reshape(10, 28, 28)
    limits = {"shared": np.full(10, np.abs(packed).max()), "own": np.abs(packed).max(axis=(1, 2))}
    for scale in ("shared", "own"):
        page.check(f"input[value={scale}]", force=True)
        for neuron in range(10):
            drawn = pixels(page, neuron)
            expected = raster.diverging(packed[neuron], limits[scale][neuron], ground)
            assert (drawn[packed[neuron] == 0] == 0).all()
            assert pages.same_colours(drawn, expected)


@pytest.mark.browser
def test_averages_and_the_grey_scale_are_drawn_as_ink(page, weights, mnist_sample):
    means = averages.average_images(mnist_sample.train.images, mnist_sample.train.labels, 10)
    page.check("input[value=grey]", force=True)
    for neuron in range(10):
        assert np.array_equal(pixels(page, neuron, 1)[..., 3], np.rint(means[neuron]).astype(np.uint8))
        assert np.array_equal(pixels(page, neuron), raster.grey(as_packed(weights)[neuron].reshape(28, 28)))


@pytest.mark.browser
@pytest.mark.parametrize("ground", ["light", "dark"])
def test_averages_are_shown_less_what_they_share(page, figure, mnist_sample, ground):
    page.evaluate(f"document.documentElement.dataset.theme = '{ground}'")
    means = averages.average_images(mnist_sample.train.images, mnist_sample.train.labels, 10)
    apart = np.rint(means) - np.rint(means).mean(axis=0)
    page.check("input[value=apart]", force=True)
    for neuron in range(10):
        expected = raster.diverging(apart[neuron], float(np.abs(apart).max()), ground)
        assert pages.same_colours(pixels(page, neuron, 1), expected)
    page.hover('[data-neuron="3"] canvas', position={"x": 4 * 11 + 2, "y": 4 * 7 + 2})
    assert page.inner_text(".nnb-reading").endswith(f"less that of all classes {signed(apart[3, 7, 11] / 255, 'en')}")
    expected = [f"correlation {signed(pair['apart'], 'en')}" for pair in figure.facts["pairs"]]
    assert page.locator("[data-neuron] > .nnb-tile-note").all_inner_texts() == expected
    assert page.url.endswith("#weights:scale=shared,averages=apart")
    page.reload()
    pages.tools.started(page)
    assert page.is_checked("input[value=apart]")


@pytest.mark.browser
def test_pointing_and_walking_read_the_same_numbers(page, weights, mnist_sample):
    means = averages.average_images(mnist_sample.train.images, mnist_sample.train.labels, 10)
    page.hover('[data-neuron="3"] canvas', position={"x": 4 * 11 + 2, "y": 4 * 7 + 2})
    weight = f"{weights[3].reshape(28, 28)[7, 11]:+.3f}".replace("-", "−")
    mean = f"{np.rint(means[3, 7, 11]) / 255:.2f}"
    told = f"3: row 8, column 12: weight {weight}, mean brightness {mean}"
    assert page.inner_text(".nnb-reading") == told
    page.focus(".nnb-plane")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    assert page.inner_text(".nnb-reading") == told
    assert page.text_content("[role=status]") == told
    signs = page.locator(".nnb-twins .nnb-shot-cell:first-child .nnb-tile-note").evaluate_all(
        "notes => notes.map(n => n.className.includes('plus') - n.className.includes('minus'))"
    )
    assert signs == np.sign(weights.reshape(10, 28, 28)[:, 7, 11]).tolist()
    page.keyboard.press("Escape")
    assert page.locator("[data-row]").count() == 0


@pytest.mark.browser
def test_the_address_keeps_scale_and_pixel(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, fragment="weights:scale=own,row=8,column=12,neuron=3") as page:
        assert page.is_checked("input[value=own]")
        assert page.get_attribute(".nnb-plane", "data-column") == "11"
        page.click('[data-neuron="6"] canvas', position={"x": 2, "y": 2})
        assert page.url.endswith("#weights:scale=own,row=1,column=1,neuron=6")
        page.go_back()
        assert page.get_attribute(".nnb-plane", "data-column") == "11"


@pytest.mark.browser
def test_the_figure_is_whole_at_every_width(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, point)


def test_words_are_of_the_language(figure, weights):
    assert latin_words(figure, "ja") == set()
    assert figures.weight_images(weights, (28, 28)).facts["limit"] == pytest.approx(np.abs(weights).max(), abs=1e-5)
    assert packed_layer(weights)["inputs"] == 784


def test_weights_of_colours_are_shown_and_cannot_be_asked(weights):
    assert elements(figures.weight_images(np.tile(weights[:, :768], 4), (32, 32, 3), scale="own")).tag == "div"


def test_former_names_lead_to_the_one_there_is():
    with pytest.raises(AttributeError, match=r"one name; got figures.column_diagram; write figures.unrolling\("):
        figures.column_diagram  # noqa: B018
    with pytest.raises(ImportError, match=r"answer by themselves; got nnbook.interactive; write figures"):
        from nnbook import interactive  # noqa: F401
