"""A digit as numbers: under the lens are the pixels of the image, by mouse, finger, keyboard and address."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, words

from nnbook import figures

LENS = (
    """() => [...document.querySelectorAll('.nnb-live tr')].map(row => [...row.children].map(cell => cell.innerText))"""
)


@pytest.fixture(scope="module")
def image(mnist_sample):
    return mnist_sample.test.images[0]


@pytest.fixture(scope="module")
def figure(image):
    return figures.digit_as_numbers(image, index=0)


@pytest.fixture
def page(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as shown:
        yield shown


def walk(page):
    page.focus(".nnb-plane")
    page.keyboard.press("ArrowLeft")


def shows(page, image):
    """The place of the lens, whose numbers must be those of the image there."""
    (_, *columns), *rows = page.evaluate(LENS)
    top, left = int(rows[0][0]) - 1, int(columns[0]) - 1
    part = image[top : top + len(rows), left : left + len(columns)]
    assert [[int(cell) for cell in cells] for _, *cells in rows] == part.tolist()
    return top, left


@pytest.mark.browser
def test_the_numbers_are_those_under_the_lens_wherever_it_is(page, image):
    box = page.locator(".nnb-live .nnb-shot canvas").bounding_box()
    zoom = box["width"] / 28
    for row, column in [(0, 0), (27, 27), (14, 3), (9, 20), (27, 0)]:
        page.mouse.move(box["x"] + (column + 0.5) * zoom, box["y"] + (row + 0.5) * zoom)
        assert shows(page, image) == (min(max(row - 3, 0), 21), min(max(column - 3, 0), 21))
        assert page.locator(".nnb-live td[data-middle]").inner_text() == str(image[row, column])
        assert (
            page.locator(".nnb-reading")
            .inner_text()
            .startswith(f"Row {row + 1}, column {column + 1}: {image[row, column]}")
        )


@pytest.mark.browser
def test_keys_and_fingers_move_it_and_the_address_follows(browser, figure, image, tmp_path):
    with pages.opened(browser, figure, tmp_path, fragment="digit:row=9,column=12", has_touch=True) as page:
        assert shows(page, image) == (5, 8)
        box = page.locator(".nnb-live .nnb-shot canvas").bounding_box()
        page.touchscreen.tap(box["x"] + 4, box["y"] + 4)
        assert page.evaluate("location.hash") == "#digit:row=1,column=1"
        assert shows(page, image) == (0, 0)
        page.focus(".nnb-plane")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Shift+ArrowRight")
        assert page.evaluate("location.hash") == "#digit:row=2,column=6"
        assert page.locator(".nnb-live [aria-live]").inner_text().startswith(f"Row 2, column 6: {image[1, 5]}")
        page.go_back()
        assert page.locator(".nnb-reading").inner_text().startswith("Row 2, column 1:")


@pytest.mark.browser
def test_it_holds_up_and_everybody_reaches_it(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, walk)


def test_at_rest_it_shows_a_part_that_has_all_greys_and_facts_hold(figure, image):
    facts = figure.facts
    part = image[facts["row"] - 1 :, facts["column"] - 1 :][:7, :7]
    assert facts["rows"] == part.tolist()
    assert part.min() == 0
    assert part.max() > 240
    brightest = facts["brightest"]
    assert image[brightest["row"] - 1, brightest["column"] - 1] == brightest["value"] == image.max()
    assert (facts["pixels"], facts["blank"]) == (784, int((image == 0).sum()))
    cells = elements(figure).findall(".//td[@style]")
    assert [int(words(cell)) for cell in cells] == part.ravel().tolist()
    assert latin_words(figure, "ja") == set()


def test_small_images_are_shown_whole_and_colours_refused():
    small = np.arange(40, dtype=np.uint8).reshape(5, 8)
    assert np.shape(figures.digit_as_numbers(small).facts["rows"]) == (5, 7)
    with pytest.raises(ValueError, match=r"the image is \(H, W\); got shape \(32, 32, 3\); pass one channel"):
        figures.digit_as_numbers(np.zeros((32, 32, 3), np.uint8))
