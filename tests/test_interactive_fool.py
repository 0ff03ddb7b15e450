"""Fool: the bytes on the screen are those that the network has read, at every stop of the slider."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import classes, elements, latin_words, pictures, pixels, signs, spoken, words
from playwright.sync_api import expect
from small_networks import plain_probabilities, small_network

from nnbook import figures

CANVASES = """() => [...document.querySelectorAll('.nnb-live .nnb-large canvas')].map(
    canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data])"""
BARS = """() => [...document.querySelectorAll('.nnb-live .nnb-shares td')]
    .map(cell => Number(cell.style.getPropertyValue('--s')))"""


@pytest.fixture(scope="module", params=["mnist", "cifar10"])
def given(request, mnist_sample, cifar10_sample, tmp_path_factory):
    """A data set, a network and the figure."""
    data = {"mnist": mnist_sample, "cifar10": cifar10_sample}[request.param]
    network = small_network(data, tmp_path_factory.mktemp("cache"))
    return data, network, figures.fool(network, data.test.images, data.test.labels, data.class_keys)


@pytest.fixture(scope="module")
def figure(given):
    return given[2]


def image_of(img, ndim):
    """The pixels of a data set that a picture shows."""
    return pixels(img)[..., 3] if ndim == 2 else pixels(img)[..., :3]


def test_the_picture_at_rest_is_moved_uphill_and_misread(given):
    data, network, figure = given
    facts, tree = figure.facts, elements(figure.static)
    before = data.test.images[facts["index"]]
    first, second = (img for img in tree.iter("img") if classes(img) & {"nnb-ink", "nnb-colour"})
    np.testing.assert_array_equal(image_of(first, before.ndim), before)
    moved = image_of(second, before.ndim)
    difference = moved.astype(int) - before
    assert np.abs(difference).max() == facts["flip"]
    label = data.class_keys.index(facts["label"])
    found = plain_probabilities(network, [before, moved])
    assert found[0].argmax() == label == data.test.labels[facts["index"]]
    assert data.class_keys[found[1].argmax()] == facts["answer"] != facts["label"]
    assert found[1].max() == pytest.approx(facts["answer_probability"], abs=2e-6)
    assert found[0, label] == pytest.approx(facts["probability"], abs=2e-6)
    uphill(network, before, label, difference)
    drawn = signs(pictures(tree, "light")[0])
    change = difference if before.ndim == 2 else difference.sum(axis=2)
    np.testing.assert_array_equal(drawn, np.sign(change))
    assert f"more than {facts['flip']} of 255" in spoken(tree)
    assert f"None of the {before.size:,} numbers" in words(tree)
    assert latin_words(figure, "ja") == set()


def uphill(network, image, label, difference):
    """Where an image was moved, the loss grows that way, by central differences."""
    rng = np.random.default_rng(3)
    free = np.argwhere((difference != 0) & (image > 0) & (image < 255))
    for place in map(tuple, rng.permutation(free)[:40]):
        near = np.repeat(image[np.newaxis].astype(float), 2, axis=0)
        near[(0, *place)] -= 1e-3
        near[(1, *place)] += 1e-3
        down, up = -np.log(plain_probabilities(network, near)[:, label])
        assert np.sign(up - down) == np.sign(difference[place]) or abs(up - down) < 1e-9


def test_facts_count_who_is_fooled(given):
    data, network, figure = given
    facts = figure.facts
    assert facts["sample"] == 500
    images, labels = data.test.images[:500], data.test.labels[:500]
    plain = plain_probabilities(network, images)
    right = plain.argmax(axis=1) == labels
    assert facts["read"] == right.sum()
    weighting = plain[right] - np.eye(10)[labels[right]]
    way = np.sign(network.input_gradient(images[right], weighting)).astype(int)
    wrong = np.zeros(len(way), bool)
    for levels in (1, 2, 4, 8):
        moved = np.clip(images[right] + levels * way, 0, 255)
        wrong |= plain_probabilities(network, moved).argmax(axis=1) != labels[right]
        assert facts[f"fooled_{levels}"] == pytest.approx(wrong.mean(), abs=1e-6)
    borrowed = np.clip(images[right] + 8 * np.concatenate([way[1:], way[:1]]), 0, 255)
    missed = plain_probabilities(network, borrowed).argmax(axis=1) != labels[right]
    assert facts["borrowed_8"] == pytest.approx(missed.mean(), abs=1e-6)
    assert facts["borrowed_8"] < facts["fooled_8"]
    flips = [fact["flip"] or 1000 for fact in facts["images"]]
    assert flips == sorted(flips)
    assert facts["most"] in (16, 32, 64, 128)


@pytest.mark.browser
def test_the_network_reads_the_bytes_of_the_canvas_and_says_what_is_shown(browser, given, tmp_path):
    data, network, figure = given
    facts = figure.facts
    with pages.opened(browser, figure, tmp_path) as page:
        for number in (0, 3):
            fact = facts["images"][number]
            page.locator(".nnb-live .nnb-faces input").nth(number).check(force=True)
            canvases = page.locator(".nnb-live .nnb-large canvas")
            expect(canvases.nth(1)).to_have_attribute("data-index", str(fact["index"]))
            slider = page.get_by_role("slider")
            assert int(slider.input_value()) == (fact["flip"] or facts["most"])
            image = data.test.images[fact["index"]]
            for levels in (0, facts["most"] // 16, fact["flip"] or facts["most"], facts["most"]):
                slider.fill(str(levels))
                shown = [np.reshape(canvas, (*image.shape[:2], 4)) for canvas in page.evaluate(CANVASES)]
                first, moved = (canvas[..., 3] if image.ndim == 2 else canvas[..., :3] for canvas in shown[:2])
                np.testing.assert_array_equal(first, image)
                assert np.abs(moved.astype(int) - image).max() == levels
                found = plain_probabilities(network, [moved])[0]
                np.testing.assert_allclose(page.evaluate(BARS), found, atol=7e-4)
                answer = data.class_keys[found.argmax()]
                reading = page.locator(".nnb-live .nnb-reading").inner_text()
                assert f"answers: {answer} (" in reading
                assert f"more than {levels} of 255" in reading
                legend = page.locator(".nnb-live .nnb-legend").inner_text()
                assert f"+{levels}" in legend or not levels
                change = (moved.astype(int) - image).reshape(*image.shape[:2], -1).sum(axis=2)
                np.testing.assert_array_equal(signs(shown[2]), np.sign(change))


@pytest.mark.browser
@pytest.mark.parametrize("given", ["mnist"], indirect=True)
def test_the_address_keeps_image_and_amount(browser, figure, tmp_path):
    fact, step = figure.facts["images"][2], figure.facts["most"] // 16
    with pages.opened(browser, figure, tmp_path, fragment=f"fool:image={fact['index']},levels={3 * step}") as page:
        slider = page.get_by_role("slider")
        assert slider.input_value() == str(3 * step)
        slider.press("ArrowRight")
        assert page.url.endswith(f"#fool:image={fact['index']},levels={4 * step}")
        expect(page.locator(".nnb-live [role=status]")).to_contain_text(f"than {4 * step} of 255")
        page.go_back()
        expect(slider).to_have_value(str(3 * step))
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate(pages.WIDE) == 0


@pytest.mark.browser
@pytest.mark.parametrize("given", ["cifar10"], indirect=True)
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    def move(page):
        page.locator(".nnb-live .nnb-faces input").nth(2).check(force=True)
        page.get_by_role("slider").press("End")

    pages.holds_up(browser, figure, tmp_path, move)


def test_what_is_misread_cannot_be_fooled(given):
    data, network, _ = given
    test = data.test
    wrong = np.flatnonzero(network.predictions(test.images) != test.labels)[:2]
    with pytest.raises(ValueError, match=r"right can be fooled; got images that it misreads; pass those"):
        figures.fool(network, test.images, test.labels, data.class_keys, indices=wrong)
