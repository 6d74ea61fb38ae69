"""How far stated probabilities are from what happens."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, log_loss

from cancerapy.arrays import Floats, Indices, Probabilities

N_BINS = 15


def bin_of(confidence: Floats, n_bins: int = N_BINS) -> Indices:
    """Return the equal-width bin of each confidence, 0..n_bins-1.

    Bins are closed above, as in the reference: 1/15 belongs to the first bin, 0 as well.
    """
    return np.clip(np.ceil(confidence * n_bins).astype(np.int64) - 1, 0, n_bins - 1)


def expected_calibration_error(
    confidence: Floats, is_correct: NDArray[np.bool_], n_bins: int = N_BINS
) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins.

    ``sum over bins of n_bin / n * |accuracy of the bin - mean confidence of the bin|``; 0 is
    best, 1 worst; not-a-number without images. Empty bins count nothing.

    Args:
        confidence: Probability of the predicted class, (N,), 0..1.
        is_correct: Whether it was the true class, (N,).
        n_bins: Number of bins over 0..1.

    References:
        Guo et al., On Calibration of Modern Neural Networks, ICML 2017, equation 3.
    """
    if len(confidence) == 0:
        return float("nan")
    gaps = np.bincount(
        bin_of(confidence, n_bins), weights=confidence - is_correct, minlength=n_bins
    )
    return float(np.abs(gaps).sum() / len(confidence))


def top_label_calibration_error(y_true: Indices, probabilities: Probabilities) -> float:
    """Return ``expected_calibration_error`` of the predicted class; the project's ECE."""
    is_correct = probabilities.argmax(1) == y_true
    return expected_calibration_error(probabilities.max(1), is_correct)


def classwise_calibration_error(y_true: Indices, probabilities: Probabilities) -> float:
    """Return the mean over classes of the calibration error of each class's probability.

    A model can be right on average about its first choice and wrong about rare classes; this
    figure sees the latter. Range 0..1; not-a-number without images.

    References:
        Kull et al., Beyond temperature scaling, NeurIPS 2019, section 2.
    """
    return float(
        np.mean(
            [
                expected_calibration_error(probabilities[:, k], y_true == k)
                for k in range(probabilities.shape[1])
            ]
        )
    )


def brier_score(y_true: Indices, probabilities: Probabilities) -> float:
    """Return the mean squared distance between probabilities and the truth.

    For two classes ``mean (p - y)^2`` of one of them, 0..1; for more the sum over classes,
    0..2. 0 is best; not-a-number without images.
    """
    if len(y_true) == 0:
        return float("nan")
    n_classes = probabilities.shape[1]
    return float(brier_score_loss(y_true, probabilities, labels=list(range(n_classes))))


def squared_distances(y_true: Indices, probabilities: Probabilities) -> Floats:
    """Return the part of each image in ``brier_score``, (N,); their mean is the score."""
    n_classes = probabilities.shape[1]
    distances: Floats = ((probabilities - np.eye(n_classes)[y_true]) ** 2).sum(1)
    return distances / 2 if n_classes == 2 else distances


def negative_log_likelihood(y_true: Indices, probabilities: Probabilities) -> float:
    """Return the mean of ``-ln p(true class)``; 0 is best, unbounded; nan without images."""
    if len(y_true) == 0:
        return float("nan")
    return float(log_loss(y_true, probabilities, labels=list(range(probabilities.shape[1]))))


def reliability_table(
    confidence: Floats, is_correct: NDArray[np.bool_], n_bins: int = N_BINS
) -> Floats:
    """Return mean confidence, accuracy and count of each bin, (n_bins, 3).

    Confidence and accuracy of an empty bin are not-a-number.
    """
    bins = bin_of(confidence, n_bins)
    count = np.bincount(bins, minlength=n_bins).astype(np.float64)
    sums = [np.bincount(bins, weights=v, minlength=n_bins) for v in (confidence, is_correct)]
    means = [np.divide(s, count, out=np.full(n_bins, np.nan), where=count > 0) for s in sums]
    return np.stack([*means, count], axis=1)
