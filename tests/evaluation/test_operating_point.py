"""The threshold at a target sensitivity and what it is worth."""

import numpy as np
import pytest

from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.evaluation.operating_point import find_threshold, measure_operating_point

IS_MALIGNANT = np.array([True] * 10 + [False] * 5)
PROBABILITY = np.array(
    [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.1, 0.9, 0.5, 0.4, 0.3, 0.05]
)


def test_nine_of_ten_malignant_images_reach_the_threshold() -> None:
    assert find_threshold(IS_MALIGNANT, PROBABILITY, 0.9) == 0.55
    assert find_threshold(IS_MALIGNANT, PROBABILITY, 0.91) == 0.1
    assert find_threshold(IS_MALIGNANT, PROBABILITY, 1.0) == 0.1
    assert find_threshold(IS_MALIGNANT, PROBABILITY, 0.05) == 0.95
    assert np.isnan(find_threshold(~IS_MALIGNANT[:10], PROBABILITY[:10], 0.9))


def test_ties_at_the_threshold_all_count_as_positive() -> None:
    threshold = find_threshold(np.array([True, True, True]), np.array([0.4, 0.4, 0.9]), 0.6)
    assert threshold == 0.4


def test_the_point_states_rates_and_intervals() -> None:
    bootstrap = GroupBootstrap(np.arange(15).astype(str), n_resamples=500, seed=0)
    point = measure_operating_point(
        IS_MALIGNANT, PROBABILITY >= 0.55, bootstrap, threshold=0.55, target=0.9
    )
    assert point is not None
    assert point.name == "sensitivity_90"
    assert (point.sensitivity, point.specificity) == pytest.approx((0.9, 0.8))
    low, high = point.sensitivity_interval
    # binomial of 10 at 0.9: 2.5 % lies near 0.7
    assert 0.55 <= low <= 0.8
    assert high == 1
    assert point.specificity_interval[0] < 0.6
    assert point.specificity_interval[1] == 1


def test_without_benign_images_there_is_no_point() -> None:
    bootstrap = GroupBootstrap(np.array(["a", "b"]), n_resamples=10)
    both = np.array([True, True])
    assert measure_operating_point(both, both, bootstrap, threshold=0.5, target=0.9) is None
