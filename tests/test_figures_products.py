"""Samples of a data set, and one image under the templates."""

import figures_tools as tools
import numpy as np
import pytest

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.template_products.static import template_products as static_template_products

KEYS = tuple("0123456789")


@pytest.fixture(scope="module")
def layer():
    random = np.random.default_rng(4)
    return random.normal(0, 0.2, (10, 784)), random.normal(0, 1, 10)


@pytest.fixture
def products(layer, mnist_sample):
    test = mnist_sample.test
    index = int(np.flatnonzero(test.labels == 2)[0])
    return test.images[index], static_template_products(
        test.images[index], *layer, KEYS, label=2, classes=(2, 3, 0), index=index
    )


def test_a_sample_shows_the_images_it_names(mnist_sample, cifar10_sample):
    for data in (mnist_sample, cifar10_sample):
        train = data.train
        figure = figures.sample_images(train.images, train.labels, data.class_keys, rng=np.random.default_rng(1))
        tree = tools.elements(figure)
        assert figure.facts["images"] == 80
        for number, (row, shown) in enumerate(zip(figure.facts["rows"], tree.findall(".//dd"), strict=True)):
            assert row["class_key"] == data.class_keys[number]
            assert len(set(row["indices"])) == 8
            assert set(train.labels[row["indices"]]) == {number}
            sheets = [*shown.iter("img")]
            assert [index for sheet in sheets for index in tools.indices(sheet)] == row["indices"]
            for sheet in sheets:
                picture, own = tools.pixels(sheet), tools.indices(sheet)
                width = train.images.shape[2]
                assert picture.shape[1] == len(own) * (width + 1) - 1
                for place, index in enumerate(own):
                    part = picture[:, place * (width + 1) :][:, :width]
                    assert np.array_equal(
                        part[..., 3] if train.images.ndim == 3 else part[..., :3], train.images[index]
                    )
                assert str(own[-1]) in sheet.get("alt")


def test_the_same_randomness_gives_the_same_sample(mnist_sample):
    train = mnist_sample.train
    rows = [
        figures.sample_images(train.images, train.labels, KEYS, rng=np.random.default_rng(seed)).facts["rows"]
        for seed in (1, 1, 2)
    ]
    assert rows[0] == rows[1] != rows[2]


def test_chosen_images_keep_their_order(mnist_sample):
    train = mnist_sample.train
    sevens = np.flatnonzero(train.labels == 7)[[4, 0, 2]].tolist()
    facts = figures.sample_images(train.images, train.labels, KEYS, indices=sevens).facts
    assert facts["rows"] == [{"class_key": "7", "indices": sevens}]


def test_every_pixel_of_a_product_is_the_weight_under_the_ink(products, layer):
    image, figure = products
    drawn = tools.pictures(tools.elements(figure), "light")
    assert len(drawn) == 6  # weights and products of three classes
    limit = np.abs(layer[0][[2, 3, 0]]).max()
    for place, number in enumerate((2, 3, 0)):
        template = layer[0][number].reshape(28, 28)
        for picture, values in ((drawn[2 * place], template), (drawn[2 * place + 1], template * image / 255)):
            assert np.array_equal(tools.signs(picture), np.sign(np.rint(values / limit * raster.LEVELS)))
        assert not drawn[2 * place + 1][image == 0].any()  # no ink, no product
    assert all(np.array_equal(ink[..., 3], image) for ink in tools.pictures(tools.elements(figure), "ink"))


def test_sums_and_scores_are_those_of_numpy(products, layer):
    image, figure = products
    weights, biases = layer
    scores = weights @ (image.ravel() / 255) + biases
    facts = figure.facts
    assert facts["scores"] == pytest.approx(scores, abs=1e-6)
    assert facts["winner"] == str(scores.argmax())
    for number, row in zip((2, 3, 0), facts["rows"], strict=True):
        terms = weights[number] * image.ravel() / 255
        assert row["class_key"] == str(number)
        assert row["positive"] == pytest.approx(terms[terms > 0].sum(), abs=1e-6)
        assert row["negative"] == pytest.approx(terms[terms < 0].sum(), abs=1e-6)
        assert row["sum"] == pytest.approx(row["positive"] + row["negative"], abs=2e-6)
        assert row["bias"] == pytest.approx(biases[number], abs=1e-6)
        assert row["score"] == pytest.approx(scores[number], abs=1e-6)


