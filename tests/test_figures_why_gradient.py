"""Why this mistake, asked of any network: how much of the difference the pixels account for, said as it is."""

import numpy as np
import pytest
from figures_tools import elements, find, latin_words, pictures, pixels, signs, spoken
from small_networks import plain_scores, small_network

import nnbook
from nnbook import figures


@pytest.fixture(scope="module")
def network(cifar10_sample, tmp_path_factory):
    return small_network(cifar10_sample, tmp_path_factory.mktemp("cache"))


def made(network, data, **options):
    return figures.why_gradient(network, data.test.images, data.test.labels, data.class_keys, **options)


def test_parts_add_up_to_the_difference_of_plain_scores_nearly(network, cifar10_sample):
    test, keys = cifar10_sample.test, cifar10_sample.class_keys
    one, many = (made(network, cifar10_sample, steps=steps).facts["mistakes"] for steps in (1, 64))
    even = np.broadcast_to(np.rint(test.images.mean(axis=(0, 1, 2))), (1, 32, 32, 3))
    assert len({fact["actual"] for fact in many}) == len(many) == 4
    for fact in many:
        scores, base = plain_scores(network, test.images[[fact["index"]]])[0], plain_scores(network, even)[0]
        answer, truth = (keys.index(fact[key]) for key in ("predicted", "actual"))
        assert answer == scores.argmax() != truth == test.labels[fact["index"]]
        assert fact["difference"] == pytest.approx(scores[answer] - scores[truth], abs=1e-5)
        assert fact["even"] == pytest.approx(base[answer] - base[truth], abs=1e-5)
        assert fact["difference"] == pytest.approx(fact["even"] + fact["pixels"] + fact["rest"], abs=1e-5)
        assert abs(fact["rest"]) < 0.1 * abs(fact["difference"])
    assert np.mean([abs(fact["rest"]) for fact in one]) > 3 * np.mean([abs(fact["rest"]) for fact in many])


def test_a_single_layer_leaves_nothing_over(mnist_sample, tmp_path):
    train, test = mnist_sample.train, mnist_sample.test
    whole = (test.images, test.labels)
    network = nnbook.train(train.images, train.labels, ["dense 10"], whole, epochs=2, cache_dir=tmp_path)
    figure = made(network, mnist_sample, steps=1)
    weights, grey = network.weights[0].astype(float), round(float(test.images.mean()))
    tree = elements(figure)
    for number, fact in enumerate(figure.facts["mistakes"]):
        assert abs(fact["rest"]) < 1e-5
        image = test.images[fact["index"]].astype(float)
        gap = (weights[int(fact["predicted"])] - weights[int(fact["actual"])]).reshape(28, 28)
        parts = gap * (image - grey) / 255
        assert fact["pixels"] == pytest.approx(parts.sum(), abs=1e-5)
        drawn = signs(pictures(tree, "light")[number])
        assert (drawn == np.sign(parts))[drawn != 0].all()
        shown = find(tree, "img", "nnb-ink")[number]
        assert shown.get("data-index") == str(fact["index"])
        np.testing.assert_array_equal(pixels(shown)[..., 3], image)


def test_the_figure_says_what_it_is(network, cifar10_sample):
    figure = made(network, cifar10_sample, indices=[made(network, cifar10_sample).facts["mistakes"][1]["index"]])
    (fact,) = figure.facts["mistakes"]
    said = spoken(elements(figure))
    assert "An approximation" in said
    assert f"true {fact['actual']}" in said
    assert f"predicted {fact['predicted']} (" in said
    assert latin_words(figure, "ja") == set()


def test_what_is_no_mistake_is_refused(network, cifar10_sample):
    right = np.flatnonzero(network.predictions(cifar10_sample.test.images) == cifar10_sample.test.labels)[:1]
    with pytest.raises(ValueError, match="is misread; got one that is read right, or none; pass indices"):
        made(network, cifar10_sample, indices=right)
