"""Weight images, class averages, and how much alike they are."""

import figures_tools as tools
import numpy as np
import pytest

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.weight_images.averages import templates_and_averages
from nnbook.figures.weight_images.static import weight_images as static_weight_images

KEYS = tuple("0123456789")


@pytest.fixture
def weights():
    drawn = np.random.default_rng(1).normal(size=(10, 784)) * 0.2
    drawn[:, :28] = 0
    return drawn


@pytest.mark.parametrize("ground", raster.GROUNDS)
def test_every_pixel_shows_the_sign_and_size_of_its_weight(weights, ground):
    element = tools.elements(static_weight_images(weights, (28, 28), KEYS))
    drawn = tools.pictures(element, ground)
    limit = np.abs(weights).max()
    assert len(drawn) == 10
    for picture, row in zip(drawn, weights, strict=True):
        steps = np.rint(row.reshape(28, 28) / limit * raster.LEVELS).astype(int)
        assert np.array_equal(tools.signs(picture), np.sign(steps))
        shown = raster.diverging_scale(ground)[steps + raster.LEVELS]
        assert np.array_equal(picture[..., 3], shown[..., 3])
        assert np.array_equal(picture[steps != 0], shown[steps != 0])


def test_scales(weights):
    weights[0] *= 0.1
    shared, own, grey = (
        static_weight_images(weights, (28, 28), KEYS, scale=scale) for scale in ("shared", "own", "grey")
    )
    strength = [
        [picture[..., 3].max() for picture in tools.pictures(tools.elements(figure), "light")]
        for figure in (shared, own)
    ]
    assert strength[0][0] < 60
    assert min(strength[1]) == 255  # each image reaches the end of its own scale
    inks = tools.pictures(tools.elements(grey), "ink")
    assert all((ink[..., 3].min(), ink[..., 3].max()) == (0, 255) for ink in inks)
    assert [len(tools.find(tools.elements(figure), kind="nnb-legend-strip")) for figure in (shared, own, grey)] == [
        1,
        0,
        0,
    ]
    assert all(tools.find(tools.elements(figure), kind="nnb-legend") for figure in (shared, own, grey))


def test_facts_and_alternative_text_agree_with_the_weights(weights):
    figure = static_weight_images(weights, (28, 28), KEYS)
    element = tools.elements(figure)
    for number, (row, facts) in enumerate(zip(weights, figure.facts["neurons"], strict=True)):
        image = row.reshape(28, 28)
        for side, extreme in (("lowest", image.min()), ("highest", image.max())):
            assert facts[side]["value"] == round(extreme, 6)
            assert image[facts[side]["row"], facts[side]["column"]] == extreme
        (picture,) = element.findall(f".//img[@data-neuron='{number}']")
        assert f"Weights of {number}:" in picture.get("alt")
        assert f"{image.max():+.2f}" in picture.get("alt")
        assert f"{image.min():+.2f}".replace("-", "−") in picture.get("alt")


def test_zones_of_one_neuron():
    image = np.zeros((28, 28))
    image[11:17, 11:17] = -0.5
    image[:2] = image[-2:] = 0.25
    image[:, :2] = image[:, -2:] = 0.25
    facts = figures.weight_image(image.ravel(), (28, 28), "0").facts
    assert facts["centre"] == -0.5
    assert facts["border"] == 0.25
    assert facts["ring"] == 0
    assert facts["class_key"] == "0"
    assert facts["lowest"] == {"value": -0.5, "row": 11, "column": 11}


def test_colour_weights_keep_their_channels():
    rng = np.random.default_rng(2)
    weights = rng.normal(size=(2, 32 * 32 * 3)) * 0.01
    figure = static_weight_images(weights, (32, 32, 3), ("airplane", "ship"))
    limit = np.abs(weights).max()
    for picture, row in zip(tools.pictures(tools.elements(figure), "colour"), weights, strict=True):
        assert np.array_equal(picture[..., :3], np.rint(127.5 + 127.5 * row.reshape(32, 32, 3) / limit))
    facts, image = figure.facts["neurons"][0], weights[0].reshape(32, 32, 3)
    highest = facts["highest"]
    channel = ("red", "green", "blue").index(highest["channel"])
    assert image[highest["row"], highest["column"], channel] == image.max()
    assert facts["centre"]["blue"] == round(image[13:19, 13:19, 2].mean(), 6)
    assert highest["channel"] in tools.elements(figure).find(".//img").get("alt")


