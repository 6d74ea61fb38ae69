"""The head before it is trained: a linear classifier of the frozen features, in closed form."""

from collections.abc import Callable, Sequence
from functools import partial, reduce
from operator import add

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from cancerapy.arrays import Floats, Indices, Logits
from cancerapy.cancers import Pooling
from cancerapy.evaluation.temperature import fit_temperature, mean_loss
from cancerapy.models.classifier import Classifier
from cancerapy.training.discriminant import Moments, fit_discriminant, moments_of
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan

_NO_EVIDENCE = -2.0
"""Logit of a value that no image of the training side shows, and of a cell at the start."""

_N_PARTS = 3
"""Parts that a discriminant's temperature is fitted on, each left out once."""

SHRINKAGES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Those that ``choose_shrinkage`` chooses among."""


def start_head(material: Material, classifier: Classifier, rows: Indices) -> None:
    """Set the head to a linear classifier of the frozen features of the training side.

    Which one says ``plan.head_start``: a logistic regression, in which every view of an image
    counts as a share of one image, or a linear discriminant, whose covariance is drawn towards
    that of independent features of one variance. Both take features of mean 0 and variance 1.
    A discriminant of many features is far too sure of itself on images that it was not fitted on,
    and fine-tuning would begin by unlearning that: its logits are divided by the temperature that
    suits such images.

    Adjusted logits are balanced, so the classifier is balanced too where the plan adjusts. A
    factor that is read off the highest cells keeps its random start, with every cell leaning
    towards background: a classifier of means says nothing about cells.
    """
    views = material.pooled_views
    features = np.concatenate([np.asarray(view[rows], np.float32) for view in views])
    mean, scale = feature_scaling(features)
    x = (features - mean) / scale
    kernel, bias = map(np.array, _head_layer(classifier).get_weights())
    for factor in material.cancer.network.factors:
        columns = material.cancer.network.slices[factor.name]
        if factor.pooling is Pooling.TOP:
            bias[columns] = _NO_EVIDENCE
            continue
        labels = np.tile(material.manifest.labels(factor.name)[rows], len(views))
        known = labels >= 0
        if material.plan.head_start == "discriminant":
            groups = np.tile(material.manifest.groups[rows], len(views))
            weights, shift = _fit_cooled_discriminant(
                material.plan, len(factor.values), x[known], labels[known], groups[known]
            )
        else:
            weights, shift = fit_linear(
                material.plan, len(views), len(factor.values), x[known], labels[known]
            )
        weights = weights / scale
        kernel[0, 0, :, columns] = weights.T
        bias[columns] = shift - weights @ mean
    _head_layer(classifier).set_weights([kernel, bias])


def feature_scaling(features: Floats) -> tuple[Floats, Floats]:
    """Return mean and scale (D,) of features (N, D); a channel that hardly varies stays small."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    return mean, np.maximum(scale, scale.mean() / 10)


def fit_linear(
    plan: Plan, n_views: int, n_values: int, x: Floats, labels: Indices
) -> tuple[Floats, Floats]:
    """Return weights (V, D) and bias (V,) of a linear classifier for all ``n_values`` values.

    Two values share the evidence that scikit-learn gives to the second; a value without an image
    has none.
    """
    if plan.head_start == "discriminant":
        moments = moments_of(x, labels, n_values)
        return _centred(*fit_discriminant(moments, plan.shrinkage, balanced=_is_balanced(plan)))
    model = LogisticRegression(
        C=plan.logistic_c / n_views,
        max_iter=300,
        class_weight="balanced" if _is_balanced(plan) else None,
    ).fit(x, labels)
    weights, bias = np.zeros((n_values, x.shape[1])), np.full(n_values, -np.inf)
    if len(model.classes_) == 2:
        weights[model.classes_] = np.stack([-model.coef_[0], model.coef_[0]]) / 2
        bias[model.classes_] = np.array([-1, 1]) * model.intercept_[0] / 2
    else:
        weights[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
    return _centred(weights, bias)


def _centred(weights: Floats, bias: Floats) -> tuple[Floats, Floats]:
    """Take away what all values with an image share; the others, of bias -inf, have no evidence.

    What they share tells none apart, but would set them off against one without images.
    """
    has_image = np.isfinite(bias)
    weights[has_image] -= weights[has_image].mean(axis=0)
    bias[has_image] -= bias[has_image].mean()
    bias[~has_image] = _NO_EVIDENCE
    return weights, bias


def _is_balanced(plan: Plan) -> bool:
    return plan.logit_adjustment > 0


def _fit_cooled_discriminant(
    plan: Plan, n_values: int, x: Floats, labels: Indices, groups: NDArray[np.str_]
) -> tuple[Floats, Floats]:
    """Return weights and bias of a discriminant, divided by the temperature of left-out images.

    Where the plan says so, the shrinkage too is the one that serves these best.
    """
    n_parts = min(_N_PARTS, np.unique(groups).size)
    if n_parts < 2:
        return fit_linear(plan, 1, n_values, x, labels)
    parts = [part for _, part in GroupKFold(n_parts).split(x, groups=groups)]
    moments = [moments_of(x[part], labels[part], n_values) for part in parts]
    whole = reduce(add, moments)
    balanced = _is_balanced(plan)
    judged = []
    for shrinkage in SHRINKAGES if plan.choose_shrinkage else (plan.shrinkage,):
        fit = partial(fit_discriminant, shrinkage=shrinkage, balanced=balanced)
        readings = _left_out_readings(fit, parts, moments, x, labels, by_value=balanced)
        temperature = fit_temperature(*readings)
        judged.append((mean_loss(temperature, *readings), temperature, shrinkage))
    _, temperature, shrinkage = min(judged)
    weights, bias = _centred(*fit_discriminant(whole, shrinkage, balanced=balanced))
    has_image = whole.counts > 0
    weights[has_image] /= temperature
    bias[has_image] /= temperature
    return weights, bias


def _left_out_readings(
    fit: Callable[[Moments], tuple[Floats, Floats]],
    parts: Sequence[Indices],
    moments: Sequence[Moments],
    x: Floats,
    labels: Indices,
    *,
    by_value: bool,
) -> list[tuple[Logits, Indices]]:
    """Return the logits of every part by a fit to the others, with the true values.

    An image whose value none of the others has is unknown. ``by_value`` makes a reading of the
    images of each value, so that every value counts the same.
    """
    whole = reduce(add, moments)
    values = np.flatnonzero(whole.counts)
    logits, truth = np.zeros((len(x), values.size), np.float32), np.full(len(x), -1)
    for part, own in zip(parts, moments, strict=True):
        others = whole - own
        if np.count_nonzero(others.counts > 0) < 2:
            continue
        weights, bias = _centred(*fit(others))
        logits[part] = (x[part] @ weights.T + bias)[:, values]
        known = part[others.counts[labels[part]] > 0]
        truth[known] = np.searchsorted(values, labels[known])
    if not by_value:
        return [(logits, truth)]
    return [(logits[truth == v], truth[truth == v]) for v in np.unique(truth[truth >= 0])]


def add_to_logits(classifier: Classifier, offset: Floats) -> None:
    """Add (L,) to the logits for good, through the head's bias: every pooling passes it on."""
    layer = _head_layer(classifier)
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, bias + offset.astype(np.float32)])


def _head_layer(classifier: Classifier) -> keras.layers.Layer:
    return classifier.head.get_layer("cam")
