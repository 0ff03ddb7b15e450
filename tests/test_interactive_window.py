"""The window that slides: pixels, weights, products and value are NumPy's at every place, however it is padded."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, spoken, words
from windows_tools import drawn, network

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.network.convolution import convolved

SETTINGS = {"padded": (2, 1), "unpadded": (0, 1), "padded_by_two": (2, 2), "unpadded_by_two": (0, 2)}
# Move the pointer to the middle of every place of the map, over the image, and write down what the figure then says.
SWEEP = """([rows, columns, top, step]) => {
    const shot = document.querySelector('.nnb-live .nnb-window-image');
    const plane = document.querySelector('.nnb-live .nnb-window-field');
    const box = shot.getBoundingClientRect(), zoom = box.width / 32;
    const numbers = kind => [...plane.querySelectorAll(`.nnb-window-${kind} td`)].map(cell => cell.textContent);
    const found = [];
    for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) {
        const [clientX, clientY] = [column, row].map(at => (at * step + top + 2.5) * zoom);
        shot.dispatchEvent(new PointerEvent('pointermove',
            {bubbles: true, pointerType: 'mouse', clientX: box.left + clientX, clientY: box.top + clientY}));
        found.push([plane.dataset.value, numbers('pixels'), numbers('weights'), numbers('products')]);
    }
    return found;
}"""
OUTLINE = """kind => {
    const shot = document.querySelector(`.nnb-live .nnb-window-${kind}`), style = getComputedStyle(shot, '::after');
    const zoom = shot.getBoundingClientRect().width / Number(shot.style.getPropertyValue('--w'));
    return ['top', 'left', 'height', 'width'].map(side => parseFloat(style[side]) / zoom);
}"""


@pytest.fixture(scope="module")
def test_set(mnist_sample):
    return mnist_sample.test


@pytest.fixture(scope="module")
def figure(test_set):
    return figures.window(network(), test_set.images, test_set.labels, "0123456789")


@pytest.fixture
def page(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as shown:
        yield shown


def oracle(image, number, padding, stride):
    """The map by the plain convolution, cut to what a window without zeros reaches, every other place for two."""
    same = convolved(image[np.newaxis, ..., np.newaxis] / 255, network().weights[0], network().biases[0])
    whole = same[0, ..., number]
    return (whole if padding else whole[2:-2, 2:-2])[::stride, ::stride]


def choose(page, padding, stride):
    for at, value in ((2, int(padding > 0)), (3, stride)):
        page.locator(f".nnb-live .nnb-controls > fieldset:nth-child({at + 1}) input[value='{value}']").check(force=True)


def use(page):
    choose(page, 0, 2)
    page.locator(".nnb-live .nnb-controls > button").click()


@pytest.mark.browser
@pytest.mark.parametrize("setting", SETTINGS)
def test_patch_filter_and_value_are_those_of_numpy_at_every_place(page, figure, test_set, setting):
    padding, stride = SETTINGS[setting]
    choose(page, padding, stride)
    image, number = test_set.images[figure.facts["index"]], figure.facts["filter"] - 1
    expected = oracle(image, number, padding, stride)
    size = figure.facts["maps"][setting]
    assert expected.shape == (size["rows"], size["columns"])
    around, weights = np.pad(image / 255, padding), network().weights[0][number, ..., 0]
    found = page.evaluate(SWEEP, [*expected.shape, 2 - padding, stride])
    assert len(found) == expected.size
    for at, (value, *grids) in enumerate(found):
        row, column = divmod(at, expected.shape[1])
        patch = around[row * stride :, column * stride :][:5, :5]
        assert float(value) == pytest.approx(expected[row, column], abs=1e-4)
        for shown, true in zip(grids, (patch, weights, patch * weights), strict=True):
            read = np.array([float(one.replace("−", "-")) for one in shown]).reshape(5, 5)
            np.testing.assert_allclose(read, true, atol=0.00501)
    map_canvas = page.locator(".nnb-live .nnb-window-map canvas").first
    assert pages.same_colours(drawn(map_canvas), raster.diverging(expected, np.abs(expected).max(), "light"))


@pytest.mark.browser
@pytest.mark.parametrize("setting", SETTINGS)
def test_the_lit_place_is_the_one_that_the_lit_window_makes(page, figure, setting):
    padding, stride = SETTINGS[setting]
    choose(page, padding, stride)
    size = figure.facts["maps"][setting]
    box = page.locator(".nnb-live .nnb-window-map").bounding_box()
    zoom = box["width"] / size["columns"]
    for row, column in [(0, 0), (3, 7), (size["rows"] - 1, size["columns"] - 1)]:
        page.mouse.move(box["x"] + (column + 0.5) * zoom, box["y"] + (row + 0.5) * zoom)
        assert page.evaluate(OUTLINE, "map") == pytest.approx([row, column, 1, 1], abs=0.01)
        corner = [at * stride + 2 - padding for at in (row, column)]  # within the image and its two rows of zeros
        assert page.evaluate(OUTLINE, "image") == pytest.approx([*corner, 5, 5], abs=0.01)
    page.mouse.move(1, 1)
    assert page.evaluate(OUTLINE, "map")[:2] == pytest.approx([row, column], abs=0.01)  # it stays where it was


@pytest.mark.browser
def test_an_empty_map_is_filled_where_the_window_passes(page):
    cover, values = page.locator(".nnb-live .nnb-window-map canvas").all()[::-1]
    whole = drawn(values)
    assert drawn(cover)[..., 3].max() == 0
    page.get_by_role("button", name="Empty the map").click()
    assert (drawn(cover)[..., 3] > 0).sum() == 783  # but for the place where it stands
    box = page.locator(".nnb-live .nnb-window-map").bounding_box()
    zoom = box["width"] / 28
    assert (drawn(values)[..., 3] > 0).sum() == 1
    page.mouse.move(box["x"] + 0.5 * zoom, box["y"] + 4.5 * zoom)
    before = (drawn(cover)[4, :, 3] > 0).sum()
    page.mouse.move(box["x"] + 27.5 * zoom, box["y"] + 4.5 * zoom)  # at once, and yet nothing is left out
    assert before > 20
    assert drawn(cover)[4, :, 3].max() == 0
    assert np.array_equal(drawn(values)[4], whole[4])
    assert "The map is empty" in page.locator(".nnb-live [aria-live]").inner_text()
    page.mouse.move(1, 1)
    page.mouse.move(box["x"] + 0.5 * zoom, box["y"] + 24.5 * zoom)
    assert (drawn(cover)[5:, :, 3] == 0).sum() <= 2  # but not where it was lifted
    page.get_by_role("button", name="Fill it all").click()
    assert drawn(cover)[..., 3].max() == 0
    assert np.array_equal(drawn(values), whole)


@pytest.mark.browser
def test_the_formula_has_the_size_of_the_map(page):
    formula = page.locator(".nnb-live .nnb-window-formula")
    for setting, said in {
        (2, 1): "(28 + 2 × 2 − 5) / 1 + 1 = 28.",
        (0, 1): "(28 + 2 × 0 − 5) / 1 + 1 = 24.",
        (2, 2): "(28 + 2 × 2 − 5) / 2 + 1 = 14.5, rounded down to 14.",
        (0, 2): "(28 + 2 × 0 − 5) / 2 + 1 = 12.5, rounded down to 12.",
    }.items():
        choose(page, *setting)
        assert formula.inner_text().endswith(said)


@pytest.mark.browser
def test_keys_fingers_and_addresses_move_it(browser, figure, test_set, tmp_path):
    index = int(np.flatnonzero(test_set.labels == 3)[0])
    fragment = f"window:image={index},filter=2,row=9,column=12,padding=0,stride=2"
    with pages.opened(browser, figure, tmp_path, fragment=fragment, has_touch=True) as page:
        expected = oracle(test_set.images[index], 1, 0, 2)
        value = page.locator(".nnb-live .nnb-window-total td").last
        assert value.inner_text() == f"{expected[8, 11]:+.2f}".replace("-", "−")
        image = page.locator(".nnb-live .nnb-window-image canvas").last
        assert image.get_attribute("data-index") == str(index)
        assert pages.same_colours(drawn(image), raster.ink(np.pad(test_set.images[index], 2)))
        page.focus(".nnb-live .nnb-window-places")
        page.keyboard.press("ArrowLeft")
        assert page.evaluate("location.hash").endswith("row=9,column=11,padding=0,stride=2")
        spoken_now = page.locator(".nnb-live [aria-live]").inner_text()
        assert spoken_now.startswith("Row 9, column 11 of the map")
        assert spoken_now.endswith(value.inner_text())
        box = page.locator(".nnb-live .nnb-window-image").bounding_box()
        page.touchscreen.tap(box["x"] + 5, box["y"] + 5)
        assert "row=1,column=1," in page.evaluate("location.hash")
        page.get_by_role("radio", name="filter 4").check(force=True)
        page.go_back()
        assert page.locator(".nnb-live .nnb-window-map canvas").first.get_attribute("data-filter") == "2"


@pytest.mark.browser
def test_it_holds_up_and_everybody_reaches_it(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, use)


@pytest.mark.browser
@pytest.mark.parametrize(("shape", "size"), [((20, 24), (3, 5)), ((8, 8), (3, 3)), ((64, 48), (7, 7))])
def test_other_images_and_windows_fit_a_phone(browser, tmp_path, shape, size):
    images = np.random.default_rng(3).integers(0, 256, (10, *shape)).astype(np.uint8)
    figure = figures.window(network(shape, 3, size), images, np.arange(10) % 5, "01234")
    with pages.opened(browser, figure, tmp_path, viewport={"width": 320, "height": 700}) as page:
        for act in (lambda page: None, use):
            act(page)
            assert page.evaluate(pages.WIDE) == 0
            assert page.evaluate(pages.CUT_OFF) == []


def test_at_rest_the_highest_place_of_the_highest_map_is_lit(figure, test_set):
    facts = figure.facts
    firsts = [int(np.flatnonzero(test_set.labels == label)[0]) for label in range(10)]
    maps = convolved(test_set.images[firsts][..., np.newaxis] / 255, network().weights[0], network().biases[0])
    at, row, column, number = np.unravel_index(maps.argmax(), maps.shape)
    assert facts["index"] == firsts[at]
    assert (facts["row"], facts["column"], facts["filter"]) == (row + 1, column + 1, number + 1)
    assert (
        facts["value"] == pytest.approx(maps.max(), abs=1e-6) == pytest.approx(facts["sum"] + facts["bias"], abs=1e-6)
    )
    assert (facts["weights"], facts["places"], facts["filters"]) == (25, 784, 4)
    static = elements(figure.static)
    cells = [words(cell) for cell in find(static, "td")]
    assert len(cells) == 3 * 25 + 3
    assert cells[-1] == f"{facts['value']:+.2f}"
    assert find(static, "img", "nnb-ink")[0].get("data-index") == str(facts["index"])
    assert f"row {facts['row']}, column {facts['column']} of the map" in spoken(static)
    assert latin_words(figure, "ja") == set()
    assert len(figure.html("ja").encode()) < 25_000


def test_what_it_cannot_show_it_refuses(test_set):
    three = test_set.images[:10], test_set.labels[:10], "0123456789"
    with pytest.raises(ValueError, match=r"images are grey, \(N, H, W\); got shape \(4, 32, 32, 3\); pass grey images"):
        figures.window(network(), np.zeros((4, 32, 32, 3), np.uint8), np.arange(4), "0123")
    dense = network()
    dense.layers = ("dense 10",)
    with pytest.raises(ValueError, match="a first layer that is a convolution; got 'dense 10'; pass a network such as"):
        figures.window(dense, *three)
    with pytest.raises(ValueError, match="at most 7 pixels wide and high; got a filter of 9x9; pass a network whose"):
        figures.window(network(size=(9, 9)), *three)
    with pytest.raises(ValueError, match=r"sees images of \(20, 24\); got images of shape \(10, 28, 28\); pass those"):
        figures.window(network((20, 24)), *three)