def test_a_network_that_starts_at_zero_can_be_drawn():
    for scale in ("shared", "own", "grey"):
        static_weight_images(np.zeros((10, 784)), (28, 28), KEYS, scale=scale).html("en")
    figures.weight_image(np.zeros(3072), (32, 32, 3), "cat").html("ja")


def test_hidden_neurons_are_numbered(weights):
    assert "hidden neuron 10" in tools.spoken(tools.elements(static_weight_images(weights, (28, 28))))


def test_words_are_those_of_the_language(weights, mnist_sample):
    train = mnist_sample.train
    for figure in (
        static_weight_images(weights, (28, 28), KEYS),
        static_weight_images(weights, (28, 28)),
        static_weight_images(np.tile(weights[:, :768], 4), (32, 32, 3), scale="own"),
        figures.weight_image(weights[0], (28, 28), "0"),
        templates_and_averages(weights, train.images, train.labels, KEYS, scale="own"),
    ):
        assert tools.latin_words(figure, "ja") == set()
        assert tools.latin_words(figure, "en")


def test_averages_and_correlations_are_those_of_the_data(mnist_sample, weights):
    train = mnist_sample.train
    figure = templates_and_averages(weights, train.images, train.labels, KEYS)
    drawn = tools.pictures(tools.elements(figure), "ink")
    averages = np.array([train.images[train.labels == digit].mean(axis=0) for digit in range(10)])
    apart, correlations = averages - averages.mean(axis=0), []
    for digit, average in enumerate(averages):
        assert np.array_equal(drawn[digit][..., 3], np.rint(average))
        correlations.append(np.corrcoef(weights[digit], average.ravel())[0, 1])
        expected = np.corrcoef(weights[digit], apart[digit].ravel())[0, 1]
        assert figure.facts["pairs"][digit]["apart"] == pytest.approx(expected, abs=1e-6)
    assert [pair["correlation"] for pair in figure.facts["pairs"]] == pytest.approx(correlations, abs=1e-6)
    assert figure.facts["most_alike"] == str(np.argmax(correlations))
    assert figure.facts["least_alike"] == str(np.argmin(correlations))
    assert f"correlation {correlations[3]:+.2f}".replace("-", "−") in tools.words(tools.elements(figure))


def test_three_images_stand_side_by_side_on_a_phone(weights):
    element = tools.elements(static_weight_images(weights, (28, 28), KEYS))
    style = tools.styles(element.find("ul"))
    assert style["--wide"] == "112px"
    assert style["--narrow"] == "84px"


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda w, d: static_weight_images(w, (28, 28), KEYS, scale="log"),
            "one of shared, own, grey; got 'log'; choose",
        ),
        (
            lambda w, d: figures.weight_images(w, (32, 32, 3)),
            r"weights are \(10, 3072\): .* got weights of shape \(10, 784\); pass",
        ),
        (
            lambda w, d: figures.weight_image(w[0][1:], (28, 28), "0"),
            r"a column for each input; got weights of shape \(1, 783\); pass",
        ),
        (lambda w, d: figures.weight_images(w, (28, 28), KEYS[:3]), "got 3 class_keys for 10 classes; pass"),
        (lambda w, d: figures.weight_images(w.T, (28, 28)), r"shape \(784, 10\); pass weights.T"),
        (
            lambda w, d: figures.weight_images(w, (28, 28), KEYS, d.images, d.labels[1:]),
            "one length; got 5999 labels for 6000 examples; ",
        ),
        (
            lambda w, d: templates_and_averages(w, d.images[d.labels != 4], d.labels[d.labels != 4], KEYS),
            r"at least one image.*none for the classes \[4\]; pass",
        ),
    ],
)
def test_errors(draw, message, weights, mnist_sample):
    with pytest.raises(ValueError, match=message):
        draw(weights, mnist_sample.train)
