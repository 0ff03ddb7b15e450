"""Drawings made from numbers: networks, one neuron's sum as a column and as grids, and the cover."""

import base64
import re
from io import BytesIO

import figures_tools as tools
import numpy as np
import pytest
from PIL import Image

from nnbook import figures
from nnbook.figures import raster, svg

KEYS = tuple("0123456789")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def drawing(figure, language="en"):
    return tools.find(tools.elements(figure, language), "svg", "nnb-drawing")[0]


@pytest.mark.parametrize(
    ("sizes", "weights", "parameters"),
    [((784, 10), 7840, 7850), ((784, 10, 10), 7940, 7960), ((784, 100, 10), 79400, 79510)],
)
def test_a_diagram_counts_its_network(sizes, weights, parameters):
    facts = figures.network_diagram(sizes, KEYS).facts
    assert (facts["inputs"], facts["outputs"]) == (sizes[0], sizes[-1])
    assert (facts["weights"], facts["parameters"]) == (weights, parameters)
    assert sum(layer.get("weights", 0) for layer in facts["layers"]) == weights
    assert [layer["size"] for layer in facts["layers"]] == list(sizes)


def test_every_drawn_neuron_is_joined_to_every_drawn_one_before_it():
    tree = drawing(figures.network_diagram((784, 10, 10), KEYS))
    neurons = {}
    for shape in [element for group in tools.find(tree, "g", "nnb-neurons") for element in group]:
        neurons.setdefault(int(shape.get("data-layer")), []).append(int(shape.get("data-neuron")))
    assert neurons[0] == [*range(5), *range(779, 784)]
    assert neurons[1] == neurons[2] == list(range(10))
    for layer in (1, 2):
        paths = [path for path in tree.iter("path") if path.get("data-layer") == str(layer)]
        assert [int(path.get("data-neuron")) for path in paths] == neurons[layer]
        assert all(path.get("d").count("M") == len(neurons[layer - 1]) for path in paths)


def test_class_names_stand_beside_their_neurons():
    tree = drawing(figures.network_diagram((3072, 10), THINGS, (32, 32, 3)), "ja")
    circles = {int(circle.get("data-neuron")): circle for circle in tree.iter("circle") if circle.get("data-neuron")}
    cat = next(label for label in tree.iter("text") if label.text == "猫")
    assert abs(float(cat.get("y")) - float(circles[3].get("cy"))) < 5
    assert "32 × 32 × 3 = 3,072" in tools.words(tree)


@pytest.mark.parametrize("sizes", [(784, 10), (784, 10, 10), (3072, 100, 10), (784, 100, 100, 10)])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_labels_stay_inside_and_apart(sizes, language):
    shape = (32, 32, 3) if sizes[0] == 3072 else (28, 28)
    tree = drawing(figures.network_diagram(sizes, THINGS, shape), language)
    boxes = []
    for label in tree.iter("text"):
        wide = svg.width_of(tools.words(label), 11)
        start = float(label.get("x")) - {"start": 0, "middle": wide / 2, "end": wide}[label.get("text-anchor")]
        assert start >= -1
        assert start + wide <= svg.WIDTH + 1
        for left, right, y in boxes:
            assert abs(y - float(label.get("y"))) >= 11 or start >= right or start + wide <= left, tools.words(label)
        boxes.append((start, start + wide, float(label.get("y"))))


@pytest.fixture(scope="module")
def summed(mnist_sample):
    random = np.random.default_rng(8)
    weights = random.normal(0, 0.2, 784)
    weights[:100] = 0
    image = mnist_sample.test.images[3]
    drawn = [draw(image, weights, -0.75, "0", index=3) for draw in (figures.column_diagram, figures.grid_diagram)]
    return image, weights, drawn


def test_both_drawings_say_the_same_sum(summed):
    image, weights, (column, grid) = summed
    terms = weights * image.ravel() / 255
    assert column.facts == grid.facts
    assert column.facts["score"] == pytest.approx(terms.sum() - 0.75, abs=1e-6)
    assert column.facts["positive"] + column.facts["negative"] == pytest.approx(terms.sum(), abs=2e-6)
    strongest = column.facts["strongest"]
    assert strongest["number"] - 1 == np.abs(terms).argmax() == strongest["row"] * 28 + strongest["column"]
    assert strongest["product"] == pytest.approx(terms[strongest["number"] - 1], abs=1e-6)
    score = f"{column.facts['score']:.2f}".replace("-", "−")
    for figure in (column, grid):
        tree = tools.elements(figure)
        assert f"z = {score}" in tools.words(drawing(figure))
        assert f"= {score}" in tools.words(tools.find(tree, "div", "nnb-equation")[0])
        assert score in drawing(figure).get("aria-label")


