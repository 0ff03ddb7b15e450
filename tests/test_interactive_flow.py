"""An image on its way to its probabilities: every number on the screen is NumPy's, for each image of the choice."""

from itertools import pairwise

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, latin_words, words

from nnbook import evaluation, figures
from nnbook.localisation import decimal, signed

KEYS = tuple("0123456789")
CELLS = """() => [...document.querySelectorAll('.nnb-live :is(.nnb-fired li, td):has(i)')]
    .map(cell => [cell.innerText.trim(), Number(cell.querySelector('i').style.getPropertyValue('--s')),
                  cell.querySelector('i').hasAttribute('data-minus')])"""
ACTIVATIONS = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: np.where(x > 0, x, 0),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
}


@pytest.fixture(scope="module")
def layers():
    random = np.random.default_rng(5)
    weights = random.normal(0, 0.05, (15, 784)), random.normal(0, 2, (10, 15))
    return weights, (random.normal(0, 0.3, 15), random.normal(0, 0.3, 10))


@pytest.fixture(scope="module")
def figure(layers, mnist_sample):
    test = mnist_sample.test
    return figures.flow(test.images, test.labels, *layers, KEYS)


@pytest.fixture
def page(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as shown:
        yield shown


def passed(layers, images, activation="sigmoid"):
    """Hidden activations and scores, by the formula."""
    (first, second), (first_bias, second_bias) = layers
    hidden = ACTIVATIONS[activation](images.reshape(len(images), -1) / 255 @ first.T + first_bias)
    return hidden, hidden @ second.T + second_bias


def choose(page):
    page.locator(".nnb-live input[value='12']").check(force=True)


@pytest.mark.browser
def test_every_image_shows_the_numbers_of_numpy(page, figure, layers, mnist_sample):
    test = mnist_sample.test
    indices = [entry["index"] for entry in figure.facts["images"]]
    hidden, scores = passed(layers, test.images[indices])
    shares = evaluation.softmax(scores)
    for at, index in enumerate(indices):
        page.locator(f".nnb-live input[value='{at}']").check(force=True)
        page.wait_for_timeout(20)
        cells = page.evaluate(CELLS)
        written, bars = [cell[0] for cell in cells], [cell[1] for cell in cells]
        assert written[:15] == [decimal(value, "en") for value in hidden[at]]
        assert bars[:15] == pytest.approx(hidden[at], abs=1e-3)
        assert written[15::2] == [signed(score, "en") for score in scores[at]]
        assert bars[15::2] == pytest.approx(np.abs(scores[at]) / np.abs(scores).max(), abs=1e-3)
        assert [cell[2] for cell in cells[15::2]] == (scores[at] < 0).tolist()
        assert bars[16::2] == pytest.approx(shares[at], abs=1e-3)
        assert page.locator(".nnb-live .nnb-flow-image canvas").get_attribute("data-index") == str(index)
        marked = [page.locator(f".nnb-live tr[data-{mark}] th").inner_text() for mark in ("label", "winner")]
        assert marked == [str(test.labels[index]), str(scores[at].argmax())]


@pytest.mark.browser
def test_the_keyboard_walks_the_images_and_the_address_follows(browser, page, figure, tmp_path):
    first, second = (entry["index"] for entry in figure.facts["images"][:2])
    page.locator(".nnb-live input[value='0']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("location.hash") == f"#flow:image={second}"
    said = page.locator(".nnb-live [aria-live]").inner_text()
    assert said.startswith(
        f"true {figure.facts['images'][1]['label']} · predicted {figure.facts['images'][1]['winner']}"
    )
    page.go_back()
    assert page.locator(".nnb-live .nnb-flow-image canvas").get_attribute("data-index") == str(first)
    with pages.opened(browser, figure, tmp_path, "ja", fragment=f"flow:image={second}") as other:
        assert other.locator(".nnb-live .nnb-flow-image canvas").get_attribute("data-index") == str(second)


@pytest.mark.browser
def test_it_holds_up_and_everybody_reaches_it(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, choose)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_facts_and_the_static_form_are_the_formula(activation, layers, mnist_sample):
    test = mnist_sample.test
    drawn = figures.flow(test.images, test.labels, *layers, KEYS, activation=activation, interactive=False)
    hidden, scores = passed(layers, test.images, activation)
    facts, predictions = drawn.facts, scores.argmax(axis=1)
    for entry in facts["images"]:
        index = entry["index"]
        assert entry["activations"] == [pytest.approx(hidden[index], abs=1e-6)]
        assert entry["scores"] == pytest.approx(scores[index], abs=1e-6)
        assert entry["probabilities"] == pytest.approx(evaluation.softmax(scores[[index]])[0], abs=1e-6)
        assert (entry["label"], entry["winner"]) == (KEYS[test.labels[index]], KEYS[predictions[index]])
    shown = [entry["index"] for entry in facts["images"]]
    right = int((predictions[shown] == test.labels[shown]).sum())
    assert (facts["shown"], facts["right"], facts["wrong"]) == (len(shown), right, len(shown) - right)
    assert facts["wrong"] >= 5
    rows = elements(drawn).findall(".//tbody/tr")
    assert [words(row.find("td[1]/span")) for row in rows] == [signed(score, "en") for score in scores[shown[0]]]


def test_networks_of_any_depth_and_width_and_colours_are_shown(mnist_sample, cifar10_sample):
    test, random = cifar10_sample.test, np.random.default_rng(0)
    sizes = [3072, 40, 5, 10]
    weights = [random.normal(0, 0.02, (after, before)) for before, after in pairwise(sizes)]
    biases = [np.zeros(size) for size in sizes[1:]]
    drawn = figures.flow(test.images, test.labels, weights, biases, cifar10_sample.class_keys, chosen=[3])
    assert [len(layer) for layer in drawn.facts["activations"]] == [40, 5]
    assert latin_words(drawn, "ja") == set()
    images, labels = mnist_sample.test.images, mnist_sample.test.labels
    alone = figures.flow(images, labels, [np.ones((10, 784))], [np.zeros(10)], KEYS)
    assert alone.facts["activations"] == []
    with pytest.raises(ValueError, match=r"function is one of step, sigmoid, relu, tanh; got 'swish'; choose one"):
        figures.flow(
            images, labels, [np.ones((4, 784)), np.ones((10, 4))], [np.zeros(4), np.zeros(10)], KEYS, activation="swish"
        )
