"""Drawings made from numbers: networks, one neuron's sum as a column and as grids, and the cover."""

import base64
import re
from io import BytesIO
from itertools import product

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
    groups = tools.find(tree, "g", "nnb-neurons")
    neurons = [[int(number) for number in group.get("data-neurons").split(",")] for group in groups]
    assert neurons == [[*range(5), *range(779, 784)], list(range(10)), list(range(10))]
    centres = [[centre(shape) for shape in group] for group in groups]
    assert [len(points) for points in centres] == [10, 10, 10]
    for layer, path in enumerate(tools.find(tree, "path", "nnb-connections")):
        wanted = {frozenset(pair) for pair in product(centres[layer], centres[layer + 1])}
        lines = lines_of(path.get("d"))
        assert len(lines) == len(wanted)
        assert {frozenset(line) for line in lines} == wanted


def centre(shape):
    """The middle of a neuron, or of the square of an input."""
    if shape.tag == "circle":
        return float(shape.get("cx")), float(shape.get("cy"))
    return tuple(
        float(shape.get(axis)) + float(shape.get(side)) / 2 for axis, side in (("x", "width"), ("y", "height"))
    )


def lines_of(data):
    """The ends of each curve of path `data`, which moves (M, m) and draws relative curves (c)."""
    here, lines = (0.0, 0.0), []
    for command, written in re.findall(r"([Mmc])([^Mmc]*)", data):
        values = [float(value) for value in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", written)]
        assert len(values) == (6 if command == "c" else 2)
        start, (across, down) = here, values[-2:]
        here = (across, down) if command == "M" else (round(here[0] + across, 6), round(here[1] + down, 6))
        if command == "c":
            assert values[:4] == [across / 2, 0, across / 2, down]  # it leaves and arrives horizontally
            lines.append((start, here))
    return lines


@pytest.mark.parametrize(
    ("ends", "data"),
    [
        ([((0, 0), (10, 4))], "M0 0c5 0 5 4 10 4"),
        ([((0, 0), (10, -4)), ((1, 8.25), (10, -4))], "M0 0c5 0 5-4 10-4c-4.5 0-4.5 12.2-9 12.2"),
        ([((0, 0), (1, 0.5)), ((2, 0), (1, 3))], "M0 0c.5 0 .5 .5 1 .5m0 2.5c.5 0 .5-3 1-3"),
    ],
)
def test_curves_are_written_short_and_right(ends, data):
    assert svg.curves(ends) == data
    assert [frozenset(line) for line in lines_of(data)] == [
        frozenset((round(x, 1), round(y, 1)) for x, y in line) for line in ends
    ]


def test_class_names_stand_beside_their_neurons():
    tree = drawing(figures.network_diagram((3072, 10), THINGS, (32, 32, 3)), "ja")
    circles = tools.find(tree, "g", "nnb-neurons")[-1]
    cat = next(label for label in tree.iter("text") if label.text == "猫")
    assert abs(float(cat.get("y")) - float(circles[3].get("cy"))) < 5
    assert "32 × 32 × 3 = 3,072" in tools.words(tree)


@pytest.mark.parametrize("sizes", [(784, 10), (784, 10, 10), (3072, 100, 10), (784, 100, 100, 10)])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_labels_stay_inside_and_apart(sizes, language):
    shape = (32, 32, 3) if sizes[0] == 3072 else (28, 28)
    tree = drawing(figures.network_diagram(sizes, THINGS, shape), language)
    assert tree.get("text-anchor") == "middle"
    boxes = []
    for label in tree.iter("text"):
        wide = svg.width_of(tools.words(label), 11)
        start = (
            float(label.get("x")) - {"start": 0, "middle": wide / 2, "end": wide}[label.get("text-anchor", "middle")]
        )
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
    tip = 206  # in the middle of the column, where all lines end
    assert fan.get("transform") == f"translate(281 {tip})"
    level = np.rint(weights / np.abs(weights).max() * 6)
    drawn = np.zeros(784)
    for path in fan.iter("path"):
        sign = 1 if "nnb-positive" in tools.classes(path) else -1
        for start in re.findall(r"-159( ?-?[\d.]+) 0 0", path.get("d")):
            drawn[int((tip + float(start) - 10) / 392 * 784)] = sign * round(float(path.get("stroke-opacity")) * 6)
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
