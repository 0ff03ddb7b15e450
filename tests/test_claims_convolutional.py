"""What the chapter on convolutional networks says of its figures and networks is true: see test_claims.py.

Each test asks for what sentences of the chapter rest on; they are named with `guards` once they stand in all languages.
"""

import numpy as np
import pytest

from nnbook import figures
from nnbook.evaluation import accuracy

pytestmark = pytest.mark.full_data
KEYS = {"mnist": "0123456789", "cifar10": [f"class {number}" for number in range(10)]}


@pytest.fixture(scope="module")
def answers(full_networks, mnist, cifar10):
    """What the dense network with a hundred hidden neurons says, and what the convolutional one, (N,), by data set."""
    return {
        name: [full_networks[f"{name}-{kind}"].predictions(test.images) for kind in ("2-layer-wide", "convolutional")]
        for name, test in (("mnist", mnist.test), ("cifar10", cifar10.test))
    }


def test_convolution_reads_more_on_both_data_sets(full_networks):
    reached = {name: network.test_accuracy for name, network in full_networks.items()}
    assert reached["mnist-convolutional"] >= 0.989
    assert reached["cifar10-convolutional"] >= 0.79
    assert reached["mnist-convolutional"] > max(reached["mnist-2-layer-wide"], reached["mnist-3-layer"])
    assert reached["cifar10-convolutional"] > reached["cifar10-2-layer-wide"] + 0.2


def test_it_has_fewer_parameters_and_multiplies_more_often(full_networks):
    for data, least, most in (("mnist", 9, 11), ("cifar10", 20, 50)):
        dense, convolutional = (full_networks[f"{data}-{kind}"] for kind in ("2-layer-wide", "convolutional"))
        assert convolutional.parameters < dense.parameters / 2
        assert least < convolutional.multiplications / dense.multiplications < most


def test_the_first_layer_is_as_small_and_as_busy_as_is_said(full_networks):
    """8 (25 + 1) = 208 parameters; a dense layer of the same outputs would have nearly five million."""
    network = full_networks["mnist-convolutional"]
    filters, biases = network.weights[0], network.biases[0]
    assert (filters.shape, filters.size + biases.size) == ((8, 5, 5, 1), 208)
    outputs = 28 * 28 * len(filters)
    assert 4.9e6 < outputs * 28 * 28 + outputs < 5e6


def test_more_mistakes_go_than_come_and_some_stay(answers, mnist, cifar10):
    for name, test in (("mnist", mnist.test), ("cifar10", cifar10.test)):
        dense, convolutional = (answer == test.labels for answer in answers[name])
        fates = ((~dense, convolutional), (dense, ~convolutional), (~dense, ~convolutional))
        went, came, stay = (int((before & after).sum()) for before, after in fates)
        assert went > 2 * came > 0
        assert stay > 0
        models = {kind: np.eye(10)[answer] for kind, answer in zip(("dense", "maps"), answers[name], strict=True)}
        facts = figures.confusion_matrix(models, test.images, test.labels, KEYS[name], interactive=False).facts
        assert facts["changes"]["maps"] == {
            "accuracy": round(accuracy(answers[name][1], test.labels), 6),
            "went": went,
            "came": came,
            "stay": stay,
        }
