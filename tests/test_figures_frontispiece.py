"""The book's face: ten weight images on one scale, large where there is room, like a telephone's keys on a phone."""

import numpy as np
import pytest
from figures_tools import elements, find, latin_words, pictures, signs

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.kit.bundle import static_style

KEYS = tuple("0123456789")
PLACES = """() => [...document.querySelectorAll('.nnb-face > li')].map(e => e.getBoundingClientRect())
    .map(r => [Math.round(r.left), Math.round(r.top)])"""
ZOOMS = """() => [...document.querySelectorAll('.nnb-face img')].map(i => i.getBoundingClientRect().width / 28)
    .filter(zoom => zoom)"""


@pytest.fixture
def layer():
    return np.random.default_rng(3).normal(0, 0.2, (10, 784))


@pytest.fixture
def figure(layer):
    return figures.frontispiece(layer, (28, 28), KEYS)


def test_each_picture_has_the_signs_of_its_weights(figure, layer):
    for ground in raster.GROUNDS:
        drawn = pictures(elements(figure), ground)
        assert len(drawn) == 10
        for picture, weights in zip(drawn, layer.reshape(-1, 28, 28), strict=True):
            seen = signs(picture)
            assert (seen[seen != 0] == np.sign(weights)[seen != 0]).all()


def test_it_is_described_in_the_language_of_the_page(figure):
    images = find(elements(figure, "ja"), "img", "nnb-signed")
    assert [image.get("alt")[:1] for image in images][:3] == ["0", "1", "2"]
    assert latin_words(figure, "ja") == set()


def test_each_neuron_needs_a_class(layer):
    with pytest.raises(ValueError, match="every class has one key; got 3 class_keys for 10 classes; pass 10"):
        figures.frontispiece(layer, (28, 28), KEYS[:3])


@pytest.mark.browser
@pytest.mark.parametrize(("width", "columns", "zoom"), [(1000, 5, 6), (700, 5, 4), (390, 3, 4), (360, 3, 3)])
def test_it_fills_the_screen_with_whole_pixels(browser, figure, width, columns, zoom):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(f"<style>{static_style()} body {{margin: 0 16px}}</style>{figure.html('en')}")
    places = page.evaluate(PLACES)
    assert set(page.evaluate(ZOOMS)) == {zoom}
    assert len({left for left, _ in places}) == columns
    assert page.evaluate("document.documentElement.scrollWidth") == width
    if columns == 3:
        (left, top), others = places[0], places[1:]
        assert top > max(other for _, other in others), "the 0 stands below"
        assert left == sorted({left for left, _ in others})[1], "in the middle"
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ja"])
def test_neurons_without_a_class_stand_in_their_order_and_nothing_is_cut(browser, layer, language):
    figure = figures.frontispiece(layer, (28, 28))
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.set_content(f"<style>{static_style()} body {{margin: 0 16px}}</style>{figure.html(language)}")
    *others, (left, top) = page.evaluate(PLACES)
    assert others == sorted(others, key=lambda place: (place[1], place[0]))
    assert top > max(other for _, other in others)
    assert left == sorted({other for other, _ in others})[1], "the last one in the middle"
    assert page.evaluate("[...document.querySelectorAll('.nnb-face *')].every(e => e.scrollWidth <= e.clientWidth + 1)")
    page.close()
