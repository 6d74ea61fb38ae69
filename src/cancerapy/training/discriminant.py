"""A shrunk linear discriminant of many features, fitted to several overlapping sets at once.

All that a fit needs of the images are sums, so those of the parts of a training side are made
once, and the fits to the whole side and to all but each part cost little more than one. With
5,000 features that is minutes against an hour; scikit-learn's ``LinearDiscriminantAnalysis`` takes
a singular value decomposition of the covariance for every fit.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from cancerapy.arrays import Floats, Indices

_N_ROWS = 4096
"""Images that are converted at a time."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the images of a set.

    Args:
        counts: (V,) images of each value.
        sums: (V, D) their features, summed.
        products: (D, D) sum over all images of the outer product of the features.
    """

    counts: Floats
    sums: Floats
    products: Floats

    def __add__(self, other: "Moments") -> "Moments":
        """Return the sums over both sets."""
        return Moments(
            self.counts + other.counts,
            self.sums + other.sums,
            self.products + other.products,
        )

    def __sub__(self, other: "Moments") -> "Moments":
        """Return the sums over this set without ``other``, a part of it."""
        return Moments(
            self.counts - other.counts,
            self.sums - other.sums,
            self.products - other.products,
        )


def moments_of(x: Floats, labels: Indices, n_values: int) -> Moments:
    """Return the sums over features (N, D) with labels (N,) in 0..V-1.

    The features should be near mean 0 and variance 1, so that no sum loses digits.
    """
    one_hot = np.eye(n_values, dtype=x.dtype)[labels]
    products = np.zeros((x.shape[1], x.shape[1]))
    for start in range(0, len(x), _N_ROWS):
        rows = x[start : start + _N_ROWS]
        products += rows.T @ rows
    counts = np.bincount(labels, minlength=n_values).astype(float)
    return Moments(counts, (one_hot.T @ x).astype(np.float64), products)


def fit_discriminant(
    moments: Moments, shrinkage: float, *, balanced: bool
) -> tuple[Floats, Floats]:
    """Fit a linear discriminant with one covariance, that within the values, for all of them.

    Args:
        moments: Of the training images.
        shrinkage: Share, 0..1, of the covariance that is replaced by that of independent
            features of one variance, the mean of all variances.
        balanced: Whether every value is as likely as another; else as frequent as here.

    Returns:
        Weights (V, D) and bias (V,), from which the logits of features are ``x @ weights.T +
        bias``. A value without an image has weights of zero and a bias of minus infinity.

    References:
        Friedman, "Regularized discriminant analysis", JASA 84 (1989), 165-175.
    """
    has_image = moments.counts > 0
    counts = moments.counts[has_image]
    means = moments.sums[has_image] / counts[:, None]
    n_features = means.shape[1]
    covariance = moments.products - (means.T * counts) @ means
    covariance *= (1 - shrinkage) / counts.sum()
    variance = np.trace(covariance) / n_features / (1 - shrinkage) if shrinkage < 1 else 1.0
    covariance[np.diag_indices(n_features)] += shrinkage * variance
    solved = cho_solve(cho_factor(covariance, overwrite_a=True), means.T).T
    prior = np.full(len(counts), 1 / len(counts)) if balanced else counts / counts.sum()
    weights = np.zeros((len(has_image), n_features))
    bias = np.full(len(has_image), -np.inf)
    weights[has_image] = solved
    bias[has_image] = np.log(prior) - 0.5 * np.sum(solved * means, axis=1)
    return weights, bias
