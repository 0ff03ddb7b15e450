"""Column and grid: every pixel is where its number says, in both drawings, and the sum of both is NumPy's."""

import base64
import json
import re
from io import BytesIO

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words
from PIL import Image
from playwright.sync_api import expect

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.kit.numbers import as_packed
from nnbook.localisation import signed

CANVAS = "() => document.querySelector('.nnb-unroll-stage canvas').toDataURL()"
SCORE = (
    """data => nnbook.scores([nnbook.layer(data.layer)], nnbook.images(data.image, data.width * data.height)[0])[0]"""
)
CLICK = """() => { document.querySelector('.nnb-unroll button').click();
    return Number(document.querySelector('.nnb-unroll input').value) }"""
HEIGHTS = """() => [...document.querySelectorAll('.nnb-unroll :is(button, input)')]
    .map(e => e.getBoundingClientRect().height)"""
LAST = 112  # the slider's value in the column: four steps for each of the 28 rows


@pytest.fixture(scope="module")
def term(mnist_sample):
    """An image, weights and a bias: every weight and nearly every pixel differs from its neighbours."""
    random = np.random.default_rng(5)
    return mnist_sample.test.images[3], random.normal(0, 0.15, 784).astype(np.float32), np.float32(-0.75)


@pytest.fixture(scope="module")
def figure(term):
    return figures.unrolling(*term, "0", index=3)


def data_of(figure):
    return json.loads(elements(figure).get("data-nnb-data"))


def expected(image, weights, theme):
    """The colours (3, pixels, 4) of the pixels, the weights and the products."""
    weights = as_packed(weights[None])[0]
    limit = np.abs(weights).max()
    ink = raster.ink(image.reshape(1, -1))
    ink[..., :3] = 255 if theme == "dark" else 0
    signs = [raster.diverging(values[None], limit, theme) for values in (weights, weights * image.ravel() / 255)]
    return np.concatenate([ink, *signs])


def drawn(page, figure):
    """The colours (3, pixels, 4) in the middle of each pixel's place, in the columns and in the grids."""
    data = data_of(figure)
    content = base64.b64decode(page.evaluate(CANVAS).split(",")[1])
    canvas = np.asarray(Image.open(BytesIO(content)).convert("RGBA"))
    scale = canvas.shape[1] // data["wide"]
    number = np.arange(data["width"] * data["height"])
    row, column = np.divmod(number, data["width"])

    def at(x, y):
        return canvas[(np.asarray(y) * scale).astype(int), (np.asarray(x) * scale).astype(int)]

    middle = data["cell"] / 2
    columns = [at(left + number % 9 + 1, data["top"] + (number + 0.5) * data["pitch"]) for left in data["columns"]]
    grids = [at(1 + column * 2 * middle + middle, top + row * 2 * middle + middle) for top in data["tops"]]
    return np.stack(columns), np.stack(grids)


def ink_is_exact(colours, wanted):
    return np.array_equal(colours[0, :, 3], wanted[0, :, 3]) and pages.same_colours(colours, wanted)


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "density"), [("light", 1), ("dark", 2), ("light", 3)])
def test_every_pixel_is_where_its_number_says(browser, figure, term, tmp_path, theme, density):
    wanted = expected(*term[:2], theme)
    options = {"theme": theme, "device_scale_factor": density}
    with pages.opened(browser, figure, tmp_path, **options) as page:
        assert ink_is_exact(drawn(page, figure)[0], wanted)
    with pages.opened(browser, figure, tmp_path, fragment="unrolling:at=grid", **options) as page:
        assert ink_is_exact(drawn(page, figure)[1], wanted)


