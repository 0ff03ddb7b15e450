"""The forward pass of a convolutional network in the page: every map is that of NumPy."""

import base64

import numpy as np
import pytest
from convolutional_tools import DIGITS, PHOTOGRAPHS, plainly, random_network

from nnbook.figures.kit import bundle
from nnbook.figures.kit.convolutional import packed_network, rounding

pytestmark = pytest.mark.browser
# What each layer gives out, its bytes as text: of a hundred images ten million numbers come this way.
FORWARD = """async (pixels) => Promise.all(network.forward(pixels).map((values) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.readAsDataURL(new Blob([values]));
})))"""
APART = 1e-4  # what numbers of the page and of NumPy may differ by, whatever their size


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    page.set_content(f"<script>{bundle.script()}</script>")
    yield page
    page.close()


def in_page(page, network, images):
    """What every layer gives out for each of `images`, calculated by the script."""
    page.evaluate("packed => { window.network = nnbook.convolution(packed); }", packed_network(network))
    shapes = page.evaluate("network.shapes")
    for image in images:
        found = map(base64.b64decode, page.evaluate(FORWARD, image.ravel().tolist()))
        yield [np.frombuffer(values, "<f4").reshape(shape) for values, shape in zip(found, shapes, strict=True)]


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        (DIGITS, (28, 28)),
        (PHOTOGRAPHS, (32, 32, 3)),
        (("convolution 3x7x4", "tanh", "pool", "dense 6", "sigmoid", "dropout 0.5", "dense 5"), (20, 24)),
        (("convolution 1x1x3", "pool", "relu", "convolution 9x9x2", "dense 3"), (4, 6, 3)),
    ],
)
def test_every_map_is_that_of_numpy(page, layers, shape):
    network = random_network(layers, shape)
    images = np.random.default_rng(2).integers(0, 256, (2, *shape), np.uint8)
    images[0, : shape[0] // 2] = 0
    for image, found in zip(images, in_page(page, network, images), strict=True):
        for ours, theirs in zip(found, plainly(network, image), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=APART)


@pytest.mark.full_data
@pytest.mark.parametrize("name", ["mnist-convolutional", "cifar10-convolutional"])
def test_all_maps_of_a_hundred_images_are_those_of_the_books_networks(page, full_networks, request, name):
    network, images = full_networks[name], request.getfixturevalue(name.split("-")[0]).test.images[:100]
    wanted = network.outputs(images)
    for at, found in enumerate(in_page(page, network, images)):
        for ours, theirs in zip(found, wanted, strict=True):
            np.testing.assert_allclose(ours, theirs[at], rtol=0, atol=APART)
    assert rounding(network) <= 0.5 / 352_484 + 1e-12


def test_another_network_is_refused():
    network = random_network(("dense 3",), (4, 4))
    with pytest.raises(ValueError, match=r"begin with a convolution, end with a dense layer.*got dense 3; pass such a"):
        packed_network(network)
    network.layers = ("convolution 3x3x2", "normalisation", "dense 3")
    with pytest.raises(
        ValueError, match="and have between them convolution, dense, relu, pool, sigmoid, tanh, dropout; got"
    ):
        packed_network(network)
