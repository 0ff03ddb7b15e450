"""What the prose says that a figure shows is true of the networks and the data that the book is built from.

Each test names the sentence it guards; if the sentence changes, the test asks to be looked at again.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from nnbook import figures
from nnbook.evaluation import accuracy, largest_confusions, most_confident, precision

pytestmark = pytest.mark.full_data
CHAPTER = Path(__file__).parents[1] / "book" / "en" / "looking-inside-neural-networks.md"


def guards(*sentences: str):
    """Mark a test as the one that guards `sentences` of the English chapter, which must stand there word for word."""
    text = " ".join(CHAPTER.read_text(encoding="utf-8").split())

    def check(test):
        for sentence in sentences:
            assert sentence in text, f"the chapter no longer says {sentence!r}; does {test.__name__} still hold?"
        return test

    return check


@pytest.fixture(scope="module")
def averages(mnist):
    """The average training image of each digit, (10, 28, 28), ink from 0 to 1."""
    train = mnist.train
    return np.stack([train.images[train.labels == digit].mean(axis=0) for digit in range(10)]) / 255


@pytest.fixture(scope="module")
def templates(full_networks):
    return full_networks["mnist-1-layer"].weights[0].reshape(10, 28, 28)


@pytest.fixture(scope="module")
def reading(full_networks, mnist):
    """The probabilities that the one-layer network gives to the test images, (10000, 10)."""
    return full_networks["mnist-1-layer"].probabilities(mnist.test.images)


def middle(images):
    """The middle 6 x 6 pixels of images (..., 28, 28), averaged."""
    return images[..., 11:17, 11:17].mean(axis=(-2, -1))


@guards("got about nine out of ten right")
def test_about_nine_out_of_ten(full_networks):
    assert 0.89 < full_networks["mnist-1-layer"].test_accuracy < 0.93


@guards(
    "Most of its lines to the pixels that are drawn stay dotted, which means a weight of zero.",
    "where a digit hardly ever has ink.",
)
def test_most_of_the_drawn_inputs_of_the_one_layer_network_count_for_nothing(templates, mnist):
    drawn = [*range(5), *range(779, 784)]
    assert (templates.reshape(10, 784)[3, drawn] == 0).mean() > 0.8
    assert (mnist.train.images.reshape(-1, 784)[:, drawn] > 0).mean() < 0.0001


@guards("lies in the hole.", "the middle is full of negative weights: the blue hole.")
def test_the_lowest_weight_of_the_zero_lies_in_its_hole(templates):
    row, column = np.unravel_index(templates[0].argmin(), (28, 28))
    assert 10 <= row <= 18
    assert 10 <= column <= 18
    assert (templates[0, 11:17, 12:16] < 0).mean() > 0.9


@guards("ink on the ring is good evidence for a 0, and training has given these pixels high weights.")
def test_the_ring_of_the_zero_is_positive(templates, averages):
    ring = averages[0] > 0.5
    assert templates[0][ring].mean() > 0.05
    assert averages[0][ring].mean() > 1.4 * np.delete(averages, 0, axis=0)[:, ring].mean()


@guards("zeros leave it blank, while nearly every other digit runs a stroke through it.")
def test_only_zeros_leave_the_middle_blank(averages):
    ink = middle(averages)
    assert ink[0] < 0.2
    assert (ink[1:] > 1.5 * ink[0]).all()
    assert (ink[1:] > 0.35).sum() >= 8


@guards("No digit that the network was trained with has ink there", "They are still zero, where they started.")
def test_weights_of_the_corners_are_zero(templates, mnist):
    ever = mnist.train.images.max(axis=0)
    for rows in (slice(0, 2), slice(26, 28)):
        for columns in (slice(0, 2), slice(26, 28)):
            assert not ever[rows, columns].any()
            assert not templates[:, rows, columns].any()


@guards("its average is faint in the middle", "Its weights are anything but faint there")
def test_the_middle_of_the_zero_is_pale_in_the_average_only(templates, averages):
    assert middle(averages[0]) < 0.3 * averages[0].max()
    assert np.abs(middle(templates[0])) > 0.4 * np.abs(templates[0]).max()


@guards("They are related, and they differ in an instructive way.")
def test_templates_and_averages_are_related(templates, averages):
    likeness = [np.corrcoef(templates[k].ravel(), averages[k].ravel())[0, 1] for k in range(10)]
    assert min(likeness) > 0.2
    assert max(likeness) < 0.8


@guards(
    "few zeros have ink there, and most of the other digits do.",
    "the pale templates come out as strong as the others.",
)
def test_pointing_into_the_hole_of_the_zero(templates, averages):
    row, column = np.unravel_index(templates[0].argmin(), (28, 28))
    ink = averages[:, row, column]
    assert ink[0] < 0.05
    assert (ink[1:] > 0.3).sum() >= 6
    limits = np.abs(templates).max(axis=(1, 2))
    assert limits.min() < 0.6 * limits.max()


@guards(
    "The 2 neuron overlaps best",
    "The 3 neuron shares the upper curve",
    "and little is left.",
    "The 7 neuron collects",
)
def test_what_happens_when_a_two_comes_in(full_networks, mnist):
    network = full_networks["mnist-1-layer"]
    image = mnist.test.images[mnist.test.labels.tolist().index(2)].ravel() / 255
    products = network.weights[0].astype(float) * image
    positive, negative = products.clip(min=0).sum(axis=1), products.clip(max=0).sum(axis=1)
    scores = products.sum(axis=1) + network.biases[0]
    assert scores.argmax() == 2
    assert (positive[2] >= positive).all()
    upper = products[3].reshape(28, 28)[:14].clip(min=0).sum()
    assert upper > 0.5 * positive[3]
    assert -negative[3] > 0.4 * positive[3]
    assert -negative[7] > positive[7]


@guards("The largest number off the diagonal is in row")
def test_fours_and_nines_are_the_joke_of_the_headings(full_networks):
    """The English heading has a 4 read as a 9, the Japanese one a 9 read as a 4."""
    pairs = [
        (actual, predicted) for actual, predicted, _ in largest_confusions(full_networks["mnist-1-layer"].confusion, 6)
    ]
    assert (4, 9) in pairs
    assert (9, 4) in pairs


@guards("They have large open loops, and the hole of the 0 template finds nothing to object to.")
def test_what_is_taken_for_a_zero_has_an_empty_middle(reading, mnist, averages):
    test = mnist.test
    for digit in range(1, 10):
        found = most_confident(reading, test.labels, digit, 0, count=1)
        if len(found):
            assert middle(test.images[found[0]] / 255) < middle(averages[digit]), f"the {digit} taken for a 0"


@guards("In the column of the 1 the strokes are thin and upright and there is little ink elsewhere.")
def test_what_is_taken_for_a_one_has_little_ink(reading, mnist):
    test = mnist.test
    for digit in (0, *range(2, 10)):
        found = most_confident(reading, test.labels, digit, 1, count=1)
        if len(found):
            usual = test.images[test.labels == digit].mean()
            assert test.images[found[0]].mean() < usual, f"the {digit} taken for a 1"


@guards(
    "The mistakes in the first row are forgivable",
    "Those in the second row no person would make. They are ordinary digits",
    "no digit got a high probability",
)
def test_mistakes_are_sorted_as_a_person_would(reading, mnist):
    """Asked of the training images, which the rule has not seen: most of the nearest ones say so, too."""
    test, train = mnist.test, mnist.train
    chosen = figures.choose_mistakes(reading, test.labels, test.images, count=4)
    known = train.images.reshape(len(train), -1).astype(np.float32)
    lengths = (known**2).sum(axis=1)

    def votes(position, digit):
        image = test.images[position].reshape(-1).astype(np.float32)
        nearest = np.argsort(lengths - 2 * known @ image)[:25]
        return (train.labels[nearest] == digit).mean()

    assert np.mean([votes(k, reading[k].argmax()) > 0.5 for k in chosen["forgivable"]]) >= 0.75
    assert np.mean([votes(k, test.labels[k]) > 0.5 for k in chosen["clear"]]) >= 0.75
    assert reading[chosen["unsure"]].max() < 0.35


@guards("the templates of the airplane and of the ship are blue at the borders.")
def test_airplanes_and_ships_are_blue_at_the_borders(full_networks, cifar10):
    templates = full_networks["cifar10-1-layer"].weights[0].reshape(10, 32, 32, 3)
    border = np.ones((32, 32), dtype=bool)
    border[4:-4, 4:-4] = False
    for key in ("airplane", "ship"):
        red, green, blue = templates[cifar10.class_keys.index(key)][border].mean(axis=0)
        assert blue > 0, key
        assert blue > red, key
        assert blue > green, key


@guards("Blind guessing would get 10 % right, since the classes are equally common.")
def test_classes_are_equally_common(cifar10):
    assert np.bincount(cifar10.test.labels).tolist() == [1000] * 10


@guards("The diagonal is still the largest number in most rows")
def test_the_diagonal_of_cifar10(full_networks):
    confusion = full_networks["cifar10-1-layer"].confusion
    assert (confusion.argmax(axis=1) == np.arange(10)).sum() >= 6
    assert (confusion > 0).all()


@guards(
    "Airplanes and ships stand before the same blue. Cats and dogs have the same shapes and colours.",
    "Deer and frogs sit in the same green and brown. Automobiles and trucks stand on the same roads",
    "a bird in flight shares the sky with the airplane.",
)
def test_the_mistakes_on_photographs_are_no_accident(full_networks, cifar10):
    confusion = full_networks["cifar10-1-layer"].confusion
    keys = cifar10.class_keys
    largest = {(keys[actual], keys[predicted]) for actual, predicted, _ in largest_confusions(confusion, 8)}
    assert {("airplane", "ship"), ("cat", "dog"), ("deer", "frog"), ("truck", "automobile")} <= largest
    bird, airplane = keys.index("bird"), keys.index("airplane")
    assert confusion[bird, airplane] > np.delete(confusion[bird], bird).mean()


@guards(
    "a slanted stroke of negative weights runs through the middle, as in the hole of the 0 template.",
    "The 1, whose own stroke runs right there, dislikes number",
    "with its upright stroke of positive weights.",
)
def test_what_zero_and_one_like_and_dislike(full_networks):
    first, second = full_networks["mnist-2-layer"].weights
    filters = first.reshape(10, 28, 28)
    blank, upright = second[0].argmax(), second[1].argmax()
    assert second[1].argmin() == blank
    assert filters[:, 11:17, 12:16].mean(axis=(1, 2)).argmin() == blank
    column = filters[:, 8:20, 13:15].mean(axis=(1, 2))
    assert column.argmax() == upright
    assert column[upright] > 0


@guards(
    "all weights are zero, all scores are equal, and every image lands in the first column, that of the 0",
    "Its templates are now soft copies of the class averages, less the average of all digits",
)
def test_how_the_templates_are_drawn(full_networks, averages, mnist):
    start, soon, *_ = full_networks["mnist-1-layer"].checkpoints
    assert start.step == 0
    assert not start.weights[0].any()
    assert not start.biases[0].any()
    differences = (averages - averages.mean(axis=0)).reshape(10, 784)
    alike = [np.corrcoef(soon.weights[0][digit], differences[digit])[0, 1] for digit in range(10)]
    assert soon.step == 10
    assert min(alike) > 0.9
    assert np.abs(soon.weights[0]).max() < np.abs(full_networks["mnist-1-layer"].weights[0]).max() / 3


@guards("the 4 and then the 9, and look for filters that change sides: they tell the two apart")
def test_filters_that_tell_fours_from_nines(full_networks):
    four, nine = full_networks["mnist-2-layer"].weights[1][[4, 9]]
    assert np.argmax(np.abs(four - nine)) in np.flatnonzero(four * nine < 0)


@guards("Each digit has a favourite of its own", "speaks for several digits, and against several others.")
def test_hidden_neurons_are_shared(full_networks):
    _, second = full_networks["mnist-2-layer"].weights
    assert len(set(second.argmax(axis=1))) == 10
    assert ((second > 0).sum(axis=0) >= 3).all()
    assert ((second < 0).sum(axis=0) >= 3).all()


@guards("Nearly all of it comes from one neuron, the one that asks for a blank middle.", "No other digit comes close.")
def test_the_first_zero_is_clear(full_networks, mnist):
    network = full_networks["mnist-2-layer"]
    index = mnist.test.labels.tolist().index(0)
    image = mnist.test.images[index : index + 1]
    scores = np.sort(network.scores(image)[0])
    assert scores[-1] - scores[-2] > 3
    contributions = network.activations(image)[0][0] * network.weights[1][0]
    assert contributions.argmax() == network.weights[1][0].argmax()
    assert contributions.max() > 0.9 * scores[-1]


@guards("On CIFAR-10 ten of them gain only a little", "still wrong about nearly every other photograph.")
def test_hidden_layers_on_both_data_sets(full_networks):
    reached = {name: network.test_accuracy for name, network in full_networks.items()}
    assert reached["mnist-1-layer"] < reached["mnist-2-layer"] < reached["mnist-2-layer-wide"]
    assert 0 < reached["cifar10-2-layer"] - reached["cifar10-1-layer"] < 0.04
    assert 0.5 <= reached["cifar10-2-layer-wide"] < 0.56


@guards(
    "there, far more is broken again, and the gain is what is left over.",
    "Every cell now shows its images that have become right, and those that have been broken on the way.",
)
def test_a_hidden_layer_also_breaks_what_was_right(full_networks, mnist, cifar10):
    broken = {}
    for name, test in (("mnist", mnist.test), ("cifar10", cifar10.test)):
        before, after = (
            full_networks[f"{name}-{size}"].predictions(test.images) for size in ("1-layer", "2-layer-wide")
        )
        right = (before != test.labels) & (after == test.labels)
        broken[name] = ((before == test.labels) & (after != test.labels)).sum() / right.sum()
    assert 0 < broken["mnist"] < 0.1
    assert broken["cifar10"] > 3 * broken["mnist"]


@guards(
    "At first each neuron counts",
    "doubles the number of weights",
    "A second hidden layer of a hundred neurons gains about as little",
    "At the right end the training images are almost all read correctly",
)
def test_more_neurons_soon_stop_helping(full_networks):
    hundred, two_hundred = full_networks["mnist-2-layer-wide"], full_networks["mnist-2-layer-200"]
    assert full_networks["mnist-2-layer"].test_accuracy - full_networks["mnist-2-layer-2"].test_accuracy > 0.2
    assert 0 <= two_hundred.test_accuracy - hundred.test_accuracy < 0.005
    assert two_hundred.weights[0].size == 2 * hundred.weights[0].size
    assert 0 < full_networks["mnist-3-layer"].test_accuracy - hundred.test_accuracy < 0.01
    assert two_hundred.train_accuracy > 0.99
    assert two_hundred.train_accuracy - two_hundred.test_accuracy > 0.01


@guards("It is the bar across the top: a 9 closes it, a 4 leaves it open.")
def test_the_top_bar_tells_nines_from_fours(templates):
    difference = templates[9] - templates[4]
    row, column = np.unravel_index(difference.argmax(), (28, 28))
    assert 5 <= row <= 9
    assert 10 <= column <= 20


@guards("of all images that were called an 8, how many are one?")
def test_the_lowest_precision(full_networks):
    assert precision(full_networks["mnist-1-layer"].confusion).argmin() == 8


def test_accuracy_of_the_record_is_that_of_the_network(full_networks, mnist):
    for name in ("mnist-1-layer", "mnist-2-layer"):
        network = full_networks[name]
        assert accuracy(network.predictions(mnist.test.images), mnist.test.labels) == network.test_accuracy


def test_a_sentence_that_is_not_in_the_chapter_is_noticed():
    with pytest.raises(AssertionError, match=re.escape("no longer says 'Zebras are striped.'")):
        guards("Zebras are striped.")(lambda: None)


@guards("above the paper holds one of each digit.")
def test_the_networks_differ_on_every_digit(full_networks, mnist):
    one, two = (full_networks[name].predictions(mnist.test.images) for name in ("mnist-1-layer", "mnist-2-layer"))
    assert set(mnist.test.labels[one != two].tolist()) == set(range(10))