@pytest.mark.browser
def test_on_the_way_the_first_rows_are_in_the_column_and_the_last_in_the_grid(browser, figure, term, tmp_path):
    wanted = expected(*term[:2], "light")
    with pages.opened(browser, figure, tmp_path, fragment="unrolling:at=40") as page:
        columns, grids = drawn(page, figure)
        told = page.get_attribute(".nnb-unroll input", "aria-valuetext")
    arrived = int(told.split()[0])
    assert 3 < arrived < 20
    assert told.startswith(f"{arrived} of 28 rows in the column, score ")
    assert ink_is_exact(columns[:, : 28 * arrived], wanted[:, : 28 * arrived])
    waiting = slice(28 * 23, None)  # of the products, over which no row flies
    assert pages.same_colours(grids[2, waiting], wanted[2, waiting])


@pytest.mark.browser
def test_an_image_of_another_shape_unrolls_as_well(browser, tmp_path):
    random = np.random.default_rng(6)
    image, weights = random.integers(1, 256, (20, 12)).astype(np.uint8), random.normal(0, 1, 240)
    figure = figures.unrolling(image, weights, 0.5, "1")
    with pages.opened(browser, figure, tmp_path, fragment="unrolling:at=grid") as page:
        assert ink_is_exact(drawn(page, figure)[1], expected(image, weights, "light"))
        page.click(".nnb-unroll button")
        page.wait_for_function("document.querySelector('.nnb-unroll input').value == 80")
        assert ink_is_exact(drawn(page, figure)[0], expected(image, weights, "light"))


@pytest.mark.browser
def test_both_drawings_have_the_score_of_numpy(browser, figure, term, tmp_path):
    image, weights, bias = term
    score = weights.astype(float) @ (image.ravel() / 255) + bias
    for fragment in ("", "unrolling:at=grid"):
        with pages.opened(browser, figure, tmp_path, fragment=fragment) as page:
            assert abs(page.evaluate(SCORE, data_of(figure)) - score) < 1e-4
            assert page.get_attribute(".nnb-unroll input", "aria-valuetext").endswith(f"score {signed(score, 'en')}")
            written = signed(score, "en").removeprefix("+")
            assert page.inner_text(".nnb-live .nnb-equation").endswith(f"= {written}")
            assert f"z = {written}" in page.text_content(".nnb-live svg")


@pytest.mark.browser
def test_a_pixel_is_the_same_one_in_every_drawing(browser, figure, term, tmp_path):
    image, weights, _ = term
    number = int(np.flatnonzero(image)[40])
    row, column = divmod(number, 28)
    pixel, weight = image.ravel()[number] / 255, weights[number]
    told = f"Pixel {number + 1} (row {row + 1}, column {column + 1}): x = {pixel:.2f}, w = {signed(weight, 'en', 3)}, "
    told += f"w x = {signed(weight * pixel, 'en', 3)}"
    data = data_of(figure)
    with pages.opened(browser, figure, tmp_path, device_scale_factor=2) as page:
        stage = page.locator(".nnb-unroll-stage")
        for top in data["tops"]:
            stage.hover(position={"x": 3 + 4 * column, "y": top + 4 * row + 2})
            assert page.inner_text(".nnb-reading").replace("\xa0", " ") == told
            page.mouse.move(0, 0)
            assert page.inner_text(".nnb-reading") != told
        even = number - number % 2  # half a CSS pixel is less than a mouse can aim at
        for left in data["columns"]:
            stage.hover(position={"x": left + 5, "y": data["top"] + even / 2 + 0.25})
            assert page.inner_text(".nnb-reading").startswith(f"Pixel {even + 1} ")


@pytest.mark.browser
def test_arrow_keys_walk_in_rows_in_the_grid_and_along_the_column(browser, figure, tmp_path):
    def number(page, key):
        page.keyboard.press(key)
        return page.inner_text(".nnb-reading").split()[1]

    with pages.opened(browser, figure, tmp_path, fragment="unrolling:at=grid,pixel=403") as page:
        page.focus(".nnb-unroll-stage")
        assert [number(page, key) for key in ("ArrowDown", "ArrowRight", "ArrowUp")] == ["431", "432", "404"]
        assert page.text_content("[role=status]").startswith("Pixel 404 (row 15, column 12)")
    with pages.opened(browser, figure, tmp_path, fragment="unrolling:at=column,pixel=420") as page:
        page.focus(".nnb-unroll-stage")
        assert [number(page, key) for key in ("ArrowDown", "ArrowUp", "Shift+ArrowUp")] == ["421", "420", "392"]


