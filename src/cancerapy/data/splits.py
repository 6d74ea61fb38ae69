"""Splits that keep groups together, and the check that nothing stands on two sides."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold, StratifiedKFold

from cancerapy.arrays import Indices
from cancerapy.data.manifest import Manifest
from cancerapy.errors import DataError, LeakError

LEAKING = "LEAKING"
"""The word that marks every result of a split that lets groups stand on two sides."""


@dataclass(frozen=True, eq=False)
class Split:
    """One division of a manifest.

    Args:
        name: Name of the fold.
        train: Rows of the training side.
        test: Rows of the reported side.
        leaking: True if groups may stand on both sides.
        added: Further rows that do not train this fold. It answers them as well, and they are kept
            apart from the reported side: images that came to a data set whose folds are fixed.
    """

    name: str
    train: Indices
    test: Indices
    leaking: bool = False
    added: Indices = field(default_factory=lambda: np.empty(0, np.int64))


def grouped_folds(manifest: Manifest, factor: str, n_folds: int, seed: int) -> list[Split]:
    """Divide into folds that keep groups together and the classes in proportion.

    Args:
        manifest: The data set.
        factor: Its values are stratified; unknown ones count as a value of their own.
        n_folds: Number of folds.
        seed: Seed of the folds.

    Raises:
        DataError: There are fewer groups than folds, or every class has fewer images.
    """
    n_groups = len(np.unique(manifest.groups))
    if n_groups < n_folds:
        raise DataError(
            f"{n_folds} folds need at least as many groups; there are {n_groups}. "
            "Choose fewer folds."
        )
    labels = manifest.labels(factor)
    largest = int(np.unique(labels, return_counts=True)[1].max())
    if largest < n_folds:
        raise DataError(
            f"{n_folds} folds need a class with at least as many images; the largest class of "
            f"'{factor}' has {largest}. Choose fewer folds."
        )
    folds = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    pairs = folds.split(labels, labels, manifest.groups)
    return [_checked(manifest, f"fold-{n}", *pair) for n, pair in enumerate(pairs, 1)]


def leave_one_group_out(manifest: Manifest) -> list[Split]:
    """Leave each group out once; a fold has the name of its group."""
    rows = np.arange(len(manifest.groups))
    pairs: Iterator[tuple[Indices, Indices]] = LeaveOneGroupOut().split(
        rows, groups=manifest.groups
    )
    return [_checked(manifest, str(manifest.groups[pair[1][0]]), *pair) for pair in pairs]


def random_folds(
    manifest: Manifest, factor: str, n_folds: int, seed: int, *, allow_leak: bool
) -> list[Split]:
    """Divide images at random whatever their groups, as many publications did.

    Args:
        manifest: The data set.
        factor: Its values are stratified.
        n_folds: Number of folds.
        seed: Seed of the folds.
        allow_leak: Must be true: the figures are too good.

    Raises:
        LeakError: ``allow_leak`` is false.
    """
    if not allow_leak:
        raise LeakError(
            "Random folds put images of one group on both sides. They serve only to repeat "
            "published protocols: say allow_leak (--allow-leak) if that is what you want."
        )
    labels = manifest.labels(factor)
    folds = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    return [
        Split(f"{LEAKING}-{number}", train, test, leaking=True)
        for number, (train, test) in enumerate(folds.split(labels, labels), 1)
    ]


def inner_part(
    manifest: Manifest, train: Indices, factor: str, fraction: float, seed: int
) -> tuple[Indices, Indices]:
    """Divide a training side into a part to fit and a grouped part that chooses.

    Where few groups would leave it one value of the factor, the inner part grows to the least that
    holds two.

    Args:
        manifest: The data set.
        train: Rows of the training side.
        factor: Its values are stratified.
        fraction: Share of the inner part, rounded to one part in a whole number.
        seed: Seed.

    Returns:
        Rows to fit and rows to choose on.

    Raises:
        DataError: In no division do both parts have two values of the factor: one to tell epochs
            apart, the other to train on.
    """
    labels, groups = manifest.labels(factor)[train], manifest.groups[train]
    most = min(len(np.unique(groups)), np.unique(labels, return_counts=True)[1].max(initial=0))
    for n_parts in range(min(max(2, round(1 / fraction)), most), 1, -1):
        folds = StratifiedGroupKFold(n_parts, shuffle=True, random_state=seed)
        with warnings.catch_warnings():
            # That a class has too few images for every part is what the search is about.
            warnings.filterwarnings("ignore", message="The least populated class")
            pairs = list(folds.split(labels, labels, groups))
        for fit, inner in pairs:
            if min(_n_known(labels[fit]), _n_known(labels[inner])) >= 2:
                return train[fit], train[inner]
    n_values = _n_known(labels)
    raise DataError(
        f"The training side must hold two values of '{factor}' twice, in different groups: in an "
        "inner part, to tell epochs apart, and in the rest, to train on. No division of its "
        f"{len(train)} images in {len(np.unique(groups))} groups with {n_values} "
        f"{'value' if n_values == 1 else 'values'} gives that. Add images, or train without an "
        "inner part: --set inner_fraction=0."
    )


def _n_known(labels: Indices) -> int:
    return len(np.unique(labels[labels >= 0]))


def check_split(manifest: Manifest, split: Split) -> None:
    """Refuse a split that has one group or one file on two sides.

    Raises:
        LeakError: It has, and the split does not say that it leaks.
    """
    if split.leaking:
        return
    digests = np.array(manifest.sha256)
    answered = np.concatenate([split.test, split.added])
    for kind, values in (("group", manifest.groups), ("identical file", digests)):
        both = np.intersect1d(values[split.train], values[answered])
        if len(both):
            raise LeakError(
                f"No {kind} may stand on both sides of a split; in '{split.name}' {len(both)} "
                f"do, for instance {both[0]}. Split by group; to repeat a published protocol that "
                "did not, take random-K-LEAKING with --allow-leak (its results are marked LEAKING)."
            )


def _checked(manifest: Manifest, name: str, train: Indices, test: Indices) -> Split:
    split = Split(name, train, test)
    check_split(manifest, split)
    return split
