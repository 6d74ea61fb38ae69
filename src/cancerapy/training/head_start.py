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
    kernel, bias = [], []
    random_kernel = _head_layer(classifier).get_weights()[0][0, 0].T
    for factor in material.cancer.network.factors:
        if factor.pooling is Pooling.TOP:
            part = random_kernel[material.cancer.network.slices[factor.name]]
            kernel.append(part)
            bias.append(np.full(len(factor.values), -2.0))
            continue
        labels = np.tile(material.manifest.labels(factor.name)[rows], len(views))
        known = labels >= 0
        model = _linear_classifier(material.plan, len(views), np.unique(labels[known]).size)
        model.fit(x[known], labels[known])
        n_values = len(factor.values)
        part, shift = np.zeros((n_values, x.shape[1])), np.full(n_values, -2.0)
        if len(model.classes_) == 2:
            part[model.classes_] = np.stack([-model.coef_[0], model.coef_[0]]) / 2
            shift[model.classes_] = np.array([-1, 1]) * model.intercept_[0] / 2
        else:
            part[model.classes_], shift[model.classes_] = model.coef_, model.intercept_
        part = part / scale
        kernel.append(part)
        bias.append(shift - part @ mean)
    _head_layer(classifier).set_weights(
        [np.concatenate(kernel).T[None, None].astype(np.float32), np.concatenate(bias)]
    )


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
