"""Point figures, by hand."""

import numpy as np
import pytest

from cancerapy.evaluation import discrimination as d

# true 0: called 0 0 1; true 1: called 1 0; true 2: called 2
Y_TRUE = np.array([0, 0, 0, 1, 1, 2])
Y_PRED = np.array([0, 0, 1, 1, 0, 2])


def test_figures_of_a_small_table() -> None:
    assert d.confusion(Y_TRUE, Y_PRED, 3).tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert d.accuracy(Y_TRUE, Y_PRED) == pytest.approx(4 / 6)
    np.testing.assert_allclose(d.sensitivity_per_class(Y_TRUE, Y_PRED, 3), [2 / 3, 1 / 2, 1])
    np.testing.assert_allclose(d.specificity_per_class(Y_TRUE, Y_PRED, 3), [2 / 3, 3 / 4, 1])
    np.testing.assert_allclose(d.precision_per_class(Y_TRUE, Y_PRED, 3), [2 / 3, 1 / 2, 1])
    np.testing.assert_allclose(d.f1_per_class(Y_TRUE, Y_PRED, 3), [2 / 3, 1 / 2, 1])
    assert d.balanced_accuracy(Y_TRUE, Y_PRED, 3) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert d.macro_precision(Y_TRUE, Y_PRED, 3) == pytest.approx(
        np.nanmean(d.precision_per_class(Y_TRUE, Y_PRED, 3))
    )
    assert d.macro_f1(Y_TRUE, Y_PRED, 3) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_a_class_without_images_is_undefined_and_not_zero() -> None:
    sensitivity = d.sensitivity_per_class(Y_TRUE, Y_PRED, 4)
    np.testing.assert_allclose(sensitivity, [2 / 3, 1 / 2, 1, np.nan])
    assert d.specificity_per_class(Y_TRUE, Y_PRED, 4)[3] == 1
    assert np.isnan(d.precision_per_class(Y_TRUE, Y_PRED, 4)[3])
    assert np.isnan(d.f1_per_class(Y_TRUE, Y_PRED, 4)[3])
    assert d.balanced_accuracy(Y_TRUE, Y_PRED, 4) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_a_class_without_images_that_is_called_is_left_out_of_means() -> None:
    called = np.array([0, 0, 3, 1, 0, 2])  # one 0 is called 3, of which there is none
    assert d.f1_per_class(Y_TRUE, called, 4)[3] == 0
    assert d.macro_f1(Y_TRUE, called, 4) == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert d.macro_precision(Y_TRUE, called, 4) == pytest.approx((2 / 3 + 1 + 1) / 3)


def test_without_images_nothing_is_defined() -> None:
    none = np.array([], dtype=np.int64)
    assert np.isnan(d.accuracy(none, none))
    assert np.isnan(d.balanced_accuracy(none, none, 2))
    assert np.isnan(d.macro_f1(none, none, 2))
    assert np.isnan(d.specificity_per_class(none, none, 2)).all()
    assert np.isnan(d.precision_per_class(none, none, 2)).all()


def test_auc_counts_pairs_and_halves_ties() -> None:
    is_positive = np.array([True, True, False, False])
    # pairs: .9>.5 .9>.1 .5=.5 .5>.1 -> 3.5 of 4
    assert d.auc(is_positive, np.array([0.9, 0.5, 0.5, 0.1])) == pytest.approx(3.5 / 4)
    assert np.isnan(d.auc(np.array([True, True]), np.array([0.1, 0.2])))


def test_auc_per_class_uses_the_class_s_own_probability() -> None:
    probabilities = np.array([[0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.5, 0.2, 0.3]])
    areas = d.auc_per_class(np.array([0, 1, 2]), probabilities)
    np.testing.assert_allclose(areas, [1, 1, 0.75])
