"""Feature maps and the way through a network: every map, number and part of the image is what NumPy finds there."""

import base64
import io
import re

import interactive_pages as pages
import numpy as np
import pytest
from convolutional_tools import DIGITS, PHOTOGRAPHS, plainly, random_network
from figures_tools import elements, find, latin_words, spoken
from PIL import Image
from playwright.sync_api import expect

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.kit.convolutional import field, tiled

PIXELS = "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"


@pytest.fixture(scope="module")
def network():
    return random_network(DIGITS, (28, 28))


@pytest.fixture(scope="module")
def test(mnist_sample):
    return mnist_sample.test


@pytest.fixture(scope="module")
def maps(network, test):
    return figures.feature_maps(network, test.images, test.labels, "0123456789")


@pytest.fixture(scope="module")
def through(network, test):
    return figures.through(network, test.images, test.labels, "0123456789")


def of(network, test, index, layer):
    """What a layer gives out for a test image, (channels, rows, columns)."""
    return np.moveaxis(plainly(network, test.images[index])[layer], -1, 0)


def drawn(canvas):
    size = [canvas.evaluate(f"(canvas) => canvas.{side}") for side in ("height", "width")]
    return np.array(canvas.evaluate(PIXELS), np.uint8).reshape(*size, 4)


def index_of(test, label):
    return int(np.flatnonzero(test.labels == label)[0])


def test_facts_are_those_of_the_plain_convolution(network, test, maps, through):
    first = index_of(test, 0)
    outputs = plainly(network, test.images[first])
    shares = np.exp(outputs[-1]) / np.exp(outputs[-1]).sum()
    for facts in (maps.facts, through.facts):
        assert (facts["index"], facts["label"], facts["winner"]) == (first, "0", str(shares.argmax()))
        assert facts["probability"] == pytest.approx(shares.max(), abs=1e-6)
        assert 0 < facts["rounding"] <= 0.5 / 352_484 + 1e-12
    for layer, at in zip(maps.facts["layers"], (0, 3), strict=True):
        sums = outputs[at]
        assert (layer["lowest"], layer["highest"]) == pytest.approx((sums.min(), sums.max()), abs=1e-6)
        assert layer["above"] == pytest.approx((sums > 0).mean(), abs=1e-6)
        assert layer["silent"] == sum(not (sums[..., one] > 0).any() for one in range(sums.shape[-1]))
    assert [layer["filters"] for layer in maps.facts["layers"]] == [8, 16]
    assert maps.facts["strongest"]["filter"] == outputs[0].max(axis=(0, 1)).argmax() + 1
    for layer, output in zip(through.facts["layers"], outputs, strict=True):
        assert layer["numbers"] == output.size == layer["maps"] * layer["rows"] * layer["columns"]
        assert layer["largest"] == pytest.approx(np.abs(output).max(), abs=1e-6)


