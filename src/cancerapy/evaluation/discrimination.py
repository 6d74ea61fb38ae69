"""How well the classes are told apart: point figures, by scikit-learn where it has them.

Every figure of a task comes from one decision rule: the predicted class is the most probable one.
A figure that is undefined, because a class has no image or was never predicted, is not-a-number
and is left out of means over classes; it is never counted as zero.
"""

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from cancerapy.arrays import Floats, Indices, Probabilities


def accuracy(y_true: Indices, y_pred: Indices) -> float:
    """Return the share of images whose class is predicted, 0..1; nan without images.

    It says little where one class is common: see ``balanced_accuracy``.
    """
    return float(accuracy_score(y_true, y_pred)) if len(y_true) else float("nan")


def sensitivity_per_class(y_true: Indices, y_pred: Indices, n_classes: int) -> Floats:
    """Return for each class the share of its images that are called so, (K,), 0..1.

    ``true positives / (true positives + false negatives)``, also called recall; undefined for
    a class without images.
    """
    if len(y_true) == 0:
        return np.full(n_classes, np.nan)
    labels = list(range(n_classes))
    return np.asarray(
        recall_score(y_true, y_pred, labels=labels, average=None, zero_division=np.nan)
    )


def specificity_per_class(y_true: Indices, y_pred: Indices, n_classes: int) -> Floats:
    """Return for each class the share of other images that are not called so, (K,), 0..1.

    ``true negatives / (true negatives + false positives)``; undefined if there are no others.
    """
    if len(y_true) == 0:
        return np.full(n_classes, np.nan)
    return np.array(
        [recall_score(y_true != k, y_pred != k, zero_division=np.nan) for k in range(n_classes)],
        dtype=np.float64,
    )


def precision_per_class(y_true: Indices, y_pred: Indices, n_classes: int) -> Floats:
    """Return for each class the share of calls that are right, (K,), 0..1.

    ``true positives / (true positives + false positives)`` at the prevalence of this data set;
    undefined for a class that is never called.
    """
    if len(y_true) == 0:
        return np.full(n_classes, np.nan)
    labels = list(range(n_classes))
    return np.asarray(
        precision_score(y_true, y_pred, labels=labels, average=None, zero_division=np.nan)
    )


def f1_per_class(y_true: Indices, y_pred: Indices, n_classes: int) -> Floats:
    """Return the harmonic mean of sensitivity and precision of each class, (K,), 0..1.

    ``2 tp / (2 tp + fp + fn)``; undefined for a class that neither occurs nor is called.
    """
    if len(y_true) == 0:
        return np.full(n_classes, np.nan)
    labels = list(range(n_classes))
    return np.asarray(f1_score(y_true, y_pred, labels=labels, average=None, zero_division=np.nan))


def balanced_accuracy(y_true: Indices, y_pred: Indices, n_classes: int) -> float:
    """Return the mean sensitivity over the classes that occur, 0..1; chance is 1 / K."""
    return mean_of_defined(sensitivity_per_class(y_true, y_pred, n_classes))


def macro_precision(y_true: Indices, y_pred: Indices, n_classes: int) -> float:
    """Return the mean precision over the classes that occur and are called, 0..1."""
    return mean_of_defined(_of_present(precision_per_class(y_true, y_pred, n_classes), y_true))


def macro_f1(y_true: Indices, y_pred: Indices, n_classes: int) -> float:
    """Return the mean F1 over the classes that occur, 0..1."""
    return mean_of_defined(_of_present(f1_per_class(y_true, y_pred, n_classes), y_true))


def confusion(y_true: Indices, y_pred: Indices, n_classes: int) -> Indices:
    """Count true classes (rows) against predicted ones (columns), (K, K)."""
    counts = confusion_matrix(y_true, y_pred, labels=list(range(n_classes)))
    return np.asarray(counts, dtype=np.int64)


def auc(is_positive: np.ndarray, score: Floats) -> float:
    """Return the area under the ROC curve, 0..1; chance is 0.5.

    The probability that a positive image has a higher score than a negative one, ties counting
    one half; undefined if one side has no image.
    """
    if is_positive.all() or not is_positive.any():
        return float("nan")
    return float(roc_auc_score(is_positive, score))


def auc_per_class(y_true: Indices, probabilities: Probabilities) -> Floats:
    """Return the one-vs-rest ``auc`` of each class by its own probability, (K,)."""
    n_classes = probabilities.shape[1]
    return np.array([auc(y_true == k, probabilities[:, k]) for k in range(n_classes)])


def _of_present(values: Floats, y_true: Indices) -> Floats:
    """Return values (K,) with not-a-number for the classes that have no image."""
    return np.where(np.isin(np.arange(len(values)), y_true), values, np.nan)


def mean_of_defined(values: Floats) -> float:
    """Return the mean of the values (K,) that are numbers; nan if none is."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else float("nan")
