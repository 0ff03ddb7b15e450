"""Drawings made from numbers: networks, one neuron's sum as a column and as grids, and the cover."""

import base64
import re
from io import BytesIO
from itertools import pairwise

import figures_tools as tools
import numpy as np
import pytest
from PIL import Image

from nnbook import figures
from nnbook.figures.kit import raster, svg
from nnbook.figures.network_diagram import static as diagrams
from nnbook.figures.network_diagram.static import network_diagram as static_network_diagram
from nnbook.figures.unrolling.column import column_diagram
from nnbook.figures.unrolling.grid import grid_diagram

KEYS = tuple("0123456789")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def drawing(figure, language="en"):
    return tools.find(tools.elements(figure, language), "svg", "nnb-drawing")[0]


@pytest.mark.parametrize(
    ("sizes", "weights", "parameters"),
    [((784, 10), 7840, 7850), ((784, 10, 10), 7940, 7960), ((784, 100, 10), 79400, 79510)],
)
def test_a_diagram_counts_its_network(sizes, weights, parameters):
    facts = static_network_diagram(sizes, KEYS).facts
    assert (facts["inputs"], facts["outputs"]) == (sizes[0], sizes[-1])
    assert (facts["weights"], facts["parameters"]) == (weights, parameters)
    assert sum(layer.get("weights", 0) for layer in facts["layers"]) == weights
    assert [layer["size"] for layer in facts["layers"]] == list(sizes)


def columns(tree):
    """The centres of the drawn neurons, layer by layer, each from the ends of its outline."""
    found = []
    for column in tools.find(tree, "path", "nnb-neurons"):
        shapes = [part + "z" for part in absolute(column.get("d")).split("z")[:-1]]
        high = 16 if "a" in column.get("d") else 10
        found.append([(x, y + high / 2) for x, y in (tools.strokes(shape)[0][0] for shape in shapes)])
    return found


def absolute(data):
    """Path data of closed shapes, each of which begins below the one before, with the places of their beginnings."""
    first, *others = re.split(r"m0 ", data)
    x, y, shape = re.fullmatch(r"M([\d.]+) ([\d.]+)(\D.*z)", first).groups()
    shapes, height = [first], float(y)
    for other in others:
        step, same = re.fullmatch(r"([\d.]+)(\D.*z)", other).groups()
        assert same == shape
        height += float(step)
        shapes.append(f"M{x} {height:g}{shape}")
    return "".join(shapes)


@pytest.mark.parametrize("sizes", [(784, 10), (784, 10, 10), (784, 100, 10), (784, 12, 11, 3), (784, 1), (784, 7, 2)])
def test_every_drawn_neuron_is_joined_to_every_drawn_one_before_it(sizes):
    tree = drawing(static_network_diagram(sizes))
    neurons = columns(tree)
    assert [len(column) for column in neurons] == [min(size, 10) for size in sizes]
    assert len({y for x, y in neurons[0]}) == 10
    assert all(len({x for x, _ in column}) == 1 for column in neurons)
    (lines,) = tools.find(tree, "path", "nnb-connections")
    drawn = [(tools.placed(lines, start), tools.placed(lines, end)) for start, end in tools.strokes(lines.get("d"))]
    wanted = {(start, end) for before, after in pairwise(neurons) for start in before for end in after}
    assert {tuple(sorted(line)) for line in drawn} == wanted  # from and to the exact centres, and to nothing else


def test_the_columns_of_a_diagram_are_centred_on_whole_units():
    assert diagrams.drawn(784) == (*range(5), *range(779, 784))
    for size in (*range(1, 13), 784):
        heights = diagrams.heights(size)
        assert len(heights) == len(diagrams.drawn(size))
        assert heights[0] + heights[-1] == 2 * diagrams.MIDDLE
        assert all((y - diagrams.MIDDLE) % diagrams.UNIT == 0 for y in heights)
        assert all(later - earlier >= 2 * diagrams.UNIT for earlier, later in pairwise(heights))
        assert diagrams.TOP < heights[0] <= heights[-1] < diagrams.TOP + diagrams.HEIGHT


def test_class_names_stand_beside_their_neurons():
    tree = drawing(static_network_diagram((3072, 10), THINGS, (32, 32, 3)), "ja")
    cat = next(label for label in tree.iter("text") if label.text == "猫")
    assert abs(float(cat.get("y")) - columns(tree)[-1][3][1]) < 5
    assert "32 × 32 × 3 = 3,072" in tools.words(tree)


