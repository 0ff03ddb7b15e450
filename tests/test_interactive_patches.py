"""Best patches: the right images, the right place, the right pixels, by a plain convolution and by padding images."""

import base64
import json
from functools import partial
from io import BytesIO

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, pixels, spoken
from PIL import Image
from playwright.sync_api import expect
from serving import served
from untrained import Untrained
from waiting import wait_until

from nnbook import figures
from nnbook.figures.kit.fields import receptive_fields
from nnbook.figures.kit.packing import DIGITS
from nnbook.network import convolved

DIGITS_LAYERS = ("convolution 5x5x3", "relu", "pool", "convolution 3x3x6", "relu", "pool", "dense 10")
PHOTO_LAYERS = ("convolution 3x3x4", "relu", "pool", "convolution 3x3x40", "relu", "dense 10")
PIXELS = """(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"""


@pytest.fixture(scope="module")
def digits(mnist_sample):
    test = mnist_sample.test
    return Untrained(DIGITS_LAYERS, (28, 28)), test.images[:80], test.labels[:80], mnist_sample.class_keys


@pytest.fixture(scope="module")
def photos(cifar10_sample):
    test = cifar10_sample.test
    return Untrained(PHOTO_LAYERS, (32, 32, 3)), test.images[:40], test.labels[:40], cifar10_sample.class_keys


@pytest.fixture(scope="module")
def figure(digits):
    return figures.best_patches(*digits)


@pytest.fixture(scope="module")
def colourful(photos):
    return figures.best_patches(*photos)


