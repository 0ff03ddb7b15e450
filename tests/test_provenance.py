"""The record says what the networks are and can do, and says it again in the same bytes."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from nnbook import provenance
from nnbook.experiments import trained


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return trained("mnist-1-layer", size="sample", cache_dir=tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def record(network, mnist_sample, cifar10_sample):
    return provenance.record({"mnist": mnist_sample, "cifar10": cifar10_sample}, {network.name: network})


def test_the_results_are_those_of_the_network(record, network, mnist_sample):
    run = record["experiments"]["mnist-1-layer"]
    predictions = network.predictions(mnist_sample.test.images)
    right = predictions == mnist_sample.test.labels
    assert run["test_accuracy"] == pytest.approx(right.mean())
    assert np.trace(run["confusion"]) == right.sum()
    assert np.sum(run["confusion"], axis=1).tolist() == np.bincount(mnist_sample.test.labels).tolist()
    assert run["parameters"] == 7850
    assert run["recipe"]["layers"] == ["dense 10"]
    assert run["seed"] == network.recipe.seed
    assert run["train_images"] == len(mnist_sample.train.labels)


def test_the_digest_of_the_weights_can_be_recomputed(record, network):
    layers = zip(network.weights, network.biases, strict=True)
    content = b"".join(array.astype("<f4").tobytes() for layer in layers for array in layer)
    assert record["experiments"]["mnist-1-layer"]["weights_digest"] == hashlib.sha256(content).hexdigest()


def test_data_and_versions_are_named(record, mnist_sample):
    assert record["size"] == "sample"
    assert record["datasets"]["mnist"]["digest"] == mnist_sample.digest
    assert record["datasets"]["cifar10"]["classes"][0] == "airplane"
    assert record["datasets"]["mnist"]["origin"] == "the sample that ships with the package"
    assert record["versions"]["numpy"] == np.__version__
    assert {"python", "sphinx", "math-core", "nnbook"} <= record["versions"].keys()


def test_the_record_is_plain_and_the_same_each_time(record, network, mnist_sample, cifar10_sample):
    again = provenance.record({"mnist": mnist_sample, "cifar10": cifar10_sample}, {network.name: network})
    assert json.loads(json.dumps(record)) == record
    assert json.dumps(again) == json.dumps(record)


def test_a_slower_computer_leaves_no_trace(record, network, mnist_sample, cifar10_sample):
    slower = replace(network, history=replace(network.history, seconds=3 * network.seconds + 60))
    again = provenance.record({"mnist": mnist_sample, "cifar10": cifar10_sample}, {network.name: slower})
    assert json.dumps(again) == json.dumps(record)