@pytest.mark.parametrize("sizes", [(784, 10), (784, 10, 10), (3072, 100, 10), (784, 100, 100, 10)])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_labels_stay_inside_and_apart(sizes, language):
    shape = (32, 32, 3) if sizes[0] == 3072 else (28, 28)
    tree = drawing(static_network_diagram(sizes, THINGS, shape), language)
    boxes = []
    for label, anchor in tools.anchored(tree):
        wide = svg.width_of(tools.words(label), 11)
        start = float(label.get("x")) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
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
    drawn = [draw(image, weights, -0.75, "0", index=3) for draw in (column_diagram, grid_diagram)]
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
    pairs = weights.reshape(-1, 2)  # pixels lie half a unit apart, so a line is for two of them
    stronger = np.where(np.abs(pairs[:, 0]) >= np.abs(pairs[:, 1]), pairs[:, 0], pairs[:, 1])
    drawn = np.zeros(392)
    for path in fan.iter("path"):
        sign = 1 if "nnb-positive" in tools.classes(path) else -1
        for line in tools.strokes(path.get("d")):
            left, right = sorted(tools.placed(fan, point) for point in line)
            assert left[0] == 122
            assert right == (281, 206)
            place = left[1] - 10
            assert place % 1 == 0.5  # the middle of two pixels
            drawn[int(place)] = sign * round(float(path.get("stroke-opacity")) * 6)
    assert np.array_equal(drawn, np.rint(stronger / np.abs(weights).max() * 6))


def test_the_rows_of_products_go_into_the_neuron_with_the_sign_and_strength_of_their_sums(summed):
    image, weights, (_, grid) = summed
    sums = (weights * image.ravel() / 255).reshape(28, 28).sum(axis=1)
    (fan,) = tools.find(drawing(grid), "g", "nnb-rows")
    drawn = np.zeros(28)
    for path in fan.iter("path"):
        sign = 1 if "nnb-positive" in tools.classes(path) else -1
        for start, end in tools.strokes(path.get("d")):
            assert tools.placed(fan, end) == (281, 124)
            row = (tools.placed(fan, start)[1] - 82) / 3 - 0.5
            assert row % 1 == 0
            drawn[int(row)] = sign * (float(path.get("stroke-width")) - 0.4) / 2
    assert drawn == pytest.approx(sums / np.abs(sums).max(), abs=0.051)


def test_each_row_of_the_image_is_led_to_its_place_in_the_column(summed):
    _, _, (column, _) = summed
    guide = tools.find(drawing(column), "path", "nnb-guide")[0]
    for row, line in enumerate(tools.strokes(guide.get("d"))):
        start, end = sorted(line)
        assert start == (86, 164 + 3 * row + 1.5)
        assert end == (107, pytest.approx(10 + 14 * (row + 0.5), abs=0.5))
    assert row == 27


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
        for draw in (column_diagram, grid_diagram):
            figure = draw(image, weights, 0.5, "cat")
            assert figure.facts["score"] == pytest.approx(weights @ (image.ravel() / 255) + 0.5, abs=1e-6)
            assert len(figure.html("ja")) < 40_000


@pytest.fixture(scope="module")
def filters():
    rows, columns = np.indices((28, 28)) - 14
    return np.stack([np.cos(rows / 3 + number) * np.cos(columns / 4 - number) for number in range(40)]).reshape(40, -1)


def test_the_cover_is_small_wide_dark_and_always_the_same(filters):
    cover = figures.brainbow(filters, (28, 28))
    assert cover.facts == {"neurons": 40}
    (picture,) = tools.elements(cover)
    wide, for_phones = (choice.split() for choice in picture.get("srcset").split(", "))
    assert picture.get("src") == wide[0]
    for (address, width), shape, most in ((wide, (460, 1400, 3), 33_000), (for_phones, (283, 860, 3), 15_000)):
        content = base64.b64decode(address.split(",")[1])
        assert len(content) <= most
        image = np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)
        assert image.shape == shape
        assert width == f"{shape[1]}w"
        assert np.median(image.max(axis=2)) < 100 < np.percentile(image.max(axis=2), 95)  # light on a dark ground
    assert "40" in picture.get("alt")
    drawn = [figures.brainbow(filters[:3], (28, 28), rng) for rng in (None, None, np.random.default_rng(9))]
    same, again, other = (figure.html("en") for figure in drawn)
    assert same == again != other


def test_words_are_those_of_the_language(summed, filters):
    _, _, drawn = summed
    network = static_network_diagram((3072, 10, 10), THINGS, (32, 32, 3))
    for figure in (*drawn, network, figures.brainbow(filters[:3], (28, 28))):
        assert tools.latin_words(figure, "ja") == set()
        assert tools.latin_words(figure, "en")


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: static_network_diagram((784,)), r"inputs and outputs; got sizes \(784,\); pass two"),
        (lambda: static_network_diagram((784, 10), input_shape=(32, 32, 3)), "each of the 3072.*got 784 inputs; pass"),
        (lambda: static_network_diagram((784, 9), KEYS), "one class; got 9 outputs and 10 class keys; pass"),
        (
            lambda: figures.unrolling(np.zeros((28, 28), np.uint8), np.zeros(783), 0.0, "0"),
            r"a column for each input; got weights of shape \(1, 783\); pass",
        ),
    ],
)
def test_errors(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
