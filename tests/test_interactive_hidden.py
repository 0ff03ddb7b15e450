"""The hidden layer that answers: its bars have the signs of the weights, its sums are NumPy's, in a real browser."""

import json

import npm
import numpy as np
import pytest
from figures_tools import elements, latin_words
from interactive_tools import served_pages, started

from nnbook.figures import activation_flow, hidden_layer
from nnbook.figures.kit.forward import activations, first_and_wrong

KEYS = tuple("0123456789")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

GROUPS = """() => [...document.querySelectorAll('.nnb-tastes > div')].map(group =>
    [...group.querySelectorAll('li')].map(item => ({
               neuron: Number(item.dataset.neuron), bar: item.querySelector('i').className,
               wide: item.querySelector('i').getBoundingClientRect().width / item.getBoundingClientRect().width,
               left: item.querySelector('img').offsetLeft, words: item.innerText })))"""

ROWS = """choices => Object.values(Object.groupBy(choices.querySelectorAll('label'),
    label => label.getBoundingClientRect().top)).map(row => row.length)"""

CELLS = """() => [...document.querySelectorAll('tbody[data-row]')].map(body =>
    [...body.querySelectorAll('td[data-value]')].map(cell => [Number(cell.dataset.value), cell.className]))"""


@pytest.fixture(scope="module")
def layers():
    random = np.random.default_rng(5)
    first, second = random.normal(0, 0.05, (10, 784)), random.normal(0, 1, (10, 10))
    return (first, second), (random.normal(0, 0.3, 10), random.normal(0, 0.3, 10))


@pytest.fixture(scope="module")
def drawn(layers, mnist_sample):
    test, (weights, biases) = mnist_sample.test, layers
    return [hidden_layer(*weights, (28, 28), KEYS), activation_flow(test.images, test.labels, weights, biases, KEYS)]


@pytest.fixture(scope="module")
def site(drawn, tmp_path_factory):
    with served_pages(tmp_path_factory.mktemp("hidden"), drawn) as address:
        yield address


@pytest.fixture
def page(browser, site):
    shown = browser.new_page(viewport={"width": 390, "height": 900}, has_touch=True)
    errors = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.goto(f"{site}/en-light.html")
    started(shown)
    yield shown
    shown.close()
    assert errors == []


@pytest.mark.browser
def test_each_class_shows_its_likes_and_dislikes_with_true_signs(page, layers):
    second = layers[0][1]
    for row, key in enumerate(KEYS):
        page.locator(f"nnb-hidden-layer input[value='{key}']").check(force=True)
        likes, dislikes = page.evaluate(GROUPS)
        falling = np.argsort(-second[row], kind="stable")
        assert [item["neuron"] for item in likes] == [int(n) for n in falling if second[row, n] > 0]
        assert [item["neuron"] for item in dislikes] == [int(n) for n in falling[::-1] if second[row, n] < 0]
        for item in likes + dislikes:
            weight = second[row, item["neuron"]]
            assert item["bar"] == ("nnb-for" if weight > 0 else "nnb-against")
            assert item["wide"] == pytest.approx(abs(weight) / np.abs(second).max(), abs=0.02)
            assert item["left"] == -2 * 30 * item["neuron"]  # on its own filter, twice as large
            assert f"{weight:+.2f}".replace("-", "−") in item["words"]
        assert page.locator("nnb-hidden-layer tr.nnb-chosen").get_attribute("data-class") == key


