"""Statistics by which images of another kind are recognised, and the bounds made from them."""

import io

import numpy as np
import pytest

from cancerapy.export.statistics import fit_limits, fit_stats, stats_bytes

RNG = np.random.default_rng(0)
SPREAD = np.r_[np.full(50, 3.0), np.full(50, 0.5)]
MIX = RNG.normal(size=(70, 100)) / 8 + np.eye(70, 100)  # 70 things vary, in 100 channels


def _draw(n: int) -> np.ndarray:
    return 5 + (RNG.normal(size=(n, 70)) @ MIX + 0.1 * RNG.normal(size=(n, 100))) * SPREAD


TRAINING = _draw(3000)


def test_images_like_those_of_the_training_are_about_one_away() -> None:
    stats = fit_stats(TRAINING)
    new = _draw(500)
    distances = [stats.distance(e) for e in new]
    assert np.mean(distances) == pytest.approx(1, abs=0.1)
    assert np.percentile(distances, 95) < 2


@pytest.mark.parametrize("channel", [0, 99])
def test_what_differs_along_or_beside_the_axes_is_far(channel: int) -> None:
    stats = fit_stats(TRAINING)
    other = TRAINING[:50].copy()
    other[:, channel] += 12 * SPREAD[channel]
    near = [stats.distance(e) for e in TRAINING[:50]]
    assert np.mean([stats.distance(e) for e in other]) > max(near)


def test_fewer_images_than_axes_are_enough() -> None:
    stats = fit_stats(TRAINING[:20])
    assert stats.projection.shape == (100, 19)
    assert np.isfinite(stats.distance(TRAINING[30]))


def test_statistics_are_written_and_read_unchanged() -> None:
    stats = fit_stats(TRAINING[:200])
    with np.load(io.BytesIO(stats_bytes(stats))) as stored:
        assert set(stored) == {"mean", "scale", "projection", "precision", "residual"}
        np.testing.assert_array_equal(stored["precision"], stats.precision)
        assert float(stored["residual"]) == stats.residual


def test_bounds_leave_room_beyond_all_but_the_outermost() -> None:
    pictures = RNG.integers(90, 160, (200, 16, 16, 3), dtype=np.uint8)
    limits = fit_limits(pictures, np.linspace(0, 2, 200))
    assert limits.ood_max == pytest.approx(1.98, abs=1e-3)  # the 99th percentile of 0..2
    assert 0 < limits.brightness_range[0] < 125 < limits.brightness_range[1] < 255
    assert limits.contrast_min > 0
