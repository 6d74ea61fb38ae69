"""The low-fidelity proxy: what a state is judged on instead of a whole cross-validation.

One fold of the reported protocol is held out and never looked at: its images are not even in the
proxy's manifest. Of the other groups a share is taken and divided, by whole groups, into a part to
fit and an inner part that judges; where the share would be a few groups only (slides), all groups
stay and a share of the images of each is taken. Epochs and cached views are few. A state's score is
``training.decision.rank_network`` on the inner part, at the best epoch.

The proxy ranks states; it does not measure them. Its best score is the best of many on few
groups, so it is too high, and a learning rate that wins in few steps can be too high for many.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cancerapy.arrays import Indices
from cancerapy.data.manifest import Manifest
from cancerapy.data.splits import inner_part
from cancerapy.errors import UnknownNameError
from cancerapy.training.cross_validation import make_splits
from cancerapy.training.plan import Plan
from cancerapy.training.plan_checks import N_FLIPPED
from cancerapy.tuning.request import Fidelity

FEWEST_GROUPS = 8
"""Fewer whole groups than these are no proxy: then all stay, with a share of their images."""

_JUDGING_SHARE = 1 / 3


@dataclass(frozen=True, eq=False)
class ProxyData:
    """The images of the proxy.

    Args:
        manifest: Of the images that are used, and of no others.
        fit: Its rows to train on.
        inner: Its rows that judge, of other groups.
        fold: The fold that is held out.
        held_out: Groups of that fold.
        outside: Rows of the whole data set outside that fold.
        whole_digest: Digest of the whole data set's manifest.
    """

    manifest: Manifest
    fit: Indices
    inner: Indices
    fold: str
    held_out: tuple[str, ...]
    outside: Indices
    whole_digest: str

    def to_record(self) -> dict[str, Any]:
        """Return what says who was used, held out and left over."""
        return {
            "fold": self.fold,
            "held_out_groups": list(self.held_out),
            "manifest": self.whole_digest,
            "used": self.manifest.digest,
            "n_images_fitted": len(self.fit),
            "n_groups_fitted": len(np.unique(self.manifest.groups[self.fit])),
            "n_images_judging": len(self.inner),
            "n_groups_judging": len(np.unique(self.manifest.groups[self.inner])),
        }


def build_proxy(manifest: Manifest, factor: str, fidelity: Fidelity, seed: int) -> ProxyData:
    """Choose the images of the proxy.

    Args:
        manifest: The whole data set.
        factor: Its values are stratified.
        fidelity: What is held out and how much of the rest is used.
        seed: Seed of the folds and of the choice.

    Raises:
        UnknownNameError: The protocol has no fold of that name.
        DataError: There are too few groups.
    """
    splits = {split.name: split for split in make_splits(manifest, factor, fidelity.protocol, seed)}
    name = fidelity.fold or next(iter(splits))
    if name not in splits:
        raise UnknownNameError.of("fold", name, splits)
    split = splits[name]
    rows = _take_share(manifest, split.train, factor, fidelity.fraction, seed)
    used = restrict_manifest(manifest, rows)
    fit, inner = inner_part(used, np.arange(len(rows)), factor, _JUDGING_SHARE, seed)
    held_out = tuple(map(str, np.unique(manifest.groups[split.test])))
    return ProxyData(used, fit, inner, name, held_out, split.train, manifest.digest)


def restrict_manifest(manifest: Manifest, rows: Indices) -> Manifest:
    """Return the manifest of some of the images, in their order."""
    return replace(
        manifest,
        samples=tuple(manifest.samples[row] for row in rows),
        sha256=tuple(manifest.sha256[row] for row in rows),
        groups=manifest.groups[rows],
    )


def proxy_plan(plan: Plan, fidelity: Fidelity) -> Plan:
    """Return ``plan`` at the proxy's lower fidelity.

    Test-time flips are left out where the views do not hold them. An inner part is given by the
    proxy, so what the plan says of its own has no effect.
    """
    views = min(plan.views, fidelity.views)
    return replace(
        plan,
        head_epochs=min(plan.head_epochs, fidelity.epochs),
        epochs=min(plan.epochs, fidelity.epochs),
        views=views,
        flips="none" if 0 < views < N_FLIPPED[plan.flips] else plan.flips,
        patience=0,
        tune_offset=False,
    )


def _take_share(
    manifest: Manifest, rows: Indices, factor: str, fraction: float, seed: int
) -> Indices:
    """Return about ``fraction`` of ``rows``, classes in proportion, in their order."""
    if fraction == 1:
        return rows
    if fraction * len(np.unique(manifest.groups[rows])) < FEWEST_GROUPS:
        return _thin_out(manifest, rows, factor, fraction, seed)
    rest, part = inner_part(manifest, rows, factor, min(fraction, 1 - fraction), seed)
    return np.sort(part if fraction <= 0.5 else rest)


def _thin_out(
    manifest: Manifest, rows: Indices, factor: str, fraction: float, seed: int
) -> Indices:
    """Take ``fraction`` of the images of every class of every group, at least one."""
    rng = np.random.default_rng(seed)
    _, groups = np.unique(manifest.groups[rows], return_inverse=True)
    kinds = np.stack([groups, manifest.labels(factor)[rows]], axis=1)
    _, kind = np.unique(kinds, axis=0, return_inverse=True)
    taken = []
    for number in range(kind.max() + 1):
        own = rows[kind.ravel() == number]
        taken.append(rng.choice(own, max(1, round(fraction * len(own))), replace=False))
    return np.sort(np.concatenate(taken))