@pytest.mark.browser
def test_the_keyboard_walks_the_classes_and_the_address_follows(page, layers):
    second = layers[0][1]
    page.locator("nnb-hidden-layer input[value='0']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("location.hash") == "#hidden:class=1"
    said = page.locator("nnb-hidden-layer [aria-live]").inner_text()
    assert said.startswith(f"1: likes hidden neuron {second[1].argmax() + 1} (+{second[1].max():.2f}) best")
    page.keyboard.press("ArrowRight")
    page.go_back()
    assert page.locator("nnb-hidden-layer tr.nnb-chosen").get_attribute("data-class") == "1"
    assert page.locator("nnb-hidden-layer input[value='1']").is_checked()


@pytest.mark.browser
def test_every_image_flows_to_the_scores_of_numpy(page, layers, mnist_sample):
    (weights, biases), test = layers, mnist_sample.test
    hidden, scores = activations(test.images, weights, biases)
    chosen = first_and_wrong(test.labels, scores.argmax(axis=1), 5)
    fits = test.images.reshape(-1, 784) / 255 @ weights[0].T + biases[0]
    for place, index in enumerate(chosen):
        page.locator(f"nnb-activation-flow .nnb-faces:not(.nnb-scored) input[value='{place}']").check(force=True)
        winner = int(scores[index].argmax())
        for row in (winner, (winner + place) % 10):
            page.locator(f"nnb-activation-flow .nnb-scored input[value='{row}']").check(force=True)
            cells = page.evaluate(CELLS)
            wanted = (fits[index], hidden[index], weights[1][row], hidden[index] * weights[1][row])
            for shown, values in zip(cells, wanted, strict=True):
                np.testing.assert_allclose([value for value, _ in shown], values, atol=1e-4)
            for shown in (cells[0], cells[2], cells[3]):
                signs = [{"nnb-up": 1, "nnb-down": -1, "nnb-none": 0}[kind] for _, kind in shown]
                assert signs == [np.sign(value) for value, _ in shown]
        drawn = page.locator("nnb-activation-flow .nnb-scored input").evaluate_all(
            "all => all.map(i => Number(i.dataset.score))"
        )
        np.testing.assert_allclose(drawn, scores[index], atol=1e-4)
        canvas = page.locator(".nnb-flow-image canvas[data-drawn]")
        assert canvas.get_attribute("data-index") == str(index)
        ink = canvas.evaluate("c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]")
        np.testing.assert_array_equal(np.reshape(ink, (28, 28, 4))[..., 3], test.images[index])


@pytest.mark.browser
def test_a_link_opens_its_image_and_class_in_every_language(browser, site, mnist_sample):
    index = int(np.flatnonzero(mnist_sample.test.labels == 4)[0])
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(f"{site}/ja-dark.html#flow:image={index},class=7")
    started(page)
    assert page.locator(".nnb-flow-image canvas").get_attribute("data-index") == str(index)
    assert "7" in page.locator("nnb-activation-flow p.nnb-sum").inner_text()
    assert page.locator("nnb-activation-flow .nnb-scored input[value='7']").is_checked()
    assert page.locator(".nnb-flow-image canvas").evaluate("c => getComputedStyle(c).filter") == "invert(1)"
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("address", ["en-light.html", "ja-dark.html"])
def test_no_image_and_no_score_is_left_alone_on_a_row(browser, site, address):
    page = browser.new_page()
    page.goto(f"{site}/{address}")
    started(page)
    for width in (360, 390, 500, 760, 1000):
        page.set_viewport_size({"width": width, "height": 900})
        for choices in page.locator("nnb-activation-flow .nnb-choices").all():
            rows = choices.evaluate(ROWS)
            assert max(rows) - min(rows) <= 1, (width, rows)
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("address", ["en-light.html", "ja-dark.html"])
def test_nothing_is_cut_off_small_or_without_a_name(browser, site, address, tmp_path):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(f"{site}/{address}")
    started(page)
    page.locator(".nnb-flow-image canvas[data-drawn]").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    targets = page.locator("input + span").evaluate_all("list => list.map(e => [e.offsetWidth, e.offsetHeight])")
    assert min(min(size) for size in targets) >= 24
    page.evaluate(npm.axe())
    found = page.evaluate(
        "axe.run('nnb-hidden-layer, nnb-activation-flow').then(r => r.violations.map(v => [v.id, v.nodes[0].html]))"
    )
    page.close()
    assert found == []


def test_without_scripts_the_static_figures_are_whole_and_their_facts_hold(drawn, layers, mnist_sample):
    (weights, biases), test = layers, mnist_sample.test
    hidden, flow = drawn
    assert len(elements(hidden).findall(".//tr[@data-class]/td")) == 100
    first = int(np.flatnonzero(test.labels == 0)[0])
    scores = activations(test.images[first : first + 1], weights, biases)[-1][0]
    assert flow.facts["index"] == first
    assert flow.facts["scores"] == pytest.approx(scores, abs=1e-6)


def test_japanese_readers_get_japanese_words(layers):
    figure = hidden_layer(*layers[0], (28, 28), THINGS)
    words = json.loads(elements(figure, "ja").get("data-nnb-words"))
    assert words["class.airplane"] != "airplane"
    assert latin_words(figure, "ja") == set()


def test_a_wide_network_is_shown_and_cannot_be_asked(mnist_sample):
    test, wide = mnist_sample.test, [np.zeros((11, 784)), np.zeros((10, 11))]
    figure = activation_flow(test.images, test.labels, wide, [np.zeros(11), np.zeros(10)], KEYS)
    assert elements(figure).tag == "div"
    with pytest.raises(ValueError, match=r"shows two layers; got 1; pass weights and biases of a network with one"):
        activation_flow(test.images, test.labels, [np.zeros((10, 784))], [np.zeros(10)], KEYS)
