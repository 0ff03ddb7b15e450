"""Evaluation, counted by hand."""

import numpy as np
import pytest

from nnbook.evaluation import accuracy, confusion_matrix, largest_confusions, most_confident, precision, recall

LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2], dtype=np.uint8)
PREDICTIONS = np.array([0, 0, 1, 1, 0, 2, 0, 2])
CONFUSION = np.array([[2, 1, 0], [1, 1, 0], [1, 0, 2]])


def test_accuracy_is_the_share_of_right_predictions():
    assert accuracy(PREDICTIONS, LABELS) == 5 / 8


def test_rows_of_the_confusion_matrix_are_true_classes():
    assert np.array_equal(confusion_matrix(PREDICTIONS, LABELS, 3), CONFUSION)


def test_classes_without_examples_have_empty_rows():
    assert confusion_matrix(np.array([1]), np.array([1]), 3).tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_many_classes_of_small_integers_do_not_overflow():
    labels = np.full(3, 200, dtype=np.uint8)
    assert confusion_matrix(labels, labels, 201)[200, 200] == 3


def test_recall_and_precision():
    np.testing.assert_allclose(recall(CONFUSION), [2 / 3, 1 / 2, 2 / 3])
    np.testing.assert_allclose(precision(CONFUSION), [2 / 4, 1 / 2, 1])


def test_a_class_never_seen_has_no_recall_and_one_never_predicted_no_precision():
    confusion = np.array([[3, 0], [0, 0]])
    np.testing.assert_array_equal(recall(confusion), [1, np.nan])
    np.testing.assert_array_equal(precision(confusion), [1, np.nan])


def test_largest_confusions_fall_and_break_ties_by_place():
    assert largest_confusions(CONFUSION, 4) == [(0, 1, 1), (1, 0, 1), (2, 0, 1), (0, 2, 0)]
    assert largest_confusions(np.array([[9, 2, 5], [7, 9, 0], [0, 5, 9]]), 3) == [(1, 0, 7), (0, 2, 5), (2, 1, 5)]


def test_largest_confusions_never_hold_the_diagonal():
    assert len(largest_confusions(CONFUSION, 100)) == 6


def test_most_confident_fall_by_the_probability_of_the_prediction():
    labels = np.array([1, 1, 0, 1, 1])
    probabilities = np.array([[0.6, 0.4], [0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    assert most_confident(probabilities, labels, actual=1, predicted=0).tolist() == [1, 0, 4]
    assert most_confident(probabilities, labels, actual=1, predicted=0, count=2).tolist() == [1, 0]
    assert most_confident(probabilities, labels, actual=1, predicted=1).tolist() == [3]
    assert most_confident(probabilities, labels, actual=0, predicted=1).tolist() == []


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="have one length; got 8 labels for 2 examples; pass all"):
        accuracy(PREDICTIONS[:2], LABELS)
    with pytest.raises(ValueError, match=r"each example has one label, \(N,\); got predictions of shape \(0,\); pass"):
        accuracy(np.array([]), np.array([]))
    with pytest.raises(ValueError, match="numbered from 0 to 1; got predictions from 0 to 2; pass the numbers"):
        confusion_matrix(PREDICTIONS, LABELS, 2)