def expected(network, images, layer):
    """By filter of convolution 0 or 1, (value, index, row, column of the map) of the nine strongest, plainly."""
    x = images[..., None] / 255 if images.ndim == 3 else images / 255
    maps = convolved(x, network.weights[0], network.biases[0])
    if layer:
        n, rows, columns, channels = maps.shape
        pooled = np.maximum(maps, 0).reshape(n, rows // 2, 2, columns // 2, 2, channels).max(axis=(2, 4))
        maps = convolved(pooled, network.weights[1], network.biases[1])
    found = []
    for number in range(maps.shape[3]):
        best = []
        for index, own in enumerate(maps[..., number]):
            row, column = np.unravel_index(own.argmax(), own.shape)
            best.append((float(own.max()), index, int(row), int(column)))
        found.append([one for one in sorted(best, key=lambda one: (-one[0], one[1]))[:9] if one[0] > 0])
    return found


def corner(layer, side, row, column):
    """Where the window of a unit begins, in words of the layer before: for the second layer, of a pooled map."""
    reach = side // 2
    return (row - reach, column - reach) if layer == 0 else (2 * (row - 1) - reach, 2 * (column - 1) - reach)


def seen(image, top, left, side):
    """The pixels of a patch, with as many zeros around the image as are needed, and where it is image at all."""
    padded = np.pad(image, ((20, 20), (20, 20), (0, 0))[: image.ndim])
    inside = np.pad(np.ones(image.shape[:2], bool), 20)
    where = slice(top + 20, top + 20 + side), slice(left + 20, left + 20 + side)
    return padded[where], inside[where]


def same_patch(drawn, image, top, left):
    """Whether `drawn` (side, side, 4) is the patch of the `image`: ink is opacity, a colour is opaque inside of it."""
    values, inside = seen(image, top, left, len(drawn))
    if image.ndim == 2:
        return np.array_equal(drawn[..., 3], values)
    return np.array_equal(drawn[..., 3], 255 * inside) and np.array_equal(drawn[..., :3][inside], values[inside])


def sheet(address):
    return np.asarray(Image.open(BytesIO(base64.b64decode(address.split(",")[1]))).convert("RGBA"))


def unpacked(text, width):
    return [
        sum(DIGITS.index(text[at + place]) * len(DIGITS) ** (width - 1 - place) for place in range(width))
        for at in range(0, len(text), width)
    ]


def data(figure):
    return json.loads(elements(figure).get("data-nnb-data"))


def test_a_field_is_what_makes_a_difference():
    """With weights of one, every pixel that a unit sees changes it, and no other does."""
    layers = (*DIGITS_LAYERS[:5], "convolution 5x3x1")
    network = Untrained((*layers, "dense 2"), (16, 12))
    for parameters in network.network.named_parameters().values():
        parameters[...] = 0.1
    alone = np.eye(16 * 12).reshape(-1, 16, 12)
    base, outputs = network.outputs(np.zeros((1, 16, 12))), network.outputs(alone)
    fields = receptive_fields(network.layers)
    assert len(fields) == len(layers)
    for field, nothing, found in zip(fields, base, outputs, strict=False):
        for row, column in ((0, 0), (3, 2), (found.shape[1] - 1, found.shape[2] - 1)):
            changed = (np.abs(found - nothing)[:, row, column].max(axis=1) > 1e-9).reshape(16, 12)
            top, left = field.start(row, column)
            wanted = np.zeros((16, 12), bool)
            wanted[max(top, 0) : top + field.size[0], max(left, 0) : left + field.size[1]] = True
            assert np.array_equal(changed, wanted)


@pytest.mark.parametrize("name", ["digits", "photos"])
def test_every_patch_of_every_filter_is_the_right_one(name, request):
    network, images, labels, keys = request.getfixturevalue(name)
    figure = figures.best_patches(network, images, labels, keys)
    for layer, packed in enumerate(data(figure)["layers"]):
        side = packed["size"][0]
        indices, places, classes, steps = (
            unpacked(packed[key], width) for key, width in {"indices": 3, "places": 3, "labels": 2, "values": 3}.items()
        )
        patches, wholes = [sheet(address) for address in packed["sheets"]], packed["images"]
        for number, best in enumerate(expected(network, images, layer)):
            assert packed["counts"][number] == len(best)
            for place, (value, index, row, column) in enumerate(best):
                at = 9 * number + place
                assert (indices[at], divmod(places[at], packed["across"])) == (index, (row, column))
                assert classes[at] == labels[index]
                assert steps[at] / (89**3 - 1) * packed["highest"] == pytest.approx(value, abs=1e-4)
                top, left = corner(layer, network.weights[0].shape[1], row, column)
                down = number % packed["per"] * side
                own = patches[number // packed["per"]][down : down + side, place * side : (place + 1) * side]
                assert same_patch(own, images[index], top, left)
                wide = images.shape[2]
                assert same_patch(sheet(wholes[number])[:, place * wide : (place + 1) * wide], images[index], 0, 0)


def test_facts_count_what_is_shown(digits, figure):
    network, images, labels, _ = digits
    assert figure.facts["images"] == 80
    nines = [np.bincount(labels[start : start + 9]).max() for start in range(0, 72, 9)]
    assert figure.facts["chance"] == pytest.approx(np.mean(nines), abs=1e-6)
    for layer, facts in enumerate(figure.facts["layers"]):
        counts = [np.bincount([labels[index] for _, index, *_ in best]) for best in expected(network, images, layer)]
        whole = [own for own in counts if own.sum() == 9]
        assert facts["filters"] == len(counts)
        assert (facts["rows"], facts["columns"]) == ((5, 5), (10, 10))[layer]
        assert facts["silent"] == sum(own.sum() == 0 for own in counts)
        assert facts["same"] == pytest.approx(np.mean([own.max() for own in whole]), abs=1e-6)
        for key, most in (("one_class", 1), ("two_classes", 2)):
            assert facts[key] == pytest.approx(sum((own > 0).sum() <= most for own in whole) / len(counts), abs=1e-6)


def test_a_filter_that_no_image_excites_says_so(digits):
    network = Untrained(DIGITS_LAYERS, (28, 28))
    network.biases[0][1] = -100
    figure = figures.best_patches(network, *digits[1:])
    assert figure.facts["layers"][0]["silent"] == 1
    assert "no image excites it" in spoken(elements(figure.static))
    assert data(figure)["layers"][0]["counts"][1] == 0


def test_the_static_form_says_of_each_patch_what_it_is(digits, figure):
    network, images, *_ = digits
    rows = find(elements(figure.static), kind="nnb-patches-layer")
    for layer, row in enumerate(rows):
        shown = find(row, "img", "nnb-ink")
        best = expected(network, images, layer)
        assert len(shown) == min(6, len(best))
        side, zoom = ((5, 4), (10, 2))[layer]
        for picture, own in zip(shown, best, strict=False):
            said = [[float(one) for one in picture.get(f"data-{key}").split(",")] for key in _SAID]
            for place, (value, index, *unit) in enumerate(own):
                top, left = corner(layer, 5, *unit)
                assert [values[place] for values in said] == [index, top, left, pytest.approx(value, rel=1e-5)]
                down, right = ((side * zoom + 3) * number for number in divmod(place, 3))
                drawn = pixels(picture)[down : down + side * zoom : zoom, right : right + side * zoom : zoom]
                assert same_patch(drawn, images[index], top, left)
    assert latin_words(figure, "ja") == set()


_SAID = ("indices", "rows", "columns", "values")


def test_a_network_without_a_convolution_is_refused(digits):
    with pytest.raises(ValueError, match="by the filters of a convolution; got a network of dense 10; pass one that"):
        figures.best_patches(Untrained(["dense 10"], (28, 28)), *digits[1:])
    with pytest.raises(ValueError, match="every class has one key; got 3 class_keys for 10 classes"):
        figures.best_patches(*digits[:2], digits[2] % 3, "abc")


@pytest.mark.browser
def test_a_filter_is_opened_and_shows_its_patches(browser, digits, figure, tmp_path):
    network, images, labels, keys = digits
    with served(tmp_path) as address, pages.opened(browser, figure, tmp_path, address=address) as page:
        page.get_by_role("radio", name="layer 2", exact=True).check(force=True)
        page.get_by_role("radio", name="filter 3:").check(force=True)
        assert page.url.endswith("#patches:layer=2,filter=3")
        expect(page.locator(".nnb-patches-title b")).to_have_text("Filter 3 of layer 2")
        wait_until(page, "() => [...document.querySelectorAll('.nnb-live canvas')].every(one => one.dataset.drawn)")
        best = expected(network, images, 1)[2]
        cards = page.locator(".nnb-patches-cards li").all()
        for place, (card, (value, index, *unit)) in enumerate(zip(cards, best, strict=True)):
            top, left = corner(1, 5, *unit)
            small = page.locator(".nnb-choices :checked + span .nnb-patches-block canvas").nth(place)
            for canvas in (card.locator("canvas").first, small):
                said = {key: canvas.get_attribute(f"data-{key}") for key in ("index", "label", "row", "column")}
                assert said == {
                    "index": str(index), "label": keys[labels[index]], "row": str(top), "column": str(left)
                }  # fmt: skip
                assert float(canvas.get_attribute("data-value")) == pytest.approx(value, abs=2e-4)
                drawn = np.array(canvas.evaluate(PIXELS), np.uint8).reshape(10, 10, 4)
                assert same_patch(drawn, images[index], top, left)
            whole, frame = (card.locator(part).bounding_box() for part in (".nnb-patches-whole canvas", "i"))
            zoom = whole["width"] / 28
            assert (frame["x"] - whole["x"], frame["y"] - whole["y"]) == pytest.approx((left * zoom, top * zoom))
        page.go_back()
        expect(page.locator(".nnb-patches-title b")).to_have_text("Filter 1 of layer 2")


@pytest.mark.browser
def test_many_filters_come_page_by_page(browser, photos, colourful, tmp_path):
    network, images, *_ = photos
    opened = partial(pages.opened, browser, colourful, tmp_path, fragment="patches:layer=2,filter=35")
    with served(tmp_path) as address, opened(address=address) as page:
        expect(page.get_by_role("combobox", name="Filters shown")).to_have_value("32")
        assert page.locator(".nnb-patches-all input").count() == 8
        wait_until(page, "() => [...document.querySelectorAll('.nnb-live canvas')].every(one => one.dataset.drawn)")
        for at, (_, index, *unit) in enumerate(expected(network, images, 1)[34]):
            canvas = page.locator(".nnb-patches-cards .nnb-patches-one:first-child canvas").nth(2 * at)
            drawn = np.array(canvas.evaluate(PIXELS), np.uint8).reshape(8, 8, 4)
            assert same_patch(drawn, images[index], *corner(1, 3, *unit))
        page.get_by_role("combobox", name="Filters shown").select_option("0")
        expect(page.locator(".nnb-patches-title b")).to_have_text("Filter 1 of layer 2")
        assert page.locator(".nnb-patches-all input").count() == 32


@pytest.mark.browser
@pytest.mark.parametrize("name", ["figure", "colourful"])
def test_it_holds_up_on_every_screen(browser, name, tmp_path, request):
    def open_up(page):
        page.locator(".nnb-live [type=radio]").nth(1).check(force=True)
        page.locator(".nnb-patches-all [type=radio]").nth(4).check(force=True)

    pages.holds_up(browser, request.getfixturevalue(name), tmp_path, open_up)
