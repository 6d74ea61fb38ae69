"""What a simulated clinic sees: a start, uploads in rounds, and reviewers who can be wrong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Indices
from cancerapy.data.subsets import growing_order, take

N_ROUNDS = 8
START_SHARE = 0.2
"""Share of the training side that is at hand, with right labels, when the first upload comes."""
WRONG_SHARE = 0.05
"""Share of the groups that a reviewer gives a wrong class."""


@dataclass(frozen=True, eq=False)
class Stream:
    """One draw of who comes when.

    Args:
        labels: (N,) true class of every image.
        start: Rows that are at hand.
        rounds: Rows that are uploaded in each round; a group comes as a whole.
        reviewed: (N,) class that a reviewer gives.
        reviewed_again: (N,) class that a second look gives, wrong as often and independently.
        seed: Of the draw.
    """

    labels: Indices
    start: Indices
    rounds: tuple[Indices, ...]
    reviewed: Indices
    reviewed_again: Indices
    seed: int


def draw_stream(
    labels: Indices,
    groups: NDArray[np.str_],
    train: Indices,
    *,
    seed: int,
    n_rounds: int = N_ROUNDS,
    start_share: float = START_SHARE,
    wrong_share: float = WRONG_SHARE,
) -> Stream:
    """Draw a start and rounds of about equal size from the training side, classes in share.

    Args:
        labels: (N,) true classes of all images, 0..V-1.
        groups: (N,) what arrives together and is judged together.
        train: Rows of the training side.
        seed: Seed of the draw.
        n_rounds: Number of rounds.
        start_share: Share of the training side that is at hand.
        wrong_share: Share of the groups that get a wrong class, any other being as likely.
    """
    order = growing_order(labels[train], groups[train], seed)
    units = groups[train]
    ends = np.linspace(start_share, 1, n_rounds + 1) * len(train)
    cuts = [len(take(order, units, round(end))) for end in ends]
    start, *rounds = np.split(train[order], cuts[:-1])
    rng = np.random.default_rng([seed, 1])
    return Stream(
        labels,
        start,
        tuple(rounds),
        _misjudged(labels, groups, wrong_share, rng),
        _misjudged(labels, groups, wrong_share, rng),
        seed,
    )


def _misjudged(
    labels: Indices, groups: NDArray[np.str_], share: float, rng: np.random.Generator
) -> Indices:
    """Return the labels with another class for a share of the groups."""
    n_values = int(labels.max()) + 1
    names, group_of_row = np.unique(groups, return_inverse=True)
    wrong = rng.permutation(len(names))[: round(share * len(names))]
    shift = np.zeros(len(names), dtype=np.int64)
    shift[wrong] = rng.integers(1, n_values, len(wrong))
    return np.asarray((labels + shift[group_of_row]) % n_values)
