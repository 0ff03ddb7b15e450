"""The hidden layer's bars have the signs and lengths of the weights; the flow of an image adds up to its score."""

import re

import numpy as np
import pytest
from figures_tools import classes, depth, elements, half, pixels, spoken, words

from nnbook import figures
from nnbook.figures import accuracy_without
from nnbook.figures.activation_flow.static import activation_flow
from nnbook.figures.hidden_layer.static import hidden_layer
from nnbook.figures.kit import raster

DIGITS = tuple("0123456789")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@pytest.fixture(scope="module")
def layers():
    random = np.random.default_rng(5)
    first, second = random.normal(0, 0.2, (10, 784)), random.normal(0, 1, (10, 10))
    first[2, 300], second[4, 7] = 0, 0
    return first, random.normal(0, 0.3, 10), second, random.normal(0, 0.3, 10)


@pytest.fixture(scope="module")
def figure(layers):
    first, _, second, _ = layers
    return hidden_layer(first, second, (28, 28), DIGITS)


def bars(figure):
    return [row.findall("td") for row in elements(figure).findall(".//tr[@data-class]")]


def test_every_bar_has_the_sign_and_the_length_of_its_weight(layers, figure):
    second = layers[2]
    shown = bars(figure)
    assert [len(line) for line in shown] == [10] * 10
    for row, line in enumerate(shown):
        for column, cell in enumerate(line):
            weight = second[row, column]
            assert float(words(cell).replace("−", "-")) == pytest.approx(weight, abs=0.05001)
            assert classes(cell) == {"nnb-up" if weight > 0 else "nnb-down" if weight < 0 else "nnb-none"}
            assert depth(cell) == pytest.approx(abs(weight) / np.abs(second).max(), abs=0.0006)


