"""Resampling of groups: what is drawn, and whether the intervals cover."""

import numpy as np
import pytest

from cancerapy.evaluation.intervals import GroupBootstrap, Interval, percentile_interval
from cancerapy.evaluation.resampled import resample_mean


def test_groups_are_drawn_whole_and_as_many_as_there_are() -> None:
    groups = np.array(["a", "b", "a", "c"])
    bootstrap = GroupBootstrap(groups, n_resamples=200, seed=1)
    weights = np.concatenate(list(bootstrap.iter_weights(chunk=7)))
    assert weights.shape == (200, 4)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(1) == 3).all()
    assert weights.std(0).min() > 0.5  # a count of 3 draws at 1/3 has deviation 0.82


def test_totals_are_weighted_sums_of_the_images() -> None:
    groups = np.array(["a", "b", "a", "c"])
    values = np.array([[1.0, 0], [2, 1], [3, 0], [4, 1]])
    bootstrap = GroupBootstrap(groups, n_resamples=50, seed=2)
    weights = np.concatenate(list(bootstrap.iter_weights()))
    np.testing.assert_allclose(bootstrap.totals(values), weights @ values)


def test_the_seed_decides_the_draws() -> None:
    groups = np.array([str(i) for i in range(20)])
    values = np.arange(20.0)[:, None]
    first, same, other = (
        GroupBootstrap(groups, n_resamples=30, seed=s).totals(values) for s in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_percentile_interval() -> None:
    interval = percentile_interval(np.arange(1001) / 1000)
    assert (interval.low, interval.high) == pytest.approx((0.025, 0.975))
    mostly_undefined = np.array([np.nan, np.nan, np.nan, 0.5])
    assert np.isnan(percentile_interval(mostly_undefined).low)
    assert percentile_interval(np.array([np.nan, 0.5, 0.5, 0.5])).high == 0.5


@pytest.mark.parametrize(("n_groups", "has_bounds"), [(4, False), (5, True)])
def test_few_groups_have_no_interval(n_groups: int, has_bounds: bool) -> None:
    bootstrap = GroupBootstrap(np.array([f"g{n % n_groups}" for n in range(40)]), n_resamples=9)
    interval = bootstrap.interval(np.full(9, 0.5))
    assert np.isfinite([interval.low, interval.high]).all() == has_bounds


def test_excludes_zero() -> None:
    assert Interval(0.01, 0.2).excludes_zero
    assert Interval(-0.2, -0.01).excludes_zero
    assert not Interval(-0.01, 0.2).excludes_zero
    assert not Interval(float("nan"), float("nan")).excludes_zero


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """Accuracy 0.7 on 60 groups of 4 equal images: 95 % of 400 experiments, give or take 3."""
    generator = np.random.default_rng(5)
    groups = np.repeat([f"{i:02d}" for i in range(60)], 4)
    covered_by_group, covered_by_image = 0, 0
    for experiment in range(400):
        values = np.repeat((generator.random(60) < 0.7).astype(float), 4)
        for units, is_group in ((groups, True), (np.arange(240).astype(str), False)):
            bootstrap = GroupBootstrap(units, n_resamples=200, seed=experiment)
            interval = percentile_interval(resample_mean(bootstrap, values))
            hit = interval.low <= 0.7 <= interval.high
            covered_by_group += hit and is_group
            covered_by_image += hit and not is_group
    assert 0.91 <= covered_by_group / 400 <= 0.98
    assert covered_by_image / 400 < 0.80  # why images must not be drawn one by one
