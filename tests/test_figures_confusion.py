"""The confusion matrix shows the counts that it got, and says of them what NumPy says."""

import numpy as np
import pytest
from figures_tools import classes, depth, elements, spoken, words

from nnbook import figures
from nnbook.figures.confusion_matrix.static import table as confusion_matrix

DIGITS = tuple("0123456789")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@pytest.fixture(scope="module")
def counts():
    random = np.random.default_rng(3)
    counts = random.integers(0, 40, (10, 10)) + np.diag(random.integers(500, 900, 10))
    counts[0, 4] = counts[6, 9] = 0
    return counts


@pytest.fixture(scope="module")
def figure(counts):
    return confusion_matrix(counts, DIGITS)


def test_facts_count_what_becomes_of_the_first_networks_mistakes():
    """Counted image by image; the numbers of the table alone can't tell."""
    answers = {"first": [0, 1, 2, 0, 1, 2, 1], "second": [0, 2, 2, 1, 2, 0, 0], "third": [0, 1, 1, 1, 1, 1, 1]}
    labels = [0, 1, 2, 1, 2, 0, 2]
    models = {name: np.eye(3)[answer] for name, answer in answers.items()}
    images = np.zeros((7, 6, 6), dtype=np.uint8)
    changes = figures.confusion_matrix(models, images, labels, "abc").facts["changes"]
    assert list(changes) == ["second", "third"]
    for name, found in changes.items():
        fates = [(a == label, b == label) for a, b, label in zip(answers["first"], answers[name], labels, strict=True)]
        counted = {"went": fates.count((False, True)), "came": fates.count((True, False))}
        counted |= {"stay": fates.count((False, False)), "accuracy": sum(b for _, b in fates) / 7}
        assert found == pytest.approx(counted, abs=1e-6)
    assert "changes" not in figures.confusion_matrix(models["first"], images, labels, "abc").facts


def cells(figure, language="en"):
    return [
        [cell for cell in row.findall("td") if "nnb-end" not in classes(cell)]
        for row in elements(figure, language).findall(".//tr[@data-actual]")
    ]


def test_every_count_stands_in_its_row_and_column(counts, figure):
    rows = elements(figure).findall(".//tr[@data-actual]")
    assert [row.get("data-actual") for row in rows] == list(DIGITS)
    for row, line in zip(rows, cells(figure), strict=True):
        assert len(line) == len(DIGITS)
        assert words(row.find("th[@scope='row']")) == row.get("data-actual")
    assert [[int(words(cell)) for cell in line] for line in cells(figure)] == counts.tolist()


def test_the_diagonal_is_marked_and_a_colour_is_the_share_of_its_row(counts, figure):
    for row, line in enumerate(cells(figure)):
        for column, cell in enumerate(line):
            kinds = {"nnb-hit"} if row == column else set() if counts[row, column] else {"nnb-none"}
            assert classes(cell) == kinds
            if counts[row, column]:
                assert depth(cell) == pytest.approx(np.sqrt(counts[row, column] / counts[row].sum()), abs=0.005)


def test_facts_are_numpys(counts, figure):
    facts = figure.facts
    right = counts.diagonal()
    assert facts["total"] == counts.sum()
    assert facts["correct"] == right.sum()
    assert facts["accuracy"] == pytest.approx(right.sum() / counts.sum(), abs=1e-6)
    assert facts["recall"] == pytest.approx(right / counts.sum(axis=1), abs=1e-6)
    assert facts["precision"] == pytest.approx(right / counts.sum(axis=0), abs=1e-6)
    assert facts["best_recall"]["class_key"] == str(np.argmax(right / counts.sum(axis=1)))
    assert facts["worst_precision"]["class_key"] == str(np.argmin(right / counts.sum(axis=0)))
    wrong = sorted((counts[a, p], a, p) for a in range(10) for p in range(10) if a != p)[::-1]
    assert [cell["count"] for cell in facts["largest"]] == [count for count, _, _ in wrong[:12]]
    first = facts["largest"][0]
    row, column = int(first["actual"]), int(first["predicted"])
    assert first["count"] == counts[row, column]
    assert first["share"] == pytest.approx(counts[row, column] / counts[row].sum(), abs=1e-6)


def test_sums_stand_at_the_ends(counts, figure):
    tree = elements(figure)
    recall = [words(row.findall("td")[-1]) for row in tree.findall(".//tr[@data-actual]")]
    assert recall == [f"{100 * share:.0f}%" for share in figure.facts["recall"]]
    foot = [words(cell) for cell in tree.findall(".//tfoot/tr")[0].findall("td")]
    assert foot[:-1] == [f"{100 * share:.0f}%" for share in figure.facts["precision"]]
    assert foot[-1] == f"{100 * figure.facts['accuracy']:.1f}%"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_table_speaks_the_language_of_the_page(counts, language):
    figure = confusion_matrix(counts, THINGS)
    tree = elements(figure, language)
    accuracy = f"{100 * figure.facts['accuracy']:.1f}%"
    assert accuracy in words(tree.find(".//caption"))
    told = {
        "en": ("true", "predicted", "recall", "precision", "truck"),
        "ja": ("正解", "予測", "再現率", "適合率", "トラック"),
    }
    assert all(word in spoken(tree) for word in told[language])
    assert not any(word in spoken(tree) for word in told["ja" if language == "en" else "en"])
    assert [[words(cell) for cell in line] for line in cells(figure, language)] == counts.astype(str).tolist()


def test_a_class_that_never_occurs_has_no_recall():
    figure = confusion_matrix(np.array([[5, 0], [0, 0]]), ("0", "1"))
    assert figure.facts["recall"] == [1.0, None]
    assert figure.facts["precision"] == [1.0, None]
    assert figure.facts["largest"] == []


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (np.zeros((10, 9), int), r"a row and a column for each class; got int64 of shape \(10, 9\) for 10"),
        (np.full((10, 10), 0.1), "holds whole numbers"),
        (np.zeros((10, 10), int), "got only zeros; pass the counts of a test set"),
    ],
)
def test_what_is_no_confusion_matrix_is_refused(counts, message):
    with pytest.raises(ValueError, match=message):
        confusion_matrix(counts, DIGITS)
