"""The loss as a landscape: the slice, the way and the steepness are those of the network itself."""

from dataclasses import replace

import numpy as np
import pytest

from nnbook import landscape, train
from nnbook.network import softmax

LAYERS = ["dense 5", "sigmoid", "dense 4", "relu", "dense 3"]


@pytest.fixture(scope="module")
def examples():
    rng = np.random.default_rng(6)
    labels = rng.integers(0, 3, 120)
    bright = np.stack([np.arange(6) < 2, np.arange(6) > 3, np.abs(np.arange(6) - 2.5) < 1])[labels]
    return (150 * bright[:, None] + rng.integers(0, 90, (120, 4, 6))).astype(np.uint8), labels


@pytest.fixture(scope="module", params=[LAYERS, ["dense 3"]], ids=len)
def network(request, examples, tmp_path_factory):
    options = {"checkpoint_steps": (0, 1, 4), "checkpoint_epochs": True, "centred": True, "cache_dir": tmp_path_factory}
    options["cache_dir"] = tmp_path_factory.mktemp("cache")
    return train(*examples, request.param, batch_size=20, epochs=3, **options)


def loss(network, parameters, images, labels):
    """The mean cross-entropy with other `parameters`, by name: an oracle of few words."""
    scores = replace(network, named_parameters=parameters).scores(images)
    return -np.log(softmax(scores)[np.arange(len(labels)), labels]).mean()


def moved(network, by):
    """The trained parameters plus the vector `by`."""
    start, found = 0, {}
    for name, array in network.named_parameters.items():
        found[name] = array.astype(float) + by[start : (start := start + array.size)].reshape(array.shape)
    return found


def test_each_point_of_the_slice_is_the_loss_of_the_network_there(network, examples):
    view = landscape.around(network, *examples, grid=5)
    assert view.losses.shape == (5, 5)
    for row, column in ((0, 0), (1, 4), (3, 2)):
        by = view.across[column] * view.directions[0] + view.up[row] * view.directions[1]
        assert view.losses[row, column] == pytest.approx(loss(network, moved(network, by), *examples), rel=1e-9)


def test_the_way_ends_in_the_middle_and_is_as_near_as_can_be(network, examples):
    view = landscape.around(network, *examples, grid=3)
    np.testing.assert_allclose(view.directions @ view.directions.T, np.eye(2), atol=1e-12)
    np.testing.assert_array_equal(view.path[-1], [0, 0])
    assert (view.path[0] < 0).all()
    for places, along in zip((view.across, view.up), view.path.T, strict=True):
        assert places[0] < along.min()
        assert places[-1] > along.max()
    end = network.named_parameters
    way = np.stack(
        [np.concatenate([(stop.parameters[name] - end[name]).ravel() for name in end]) for stop in network.checkpoints]
    ).astype(float)
    np.testing.assert_allclose(view.path, way @ view.directions.T, atol=1e-5)
    assert view.share == pytest.approx((view.path**2).sum() / (way**2).sum(), rel=1e-5)
    for seed in range(20):
        other = np.linalg.qr(np.random.default_rng(seed).normal(size=(way.shape[1], 2)))[0]
        assert ((way @ other) ** 2).sum() < (view.path**2).sum()


def test_along_the_way_each_stop_has_its_own_loss(network, examples):
    steps, losses = landscape.along(network, *examples)
    assert steps.tolist() == [stop.step for stop in network.checkpoints] == [0, 1, 4, 5, 10, 15]
    expected = [loss(network, stop.parameters, *examples) for stop in network.checkpoints]
    np.testing.assert_allclose(losses, expected, rtol=1e-9)


def test_the_slopes_of_each_layer_are_those_of_small_moves(network, examples):
    for stop in (0, -1):
        kept = {name: array.astype(float) for name, array in network.checkpoints[stop].parameters.items()}
        expected = []
        for name in [name for name in kept if name.endswith("weights")]:
            slopes = []
            for place in np.ndindex(kept[name].shape):
                sides = [{**kept, name: kept[name].copy()} for _ in range(2)]
                for side, by in zip(sides, (1e-5, -1e-5), strict=True):
                    side[name][place] += by
                high, low = (loss(network, side, *examples) for side in sides)
                slopes.append((high - low) / 2e-5)
            expected.append(np.abs(slopes).mean())
        np.testing.assert_allclose(landscape.steepness(network, *examples, stop), expected, rtol=1e-4)


def test_a_training_without_stops_is_refused(network, examples):
    with pytest.raises(ValueError, match=r"needs three checkpoints or more of a training; got 2 of .*; train with"):
        landscape.around(
            replace(network, history=replace(network.history, checkpoints=network.checkpoints[:2])), *examples
        )
