"""Folds whose reported sides are fixed, among which collected patients are dealt.

The reported sides are those of the shipped data alone and never change, so that champion and
challenger are measured on the same images. Each collected patient is left out of one fold's
training and answered by its network: what the challenger says of the clinic's own patients is
then also said by networks that never learnt from them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Indices
from cancerapy.cancers import Cancer
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.data.splits import Split, check_split
from cancerapy.settings import Settings
from cancerapy.training.cross_validation import make_splits
from cancerapy.training.material import Material
from cancerapy.training.options import choose_source

PARTS_OF_ONE = 5
"""Parts into which collected patients are dealt where a protocol has a single fold: one of them is
left out of it, since what is left out of all folds would train none."""


def fixed_splits(
    cancer: Cancer, material: Material, protocol: str, settings: Settings
) -> list[Split]:
    """Return the splits of the shipped data, collected patients dealt among them.

    Args:
        cancer: As it is shipped.
        material: Of the shipped data with the collected images behind them.
        protocol: The cross-validation.
        settings: Data and cache.

    Raises:
        LeakError: A collected image stands in a group of the shipped data, or is one of its files.
    """
    data = settings.data_root("Retraining needs", cancer.id)
    shipped = build_manifest(cancer, choose_source(cancer, None), data, cache=settings.cache)
    main = cancer.network.factors[0].name
    splits = make_splits(shipped, main, protocol, material.plan.seed)
    joint = material.manifest
    added = np.arange(len(shipped.samples), len(joint.samples))
    for split in splits:
        check_split(joint, replace(split, train=np.concatenate([split.train, added])))
    dealt = deal_groups(joint, added, len(splits) if len(splits) > 1 else PARTS_OF_ONE)
    return [
        replace(
            split,
            train=np.concatenate([split.train, added[dealt != number]]),
            added=added[dealt == number],
        )
        for number, split in enumerate(splits)
    ]


def deal_groups(manifest: Manifest, rows: Indices, n_parts: int) -> NDArray[np.int64]:
    """Deal groups out like cards, those with the same labels one after another.

    So each part has its share of every class, as far as there are groups for it. Within the same
    labels a digest of the group's name gives the order: the same groups are always dealt alike.

    Args:
        manifest: The images.
        rows: Those that are dealt.
        n_parts: Number of parts, at least 1.

    Returns:
        Part of each row, (len(rows),), 0..n_parts - 1.
    """
    labels = {name: manifest.labels(name) for name in manifest.factors}
    groups = manifest.groups[rows]

    def order(group: str) -> tuple[Sequence[object], str]:
        own = rows[groups == group]
        told = [sorted(set(values[own].tolist())) for values in labels.values()]
        return told, hashlib.sha256(group.encode()).hexdigest()

    ordered = sorted(set(groups.tolist()), key=order)
    part = {group: number % n_parts for number, group in enumerate(ordered)}
    return np.array([part[group] for group in groups.tolist()], np.int64)
