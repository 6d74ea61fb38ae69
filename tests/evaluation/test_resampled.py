"""Figures of many resamples at once, against scikit-learn on each resample."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, precision_score, roc_auc_score

from cancerapy.evaluation import calibration_error, discrimination, resampled
from cancerapy.evaluation.intervals import GroupBootstrap

GENERATOR = np.random.default_rng(0)
N, K = 80, 3
Y_TRUE = GENERATOR.integers(0, K, N)
PROBABILITIES = np.round(GENERATOR.dirichlet(np.ones(K), N) + np.eye(K)[Y_TRUE] * 0.5, 1) / 1.5
PROBABILITIES /= PROBABILITIES.sum(1, keepdims=True)
Y_PRED = PROBABILITIES.argmax(1)
BOOTSTRAP = GroupBootstrap((np.arange(N) // 3).astype(str), n_resamples=25, seed=7)
WEIGHTS = np.concatenate(list(BOOTSTRAP.iter_weights()))


def repeated(resample: int) -> np.ndarray:
    return np.repeat(np.arange(N), WEIGHTS[resample].astype(int))


def test_confusion_figures_agree_with_scikit_learn_on_each_resample() -> None:
    confusion = resampled.resample_confusion(BOOTSTRAP, Y_TRUE, Y_PRED, K)
    figures = resampled.confusion_figures(confusion)
    for b in range(25):
        rows = repeated(b)
        true, called = Y_TRUE[rows], Y_PRED[rows]
        assert figures["accuracy"][b] == pytest.approx((true == called).mean())
        assert figures["balanced_accuracy"][b] == pytest.approx(
            balanced_accuracy_score(true, called)
        )
        assert figures["macro_f1"][b] == pytest.approx(f1_score(true, called, average="macro"))
        assert figures["macro_precision"][b] == pytest.approx(
            precision_score(true, called, average="macro")
        )
        np.testing.assert_allclose(
            figures["precision"][b], precision_score(true, called, average=None)
        )
        np.testing.assert_allclose(
            figures["specificity"][b], discrimination.specificity_per_class(true, called, K)
        )
        np.testing.assert_allclose(
            figures["sensitivity"][b], discrimination.sensitivity_per_class(true, called, K)
        )
        np.testing.assert_allclose(figures["f1"][b], discrimination.f1_per_class(true, called, K))


def test_a_resample_that_misses_a_class_is_no_worse_for_it() -> None:
    # One of class 0 is called 2; without group c nothing is class 2.
    y_true, y_pred = np.array([0, 0, 1, 2]), np.array([0, 2, 1, 2])
    bootstrap = GroupBootstrap(np.array(["a", "a", "b", "c"]), n_resamples=40, seed=1)
    confusion = resampled.resample_confusion(bootstrap, y_true, y_pred, 3)
    figures = resampled.confusion_figures(confusion)
    n_of = confusion.sum(2)
    misses = (n_of[:, 0] > 0) & (n_of[:, 1] > 0) & (n_of[:, 2] == 0)
    assert misses.any()
    np.testing.assert_allclose(figures["macro_f1"][misses], (2 / 3 + 1) / 2)
    np.testing.assert_allclose(figures["macro_precision"][misses], 1)


def test_areas_agree_with_scikit_learn_with_ties() -> None:
    areas = resampled.resample_auc_per_class(BOOTSTRAP, Y_TRUE, PROBABILITIES)
    assert len(np.unique(PROBABILITIES[:, 0])) < N  # there are ties
    for b in range(25):
        rows = repeated(b)
        for k in range(K):
            expected = roc_auc_score(Y_TRUE[rows] == k, PROBABILITIES[rows, k])
            assert areas[b, k] == pytest.approx(expected, abs=1e-12)


def test_two_classes_share_their_area() -> None:
    p = PROBABILITIES[:, 0]
    y = (Y_TRUE == 0).astype(int)
    areas = resampled.resample_auc_per_class(BOOTSTRAP, y, np.stack([1 - p, p], axis=1))
    assert areas[0, 0] == areas[0, 1]
    assert areas[0, 1] == pytest.approx(roc_auc_score(y[repeated(0)], p[repeated(0)]))


def test_calibration_error_and_means_agree_on_each_resample() -> None:
    confidence, is_correct = PROBABILITIES.max(1), Y_PRED == Y_TRUE
    errors = resampled.resample_calibration_error(BOOTSTRAP, confidence, is_correct)
    means = resampled.resample_mean(BOOTSTRAP, confidence)
    for b in range(25):
        rows = repeated(b)
        expected = calibration_error.expected_calibration_error(confidence[rows], is_correct[rows])
        assert errors[b] == pytest.approx(expected)
        assert means[b] == pytest.approx(confidence[rows].mean())


def test_undefined_figures_are_not_numbers() -> None:
    figures = resampled.confusion_figures(np.array([[3.0, 1], [0, 0]]))
    assert figures["accuracy"] == pytest.approx(0.75)
    np.testing.assert_allclose(figures["sensitivity"], [0.75, np.nan])
    assert figures["balanced_accuracy"] == pytest.approx(0.75)
    one_sided = resampled.resample_auc(BOOTSTRAP, np.ones(N, dtype=bool), PROBABILITIES[:, 0])
    assert np.isnan(one_sided).all()
