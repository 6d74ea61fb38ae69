"""Calibration error and proper scores, by hand."""

import numpy as np
import pytest

from cancerapy.evaluation import calibration_error as c


def test_expected_calibration_error_of_two_bins() -> None:
    confidence = np.array([0.95, 0.95, 0.55, 0.55])
    is_correct = np.array([True, True, True, False])
    # the upper bin is 0.05 too timid, the lower one 0.05 too sure; half the images each
    assert c.expected_calibration_error(confidence, is_correct) == pytest.approx(0.05)
    assert c.expected_calibration_error(np.ones(3), np.zeros(3, bool)) == 1
    assert np.isnan(c.expected_calibration_error(np.array([]), np.array([], dtype=bool)))


def test_errors_inside_one_bin_cancel_but_not_across_bins() -> None:
    is_correct = np.array([True, False])
    assert c.expected_calibration_error(np.array([0.5, 0.5]), is_correct) == pytest.approx(0)
    apart = c.expected_calibration_error(np.array([0.9, 0.1]), is_correct)
    assert apart == pytest.approx(0.1)


def test_bins_are_closed_above() -> None:
    assert c.bin_of(np.array([0.0, 0.1, 0.1000001, 0.5, 1.0]), 10).tolist() == [0, 0, 1, 4, 9]


def test_top_label_and_classwise() -> None:
    probabilities = np.array([[0.8, 0.2], [0.8, 0.2], [0.8, 0.2], [0.8, 0.2], [0.8, 0.2]])
    y_true = np.array([0, 0, 0, 0, 1])
    assert c.top_label_calibration_error(y_true, probabilities) == pytest.approx(0)
    assert c.classwise_calibration_error(y_true, probabilities) == pytest.approx(0)
    other = np.array([0, 0, 1, 1, 1])
    assert c.top_label_calibration_error(other, probabilities) == pytest.approx(0.4)
    assert c.classwise_calibration_error(other, probabilities) == pytest.approx(0.4)


def test_brier_score_by_hand() -> None:
    two = np.array([[0.7, 0.3], [0.4, 0.6]])
    assert c.brier_score(np.array([0, 0]), two) == pytest.approx((0.09 + 0.36) / 2)
    three = np.array([[0.5, 0.3, 0.2]])
    assert c.brier_score(np.array([1]), three) == pytest.approx(0.25 + 0.49 + 0.04)
    assert np.isnan(c.brier_score(np.array([], dtype=int), two[:0]))


@pytest.mark.parametrize("n_classes", [2, 4])
def test_squared_distances_average_to_the_brier_score(n_classes: int) -> None:
    generator = np.random.default_rng(n_classes)
    probabilities = generator.dirichlet(np.ones(n_classes), 50)
    y_true = generator.integers(0, n_classes, 50)
    mean = c.squared_distances(y_true, probabilities).mean()
    assert mean == pytest.approx(c.brier_score(y_true, probabilities), rel=1e-9)


def test_negative_log_likelihood_by_hand() -> None:
    value = c.negative_log_likelihood(np.array([0, 1]), np.array([[0.5, 0.5], [0.75, 0.25]]))
    assert value == pytest.approx((np.log(2) + np.log(4)) / 2)


def test_reliability_table_has_one_row_a_bin() -> None:
    table = c.reliability_table(np.array([0.2, 0.3, 0.9]), np.array([True, False, True]), 2)
    np.testing.assert_allclose(table, [[0.25, 0.5, 2], [0.9, 1.0, 1]])
    assert np.isnan(c.reliability_table(np.array([0.9]), np.array([True]), 2)[0, 0])
