"""Class weights, frequencies and resampling against values by hand."""

import numpy as np
import pytest

from cancerapy.errors import PlanError
from cancerapy.training.class_weights import class_frequencies, class_weights, resample

LABELS = np.array([0, 0, 0, 1, -1, 2, 2, -1])


def test_frequencies_leave_out_what_is_unknown_and_are_never_zero() -> None:
    np.testing.assert_allclose(class_frequencies(LABELS, 3), [3 / 6, 1 / 6, 2 / 6])
    np.testing.assert_allclose(class_frequencies(LABELS, 4), np.array([3, 1, 2, 0.5]) / 6.5)


def test_weights_by_equation_1() -> None:
    np.testing.assert_allclose(class_weights(LABELS, 3), [6 / 9, 6 / 3, 6 / 6])
    np.testing.assert_allclose(class_weights(LABELS, 3, 0.5), [6 / 9 - 0.5, 1.5, 0.5])
    np.testing.assert_allclose(class_weights(LABELS, 4), [6 / 12, 6 / 4, 6 / 8, 0])


def test_a_weight_that_is_not_positive_is_refused() -> None:
    message = (
        r"^Every class weight N / \(K n_c\) - const must be positive; with const 0\.7 that of "
        r"class number 0 \(3 of 6 images\) is -0\.033\. Choose class_weight_const below 0\.667\.$"
    )
    with pytest.raises(PlanError, match=message):
        class_weights(LABELS, 3, 0.7)


@pytest.mark.parametrize(
    ("method", "counts"), [("none", [3, 1, 2, 2]), ("over", [3, 3, 3, 2]), ("under", [1, 1, 1, 2])]
)
def test_resampling_evens_out_the_known_classes(method: str, counts: list[int]) -> None:
    rows = np.arange(len(LABELS))
    drawn = resample(rows, LABELS, method, np.random.default_rng(1))
    assert [int((LABELS[drawn] == value).sum()) for value in (0, 1, 2, -1)] == counts
    if method != "under":
        assert set(drawn) == set(rows)
    if method != "over":
        assert len(set(drawn)) == len(drawn)


def test_square_root_sampling_thins_the_frequent_and_repeats_the_rare_evenly() -> None:
    labels = np.repeat([0, 1, 2], [400, 100, 25])
    drawn = resample(np.arange(525), labels, "sqrt", np.random.default_rng(1))
    times = np.bincount(drawn, minlength=525)
    assert np.bincount(labels[drawn]).tolist() == [200, 100, 50]
    assert (times[:400].max(), set(times[400:500]), set(times[500:])) == (1, {1}, {2})
    shares = class_frequencies(labels, 4, "sqrt")
    np.testing.assert_allclose(shares[:3] / shares[1], [2, 1, 0.5])
    assert shares[3] > 0
