"""Architecture: what a value is said to depend on is what changes it, in a network that is really calculated."""

from types import SimpleNamespace

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, pixels, spoken, strokes, words
from playwright.sync_api import expect

from nnbook import figures
from nnbook.network import Network

LAYERS = (
    "convolution 5x5x3",
    "relu",
    "pool",
    "convolution 3x3x4",
    "relu",
    "pool",
    "convolution 3x3x2",
    "dense 6",
    "dense 3",
)
SHAPE = (12, 16)
# Which entries of what the network gives out are the volumes of the figure, after the functions.
GIVES = (1, 2, 4, 5, 6, 7, 8)
SHOWN = """places => places.map(([layer, row, column]) => {
    const root = document.querySelector('.nnb-live-architecture'), item = root.querySelectorAll('li')[layer];
    const canvas = item.querySelector('canvas'), box = canvas.getBoundingClientRect();
    const at = {clientX: box.left + (column + 0.5) * box.width / canvas.width,
                clientY: box.top + (row + 0.5) * box.height / canvas.height, bubbles: true};
    canvas.dispatchEvent(new PointerEvent('pointermove', at));
    const drawn = kind => [...root.querySelectorAll(kind)].map(path => path.getAttribute('d'));
    return {fields: drawn('.nnb-arch-field'), own: drawn('.nnb-arch-own'),
            notes: [...root.querySelectorAll('.nnb-arch-sees')].map(note => note.textContent),
            said: root.querySelector('.nnb-sum').textContent};
})"""


@pytest.fixture(scope="module")
def network():
    """Random weights, all positive, so that whatever grows makes all behind it grow, and no ReLU hides it."""
    rng = np.random.default_rng(3)
    network = Network.of(LAYERS, SHAPE)
    for array in network.named_parameters().values():
        array[...] = rng.uniform(0.1, 1, array.shape)
    return network


@pytest.fixture(scope="module")
def image():
    return np.random.default_rng(4).integers(90, 100, SHAPE).astype(np.uint8)


@pytest.fixture(scope="module")
def figure(image):
    trained = SimpleNamespace(layers=LAYERS, input_shape=SHAPE, class_keys=("0", "1", "2"))
    return figures.architecture(trained, image)


@pytest.fixture(scope="module")
def influence(network, image):
    """For each volume, which pixels of the image change each of its values: (pixels, rows, columns, channels).

    A pool passes on its largest value alone; a pixel that is made very bright reaches every pool that looks at it.
    """
    bright = np.repeat(image.reshape(1, -1) / 255.0, image.size, axis=0)
    bright[np.diag_indices(image.size)] = 1e3
    rest = network.outputs(image[np.newaxis] / 255.0)
    changed = network.outputs(bright.reshape(-1, *SHAPE))
    return [np.abs(after - before) > 1e-9 for before, after in zip(rest, changed, strict=True)]