def test_a_field_is_what_changes_a_number():
    """The oracle: each pixel is changed by itself, and all numbers are calculated anew."""
    network = random_network(("convolution 3x5x2", "tanh", "pool", "convolution 3x3x2", "pool", "dense 2"), (20, 24))
    image = np.random.default_rng(3).integers(0, 200, (20, 24)).astype(np.uint8)
    before = plainly(network, image)
    moved = {layer: np.zeros((20, 24), bool) for layer in (0, 2, 3, 4)}
    for place in np.ndindex(20, 24):
        other = image.copy()
        other[place] += 50
        after = plainly(network, other)
        for layer, mask in moved.items():
            middle = before[layer].shape[0] // 2, before[layer].shape[1] // 2
            mask[place] = (np.abs(after[layer][middle] - before[layer][middle]) > 1e-12).any()
    for layer, mask in moved.items():
        rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
        # A number that two of four never win may hide an edge of its field, and no more than that.
        found = np.ptp(rows) + 1, np.ptp(columns) + 1
        wanted = field(network.layers, layer)
        hidden = np.subtract(wanted, found)
        assert (hidden >= 0).all()
        assert hidden.max() <= (2 if "pool" in network.layers[: layer + 1] else 0)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_at_rest_all_maps_are_drawn_and_told(network, test, maps, through, language):
    first = index_of(test, 0)
    for figure in (maps, through):
        assert "28 × 28" in spoken(elements(figure.static, language)) or figure is maps
        assert latin_words(figure, "ja") <= {"ReLU"}
        image = next(one for one in find(elements(figure.static, language), "img") if one.get("data-index"))
        assert image.get("data-index") == str(first)
    grids = find(elements(through.static, language), "span", "nnb-map-grid")
    assert [int(grid.get("data-layer")) for grid in grids] == [0, 1, 2, 3, 4, 5]
    for grid in grids:
        layer = int(grid.get("data-layer"))
        values, limit = of(network, test, first, layer), of(network, test, first, 3 * (layer // 3)).max()
        encoded = find(grid, "img")[0].get("src").split(",")[1]
        picture = np.array(Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGBA"))
        _, height, width = values.shape
        across = (picture.shape[1] + 1) // (width + 1)
        for number, each in enumerate(values):
            row, column = divmod(number, across)
            cell = picture[row * (height + 1) :, column * (width + 1) :][:height, :width]
            assert pages.same_colours(cell, raster.diverging(each, limit, "light"))


def test_maps_are_laid_out_row_by_row():
    sheet = tiled(np.arange(1, 4)[:, np.newaxis, np.newaxis] * np.ones((3, 2, 2)), 2)
    assert sheet.tolist() == [[1, 1, 0, 2, 2], [1, 1, 0, 2, 2], [0] * 5, [3, 3, 0, 0, 0], [3, 3, 0, 0, 0]]


@pytest.mark.browser
def test_the_page_paints_the_same_maps_for_another_image(browser, network, test, through, tmp_path):
    index = index_of(test, 4)
    with pages.opened(browser, through, tmp_path, fragment=f"through:image={index},layer=6,map=5") as page:
        outputs = plainly(network, test.images[index])
        for grid in page.locator(".nnb-live .nnb-map-grid").all():
            layer = int(grid.get_attribute("data-layer"))
            values, limit = of(network, test, index, layer), of(network, test, index, 3 * (layer // 3)).max()
            picture = drawn(grid.locator("canvas"))
            _, height, width = values.shape
            across = (picture.shape[1] + 1) // (width + 1)
            for number, each in enumerate(values):
                row, column = divmod(number, across)
                cell = picture[row * (height + 1) :, column * (width + 1) :][:height, :width]
                assert _steps_apart(cell, each, limit) <= 1
        shares = np.exp(outputs[-1]) / np.exp(outputs[-1]).sum()
        for bar, share in zip(page.locator(".nnb-live .nnb-through-bars i").all(), shares, strict=True):
            assert float(bar.evaluate("(bar) => bar.style.getPropertyValue('--s')")) == pytest.approx(share, abs=1e-4)
        expect(page.locator(".nnb-live .nnb-through-bars [data-winner] b")).to_have_text(str(shares.argmax()))
        expect(page.get_by_role("combobox", name="Map")).to_have_value("4")


def _steps_apart(cell, values, limit):
    """How many steps of the scale a painted map is from the `values` at most: float32 may round to the next one."""
    scale = raster.diverging_scale("light").astype(int)
    steps = np.rint(np.clip(values / limit, -1, 1) * raster.LEVELS).astype(int) + raster.LEVELS
    opacity = np.abs(cell[..., 3].astype(int)[..., np.newaxis] - scale[:, 3])
    colour = np.where(
        cell[..., 3:] > 60, np.abs(cell[..., :3].astype(int) - scale[steps, :3]).max(-1, keepdims=True), 0
    )
    side = np.abs(np.arange(len(scale)) - steps[..., np.newaxis])
    return int(np.where(opacity <= 1, side, 999).min(axis=-1).max()) if (colour <= 24).all() else 999


@pytest.mark.browser
def test_a_map_opens_to_its_numbers_and_to_the_part_of_the_image(browser, network, test, through, tmp_path):
    first = index_of(test, 0)
    with pages.opened(browser, through, tmp_path) as page:
        reading = page.locator(".nnb-live .nnb-reading")
        sheet = page.locator('.nnb-live .nnb-map-grid[data-layer="3"]')
        box = sheet.bounding_box()
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        page.mouse.click(box["x"] + box["width"] - 6, box["y"] + 6)  # the last map of the first row
        number = int(page.get_by_role("combobox", name="Map").input_value())
        values = of(network, test, first, 3)[number]
        assert page.url.endswith(f"#through:image={first},layer=4,map={number + 1}")
        plane = page.get_by_role("application")
        plane.focus()
        for key in ("ArrowRight", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowUp"):
            page.keyboard.press(key)
        row, column = (int(plane.get_attribute(f"data-{side}")) for side in ("row", "column"))
        assert column == 0
        shown = re.fullmatch(
            r"Map (\d+), row (\d+), column 1: ([−+]?[\d.]+)\. It looks at rows (\d+) to (\d+) and columns 1 to (\d+) "
            r".*",
            reading.inner_text(),
        )
        assert [int(shown[1]), int(shown[2])] == [number + 1, row + 1]
        assert float(shown[3].replace("−", "-")) == pytest.approx(values[row, 0], abs=0.0051)
        expect(page.locator(".nnb-live [role=status]")).to_have_text(reading.inner_text())
        # The window of 5 x 5 in the pooled map is 14 x 14 pixels, of which the left ones lie outside of the image.
        top, bottom = max(0, 2 * (row - 2) - 2), min(27, 2 * (row + 2) + 3)
        assert [int(shown[4]), int(shown[5]), int(shown[6])] == [top + 1, bottom + 1, 8]
        frame = page.locator(".nnb-live .nnb-field-of")
        image = page.locator(".nnb-live .nnb-opened-cell canvas").first.bounding_box()
        seen, zoom = frame.bounding_box(), image["width"] / 28
        assert seen["y"] - image["y"] == pytest.approx(top * zoom, abs=0.6)
        assert (seen["width"], seen["height"]) == pytest.approx((8 * zoom, (bottom - top + 1) * zoom), abs=0.6)
        page.get_by_role("combobox", name="Layer").select_option("5")
        expect(page.get_by_role("combobox", name="Layer").locator("option:checked")).to_have_text(
            "Convolution 2: pooled"
        )
        page.go_back()
        expect(page.get_by_role("combobox", name="Map")).to_have_value(str(number))


@pytest.mark.browser
def test_filters_and_maps_of_each_layer_and_stage(browser, network, test, maps, tmp_path):
    first = index_of(test, 0)
    with pages.opened(browser, maps, tmp_path) as page:
        tiles = page.locator(".nnb-live .nnb-feature-tiles label")
        expect(tiles).to_have_count(8)
        strongest = maps.facts["strongest"]["filter"]
        expect(page.get_by_role("radio", name=f"filter {strongest}", exact=True)).to_be_checked()
        for number in (0, 7):
            weights = drawn(tiles.nth(number).locator("canvas").first)
            limit = np.abs(network.weights[0]).max()
            assert _steps_apart(weights, network.weights[0][number, ..., 0], limit) <= 1
        page.get_by_role("combobox", name="Layer").select_option("1")
        expect(tiles).to_have_count(16)
        page.get_by_role("radio", name="pooled").check(force=True)
        page.get_by_role("radio", name="filter 9", exact=True).check(force=True)
        values = of(network, test, first, 5)
        limit = of(network, test, first, 3).max()
        for number in (0, 8, 15):
            assert _steps_apart(drawn(tiles.nth(number).locator("canvas")), values[number], limit) <= 1
        large = page.locator(".nnb-live .nnb-opened-cell canvas").nth(1)
        assert _steps_apart(drawn(large), values[8], limit) <= 1
        slices = drawn(page.locator(".nnb-live .nnb-opened-between canvas"))
        assert slices.shape[:2] == (3 * 6 - 1, 3 * 6 - 1)  # eight slices of 5 x 5 in rows of three
        heaviest = np.abs(network.weights[1]).max()
        assert _steps_apart(slices[6:11, 6:11], network.weights[1][8, :, :, 4], heaviest) <= 1
        assert page.url.endswith(f"#maps:image={first},layer=2,stage=pool,filter=9")
        page.reload()
        expect(page.get_by_role("radio", name="filter 9", exact=True)).to_be_checked()
        expect(page.get_by_role("radio", name="pooled")).to_be_checked()


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["feature_maps", "through"])
def test_it_holds_up_on_every_screen(browser, network, test, kind, tmp_path):
    figure = getattr(figures, kind)(network, test.images, test.labels, "0123456789")

    def deeper(page):
        page.locator(".nnb-live select").first.select_option("1")

    pages.holds_up(browser, figure, tmp_path, deeper)


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["feature_maps", "through"])
def test_photographs_and_many_maps_fit_a_phone(browser, cifar10_sample, kind, tmp_path):
    network, test = random_network(PHOTOGRAPHS, (32, 32, 3)), cifar10_sample.test
    figure = getattr(figures, kind)(network, test.images, test.labels, cifar10_sample.class_keys)
    name, size = {"feature_maps": "maps", "through": "through"}[kind], {"width": 320, "height": 700}
    fragment = f"{name}:layer=3,filter=128,map=64"
    with pages.opened(browser, figure, tmp_path, fragment=fragment, viewport=size, has_touch=True) as page:
        assert page.evaluate(pages.WIDE) == 0
        assert page.evaluate(pages.CUT_OFF) == []
        assert page.evaluate(pages.SMALL_TARGETS) == []
        image = drawn(page.locator(".nnb-live .nnb-opened-cell canvas").first)
        np.testing.assert_array_equal(image[..., :3], test.images[figure.facts["index"]])


def test_other_networks_are_shown_and_images_of_others_refused(network, test):
    layers = ("convolution 3x3x3", "sigmoid", "dense 6", "dropout 0.5", "tanh", "dense 3")
    other = random_network(layers, (9, 7))
    images = np.random.default_rng(1).integers(0, 256, (5, 9, 7), np.uint8)
    for figure in (figures.feature_maps, figures.through):
        assert figure(other, images, [0, 1, 2, 2, 1], "abc", interactive=False).facts["label"] == "a"
        assert figure(other, images, [0, 1, 2, 2, 1], "abc", chosen=[3]).facts["index"] == 3
        with pytest.raises(
            ValueError, match=r"those of the network, \(9, 7\) and 3 classes; got .*\(28, 28\).*; pass what"
        ):
            figure(other, test.images, test.labels, "0123456789")
        with pytest.raises(ValueError, match=r"begin with a convolution.*; got dense 3; pass such a one"):
            figure(random_network(("dense 3",), (9, 7)), images, [0, 1, 2, 2, 1], "abc")
