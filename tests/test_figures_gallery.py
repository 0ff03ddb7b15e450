"""No gallery shows a wrong picture: each one equals the image of its index, and says what the network said of it."""

from itertools import chain

import numpy as np
import pytest
from figures_tools import classes, elements, indices, nearest_average, pixels, spoken, words

from nnbook.figures import choose_mistakes, confident_matrix, confusion_gallery, mistakes
from nnbook.figures.kit import raster
from nnbook.figures.kit.examples import confidence


@pytest.fixture(scope="module", params=["mnist", "cifar10"])
def case(request):
    dataset = request.getfixturevalue(f"{request.param}_sample")
    return dataset, nearest_average(dataset)


def check(dataset, probabilities, index, label, prediction, probability):
    """The image of this `index` is what the figure says of it; gives the index."""
    assert label == dataset.class_keys[dataset.test.labels[index]]
    assert prediction == dataset.class_keys[probabilities[index].argmax()]
    assert float(probability) == pytest.approx(probabilities[index].max(), abs=1e-6)
    return index


def said(sheet):
    """Of each image of a `sheet` its index and its probability, as the markup says them."""
    return list(zip(indices(sheet), sheet.get("data-probabilities").split(","), strict=True))


def test_each_cell_of_the_matrix_shows_its_most_confident_image(case):
    dataset, probabilities = case
    images, labels, keys = dataset.test.images, dataset.test.labels, dataset.class_keys
    figure = confident_matrix(images, labels, probabilities, keys)
    predictions, filled = probabilities.argmax(axis=1), 0
    for row, line in enumerate(elements(figure).findall(".//tbody/tr")):
        sheet, facts = pixels(line.find(".//img")), said(line.find(".//img"))
        width = images.shape[2]
        for column, cell in enumerate(line.findall("td")):
            shown = sheet[:, column * (width + 2) :][:, :width]
            there = np.flatnonzero((labels == row) & (predictions == column))
            assert ("nnb-hit" in classes(cell)) == (row == column)
            if not len(there):
                assert "nnb-none" in classes(cell)
                assert facts[column] == (None, "")
                assert not shown[..., 3].any()
                assert figure.facts["cells"][row][column] is None
                continue
            filled += 1
            index, probability = facts[column]
            check(dataset, probabilities, index, line.get("data-label"), keys[column], probability)
            assert words(cell.find("b")) == confidence(float(probability), "en")
            assert probabilities[index, column] == probabilities[there, column].max()
            assert index in there
            np.testing.assert_array_equal(shown, raster.picture(images[index]))
            assert figure.facts["cells"][row][column]["index"] == index
    assert figure.facts["filled"] == filled


def test_a_part_of_a_data_set_keeps_its_indices(case):
    dataset, probabilities = case
    part = np.arange(100, 400)
    figure = confident_matrix(
        dataset.test.images[part], dataset.test.labels[part], probabilities[part], dataset.class_keys, indices=part
    )
    found = [pair for sheet in elements(figure).iter("img") for pair in said(sheet) if pair[0] is not None]
    assert len(found) == figure.facts["filled"]
    for index, probability in found:
        assert 100 <= index < 400
        assert float(probability) == pytest.approx(probabilities[index].max(), abs=1e-6)


def test_a_gallery_shows_the_most_confident_first(case):
    dataset, probabilities = case
    images, labels, keys = dataset.test.images, dataset.test.labels, dataset.class_keys
    predictions = probabilities.argmax(axis=1)
    cells = [(4, 9, "what follows is ignored"), (keys[3], keys[5])]
    figure = confusion_gallery(images, labels, probabilities, keys, cells, count=5)
    strips = elements(figure).findall(".//ol/li")
    for strip, fact, (actual, predicted) in zip(strips, figure.facts["cells"], [(4, 9), (3, 5)], strict=True):
        there = np.flatnonzero((labels == actual) & (predictions == predicted))
        assert (fact["actual"], fact["predicted"], fact["count"]) == (keys[actual], keys[predicted], len(there))
        assert fact["share"] == pytest.approx(len(there) / (labels == actual).sum(), abs=1e-6)
        classes_said = strip.get("data-label"), strip.get("data-prediction")
        sheets = strip.findall("div/div")
        shown = [(half, *pair) for half in sheets for pair in said(half.find("img"))]
        assert [index for _, index, _ in shown] == fact["indices"]
        for _, index, probability in shown:
            check(dataset, probabilities, index, *classes_said, probability)
        best = np.sort(probabilities[there, predicted])[::-1][:5]
        assert fact["probabilities"] == pytest.approx(best, abs=1e-6)
        assert [words(span) for half in sheets for span in half.findall("span")] == [
            confidence(share, "en") for share in best
        ]
        width = images.shape[2]
        for half in sheets:
            drawn, alt = pixels(half.find("img")), half.find("img").get("alt")
            for place, index in enumerate(indices(half.find("img"))):
                part = drawn[:, place * (width + 2) :][:, :width]
                np.testing.assert_array_equal(part, raster.picture(images[index]))
                assert str(index) in alt


