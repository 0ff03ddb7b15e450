"""Occlusion: what is shown at each place of the square is what the network says of the image with the square there."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, pictures, pixels, signs, spoken
from playwright.sync_api import expect
from small_networks import plain_probabilities, small_network

from nnbook import figures
from nnbook.figures.kit import raster

KEYS = tuple("0123456789")
STEP, SIDE, PLACES = 2, 8, 14
BARS = """() => [...document.querySelectorAll('.nnb-live .nnb-shares td')]
    .map(cell => ['--s', '--was'].map(name => Number(cell.style.getPropertyValue(name))))"""
WHERE = """() => { const [square, shot] = ['.nnb-occlusion-square', '.nnb-shot']
    .map(name => document.querySelector('.nnb-live ' + name).getBoundingClientRect());
    return [square.top - shot.top, square.left - shot.left, square.height, square.width]
        .map(side => side * 28 / shot.width); }"""


@pytest.fixture(scope="module")
def network(mnist_sample, tmp_path_factory):
    return small_network(mnist_sample, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def figure(network, mnist_sample):
    return figures.occlusion(network, mnist_sample.test.images, mnist_sample.test.labels, KEYS)


def covered(images, index, row, column):
    """The image with the square around the pixels of one place, as far as it lies inside."""
    image = images[index].copy()
    top, left = STEP * row - 3, STEP * column - 3
    image[max(top, 0) : top + SIDE, max(left, 0) : left + SIDE] = round(float(images.mean()))
    return image


def table(network, images, index):
    """By place and class, by hand."""
    places = [covered(images, index, row, column) for row in range(PLACES) for column in range(PLACES)]
    return plain_probabilities(network, places).reshape(PLACES, PLACES, 10)


def test_facts_say_where_the_square_changes_what(figure, network, mnist_sample):
    images, facts = mnist_sample.test.images, figure.facts
    misled = mended = 0
    for fact in facts["images"]:
        label, found = int(fact["label"]), table(network, images, fact["index"])
        before = plain_probabilities(network, images[[fact["index"]]])[0]
        row, column = np.unravel_index(found[..., label].argmin(), (PLACES, PLACES))
        assert label == mnist_sample.test.labels[fact["index"]]
        assert (fact["winner"], fact["answer"]) == (str(before.argmax()), str(found[row, column].argmax()))
        assert (fact["row"], fact["column"]) == (STEP * row + 1, STEP * column + 1)
        numbers = before[label], found[..., label].min(), found[..., label].max()
        assert [fact[key] for key in ("probability", "lowest", "highest")] == pytest.approx(numbers, abs=2e-6)
        right = found.argmax(axis=2) == label
        misled += before.argmax() == label and not right.all()
        mended += before.argmax() != label and right.any()
    assert (facts["misled"], facts["mended"]) == (misled, mended)
    assert facts["shown"] == len({fact["index"] for fact in facts["images"]}) == facts["right"] + 2
    falls = [fact["probability"] - fact["lowest"] for fact in facts["images"] if fact["winner"] == fact["label"]]
    assert falls[0] == max(falls) > 0.5


def test_at_rest_the_worst_place_is_shown_and_said(figure, network, mnist_sample):
    images, facts, tree = mnist_sample.test.images, figure.facts, elements(figure.static)
    row, column = facts["row"] // STEP, facts["column"] // STEP
    shown = find(tree, "img", "nnb-ink")[0]
    assert shown.get("data-index") == str(facts["index"])
    np.testing.assert_array_equal(pixels(shown)[..., 3], covered(images, facts["index"], row, column))
    label = int(facts["label"])
    change = table(network, images, facts["index"])[..., label] - facts["probability"]
    drawn = signs(pictures(tree, "light")[0])
    clear = np.abs(change) > 0.02
    assert clear.any()
    np.testing.assert_array_equal(drawn[clear], np.sign(change)[clear])
    assert f"{label}: {round(100 * facts['lowest'])}%" in spoken(tree) or "<1%" in spoken(tree)
    assert latin_words(figure, "ja") == set()


@pytest.mark.browser
def test_wherever_the_square_is_put_the_bars_are_the_networks(browser, figure, network, mnist_sample, tmp_path):
    images = mnist_sample.test.images
    with pages.opened(browser, figure, tmp_path) as page:
        for number, fact in enumerate(figure.facts["images"][:3]):
            page.locator(".nnb-live .nnb-faces input").nth(number).check(force=True)
            expect(page.locator(".nnb-live canvas[data-index]").last).to_have_attribute(
                "data-index", str(fact["index"])
            )
            found = table(network, images, fact["index"])
            label = int(fact["label"])
            before = plain_probabilities(network, images[[fact["index"]]])[0]
            drawn = page.locator(".nnb-live .nnb-occlusion-map canvas").evaluate(
                "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
            )
            wanted = raster.diverging(found[..., label] - before[label], 1, "light")
            assert (np.reshape(drawn, wanted.shape)[..., 3] != wanted[..., 3]).mean() < 0.05  # between two steps
            box = page.locator(".nnb-live .nnb-shot").first.bounding_box()
            for row, column in ((0, 0), (6, 4), (13, 13)):
                x, y = ((at + 0.5) / PLACES for at in (column, row))
                page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
                top, left = STEP * row - 3, STEP * column - 3
                np.testing.assert_allclose(page.evaluate(WHERE), [top, left, SIDE, SIDE], atol=0.02)
                now, was = np.transpose(page.evaluate(BARS))
                np.testing.assert_allclose(now, found[row, column], atol=7e-4)
                np.testing.assert_allclose(was, before, atol=7e-4)
                winner = page.locator(".nnb-live [data-winner] th").inner_text()
                assert winner == KEYS[found[row, column].argmax()]
                assert page.url.endswith(f"#occlusion:image={fact['index']},row={row},column={column}")


@pytest.mark.browser
def test_keys_move_it_and_the_address_brings_it_back(browser, figure, tmp_path):
    index = figure.facts["images"][4]["index"]
    with pages.opened(browser, figure, tmp_path, fragment=f"occlusion:image={index},row=3,column=9") as page:
        square = page.locator(".nnb-live .nnb-occlusion-square")
        place = square.get_attribute("style")
        page.locator(".nnb-live [role=application]").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Shift+ArrowDown")
        assert page.url.endswith(f"image={index},row=8,column=8")
        expect(page.locator(".nnb-live [role=status]")).to_contain_text("middle. ")
        page.mouse.move(1, 1)
        page.go_back()
        page.go_back()
        expect(square).to_have_attribute("style", place)
        page.keyboard.press("Escape")
        expect(square).to_have_attribute("style", place)


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    def move(page):
        page.locator(".nnb-live .nnb-faces input").nth(5).check(force=True)
        page.locator(".nnb-live [role=application]").focus()
        page.keyboard.press("Shift+ArrowUp")

    pages.holds_up(browser, figure, tmp_path, move)


@pytest.mark.browser
def test_a_narrow_page_and_a_finger(browser, figure, tmp_path):
    size = {"width": 320, "height": 700}
    with pages.opened(browser, figure, tmp_path, viewport=size, has_touch=True) as page:
        assert page.evaluate(pages.WIDE) == 0
        box = page.locator(".nnb-live .nnb-shot").last.bounding_box()
        page.touchscreen.tap(box["x"] + 0.99 * box["width"], box["y"] + 2)
        assert "row=0,column=13" in page.url


def test_keys_that_do_not_fit_are_refused(network, mnist_sample):
    test = mnist_sample.test
    with pytest.raises(ValueError, match=r"every class has one key; got 11 class_keys for 10 classes; pass 10"):
        figures.occlusion(network, test.images, test.labels, (*KEYS, "more"))
    with pytest.raises(ValueError, match=r"here a picture is \(28, 28\); got .*; pass"):
        figures.occlusion(network, test.images[:, :20], test.labels, KEYS)