def reached(influence, layer, row, column):
    """First and last row and column of the pixels that change the value, and whether all between them do."""
    changes = influence[GIVES[layer - 1]]
    by_pixel = changes[:, row] if changes.ndim == 2 else changes[:, row, column, 0]
    rows, columns = np.nonzero(by_pixel.reshape(SHAPE))
    whole = len(rows) == (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
    return (rows.min(), rows.max(), columns.min(), columns.max()), whole


def marked(path):
    """First and last row and column of the front of what is marked."""
    points = np.array([point for stroke in strokes(path)[:4] for point in stroke])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return top, bottom - 1, left, right - 1


def test_sizes_and_counts_are_those_of_the_network(figure, network):
    facts = figure.facts
    assert [one["kind"] for one in facts["layers"]] == [*["convolution", "pool"] * 2, "convolution", "dense", "dense"]
    outputs = network.outputs(np.zeros((1, *SHAPE)))
    for one, place in zip(facts["layers"], GIVES, strict=True):
        shape = outputs[place].shape[1:]
        assert (one["rows"], one["columns"], one["channels"]) == (shape if len(shape) == 3 else (1, 1, *shape))
    sizes = [array.size for array in network.named_parameters().values()]
    with_weights = [one for one in facts["layers"] if one["parameters"]]
    assert [one["parameters"] for one in with_weights] == np.add(sizes[::2], sizes[1::2]).tolist()
    assert facts["parameters"] == sum(sizes)
    # A sum of 25 products at each of 12 x 16 places for each of 3 filters, and so on.
    products = [192 * 3 * 25, 48 * 4 * 9 * 3, 12 * 2 * 9 * 4, 6 * 24, 3 * 6]
    assert [one["multiplications"] for one in with_weights] == products
    assert facts["multiplications"] == sum(products)
    assert facts["image"] == {"rows": 12, "columns": 16, "channels": 1}


def test_a_value_in_the_middle_depends_on_the_pixels_that_change_it(figure, influence):
    chosen = figure.facts["chosen"]
    seen, whole = reached(influence, chosen["layer"], chosen["row"] - 1, chosen["column"] - 1)
    assert whole
    assert marked(find(elements(figure.static), "path", "nnb-arch-field")[0].get("d")) == seen
    top, bottom, left, right = seen
    assert chosen["field"] == {"rows": bottom - top + 1, "columns": right - left + 1}
    for layer in (1, 2):  # deeper ones reach an edge of this small image
        (top, bottom, left, right), _ = reached(influence, layer, 3, 4)
        field = {"rows": bottom - top + 1, "columns": right - left + 1}
        assert figure.facts["layers"][layer - 1]["field"] == field
    # By hand: 5, then 6 for two neighbours, then two steps of 2 more on either side, ...
    fields = [one["field"]["columns"] for one in figure.facts["layers"]]
    assert fields == [5, 6, 10, 12, 16, 16, 16]


def test_at_rest_the_list_says_every_size(figure, image):
    tree = elements(figure.static)
    items = find(tree, "li")
    assert [words(find(item, "span", "nnb-arch-sees")[0]) for item in items][4:] == [
        "sees 3 × 3 × 4",
        "one value",
        "",
        "",
    ]
    sizes = ["12 × 16 × 1", "12 × 16 × 3", "6 × 8 × 3", "6 × 8 × 4", "3 × 4 × 4", "3 × 4 × 2", "6 neurons", "3 scores"]
    assert all(size in words(item) for size, item in zip(sizes, items, strict=True))
    np.testing.assert_array_equal(pixels(find(tree, "img")[0])[..., 3], image)
    assert "row 2, column 3 of layer 5" in spoken(tree)
    assert latin_words(figure, "ja") <= {"ReLU"}


def test_what_it_cannot_draw_is_refused(image):
    network = SimpleNamespace(layers=("dense 3",), input_shape=(8, 8), class_keys=("0", "1", "2"))
    with pytest.raises(
        ValueError, match=r"of shape \(8, 8\); got one of shape \(12, 16\); pass an image of its data set"
    ):
        figures.architecture(network, image)
    network.input_shape, network.layers = SHAPE, ("fold 3", "dense 3")
    with pytest.raises(ValueError, match=r"are convolution, pool, dense and .*; got 'fold 3'; pass a network of these"):
        figures.architecture(network, image)


def test_a_network_without_convolutions_sees_everything_at_once(image):
    many = SimpleNamespace(layers=("dense 250", "relu", "dense 2"), input_shape=SHAPE, class_keys=("0", "1"))
    figure = figures.architecture(many, image)
    assert [one["field"] for one in figure.facts["layers"]] == [{"rows": 12, "columns": 16}] * 2
    assert [one["channels"] for one in figure.facts["layers"]] == [250, 2]
    assert "whole image, 12 × 16 pixels" in spoken(elements(figure.static))


@pytest.mark.browser
def test_every_value_depends_on_what_is_marked_for_it_at_the_edges_too(browser, figure, influence, tmp_path):
    shapes = [(12, 16), (6, 8), (6, 8), (3, 4), (3, 4), (6, 1), (3, 1)]
    ends = lambda side: sorted({0, 1, side // 2, side - 1} & set(range(side)))  # noqa: E731
    places = [
        (layer, row, column)
        for layer, (rows, columns) in enumerate(shapes, 1)
        for row in ends(rows)
        for column in ends(columns)
    ]
    with pages.opened(browser, figure, tmp_path) as page:
        for place, shown in zip(places, page.evaluate(SHOWN, places), strict=True):
            layer, row, column = place
            seen, whole = reached(influence, *place)
            assert whole
            assert marked(shown["fields"][0]) == seen
            assert marked(shown["own"][layer]) == (row, row, column, column)
            assert [bool(path) for path in shown["own"]] == [at == layer for at in range(8)]
            assert [bool(path) for path in shown["fields"]] == [at < layer for at in range(8)]
            top, bottom, left, right = seen
            size = f"{bottom - top + 1}\u00a0×\u00a0{right - left + 1}"
            assert size in shown["said"]
            assert shown["notes"][0] == f"sees {size}\u00a0×\u00a01"
            if layer in (2, 4):  # a pool keeps to its own channel, what is before the pool to all
                assert shown["notes"][layer - 1] == "sees 2\u00a0×\u00a02\u00a0×\u00a01"


@pytest.mark.browser
def test_keys_walk_and_the_address_follows(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, fragment="architecture:layer=4,row=1,column=4") as page:
        element, said = page.locator("nnb-architecture"), page.locator(".nnb-live .nnb-sum").first
        expect(said).to_contain_text("row 1, column 4 of layer 4")
        page.get_by_role("application", name="2 pooling").focus()
        page.keyboard.press("ArrowLeft")
        expect(element).to_have_attribute("data-layer", "2")
        page.keyboard.press("ArrowLeft")
        assert page.url.endswith("#architecture:layer=2,row=4,column=4")
        first = page.get_by_role("application", name="1 convolution")
        box = first.bounding_box()
        page.mouse.move(box["x"] + 2, box["y"] + 2)
        expect(element).to_have_attribute("data-layer", "1")
        page.mouse.move(5, 5)
        page.get_by_role("application", name="7 dense").click(position={"x": 3, "y": 2})
        expect(said).to_contain_text("The score of 0 depends on the whole image")
        assert page.url.endswith("#architecture:layer=7,row=1,column=1")
        page.go_back()
        expect(said).to_contain_text("row 4, column 4 of layer 2")
        for broken in (
            "layer=0,row=1,column=1",
            "layer=9,row=1,column=1",
            "layer=2,row=7,column=1",
            "layer=2",
            "row=NaN",
        ):
            page.evaluate("address => { location.hash = address; }", f"#architecture:{broken}")
            expect(said).to_contain_text("row 2, column 3 of layer 5")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, lambda page: page.locator(".nnb-live .nnb-arch-plane").nth(1).click())
