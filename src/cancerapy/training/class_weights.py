"""Remedies for imbalance: class weights, over- and under-sampling, class frequencies."""

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats, Indices
from cancerapy.errors import PlanError


def class_frequencies(labels: NDArray[np.int64], n_values: int, sampling: str = "none") -> Floats:
    """Return the share of each value among the known labels.

    Args:
        labels: (N,), -1 where unknown.
        n_values: Number of values K.
        sampling: Give the shares in an epoch drawn by this method, see ``epoch_sizes``.

    Returns:
        (K,), summing to 1; a value that never occurs counts as half an image, so that its
        logarithm is finite.
    """
    counts = np.bincount(labels[labels >= 0], minlength=n_values)
    present = counts > 0
    counts[present] = epoch_sizes(counts[present], sampling)
    counts = np.maximum(counts, 0.5)
    return np.asarray(counts / counts.sum(), dtype=np.float64)


def class_weights(labels: NDArray[np.int64], n_values: int, const: float = 0.0) -> Floats:
    """Return the weight of each value by equation 1 of the report: N / (K n_c) - const.

    Args:
        labels: (N,) of the training side, -1 where unknown.
        n_values: Number of values K.
        const: What is taken off every weight.

    Returns:
        (K,) weights; 0 for a value that does not occur.

    Raises:
        PlanError: A weight would not be positive.

    >>> class_weights(np.array([0, 0, 0, 1]), 2).round(3).tolist()
    [0.667, 2.0]
    """
    known = labels[labels >= 0]
    counts = np.bincount(known, minlength=n_values)
    present = counts > 0
    weights = np.zeros(n_values)
    weights[present] = len(known) / (n_values * counts[present]) - const
    if (weights[present] <= 0).any():
        worst = int(np.argmin(np.where(present, weights, np.inf)))
        raise PlanError(
            f"Every class weight N / (K n_c) - const must be positive; with const {const} that "
            f"of class number {worst} ({counts[worst]} of {len(known)} images) is "
            f"{weights[worst]:.3f}. Choose class_weight_const below "
            f"{weights[worst] + const:.3f}.",
            field="class_weight_const",
        )
    return weights


def resample(
    indices: Indices, labels: NDArray[np.int64], sampling: str, rng: np.random.Generator
) -> Indices:
    """Return the images of one epoch after over- or under-sampling.

    Args:
        indices: Rows of the training side.
        labels: (N,) labels of the whole manifest, -1 where unknown (kept as they are).
        sampling: ``"none"``, ``"over"`` (rare classes drawn again up to the most frequent),
            ``"under"`` (frequent classes thinned out to the rarest) or ``"sqrt"`` (both, to the
            square roots of the counts), see ``epoch_sizes``.
        rng: Chooses which images are drawn or dropped, anew in every epoch.

    Returns:
        Rows, not in random order.
    """
    if sampling == "none":
        return indices
    by_class = [indices[labels[indices] == value] for value in np.unique(labels[indices])]
    unknown = [rows for rows in by_class if labels[rows[0]] < 0]
    known = [rows for rows in by_class if labels[rows[0]] >= 0]
    wanted = epoch_sizes(np.array([len(rows) for rows in known]), sampling)
    drawn = [_draw(rows, n, rng) for rows, n in zip(known, wanted, strict=True)]
    return np.concatenate([*drawn, *unknown])


def epoch_sizes(counts: NDArray[np.int64], sampling: str) -> NDArray[np.int64]:
    """Return how many images of each class an epoch has.

    Args:
        counts: (K,) images of each class.
        sampling: ``"none"``, ``"over"``, ``"under"`` or ``"sqrt"``: in proportion to the square
            root of the counts, with as many of the class of median size as there are.

    >>> epoch_sizes(np.array([400, 100, 25]), "sqrt").tolist()
    [200, 100, 50]
    """
    if sampling == "none":
        return counts
    if sampling == "sqrt":
        return np.asarray(np.sqrt(counts * np.median(counts)).round(), np.int64)
    size = counts.min() if sampling == "under" else counts.max()
    return np.full_like(counts, size)


def _draw(rows: Indices, n_drawn: int, rng: np.random.Generator) -> Indices:
    """Draw rows without repeating one before all others were drawn as often."""
    whole, rest = divmod(n_drawn, len(rows))
    return np.concatenate([*[rows] * whole, rng.choice(rows, rest, replace=False)])