@pytest.mark.browser
def test_keys_move_the_rows_and_the_address_keeps_what_is_shown(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, "ja", reduced_motion="reduce") as page:
        focused = "[document.activeElement.tagName, document.activeElement.getAttribute('aria-label')]"
        names = []
        for _ in range(3):
            page.keyboard.press("Tab")
            names.append(page.evaluate(focused))
        assert [tag for tag, _ in names] == ["BUTTON", "INPUT", "DIV"]
        assert page.text_content(".nnb-unroll button") == "マス目に戻す"
        assert all(label for _, label in names[1:])
        page.focus(".nnb-unroll button")
        page.keyboard.press("Enter")
        assert page.url.endswith("#unrolling:at=grid")
        assert page.text_content("[role=status]").startswith("28行のうち0行を縦一列に")
        page.locator(".nnb-unroll-stage").click(position={"x": 44, "y": 81})
        assert page.url.endswith("#unrolling:at=grid,pixel=403")
        page.focus(".nnb-unroll input")
        page.keyboard.press("End")
        assert page.url.endswith("#unrolling:at=column,pixel=403")
        page.go_back()
        assert page.input_value(".nnb-unroll input") == "0"
        page.go_back()
        assert not page.text_content(".nnb-reading").startswith("画素 403")
        page.go_back()
        assert page.input_value(".nnb-unroll input") == str(LAST)


@pytest.mark.browser
def test_rows_travel_only_for_readers_who_like_motion(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, reduced_motion="reduce") as page:
        assert page.evaluate(CLICK) == 0
    with pages.opened(browser, figure, tmp_path) as page:
        assert page.evaluate(CLICK) > 0
        # Said when the rows have arrived.
        expect(page.locator("[role=status]")).to_have_text(re.compile("^0 of 28 rows"))
        assert page.input_value(".nnb-unroll input") == "0"
        assert page.text_content(".nnb-unroll button") == "Unroll"


@pytest.mark.browser
def test_fingers_find_what_they_touch(browser, figure, tmp_path):
    size = {"width": 390, "height": 844}
    with pages.opened(browser, figure, tmp_path, has_touch=True, is_mobile=True, viewport=size) as page:
        assert min(page.evaluate(HEIGHTS)) >= 44
        page.locator(".nnb-unroll-stage").tap(position={"x": 44, "y": 81})
        assert page.url.endswith("#unrolling:at=column,pixel=403")


def roll_up(page):
    page.emulate_media(reduced_motion="reduce")
    page.click(".nnb-unroll button")
    page.focus(".nnb-unroll-stage")
    page.keyboard.press("ArrowUp")


@pytest.mark.browser
def test_the_figure_is_whole_at_every_width(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, roll_up)


def test_the_static_figure_is_the_column_diagram_with_its_facts(figure, term):
    column = figures.unrolling(*term, "0", index=3, interactive=False)
    assert figure.facts == column.facts
    for language in ("en", "ja"):
        assert column.html(language) in figure.html(language)
    assert latin_words(figure, "ja") == set()
    assert len(find(elements(figure), "template")) == 1


def test_it_can_begin_as_a_grid(browser, term, tmp_path):
    figure = figures.unrolling(*term, "0", index=3, form="grid")
    assert figures.unrolling(*term, "0", index=3, form="grid", interactive=False).html("en") in figure.html("en")
    with pages.opened(browser, figure, tmp_path) as page:
        assert page.locator(".nnb-live [type=range]").input_value() == "0"
    with pytest.raises(ValueError, match="in the form column or grid; got 'row'; choose one"):
        figures.unrolling(*term, "0", form="row")


def test_an_image_in_colour_is_drawn_and_cannot_be_asked():
    assert elements(figures.unrolling(np.zeros((32, 32, 3), np.uint8), np.zeros(3072), 0.0, "cat")).tag == "div"
