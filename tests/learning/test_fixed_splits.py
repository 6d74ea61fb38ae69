"""Reported sides stay as they are; collected patients are dealt among the folds, whole."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from cancerapy.cancers import Cancer
from cancerapy.data.manifest import Manifest, build_manifest
from cancerapy.errors import LeakError
from cancerapy.layouts.sample import Sample
from cancerapy.learning.fixed_splits import deal_groups, fixed_splits
from cancerapy.settings import Settings
from cancerapy.training.cross_validation import make_splits

MakeJoint = Callable[..., Manifest]


@pytest.fixture
def shipped(known_toy: Cancer, toy_data: Path) -> Manifest:
    return build_manifest(known_toy, known_toy.sources[0], toy_data)


@pytest.fixture
def make_joint(known_toy: Cancer, shipped: Manifest, toy_data: Path, tmp_path: Path) -> MakeJoint:
    """Return a function that puts noisy squares of patients behind the toy set's."""

    def make(n_patients: int, **first: str) -> Manifest:
        rng = np.random.default_rng(7)
        added = []
        for number in range(2 * n_patients):
            file = tmp_path / "store" / f"{number}"
            file.parent.mkdir(exist_ok=True)
            Image.fromarray(rng.integers(0, 255, (16, 16, 3)).astype(np.uint8)).save(file, "PNG")
            label = "dark" if number // 2 < n_patients // 3 else "light"
            added.append(Sample(str(file), {"finding": label}, f"collected:p{number // 2}"))
        if first:
            added[0] = replace(added[0], **first)
        source = known_toy.sources[0]
        joint = replace(source, read_samples=lambda root: [*source.read_samples(root), *added])
        return build_manifest(known_toy, joint, toy_data)

    return make


def splits_of(cancer: Cancer, manifest: Manifest, settings: Settings, protocol: str) -> list:
    material = SimpleNamespace(manifest=manifest, plan=SimpleNamespace(seed=0))
    return fixed_splits(cancer, material, protocol, settings)


def test_every_collected_patient_is_left_out_once(
    known_toy: Cancer, shipped: Manifest, make_joint: MakeJoint, settings: Settings
) -> None:
    joint = make_joint(9)
    splits = splits_of(known_toy, joint, settings, "grouped-4")
    own = make_splits(shipped, "finding", "grouped-4", 0)
    assert [s.test.tolist() for s in splits] == [s.test.tolist() for s in own]
    left_out = np.concatenate([split.added for split in splits])
    assert sorted(left_out.tolist()) == list(range(16, 16 + 18))
    for split, before in zip(splits, own, strict=True):
        assert set(before.train.tolist()) < set(split.train.tolist())
        rows = np.concatenate([split.train, split.test, split.added])
        assert sorted(rows.tolist()) == list(range(16 + 18))
        assert not set(joint.groups[split.train]) & set(joint.groups[split.added])


def test_they_are_dealt_class_by_class_and_always_alike(make_joint: MakeJoint) -> None:
    joint = make_joint(12)
    rows = np.arange(16, 16 + 24)
    parts = deal_groups(joint, rows, 4)
    assert Counter(parts.tolist()) == dict.fromkeys(range(4), 6)
    dark = joint.labels("finding")[rows] == 0
    assert Counter(parts[dark].tolist()) == dict.fromkeys(range(4), 2)
    backwards = rows[::-1]
    assert deal_groups(joint, backwards, 4).tolist() == parts[::-1].tolist()


def test_of_a_single_fold_a_fifth_is_left_out(
    known_toy: Cancer, make_joint: MakeJoint, settings: Settings
) -> None:
    (split,) = splits_of(known_toy, make_joint(10), settings, "holdout")
    assert len(split.added) == 4
    assert len(split.train) + len(split.test) == 16 + 16


def test_a_collected_image_of_a_shipped_group_is_a_leak(
    known_toy: Cancer, shipped: Manifest, make_joint: MakeJoint, settings: Settings
) -> None:
    joint = make_joint(6, group=str(shipped.groups[0]))
    with pytest.raises(LeakError, match="No group may stand on both sides"):
        splits_of(known_toy, joint, settings, "grouped-4")