def test_a_gallery_says_how_many_in_the_language_of_the_page(mnist_sample):
    images, labels = np.zeros((3, 28, 28), np.uint8), np.array([0, 0, 1])
    probabilities = np.array([[0.2, 0.8, 0], [0.9, 0.1, 0], [0.996, 0.004, 0]])
    figure = confusion_gallery(images, labels, probabilities, ("0", "1", "2"), [(0, 1), (1, 0), (0, 2)])
    strips = elements(figure).findall(".//ol/li")
    assert [words(strip.find("p")) for strip in strips] == [
        "true 0, predicted 11 image, 50% of this class",
        "true 1, predicted 01 image, 100% of this class",
        "true 0, predicted 2no image",
    ]
    assert [words(span) for span in strips[1].findall("div/div/span")] == [">99%"]
    japanese = [words(strip.find("p")) for strip in elements(figure, "ja").findall(".//ol/li")]
    assert japanese[0] == "正解 0、予測 11枚（このクラスの50%）"


def test_cards_show_the_images_and_what_was_said_of_them(case):
    dataset, probabilities = case
    images, labels, keys = dataset.test.images, dataset.test.labels, dataset.class_keys
    chosen = choose_mistakes(probabilities, labels, images, count=3)
    figure = mistakes(images, labels, probabilities, keys, chosen)
    cards = elements(figure).findall(".//li[@data-index]")
    assert [int(card.get("data-index")) for card in cards] == [*chain(*chosen.values())]
    for card in cards:
        facts = (card.get(f"data-{name}") for name in ("label", "prediction", "probability"))
        check(dataset, probabilities, int(card.get("data-index")), *facts)
    for card, fact in zip(cards, figure.facts["cards"], strict=True):
        index = fact["index"]
        np.testing.assert_array_equal(pixels(card.find("img")), raster.picture(images[index]))
        second = np.argsort(-probabilities[index])[1]
        assert fact["runner_up"] == keys[second]
        assert fact["runner_up_probability"] == pytest.approx(probabilities[index, second], abs=1e-6)
        assert fact["label_probability"] == pytest.approx(probabilities[index, labels[index]], abs=1e-6)
        assert ("then" in words(card)) == (fact["probability"] < 0.5)
    assert [card for some in figure.facts["groups"].values() for card in some] == figure.facts["cards"]


def test_the_rule_chooses_mistakes_each_once_and_each_class_once_a_kind(case):
    dataset, probabilities = case
    labels, predictions = dataset.test.labels, probabilities.argmax(axis=1)
    chosen = choose_mistakes(probabilities, labels, dataset.test.images, count=4)
    assert list(chosen) == ["forgivable", "clear", "unsure"]
    positions = [*chain(*chosen.values())]
    assert len(set(positions)) == len(positions) == 12
    assert (predictions[positions] != labels[positions]).all()
    assert all(len(set(labels[some])) == 4 for some in chosen.values())
    wrong = np.flatnonzero(predictions != labels)
    assert probabilities[chosen["unsure"][0]].max() == probabilities[wrong].max(axis=1).min()


def test_what_similar_images_are_decides_who_would_err():
    """Two shapes, and two mistakes: one lies among images of the other class, one among its own kind."""
    random = np.random.default_rng(0)
    images = random.integers(0, 30, (82, 28, 28)).astype(np.uint8)
    images[:41, 4:24, 6:9] = 250  # a stroke at the left, class 0
    images[41:, 4:24, 19:22] = 250  # a stroke at the right, class 1
    labels = np.repeat([0, 1], 41)
    labels[0] = 1  # looks like a 0, labelled 1
    probabilities = np.eye(2)[labels] * 0.8 + 0.1
    probabilities[0] = 0.7, 0.3  # so calling it a 0 is forgivable
    probabilities[81] = 0.9, 0.1  # a clear 1, called a 0
    chosen = choose_mistakes(probabilities, labels, images, count=1)
    assert chosen == {"forgivable": [0], "clear": [81], "unsure": []}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_picture_has_words_in_the_language_of_the_page(mnist_sample, language):
    probabilities, test, keys = nearest_average(mnist_sample), mnist_sample.test, mnist_sample.class_keys
    given = (test.images, test.labels, probabilities, keys)
    chosen = choose_mistakes(probabilities, test.labels, test.images)
    for figure in (confident_matrix(*given), confusion_gallery(*given, [(4, 9)]), mistakes(*given, chosen)):
        tree = elements(figure, language)
        assert all(img.get("alt") for img in tree.iter("img"))
        if language == "ja":
            assert not any("a" <= letter.lower() <= "z" for letter in spoken(tree))


def test_arrays_that_do_not_belong_together_are_refused(mnist_sample):
    images, labels, keys = mnist_sample.test.images[:9], mnist_sample.test.labels[:9], mnist_sample.class_keys
    probabilities = np.full((9, 10), 0.1)
    with pytest.raises(ValueError, match="have one length; got 8 labels for 9 examples; pass all"):
        confident_matrix(images, labels[:8], probabilities, keys)
    with pytest.raises(ValueError, match="every class has one key; got 10 class_keys for 9 classes; pass 9 of them"):
        confident_matrix(images, labels, np.full((9, 9), 1 / 9), keys)
    with pytest.raises(ValueError, match="by its key or its number; got 'ten'; choose one of 0, 1"):
        confusion_gallery(images, labels, probabilities, keys, [("ten", 1)])
    with pytest.raises(ValueError, match="names one of the examples, 0 to 8; got 9 in indices; pass"):
        mistakes(images, labels, probabilities, keys, [9])
