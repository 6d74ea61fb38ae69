"""Sets of classes that hold the true one at a stated rate.

Split conformal prediction with the score ``1 - probability of the class``: a class stays in the
set if its score is at most a threshold, the quantile of the scores of true classes seen out of
fold. A class with enough groups has its own threshold, so that the rate holds for it too; the
others share the marginal one.

References:
    Vovk et al., Algorithmic Learning in a Random World, 2005, chapter 4 (class-conditional);
    Angelopoulos and Bates, A Gentle Introduction to Conformal Prediction, 2023,
    doi:10.1561/2200000101.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats, Indices, Probabilities

COVERAGE = 0.9
MIN_GROUPS = 30
"""Groups that a class needs for a quantile of its own."""
KEEP_ALL = 1.0
"""Threshold that keeps every class: no score exceeds it."""


@dataclass(frozen=True, slots=True)
class ConformalThresholds:
    """Greatest score kept, and where it comes from, by class id.

    Args:
        thresholds: Score (1 - probability) up to which the class is kept, 0..1.
        kinds: ``"class"`` (its own quantile) or ``"marginal"`` (too few groups).
    """

    thresholds: Mapping[str, float]
    kinds: Mapping[str, str]


def conformal_quantile(scores: Floats, coverage: float) -> float:
    """Return the order statistic that a new score stays below with probability ``coverage``.

    The ``ceil((n + 1) * coverage)``-th smallest of n scores; ``KEEP_ALL`` if n is too small.

    >>> conformal_quantile(np.linspace(0.1, 0.9, 9), 0.8)
    0.8
    """
    rank = math.ceil((len(scores) + 1) * coverage - 1e-9)
    if rank > len(scores):
        return KEEP_ALL
    return float(np.sort(scores)[rank - 1])


def fit_conformal(
    y_true: Indices,
    probabilities: Probabilities,
    groups: NDArray[np.str_],
    class_ids: tuple[str, ...],
    *,
    coverage: float = COVERAGE,
    min_groups: int = MIN_GROUPS,
) -> ConformalThresholds:
    """Fit the thresholds.

    Args:
        y_true: True classes, (n,).
        probabilities: Calibrated, (n, K).
        groups: Group of each image, (n,).
        class_ids: Names of the K classes.
        coverage: How often the set must hold the true class, 0..1.
        min_groups: Groups a class needs for a threshold of its own.
    """
    scores = 1 - probabilities[np.arange(len(y_true)), y_true]
    marginal = conformal_quantile(scores, coverage)
    thresholds, kinds = {}, {}
    for index, name in enumerate(class_ids):
        own = y_true == index
        has_enough = len(np.unique(groups[own])) >= min_groups
        thresholds[name] = conformal_quantile(scores[own], coverage) if has_enough else marginal
        kinds[name] = "class" if has_enough else "marginal"
    return ConformalThresholds(thresholds, kinds)


def conformal_sets(
    probabilities: Probabilities, class_ids: tuple[str, ...], thresholds: Mapping[str, float]
) -> NDArray[np.bool_]:
    """Return which classes are in the set of each image, (n, K)."""
    limits = np.array([thresholds[name] for name in class_ids])
    return np.asarray(1 - probabilities <= limits, dtype=np.bool_)
