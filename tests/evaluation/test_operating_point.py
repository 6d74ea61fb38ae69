"""The threshold at a target sensitivity and what it is worth."""

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.evaluation.operating_point import (
    find_common_threshold,
    find_threshold,
    measure_operating_point,
)
from cancerapy.evaluation.outcome import Outcome

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


def test_a_common_threshold_reaches_the_sensitivity_on_each_part(toy_cancer: Cancer) -> None:
    def part(*malignant: float, n_groups: int = 99) -> Outcome:
        shares = np.array([*malignant, 0.9])  # the last one is benign
        rows = np.arange(len(shares))
        names = rows.astype(str)
        groups = np.array([f"g{row % n_groups}" for row in rows])
        y_true = (rows == rows[-1]).astype(np.int64)  # of the toy classes dark is the malignant
        both = np.stack([shares, 1 - shares], axis=1)
        return Outcome(toy_cancer.tasks[0], names, groups, names, y_true, both)

    first = part(*PROBABILITY[:10])
    lower = part(*(PROBABILITY[:10] - 0.2))
    assert find_common_threshold(first, [], 0.9) == 0.55
    assert find_common_threshold(first, [lower], 0.9) == pytest.approx(0.35)
    assert find_common_threshold(lower, [first], 0.9) == pytest.approx(0.35)
    # Nine groups with malignancy cannot tell a sensitivity of 0.9 from 1; five can tell 0.8.
    assert find_common_threshold(first, [part(*(PROBABILITY[:9] - 0.2))], 0.9) == 0.55
    few = part(*(PROBABILITY[:10] - 0.2), n_groups=5)
    assert find_common_threshold(first, [few], 0.9) == 0.55
    assert find_common_threshold(first, [few], 0.8) == pytest.approx(0.4)
    assert np.isnan(find_common_threshold(part(), [part()], 0.9))