def test_the_filters_stand_above_their_bars_on_one_scale(layers, figure):
    first = layers[0].reshape(10, 28, 28)
    (picture,) = elements(figure).findall(".//thead//img")
    for ground in raster.GROUNDS:
        sheet = half(pixels(picture), ground)
        for neuron in range(10):
            shown = sheet[:, neuron * 30 :][:, :28]
            visible = np.where(shown[..., 3:] > 0, shown, 0)
            expected = raster.diverging(first[neuron], np.abs(first).max(), ground)
            np.testing.assert_array_equal(visible, np.where(expected[..., 3:] > 0, expected, 0))
    assert pixels(picture)[300 // 28, 2 * 30 + 300 % 28, 3] == 0  # a zero weight is the page's own background
    numbers = [words(head) for head in elements(figure).findall(".//thead/tr[2]/th")]
    assert numbers == [f"hidden neuron {number}" for number in range(1, 11)]


def test_likes_and_dislikes_are_the_strongest_weights_of_each_sign(layers, figure):
    second = layers[2]
    assert figure.facts["limit"] == pytest.approx(np.abs(second).max(), abs=1e-6)
    for row, fact in enumerate(figure.facts["classes"]):
        assert fact["class_key"] == str(row)
        assert fact["likes"][0]["neuron"] == second[row].argmax() + 1
        assert fact["dislikes"][0]["neuron"] == second[row].argmin() + 1
        assert len(fact["likes"]) == (second[row] > 0).sum()
        assert [entry["weight"] for entry in fact["dislikes"]] == pytest.approx(
            np.sort(second[row][second[row] < 0]), abs=1e-6
        )


def test_only_the_chosen_classes_in_their_order(layers):
    first, _, second, _ = layers
    figure = figures.hidden_layer(first, second, (28, 28), THINGS, classes=["dog", 0])
    assert [row.get("data-class") for row in elements(figure).findall(".//tr[@data-class]")] == ["dog", "airplane"]
    assert [fact["class_key"] for fact in figure.facts["classes"]] == ["dog", "airplane"]


def flow_bars(figure):
    """The cells of each row of a flow: activations, then for each class its weights and contributions."""
    return [body.findall("tr/td")[1:] for body in elements(figure).findall(".//tbody")]


def forward(image, layers):
    first, first_biases, second, second_biases = layers
    hidden = np.maximum(first @ (image.ravel() / 255) + first_biases, 0)
    return hidden, second @ hidden + second_biases


def test_the_flow_is_the_forward_pass_and_adds_up(layers, mnist_sample):
    image = mnist_sample.test.images[0]
    hidden, scores = forward(image, layers)
    loser = int(scores.argmin())
    figure = activation_flow(image, *layers, (28, 28), DIGITS, index=0, label=loser)
    facts = figure.facts
    assert facts["activations"] == pytest.approx(hidden, abs=1e-6)
    assert facts["active"] == (hidden > 0).sum()
    assert facts["scores"] == pytest.approx(scores, abs=1e-6)
    assert facts["winner"] == str(scores.argmax())
    assert facts["probability"] == pytest.approx((np.exp(scores) / np.exp(scores).sum()).max(), abs=1e-6)
    for entry, row in zip(facts["sums"], (scores.argmax(), loser), strict=True):
        assert entry["class_key"] == str(row)
        assert sum(entry["contributions"]) + entry["bias"] == pytest.approx(scores[row], abs=1e-5)
        assert entry["score"] == pytest.approx(scores[row], abs=1e-5)
    activations, *others = flow_bars(figure)
    assert [float(words(cell)) for cell in activations] == pytest.approx(hidden, abs=0.05001)
    assert [depth(cell) for cell in activations] == pytest.approx(hidden / hidden.max(), abs=0.0006)
    limit = np.abs(layers[2][[scores.argmax(), loser]]).max()
    largest = max(abs(part) for entry in facts["sums"] for part in entry["contributions"])
    for number, (entry, row) in enumerate(zip(facts["sums"], (scores.argmax(), loser), strict=True)):
        for cells, values, full in zip(
            others[2 * number :], (layers[2][row], np.array(entry["contributions"])), (limit, largest), strict=False
        ):
            assert [float(words(cell).replace("−", "-")) for cell in cells] == pytest.approx(values, abs=0.05001)
            assert [depth(cell) for cell in cells] == pytest.approx(np.abs(values) / full, abs=0.0006)
            signs = [{"nnb-up"} if value > 0 else {"nnb-down"} if value < 0 else {"nnb-none"} for value in values]
            assert [classes(cell) for cell in cells] == signs


@pytest.mark.parametrize("hidden", [10, 100])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_sum_that_is_read_adds_up_as_it_is_read(hidden, language):
    random = np.random.default_rng(hidden)
    image = random.integers(0, 256, (8, 8, 3)).astype(np.uint8)
    layers = [random.normal(0, 0.5, shape) for shape in ((hidden, 192), hidden, (10, hidden), 10)]
    figure = activation_flow(image, *layers, (8, 8, 3), THINGS, label=3)
    lines = [element for element in elements(figure, language).iter("p") if "nnb-sum" in classes(element)]
    assert len(lines) == len(figure.facts["sums"])
    for line in lines:
        *parts, total = [float(n) for n in re.findall(r"[+-]?\d+\.\d+", words(line).replace("−", "-"))]
        assert len(parts) == (2 if hidden == 10 else 3)
        assert sum(parts) == pytest.approx(total, abs=1e-9)
    assert all(len(cells) == 10 for cells in flow_bars(figure))


def test_words_are_in_the_language_of_the_page(layers, mnist_sample):
    first, _, second, _ = layers
    flow = activation_flow(mnist_sample.test.images[0], *layers, (28, 28), DIGITS, index=0)
    for figure in (hidden_layer(first, second, (28, 28), THINGS), flow):
        assert "neuron" in spoken(elements(figure))
        told = spoken(elements(figure, "ja"))
        assert "ニューロン" in told
        assert not any("a" <= letter.lower() <= "z" for letter in told)
        assert all(img.get("alt") is not None for img in elements(figure).iter("img"))
    filters = elements(hidden_layer(first, second, (28, 28), DIGITS)).find(".//thead//img").get("alt")
    assert f"highest +{first[0].max():.2f}" in filters


def test_layers_that_do_not_belong_together_are_refused(layers, mnist_sample):
    first, first_biases, second, second_biases = layers
    with pytest.raises(ValueError, match=r"weights are \(10, 10\).*; got second_weights of shape \(10, 9\); pass"):
        figures.hidden_layer(first, second[:, :9], (28, 28), DIGITS)
    images, labels = mnist_sample.test.images, mnist_sample.test.labels
    with pytest.raises(
        ValueError, match=r"of biases\[0\] there are 10 .*; got .* \(9,\); pass those of the same layer"
    ):
        figures.activation_flow(images, labels, [first, second], [first_biases[:9], second_biases], DIGITS)


def test_what_is_lost_without_a_neuron_is_said_and_drawn():
    rows = elements(accuracy_without([0.7, 0.92, 0.9], 0.9)).findall(".//tbody/tr")
    said = [[words(cell) for cell in row] for row in rows]
    assert said == [
        ["hidden neuron 1", "70.0%", "−20.0"],
        ["hidden neuron 2", "92.0%", "+2.0"],
        ["hidden neuron 3", "90.0%", "0.0"],
    ]
    bars = [row.find("td/span") for row in rows]
    assert [depth(bar) for bar in bars] == [1, 0.1, 0]
    assert [classes(bar) for bar in bars] == [{"nnb-lost"}, {"nnb-gained"}, {"nnb-lost"}]
