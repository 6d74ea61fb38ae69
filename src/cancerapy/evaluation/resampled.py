"""The figures of ``discrimination`` and ``calibration_error`` on many resamples at once.

Nearly all of them are functions of sums over images, so that a resample costs one matrix product
instead of one pass over the images. A test holds them against scikit-learn on each resample.
"""

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats, Indices, Probabilities
from cancerapy.evaluation.calibration_error import N_BINS, bin_of
from cancerapy.evaluation.intervals import GroupBootstrap


def resample_confusion(
    bootstrap: GroupBootstrap, y_true: Indices, y_pred: Indices, n_classes: int
) -> Floats:
    """Count true against predicted classes in each resample, (n_resamples, K, K)."""
    cells = np.zeros((len(y_true), n_classes * n_classes))
    cells[np.arange(len(y_true)), y_true * n_classes + y_pred] = 1
    return bootstrap.totals(cells).reshape(-1, n_classes, n_classes)


def confusion_figures(confusion: Floats) -> dict[str, Floats]:
    """Derive every figure that a confusion matrix determines.

    Args:
        confusion: (..., K, K), rows true, columns predicted.

    Returns:
        ``accuracy``, ``balanced_accuracy``, ``macro_precision``, ``macro_f1`` (...,) and
        ``sensitivity``, ``specificity``, ``precision``, ``f1`` (..., K); not-a-number where
        undefined. Means over classes are over those that occur: a resample that misses a class
        says nothing of how well it is told apart.
    """
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    n_true, n_predicted = confusion.sum(-1), confusion.sum(-2)
    total = confusion.sum((-2, -1))
    sensitivity = _ratio(hits, n_true)
    precision = _ratio(hits, n_predicted)
    f1 = _ratio(2 * hits, n_true + n_predicted)
    absent = n_true == 0
    n_other = total[..., None] - n_true
    return {
        "accuracy": _ratio(hits.sum(-1), total),
        "balanced_accuracy": mean_of_defined(sensitivity),
        "macro_precision": mean_of_defined(np.where(absent, np.nan, precision)),
        "macro_f1": mean_of_defined(np.where(absent, np.nan, f1)),
        "sensitivity": sensitivity,
        "specificity": _ratio(n_other - (n_predicted - hits), n_other),
        "precision": precision,
        "f1": f1,
    }


def resample_auc(
    bootstrap: GroupBootstrap, is_positive: NDArray[np.bool_], score: Floats
) -> Floats:
    """Compute the area under the ROC curve in each resample.

    It is the share of pairs of a positive and a negative image in which the positive one has the
    higher score, ties counting one half.

    Args:
        bootstrap: The resamples.
        is_positive: (N,).
        score: (N,), higher is more positive.

    Returns:
        (n_resamples,), 0..1; not-a-number where a resample lacks one side.
    """
    order = np.argsort(score, kind="stable")
    positive = is_positive[order]
    starts = np.flatnonzero(np.diff(score[order], prepend=-np.inf))
    areas = []
    for weights in bootstrap.iter_weights():
        ordered = weights[:, order]
        up = np.add.reduceat(np.where(positive, ordered, 0), starts, axis=1)
        down = np.add.reduceat(np.where(positive, 0, ordered), starts, axis=1)
        below = np.cumsum(down, axis=1) - down / 2
        areas.append(_ratio((up * below).sum(1), up.sum(1) * down.sum(1)))
    return np.concatenate(areas)


def resample_auc_per_class(
    bootstrap: GroupBootstrap, y_true: Indices, probabilities: Probabilities
) -> Floats:
    """Compute the one-vs-rest area of every class in each resample, (n_resamples, K)."""
    n_classes = probabilities.shape[1]
    if n_classes == 2:  # both classes have the same area
        area = resample_auc(bootstrap, y_true == 1, probabilities[:, 1])
        return np.stack([area, area], axis=1)
    areas = [resample_auc(bootstrap, y_true == k, probabilities[:, k]) for k in range(n_classes)]
    return np.stack(areas, axis=1)


def resample_calibration_error(
    bootstrap: GroupBootstrap, confidence: Floats, is_correct: NDArray[np.bool_]
) -> Floats:
    """Compute the expected calibration error in each resample, (n_resamples,).

    It is biased upwards: a resample repeats images, so its bins are noisier than the sample's.
    """
    rows = np.arange(len(confidence))
    gaps = np.zeros((len(confidence), N_BINS + 1))
    gaps[rows, bin_of(confidence)] = confidence - is_correct
    gaps[:, N_BINS] = 1
    totals = bootstrap.totals(gaps)
    return _ratio(np.abs(totals[:, :N_BINS]).sum(1), totals[:, N_BINS])


def resample_share(bootstrap: GroupBootstrap, part: Floats, whole: Floats) -> Floats:
    """Compute ``sum of part / sum of whole`` in each resample, (n_resamples,).

    Args:
        bootstrap: The resamples.
        part: What each image adds above the line, (N,).
        whole: What it adds below, (N,).
    """
    totals = bootstrap.totals(np.stack([part, whole], axis=1))
    return _ratio(totals[:, 0], totals[:, 1])


def resample_mean(bootstrap: GroupBootstrap, values: Floats) -> Floats:
    """Compute the mean of ``values`` (N,) in each resample, (n_resamples,)."""
    return resample_share(bootstrap, values, np.ones_like(values))


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide; not-a-number where the denominator is zero."""
    undefined = np.full(np.broadcast(numerator, denominator).shape, np.nan)
    np.divide(numerator, denominator, out=undefined, where=denominator != 0)
    return undefined


def mean_of_defined(values: Floats) -> Floats:
    """Return the mean over the last axis of the values (..., K) that are numbers, (...,)."""
    defined = ~np.isnan(values)
    return _ratio(np.where(defined, values, 0).sum(-1), defined.sum(-1).astype(np.float64))
