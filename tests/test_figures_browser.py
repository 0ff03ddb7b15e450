"""How figures are laid out in a real browser: whole at every width, sharp, readable, one picture for each ground."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.kit.bundle import static_style
from nnbook.figures.network_diagram.static import network_diagram as static_network_diagram
from nnbook.figures.template_products.static import template_products as static_template_products
from nnbook.figures.unrolling.column import column_diagram
from nnbook.figures.unrolling.grid import grid_diagram
from nnbook.figures.weight_images.averages import templates_and_averages
from nnbook.figures.weight_images.static import weight_images as static_weight_images

pytestmark = pytest.mark.browser

KEYS = tuple("0123456789")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

CUT_OFF = """() => [...document.querySelectorAll('.nnb *')].map(e => [e, e.getBoundingClientRect()])
    .filter(([e, r]) => r.width && (r.left < -0.5 || r.right > document.documentElement.clientWidth + 0.5))
    .map(([e, r]) => `${e.tagName} ${e.textContent.slice(0, 20)}: ${r.left} to ${r.right}`)"""

SMALL = """() => [...document.querySelectorAll('.nnb *')].filter(e => e.getClientRects().length)
    .filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()))
    .map(e => { const s = e.closest('svg'), size = parseFloat(getComputedStyle(e).fontSize);
                return [s ? size * s.getBoundingClientRect().width / s.viewBox.baseVal.width : size, e.textContent] })
    .filter(([size, text]) => size < 10.95)"""

OUTSIDE_OF_ITS_DRAWING = """() => [...document.querySelectorAll('.nnb svg text')]
    .map(t => [t, t.getBoundingClientRect(), t.closest('svg').getBoundingClientRect()])
    .filter(([t, r, s]) => r.width && (r.left < s.left - 0.5 || r.right > s.right + 0.5))
    .map(([t, r, s]) => `${t.textContent}: ${r.left} to ${r.right} in ${s.left} to ${s.right}`)"""

BLURRED = """() => [...document.querySelectorAll('img.nnb-pixels')]
    .filter(i => !i.closest('.nnb-legend-strip') && i.naturalWidth > 1)
    .map(i => i.getBoundingClientRect().width / i.naturalWidth)
    .filter(zoom => Math.abs(zoom - Math.round(zoom)) > 0.001)"""


@pytest.fixture(scope="module")
def digits():
    """Weights of a layer that looks at digits."""
    return np.random.default_rng(7).normal(0, 0.2, (10, 784))


@pytest.fixture(scope="module")
def drawn(digits, mnist_sample, cifar10_sample):
    random = np.random.default_rng(8)
    things, biases = random.normal(0, 0.02, (10, 3072)), random.normal(0, 1, 10)
    mnist, cifar = mnist_sample.test, cifar10_sample.test
    return [
        figures.accuracy_curve((2, 10, 100), (0.67, 0.95, 0.999), (0.66, 0.94, 0.98), (1600, 7960, 79510)),
        figures.brainbow(digits, (28, 28)),
        static_network_diagram((784, 10, 10), KEYS),
        static_network_diagram((3072, 100, 10), THINGS, (32, 32, 3)),
        column_diagram(mnist.images[0], digits[1], -12.5, "1"),
        grid_diagram(cifar.images[0], things[1], 0.5, "automobile"),
        figures.weight_image(digits[0], (28, 28), "0"),
        static_weight_images(things, (32, 32, 3), THINGS),
        templates_and_averages(digits, mnist.images, mnist.labels, KEYS),
        figures.sample_images(cifar.images, cifar.labels, THINGS, rng=np.random.default_rng(1)),
        static_template_products(mnist.images[0], digits, biases, KEYS, label=7, classes=(7, 9)),
        static_template_products(cifar.images[0], things, biases, THINGS, label=3, classes=(1, 3)),
    ]


@pytest.fixture
def page(browser, drawn, request):
    """A bare page with every figure in one language, at one width."""
    width, language = request.param
    shown = browser.new_page(viewport={"width": width, "height": 900})
    body = "".join(figure.html(language) for figure in drawn)
    style = f"<style>{static_style()} body {{margin: 16px}}</style>"
    shown.set_content(f'<!doctype html><html lang="{language}"><meta charset="utf-8">{style}<body>{body}')
    shown.evaluate("Promise.all([...document.images].map(i => { i.loading = 'eager'; return i.decode() }))")
    yield shown
    shown.close()


WIDTHS = [(width, language) for width in (390, 660, 760) for language in ("en", "ja")]


@pytest.mark.parametrize("page", WIDTHS, indirect=True)
def test_nothing_is_cut_off_blurred_or_too_small(page):
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(OUTSIDE_OF_ITS_DRAWING) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate(BLURRED) == []


@pytest.mark.parametrize("page", [(390, "en")], indirect=True)
def test_weights_are_drawn_for_the_ground_they_stand_on(page, digits):
    weights, limit = digits[0].reshape(28, 28), np.abs(digits[0]).max()
    image = page.locator(".nnb-weight-image img").first
    image.evaluate("image => image.style = 'left: 0; position: fixed; top: 0; z-index: 1'")  # on whole pixels
    for ground, colours in raster.GROUNDS.items():
        paper = np.array(colours.paper, dtype=float)
        page.evaluate(f"document.documentElement.dataset.theme = '{ground}'")
        image.evaluate(f"image => image.style.background = 'rgb{colours.paper}'")
        shown = np.asarray(Image.open(BytesIO(image.screenshot())).convert("RGB"), dtype=float)
        assert shown.shape == (280, 280, 3)  # each pixel is 10 wide and 10 high
        wanted = raster.diverging(weights, limit, ground).astype(float)
        wanted = paper + wanted[..., 3:] / 255 * (wanted[..., :3] - paper)
        for corner in (1, 5, 8):
            assert np.abs(shown[corner::10, corner::10] - wanted).max() <= 2


def seen(page):
    return np.asarray(Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")).astype(int)


@pytest.mark.parametrize("page", [(760, "en")], indirect=True)
def test_figures_keep_their_colours_where_the_system_chooses_all_others(page):
    usual = seen(page)
    page.emulate_media(forced_colors="active", color_scheme="dark")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    forced = seen(page)
    assert forced[0, 0].max() == 0  # the page takes the colours of the system
    colourful = np.ptp(usual, axis=2) > 60
    assert colourful.mean() > 0.01
    differ = (usual != forced).any(axis=2)  # but for colours that stand on a line, which is darker now
    assert differ[colourful].mean() < 0.01


@pytest.mark.parametrize("page", [(390, "en"), (760, "en")], indirect=True)
def test_tiles_are_three_in_a_row_on_a_phone_and_five_on_a_page(page):
    tiles = page.locator(".nnb-weight-images li").evaluate_all("tiles => tiles.map(t => t.getBoundingClientRect().top)")
    assert tiles.count(tiles[0]) == (3 if page.viewport_size["width"] == 390 else 5)
