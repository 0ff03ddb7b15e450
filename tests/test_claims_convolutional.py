"""What the chapter on convolutional networks says of its figures and networks is true: see test_claims.py."""

import numpy as np
import pytest
from test_claims import guards

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


@pytest.fixture(scope="module")
def readers(full_networks):
    """The three networks of the first figure."""
    return [full_networks[f"mnist-{kind}"] for kind in ("1-layer", "2-layer-wide", "convolutional")]


@guards(
    ("hardly\nbetter than guessing.", "当てずっぽうとほとんど変わりません。"),
    ("The third line is new. It falls, too", "新しいのは三本目の線です。この線も落ちますが"),
    (
        "That is why the third line of {numref}`fig-shift` falls late.",
        "三本目の線がなかなか落ちないのは、このためです。",
    ),
)
def test_moved_digits_are_lost_by_one_layer_first_and_by_the_window_last(readers, mnist):
    images, labels = mnist.test.images[:2000], mnist.test.labels[:2000]
    moved = [np.roll(images, step, axis=2) for step in (0, 3, 5)]  # five columns at the border are blank
    reached = np.array([[accuracy(one.predictions(some), labels) for some in moved] for one in readers])
    assert reached[0, 2] < 0.15
    assert (np.diff(reached, axis=1) < 0).all()
    assert (np.diff(reached[:, 1:], axis=0) > 0.05).all()


@guards(
    ("all three read hardly more than somebody who guesses.", "三つとも、当てずっぽうと大して変わらなくなります。"),
    (
        "White ink is worse for the one-layer network\nthan guessing, and nearly as bad as an answer can be",
        "1層のネットワークは、当てずっぽうよりも悪くなります。これより悪い答え方はないと言ってもよいほどです。",
    ),
    (
        "The convolutional\nnetwork keeps the most, and still loses the greater part.",
        "畳み込みのネットワークは、いちばん持ちこたえますが、それでも半分より多くを失います。",
    ),
)
def test_a_turn_and_white_ink_leave_little(readers, mnist):
    images, labels = mnist.test.images, mnist.test.labels
    turned, white = np.rot90(images, 1, axes=(1, 2)), 255 - images
    assert all(accuracy(one.predictions(turned), labels) < 0.2 for one in readers)
    reached = [accuracy(one.predictions(white), labels) for one in readers]
    assert reached[0] < 0.05
    assert reached[1] < reached[2] < 0.5


@guards(
    ("The mirror costs next to nothing, as it should", "鏡に映しても、ほとんど何も失いません。"),
    ("Upside down costs much.", "逆さまにすると、多くを失います。"),
)
def test_a_mirror_costs_nothing_and_upside_down_much(full_networks, cifar10):
    network = full_networks["cifar10-convolutional"]
    images, labels = cifar10.test.images, cifar10.test.labels
    # All of them: with 2,000, two such shares differ by a point by chance alone.
    assert abs(network.test_accuracy - accuracy(network.predictions(images[:, :, ::-1]), labels)) < 0.01
    assert network.test_accuracy - accuracy(network.predictions(images[:2000, ::-1]), labels[:2000]) > 0.2


@guards(
    ("What remains is among the animals", "残っているのは、動物どうしの取り違えです。"),
    ("makes about one mistake in a hundred\nimages", "間違いが100枚に1枚ほどになると"),
)
def test_what_remains_is_among_the_animals(full_networks):
    confusion = full_networks["cifar10-convolutional"].confusion.copy()
    np.fill_diagonal(confusion, 0)
    animals = confusion[2:8, 2:8]  # bird, cat, deer, dog, frog, horse
    assert animals.sum() > confusion.sum() / 2
    assert set(np.unravel_index(confusion.argmax(), confusion.shape)) == {3, 5}  # cat and dog
    assert round(100 * (1 - full_networks["mnist-convolutional"].test_accuracy)) == 1


@guards(
    (
        "Deeper filters know more of classes, then, and far from all.",
        "深い層のフィルターほど、クラスのことを知っています。",
    ),
    (
        "photographs that *mean* the same lie close together far more often",
        "**意味**の同じ写真が、ずっと多く近くに集まっています。",
    ),
)
def test_deeper_is_nearer_to_the_classes(full_networks, cifar10):
    given = full_networks["cifar10-convolutional"], cifar10.test.images, cifar10.test.labels
    patches = figures.best_patches(*given, KEYS["cifar10"], interactive=False).facts
    same = [layer["same"] for layer in patches["layers"]]
    assert patches["chance"] < same[0] <= same[1] < same[2] - 1 < 6
    near = figures.neighbours(*given, KEYS["cifar10"], interactive=False).facts
    assert near["hidden"]["six"] > 1.5 * near["pixels"]["six"]


@guards(
    ("on photographs from", "写真では"),
    (
        "Both\nnetworks have fewer parameters than their dense rivals.",
        "パラメーターは、どちらも全結合のライバルより少なくて済みます。",
    ),
)
def test_convolution_reads_more_on_both_data_sets(full_networks):
    reached = {name: network.test_accuracy for name, network in full_networks.items()}
    assert reached["mnist-convolutional"] >= 0.989
    assert reached["cifar10-convolutional"] >= 0.79
    assert reached["mnist-convolutional"] > max(reached["mnist-2-layer-wide"], reached["mnist-3-layer"])
    assert reached["cifar10-convolutional"] > reached["cifar10-2-layer-wide"] + 0.2


@guards(("But it multiplies about ten times as often.", "ところが、掛け算はおよそ10倍になります。"))
def test_it_has_fewer_parameters_and_multiplies_more_often(full_networks):
    for data, least, most in (("mnist", 9, 11), ("cifar10", 20, 50)):
        dense, convolutional = (full_networks[f"{data}-{kind}"] for kind in ("2-layer-wide", "convolutional"))
        assert convolutional.parameters < dense.parameters / 2
        assert least < convolutional.multiplications / dense.multiplications < most


@guards(
    ("The eight filters have $8 \\cdot (25 + 1) = 208$.", "フィルター8個なら、$8 \\cdot (25 + 1) = 208$個です。"),
    ("or nearly five million.", "500万個近くになります。"),
)
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
