"""A learner that is quick enough to be trained anew after every round of a simulation.

A shrunk linear discriminant of frozen features. All that it needs of the images are sums, so a fit
to all of them and the fits that leave out a part each cost little more than one.
"""

from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.model_selection import GroupKFold

from cancerapy.arrays import Floats, Indices, Probabilities
from cancerapy.evaluation.temperature import fit_temperature
from cancerapy.runtime.probabilities import softmax
from cancerapy.training.discriminant import Moments, fit_discriminant, moments_of

N_PARTS = 5
"""Parts of the training images, each of which is predicted by a fit to the others."""

_NO_EVIDENCE = -1e4
"""In place of the logit of a class without images, minus infinity, which cannot be divided."""


def project(features: NDArray[np.floating], rows: Indices, n_axes: int) -> Floats:
    """Return the features along the axes on which ``rows`` vary most, each of variance 1.

    Args:
        features: (N, D) of all images.
        rows: Images that the axes are taken from, those at hand at the start.
        n_axes: Number of axes; at most the number of rows and of features.

    Returns:
        (N, n_axes).
    """
    known = np.asarray(features[rows], dtype=np.float64)
    n_axes = min(n_axes, *known.shape)
    axes = PCA(n_axes, svd_solver="covariance_eigh", whiten=True).fit(known)
    return np.asarray(axes.transform(np.asarray(features, np.float64)))


class FrozenLearner:
    """A discriminant of fixed features; in its answers every class is as likely as another.

    Args:
        features: (N, D) of all images, near mean 0 and variance 1.
        groups: (N,) patient, lesion or slide of each.
        n_values: Number of classes V.
        shrinkage: See ``fit_discriminant``.
    """

    def __init__(
        self, features: Floats, groups: NDArray[np.str_], n_values: int, *, shrinkage: float = 0.3
    ) -> None:
        self.features = features
        self.groups = groups
        self.n_values = n_values
        self.shrinkage = shrinkage
        self.temperature = 1.0

    def predict(self, rows: Indices, labels: Indices, asked: Indices) -> Probabilities:
        """Fit to ``rows`` and return the probabilities of ``asked``, (n, V).

        Args:
            rows: Images to learn from.
            labels: Their classes, 0..V-1; a class that none has gets a probability of 0.
            asked: Images to answer.
        """
        moments = moments_of(self.features[rows], labels, self.n_values)
        return self._answer(moments, asked)

    def predict_left_out(self, rows: Indices, labels: Indices) -> Probabilities:
        """Return the probabilities of ``rows`` by fits without their own groups, (n, V).

        Here classes are as frequent as among the labels: whoever looks for wrong labels needs
        what is to be expected of this set. The temperature that suits these answers is kept for
        all later ones.
        """
        n_parts = min(N_PARTS, len(np.unique(self.groups[rows])))
        parts = [own for _, own in GroupKFold(n_parts).split(rows, groups=self.groups[rows])]
        moments = [moments_of(self.features[rows[p]], labels[p], self.n_values) for p in parts]
        whole = reduce(add, moments)
        logits = np.zeros((len(rows), self.n_values))
        for part, own in zip(parts, moments, strict=True):
            logits[part] = self._logits(whole - own, rows[part], balanced=False)
        known = np.isfinite(logits[np.arange(len(rows)), labels])
        bounded = np.maximum(logits[known], _NO_EVIDENCE).astype(np.float32)
        self.temperature = fit_temperature((bounded, labels[known]))
        return softmax(logits / self.temperature)

    def _answer(self, moments: Moments, asked: Indices) -> Probabilities:
        return softmax(self._logits(moments, asked, balanced=True) / self.temperature)

    def _logits(self, moments: Moments, asked: Indices, *, balanced: bool) -> Floats:
        weights, bias = fit_discriminant(moments, self.shrinkage, balanced=balanced)
        return np.asarray(self.features[asked] @ weights.T + bias)