def test_the_column_holds_every_pixel_in_order(summed):
    image, _, (column, _) = summed
    shown, strip = tools.pictures(tools.elements(column), "ink")
    assert np.array_equal(shown[..., 3], image)
    assert np.array_equal(strip[..., 3], image.reshape(-1, 1))


def test_every_connection_has_the_sign_and_strength_of_its_weight(summed):
    _, weights, (column, _) = summed
    (fan,) = tools.find(drawing(column), "g", "nnb-fan")
    level = np.rint(weights / np.abs(weights).max() * 6)
    drawn = np.zeros(784)
    for path in fan.iter("path"):
        sign = 1 if "nnb-positive" in tools.classes(path) else -1
        for start in re.findall(r"M[\d.]+ ([\d.]+)L", path.get("d")):
            drawn[int((float(start) - 10) / 392 * 784)] = sign * round(float(path.get("stroke-opacity")) * 6)
    shown = drawn != 0
    assert np.array_equal(drawn[shown], level[shown])
    for strength in np.unique(level[level != 0]):  # every second line of a strength: they lie half a unit apart
        assert (drawn == strength).sum() == -(-(level == strength).sum() // 2)


def test_the_grids_show_pixels_weights_and_products(summed):
    image, weights, (_, grid) = summed
    limit = np.abs(weights).max()
    for ground in raster.GROUNDS:
        template, products = tools.pictures(tools.elements(grid), ground)
        for picture, values in ((template, weights), (products, weights * image.ravel() / 255)):
            steps = np.rint(values.reshape(28, 28) / limit * raster.LEVELS)
            assert np.array_equal(tools.signs(picture), np.sign(steps))


def test_an_image_in_colour_and_a_blank_one_can_be_drawn(cifar10_sample):
    weights = np.random.default_rng(3).normal(0, 0.1, 3072)
    for image in (cifar10_sample.test.images[0], np.zeros((32, 32, 3), dtype=np.uint8)):
        for draw in (figures.column_diagram, figures.grid_diagram):
            figure = draw(image, weights, 0.5, "cat")
            assert figure.facts["score"] == pytest.approx(weights @ (image.ravel() / 255) + 0.5, abs=1e-6)
            assert len(figure.html("ja")) < 40_000


@pytest.fixture(scope="module")
def filters():
    rows, columns = np.indices((28, 28)) - 14
    return np.stack([np.cos(rows / 3 + number) * np.cos(columns / 4 - number) for number in range(40)]).reshape(40, -1)


def test_the_cover_is_small_wide_dark_and_always_the_same(filters):
    first, second = figures.brainbow(filters, (28, 28)), figures.brainbow(filters, (28, 28))
    assert first.html("en") == second.html("en")
    assert first.facts == {"neurons": 40}
    (picture,) = tools.elements(first)
    content = base64.b64decode(picture.get("src").split(",")[1])
    assert len(content) <= 60_000
    image = np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)
    assert image.shape == (460, 1400, 3)
    assert np.median(image.max(axis=2)) < 100 < np.percentile(image.max(axis=2), 95)  # light on a dark ground
    assert "40" in picture.get("alt")
    other = figures.brainbow(filters, (28, 28), rng=np.random.default_rng(9))
    assert other.html("en") != first.html("en")


def test_words_are_those_of_the_language(summed, filters):
    _, _, drawn = summed
    network = figures.network_diagram((3072, 10, 10), THINGS, (32, 32, 3))
    for figure in (*drawn, network, figures.brainbow(filters[:3], (28, 28))):
        assert tools.latin_words(figure, "ja") == set()
        assert tools.latin_words(figure, "en")


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: figures.network_diagram((784,)), r"inputs and outputs; got sizes \(784,\); pass two"),
        (lambda: figures.network_diagram((784, 10), input_shape=(32, 32, 3)), "each of the 3072.*got 784 inputs; pass"),
        (lambda: figures.network_diagram((784, 9), KEYS), "one class; got 9 outputs and 10 class keys; pass"),
        (
            lambda: figures.column_diagram(np.zeros((28, 28), np.uint8), np.zeros(783), 0.0, "0"),
            r"one weight for each of the 784.*; pass",
        ),
    ],
)
def test_errors(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
