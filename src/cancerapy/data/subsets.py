"""Training sides that grow: each size holds the smaller ones, groups whole, classes in share."""

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Indices

STEP = 4
"""Factor from one size to the next."""

_NEAR_ALL = 0.8
"""A size above this share of all images is left out: it would say what all say."""


def training_sizes(n_images: int, first: int) -> list[int]:
    """Return the sizes below all images, each ``STEP`` times the one before.

    >>> training_sizes(1000, 60)
    [60, 240]
    """
    sizes = []
    size = first
    while size <= _NEAR_ALL * n_images:
        sizes.append(size)
        size *= STEP
    return sizes


def growing_order(labels: Indices, units: NDArray[np.str_], seed: int) -> Indices:
    """Order rows so that every beginning is a stratified draw of whole units.

    Units of each class (a unit's most frequent one) are shuffled and spread evenly over the order;
    the first of every class come first, so that a beginning with as many units as there are
    classes has all of them.

    Args:
        labels: (n,) class of each row, 0..K-1.
        units: (n,) what is drawn as a whole.
        seed: Seed of the draw.

    Returns:
        (n,) places of the rows in the order; rows of a unit stand together.
    """
    rng = np.random.default_rng(seed)
    names, unit_of_row = np.unique(units, return_inverse=True)
    counts = np.zeros((len(names), labels.max() + 1), dtype=np.int64)
    np.add.at(counts, (unit_of_row, labels), 1)
    unit_labels = counts.argmax(axis=1)
    place = np.empty(len(names))
    for label in np.unique(unit_labels):
        own = rng.permutation(np.flatnonzero(unit_labels == label))
        place[own] = np.arange(len(own)) / len(own)
    order = np.lexsort((rng.random(len(names)), place))
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return np.argsort(rank[unit_of_row], kind="stable")


def take(order: Indices, units: NDArray[np.str_], size: int) -> Indices:
    """Return the longest beginning of an order that is at most ``size`` rows of whole units.

    If the first unit alone is larger, it is returned.

    Args:
        order: From ``growing_order``.
        units: (n,) what is drawn as a whole.
        size: Number of rows that is wanted.
    """
    ordered = units[order]
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, len(order))
    within = ends[ends <= size]
    return order[: within[-1] if len(within) else ends[0]]
