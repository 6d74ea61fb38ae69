"""The head before it is trained: a linear classifier of the frozen features, in closed form."""

import keras
import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

from cancerapy.arrays import Floats, Indices
from cancerapy.cancers import Pooling
from cancerapy.models.classifier import Classifier
from cancerapy.training.material import Material
from cancerapy.training.plan import Plan

_NO_EVIDENCE = -2.0
"""Logit of a value that no image of the training side shows, and of a cell at the start."""


def start_head(material: Material, classifier: Classifier, rows: Indices) -> None:
    """Set the head to a linear classifier of the frozen features of the training side.

    Which one says ``plan.head_start``: a logistic regression, in which every view of an image
    counts as a share of one image, or a linear discriminant, whose covariance is drawn towards
    that of independent features of one variance. Both take features of mean 0 and variance 1.

    Adjusted logits are balanced, so the classifier is balanced too where the plan adjusts. A
    factor that is read off the highest cells keeps its random start, with every cell leaning
    towards background: a classifier of means says nothing about cells.
    """
    views = material.pooled_views
    features = np.concatenate([view[rows] for view in views])
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.maximum(scale, scale.mean() / 10)  # a channel that hardly varies stays small
    x = (features - mean) / scale
    kernel, bias = map(np.array, _head_layer(classifier).get_weights())
    for factor in material.cancer.network.factors:
        columns = material.cancer.network.slices[factor.name]
        if factor.pooling is Pooling.TOP:
            bias[columns] = _NO_EVIDENCE
            continue
        labels = np.tile(material.manifest.labels(factor.name)[rows], len(views))
        known = labels >= 0
        model = _linear_classifier(material.plan, len(views), np.unique(labels[known]).size)
        model.fit(x[known], labels[known])
        weights, shift = _spread_over_values(model, len(factor.values))
        weights = weights / scale
        kernel[0, 0, :, columns] = weights.T
        bias[columns] = shift - weights @ mean
    _head_layer(classifier).set_weights([kernel, bias])


def _spread_over_values(
    model: LogisticRegression | LinearDiscriminantAnalysis, n_values: int
) -> tuple[Floats, Floats]:
    """Return weights (V, D) and bias (V,) of a fitted classifier for all ``n_values`` values.

    Two values share the evidence that scikit-learn gives to the second; a value without an image
    has none.
    """
    weights = np.zeros((n_values, model.coef_.shape[1]))
    bias = np.full(n_values, _NO_EVIDENCE)
    if len(model.classes_) == 2:
        weights[model.classes_] = np.stack([-model.coef_[0], model.coef_[0]]) / 2
        bias[model.classes_] = np.array([-1, 1]) * model.intercept_[0] / 2
    else:
        weights[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
    return weights, bias


def _linear_classifier(
    plan: Plan, n_views: int, n_values: int
) -> LogisticRegression | LinearDiscriminantAnalysis:
    """Return the classifier, not yet fitted; ``n_values`` is how many values it will tell apart."""
    is_balanced = plan.logit_adjustment > 0
    if plan.head_start == "discriminant":
        priors = np.full(n_values, 1 / n_values) if is_balanced else None
        return LinearDiscriminantAnalysis("lsqr", shrinkage=plan.shrinkage, priors=priors)
    return LogisticRegression(
        C=plan.logistic_c / n_views,
        max_iter=300,
        class_weight="balanced" if is_balanced else None,
    )


def add_to_logits(classifier: Classifier, offset: Floats) -> None:
    """Add (L,) to the logits for good, through the head's bias: every pooling passes it on."""
    layer = _head_layer(classifier)
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, bias + offset.astype(np.float32)])


def _head_layer(classifier: Classifier) -> keras.layers.Layer:
    return classifier.head.get_layer("cam")
