"""Splits: no group on two sides, whatever the groups."""

import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from cancerapy.data.manifest import Manifest
from cancerapy.data.splits import (
    LEAKING,
    Split,
    check_split,
    grouped_folds,
    inner_part,
    leave_one_group_out,
    random_folds,
)
from cancerapy.errors import DataError, LeakError
from cancerapy.layouts.sample import Sample

# Too few of a class for every fold is told by a warning, not by a failure.
pytestmark = pytest.mark.filterwarnings("ignore:The least populated class:UserWarning")


def _manifest(
    groups: Sequence[object], labels: Sequence[str], sha256: Sequence[str] | None = None
) -> Manifest:
    samples = tuple(
        Sample(f"{n}.png", {"f": label} if label else {}, str(group))
        for n, (group, label) in enumerate(zip(groups, labels, strict=True))
    )
    digests = sha256 or [f"{n:064x}" for n in range(len(samples))]
    names = np.array([str(group) for group in groups])
    return Manifest("toy", "toyset", Path(), samples, tuple(digests), names, {"f": ("a", "b")})


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    """Draw 2 to 12 groups of 1 to 6 images with any labels, known or not, in any order."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=12))
    groups = draw(st.permutations([n for n, size in enumerate(sizes) for _ in range(size)]))
    labels = draw(
        st.lists(st.sampled_from(["a", "b", ""]), min_size=len(groups), max_size=len(groups))
    )
    return _manifest(groups, labels)


def _largest(manifest: Manifest) -> int:
    """Return the number of images of the most frequent class, unknown ones being a class."""
    return max(Counter(manifest.labels("f").tolist()).values())


def _check_partition(manifest: Manifest, splits: list[Split]) -> None:
    everything = np.arange(len(manifest.samples))
    assert sorted(np.concatenate([split.test for split in splits])) == everything.tolist()
    for split in splits:
        assert sorted([*split.train, *split.test]) == everything.tolist()
        train, test = manifest.groups[split.train], manifest.groups[split.test]
        assert not set(train) & set(test)
        assert not split.leaking


@given(manifests(), st.integers(2, 5), st.integers(0, 3))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
def test_no_group_stands_on_two_sides(manifest: Manifest, n_folds: int, seed: int) -> None:
    n_groups = len(set(manifest.groups))
    if n_groups < n_folds:
        with pytest.raises(DataError, match=f"{n_folds} folds .* there are {n_groups}"):
            grouped_folds(manifest, "f", n_folds, seed)
        return
    if (largest := _largest(manifest)) < n_folds:
        with pytest.raises(DataError, match=f"the largest class of 'f' has {largest}"):
            grouped_folds(manifest, "f", n_folds, seed)
        return
    _check_partition(manifest, grouped_folds(manifest, "f", n_folds, seed))


@given(manifests())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
def test_leave_one_group_out(manifest: Manifest) -> None:
    splits = leave_one_group_out(manifest)
    _check_partition(manifest, splits)
    assert [split.name for split in splits] == sorted(set(manifest.groups))
    for split in splits:
        assert set(manifest.groups[split.test]) == {split.name}


@given(manifests(), st.sampled_from([0.5, 0.25, 0.2]), st.integers(0, 3))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
def test_the_inner_part_is_grouped_too(manifest: Manifest, fraction: float, seed: int) -> None:
    train = np.arange(len(manifest.samples))[::-1]
    labels, groups = manifest.labels("f")[train], manifest.groups[train]
    fitting = [
        (n_parts, {*rows.tolist()})
        for n_parts in range(round(1 / fraction), 1, -1)
        if n_parts <= min(len(set(groups)), _largest(manifest))
        for rest, rows in StratifiedGroupKFold(n_parts, shuffle=True, random_state=seed).split(
            labels, labels, groups
        )
        if {0, 1} <= set(labels[rows]) and {0, 1} <= set(labels[rest])
    ]
    if not fitting:
        with pytest.raises(DataError, match=r"No division of its \d+ images in \d+ groups with "):
            inner_part(manifest, train, "f", fraction, seed)
        return
    fit, inner = inner_part(manifest, train, "f", fraction, seed)
    assert set(inner.tolist()) == {int(train[row]) for row in fitting[0][1]}
    assert sorted([*fit, *inner]) == sorted(train)
    assert not set(manifest.groups[fit]) & set(manifest.groups[inner])


def test_the_inner_part_grows_where_there_are_few_groups() -> None:
    # 8 groups of 3 images, as one of three folds of 12 groups leaves them
    groups = np.repeat(np.arange(8), 3)
    manifest = _manifest(groups.tolist(), np.where(groups < 4, "a", "b").tolist())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit, inner = inner_part(manifest, np.arange(24), "f", 0.1, 0)
    assert Counter(manifest.labels("f")[inner].tolist()) == {0: 3, 1: 3}  # a group of each
    assert len(fit) == 18
    one_b = _manifest([0, 0, 1, 1, 2, 2], ["a", "a", "a", "a", "b", "b"])
    message = r"No division of its 6 images in 3 groups with 2 values gives that\. Add images, or "
    with pytest.raises(DataError, match=message):
        inner_part(one_b, np.arange(6), "f", 0.1, 0)


def test_classes_stay_in_proportion_and_seeds_count() -> None:
    groups = np.repeat(np.arange(40), 2)
    manifest = _manifest(groups.tolist(), np.where(groups < 10, "b", "a").tolist())
    folds = grouped_folds(manifest, "f", 5, 0)
    assert [fold.name for fold in folds] == [f"fold-{n}" for n in range(1, 6)]
    for fold in folds:
        assert (manifest.labels("f")[fold.test] == 1).mean() == 0.25
    again, other = grouped_folds(manifest, "f", 5, 0), grouped_folds(manifest, "f", 5, 1)
    assert np.array_equal(folds[0].test, again[0].test)
    assert not np.array_equal(folds[0].test, other[0].test)


def test_random_folds_need_the_word() -> None:
    manifest = _manifest([0, 0, 0, 0, 1, 1, 1, 1], ["a", "b"] * 4)
    with pytest.raises(LeakError, match=r"say allow_leak \(--allow-leak\)") as caught:
        random_folds(manifest, "f", 2, 0, allow_leak=False)
    assert caught.value.code == "data_leak"
    folds = random_folds(manifest, "f", 2, 0, allow_leak=True)
    assert [fold.name for fold in folds] == [f"{LEAKING}-1", f"{LEAKING}-2"]
    for fold in folds:
        assert fold.leaking
        check_split(manifest, fold)


def test_a_leak_is_found() -> None:
    rows = np.arange(4)
    grouped = _manifest([0, 0, 1, 2], ["a"] * 4)
    with pytest.raises(LeakError, match=r"No group may stand .* in 'x' 1 do, for instance 0"):
        check_split(grouped, Split("x", rows[1:], rows[:1]))
    check_split(grouped, Split("x", rows[2:], rows[:2]))
    copied = _manifest([0, 1, 2, 3], ["a"] * 4, ["s", "t", "u", "s"])
    with pytest.raises(LeakError, match=r"No identical file .* for instance s"):
        check_split(copied, Split("x", rows[1:], rows[:1]))


def test_an_added_image_must_not_train_its_fold() -> None:
    rows = np.arange(4)
    grouped = _manifest([0, 1, 2, 2], ["a"] * 4)
    check_split(grouped, Split("x", rows[1:2], rows[:1], added=rows[2:]))
    with pytest.raises(LeakError, match=r"No group may stand .* in 'x' 1 do, for instance 2"):
        check_split(grouped, Split("x", rows[1:3], rows[:1], added=rows[3:]))
    assert Split("x", rows[1:], rows[:1]).added.size == 0
