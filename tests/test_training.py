"""Training: against a plain second implementation, and what a user of it sees."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from nnbook.network import Network, softmax
from nnbook.training import Recipe, fit, prepare

RECIPE = Recipe("mnist", ("dense 10",), epochs=2, batch_size=50, rate=0.2)
HIDDEN = replace(
    RECIPE, layers=("dense 12", "relu", "dense 10"), momentum=0.9, weight_decay=1e-3, rate=0.1, centred=True
)


@pytest.fixture(scope="module")
def digits(mnist_sample):
    """530 digits: ten batches of fifty, and some left over."""
    return mnist_sample.train.images[::11][:530], mnist_sample.train.labels[::11][:530]


def run(recipe, images, labels, progress=None, held_back=None):
    rng = np.random.default_rng(recipe.seed)
    network = prepare(recipe, images, rng)
    return network, fit(network, images, labels, recipe, rng, progress, held_back)


def plain_training(recipe, images, labels):
    """One hidden layer of ReLU on centred pixels, by the textbook: parameters, losses and accuracies."""
    rng = np.random.default_rng(recipe.seed)
    x = images.reshape(len(images), -1) / 255
    x = x - x.mean(axis=0)
    w = [rng.standard_normal((b, a)) * np.sqrt(2 / a) for a, b in pairwise((784, 12, 10))]
    p = [w[0], np.zeros(len(w[0])), w[1], np.zeros(len(w[1]))]
    v = [np.zeros_like(array) for array in p]
    order, losses, hits = np.arange(len(x)), [], []
    steps, size = len(x) // recipe.batch_size, recipe.batch_size
    for epoch in range(recipe.epochs):
        rng.shuffle(order)
        for step in range(steps):
            chosen = order[step * size : (step + 1) * size]
            hidden = np.maximum(x[chosen] @ p[0].T + p[1], 0)
            powers = np.exp(hidden @ p[2].T + p[3])
            probabilities = powers / powers.sum(axis=1, keepdims=True)
            true = probabilities[np.arange(size), labels[chosen]]
            losses.append(-np.log(true).mean())
            hits.append(np.mean(probabilities.argmax(axis=1) == labels[chosen]))
            d_scores = (probabilities - np.eye(10)[labels[chosen]]) / size
            d_hidden = (d_scores @ p[2]) * (hidden > 0)
            g = [d_hidden.T @ x[chosen], d_hidden.sum(axis=0), d_scores.T @ hidden, d_scores.sum(axis=0)]
            rate = recipe.rate * (1 - (epoch * steps + step) / (steps * recipe.epochs))
            for index in range(4):
                v[index] = recipe.momentum * v[index] + g[index] + recipe.weight_decay * p[index]
                p[index] = p[index] - rate * v[index]
    per_epoch = (recipe.epochs, steps)
    return p, np.mean(np.reshape(losses, per_epoch), axis=1), np.mean(np.reshape(hits, per_epoch), axis=1)


def test_training_is_that_of_the_textbook(digits):
    """Order of the examples, centring, momentum, decay, falling rate, history: nothing differs but the rounding."""
    network, history = run(HIDDEN, *digits)
    parameters, losses, accuracies = plain_training(HIDDEN, *digits)
    np.testing.assert_allclose(network.parameters, np.concatenate([p.ravel() for p in parameters]), atol=1e-10)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-10)
    np.testing.assert_allclose(history.accuracy, accuracies, rtol=1e-12)


def test_float32_learns_the_same_to_its_precision(digits):
    wide, _ = run(HIDDEN, *digits)
    narrow, _ = run(replace(HIDDEN, dtype="float32"), *digits)
    assert narrow.parameters.dtype == np.float32
    np.testing.assert_allclose(narrow.parameters, wide.parameters, atol=1e-3)


@pytest.mark.parametrize(
    "recipe",
    [
        RECIPE,
        HIDDEN,
        replace(HIDDEN, optimiser="nesterov"),
        replace(HIDDEN, optimiser="adam", rate=0.005),
        replace(HIDDEN, optimiser="rmsprop", rate=0.003),
        replace(HIDDEN, layers=("dense 12", "tanh", "dropout 0.2", "dense 10")),
    ],
)
@pytest.mark.parametrize("loss", ["softmax cross-entropy", "mean squared error"])
def test_every_optimiser_learns_with_every_loss(recipe, loss, digits):
    rate = recipe.rate if loss == "softmax cross-entropy" or recipe.rate < 0.01 else recipe.rate / 10
    _, history = run(replace(recipe, loss=loss, rate=rate, epochs=8), *digits)
    assert history.loss[-1] < 0.7 * history.loss[0]
    assert history.accuracy[-1] > 0.7


def test_a_hidden_layer_tells_a_ring_from_its_centre():
    """No network without one can: no straight line parts them. The inputs are plain numbers here, not pixels."""
    rng = np.random.default_rng(3)
    angle, radius = rng.uniform(0, 2 * np.pi, 600), np.repeat([1.0, 3.0], 300)
    points, labels = (radius * [np.cos(angle), np.sin(angle)]).T, np.repeat([0, 1], 300)
    recipe = Recipe("ring", ("dense 4", "sigmoid", "dense 2"), epochs=60, batch_size=20, rate=0.05, optimiser="adam")
    network = Network.of(recipe.layers, (2,))
    network.start_randomly(rng)
    assert fit(network, points, labels, recipe, rng).accuracy[-1] > 0.99


def test_the_same_seed_gives_the_same_bits(digits):
    first, second, other = (run(recipe, *digits)[0] for recipe in (HIDDEN, HIDDEN, replace(HIDDEN, seed=2)))
    assert np.array_equal(first.parameters, second.parameters)
    assert not np.allclose(first.parameters, other.parameters, atol=1e-3)


def test_the_start_is_zero_or_random(digits):
    images, _ = digits
    assert not prepare(replace(RECIPE, start_scale=0), images, np.random.default_rng(1)).parameters.any()
    assert prepare(RECIPE, images, np.random.default_rng(1)).parameters.any()


def test_progress_is_reported_at_first_and_after_each_epoch(digits):
    seen = []
    run(RECIPE, *digits, progress=lambda done, epochs: seen.append((done, epochs)))
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_blas_has_one_thread_while_training(digits):
    seen = []
    with threadpool_limits(2, user_api="blas"):
        run(RECIPE, *digits, progress=lambda *_: seen.extend(x for x in threadpool_info() if x["user_api"] == "blas"))
    assert {library["num_threads"] for library in seen} == {1}


def test_checkpoints_are_kept_where_they_are_wanted(digits):
    images, labels = digits
    recipe = replace(HIDDEN, checkpoint_steps=(0, 3, 10, 999), checkpoint_epochs=True)
    network, history = run(recipe, images, labels)
    assert [checkpoint.step for checkpoint in history.checkpoints] == [0, 3, 10, 20]
    start = prepare(recipe, images, np.random.default_rng(recipe.seed)).named_parameters()
    for found, expected in ((history.checkpoints[0], start), (history.checkpoints[-1], network.named_parameters())):
        assert list(found.parameters) == ["0.weights", "0.biases", "2.weights", "2.biases"] == list(expected)
        for name, array in expected.items():
            assert np.array_equal(found.parameters[name], array.astype(np.float32))


def test_examples_that_are_held_back_are_judged_and_change_nothing(digits):
    """Judged after each epoch, without dropout; and the training is the same as without them."""
    images, labels = digits
    recipe = replace(RECIPE, layers=("dense 10", "relu", "dropout 0.5", "dense 10"), epochs=3)
    alone, _ = run(recipe, images, labels)
    network, history = run(recipe, images, labels, held_back=(images[:70], labels[:70]))
    assert np.array_equal(network.parameters, alone.parameters)
    probabilities = softmax(network.forward(images[:70]))
    assert len(history.held_back_loss) == len(history.held_back_accuracy) == 3
    assert history.held_back_loss[-1] == pytest.approx(-np.log(probabilities[np.arange(70), labels[:70]]).mean())
    assert history.held_back_accuracy[-1] == np.mean(probabilities.argmax(axis=1) == labels[:70])


def test_named_parameters_belong_to_pixels_from_zero_to_one(digits):
    """The mean image that training subtracts is part of the first biases afterwards."""
    images, labels = digits
    network, _ = run(HIDDEN, images, labels)
    w1, b1, w2, b2 = network.named_parameters().values()
    hidden = np.maximum(images.reshape(len(images), -1) / 255 @ w1.T + b1, 0)
    np.testing.assert_allclose(hidden @ w2.T + b2, network.forward(images), atol=1e-10)


def test_data_that_does_not_fit_is_refused(digits):
    images, labels = digits
    with pytest.raises(ValueError, match=r"every image needs one label; got 530 images and 529 labels; pass arrays"):
        run(RECIPE, images, labels[:-1])
    with pytest.raises(ValueError, match=r"a batch needs 50 examples; got 49 in all; use smaller batches"):
        run(RECIPE, images[:49], labels[:49])
    with pytest.raises(ValueError, match=r"one input for each value of an image; got 784 values for 5 inputs"):
        fit(Network.of(["dense 2"], (5,)), images, labels, RECIPE, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loss": "hinge"}, "a loss is one of softmax cross-entropy, mean squared error; got 'hinge'; choose one"),
        ({"examples": 0}, "examples is a whole number above zero; got 0; pass one such as 1000"),
        ({"layers": ("dense 10", "softplus")}, "a layer is one of dense, .*; got 'softplus'; write it like"),
        ({"optimiser": "sdg"}, "an optimiser is one of sgd, nesterov, rmsprop, adam; got 'sdg'; choose one"),
    ],
)
def test_a_recipe_with_an_unknown_part_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(RECIPE, **change)


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_a_training_that_was_stopped_ends_as_if_it_had_not_been(optimiser, digits, tmp_path, monkeypatch):
    monkeypatch.setattr("nnbook.interrupted.WORTH_KEEPING", 0)
    chain = ("convolution 3x3x4", "pool", "normalisation", "relu", "dropout 0.2", "dense 10")
    recipe = Recipe("mnist", chain, 4, 50, 0.01, momentum=0.9, optimiser=optimiser, moved=1, warm_up=0.25)
    images, labels = (part[:200] for part in digits)

    def trained(begun=None, stop=None):
        def progress(done, _):
            if done == stop:
                raise KeyboardInterrupt

        rng = np.random.default_rng(3)
        network = prepare(recipe, images, rng)
        return fit(network, images, labels, recipe, rng, progress, begun=begun), network.named_parameters()

    history, parameters = trained()
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "begun.npz", stop=3)
    again, others = trained(tmp_path / "begun.npz")
    assert (again.loss, again.accuracy) == (history.loss, history.accuracy)
    for name, array in parameters.items():
        np.testing.assert_array_equal(others[name], array)