def test_every_bar_starts_at_zero_and_has_the_sign_and_length_of_its_score(products):
    _, figure = products
    scores = np.array(figure.facts["scores"])
    rows = tools.elements(figure).findall(".//table[@class='nnb-scores']/tbody/tr")
    span = max(scores.max(), 0) - min(scores.min(), 0)
    zero = -min(scores.min(), 0) / span * 100
    for score, row in zip(scores, rows, strict=True):
        (bar,) = row[-1].findall("span")
        left, width = (float(tools.styles(bar)[name].removesuffix("%")) for name in ("left", "width"))
        assert width == pytest.approx(abs(score) / span * 100, abs=0.01)
        assert (left if score > 0 else left + width) == pytest.approx(zero, abs=0.02)
        assert ("nnb-positive" if score > 0 else "nnb-negative") in tools.classes(bar)
        assert f"{score:+.2f}".replace("-", "−") in tools.words(row)
    winners = [number for number, row in enumerate(rows) if row.get("data-winner") is not None]
    assert winners == [scores.argmax()]
    said = [
        number for number, row in enumerate(rows) if "highest score" in tools.words(row) and "▶" in tools.words(row)
    ]
    assert said == winners
    assert [number for number, row in enumerate(rows) if "true class" in tools.words(row)] == [2]


def test_what_is_written_out_are_the_facts(products):
    _, figure = products
    for row, item in zip(figure.facts["rows"], tools.elements(figure).findall(".//ol/li"), strict=True):
        written = [tools.words(cell) for cell in item.iter("td")]
        order = ("positive", "negative", "sum", "bias", "score")
        assert written == [f"{row[name]:+.2f}".replace("-", "−") for name in order]


def test_colours_are_added_up_and_have_a_scale_of_their_own(cifar10_sample):
    random, test = np.random.default_rng(6), cifar10_sample.test
    weights = random.normal(0, 0.01, (10, 3072))
    figure = static_template_products(
        test.images[0], weights, np.zeros(10), cifar10_sample.class_keys, label=int(test.labels[0]), classes=(3, 8)
    )
    tree = tools.elements(figure)
    sums = (weights[[3, 8]].reshape(2, 32, 32, 3) * test.images[0] / 255).sum(axis=3)
    limit = np.abs(sums).max()
    for picture, values in zip(tools.pictures(tree, "light"), sums, strict=True):
        assert np.array_equal(tools.signs(picture), np.sign(np.rint(values / limit * raster.LEVELS)))
    assert f"+{limit:.2f}" in tools.words(tools.find(tree, "div", "nnb-legend")[0])


def test_words_are_those_of_the_language(products, cifar10_sample):
    test = cifar10_sample.test
    sample = figures.sample_images(test.images, test.labels, cifar10_sample.class_keys, indices=range(40))
    for figure in (products[1], sample):
        assert tools.latin_words(figure, "ja") == set()
        assert tools.latin_words(figure, "en")


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda d, w, b: figures.sample_images(d.images, d.labels, KEYS),
            "source of randomness; got neither.*; pass rng=",
        ),
        (
            lambda d, w, b: figures.sample_images(d.images, d.labels, KEYS, 900, rng=np.random.default_rng(1)),
            "at least per_class images; class 0 has .* 900; ask for fewer",
        ),
        (
            lambda d, w, b: figures.template_products(d.images, d.labels, w, b[:9], KEYS, 0, [0]),
            r"of biases there are 10 of them here; got biases of shape \(9,\); pass",
        ),
        (
            lambda d, w, b: figures.template_products(d.images, d.labels, w[:, 1:], b, KEYS, 0, [0]),
            r"a column for each input; got weights of shape \(10, 783\); pass",
        ),
    ],
)
def test_errors(draw, message, mnist_sample, layer):
    with pytest.raises(ValueError, match=message):
        draw(mnist_sample.train, *layer)
