from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from cancerapy.evaluation.baselines import colour_histogram
from cancerapy.reproduce.texture import (
    N_PATTERNS,
    co_occurrence,
    co_occurrence_figures,
    colour_and_texture,
    local_binary_patterns,
    steepness,
    texture,
)

RNG = np.random.default_rng(0)
NOISE = RNG.integers(0, 256, (20, 24, 3)).astype(np.uint8)


def _pattern_by_loops(grey: np.ndarray, y: int, x: int) -> int:
    """A second implementation: walk round one pixel."""
    round_trip = [(-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    bits = [int(grey[y + dy, x + dx] >= grey[y, x]) for dy, dx in round_trip]
    n_changes = sum(a != b for a, b in pairwise(bits))
    return sum(bits[:-1]) if n_changes <= 2 else N_PATTERNS - 1


@pytest.mark.parametrize(
    ("grey", "pattern"),
    [
        ([[1, 1, 1], [1, 5, 1], [1, 1, 1]], 0),  # a bright dot
        ([[5, 5, 5], [5, 1, 5], [5, 5, 5]], 8),  # a dark dot
        ([[9, 9, 9], [1, 5, 1], [1, 1, 1]], 3),  # an edge
        ([[9, 1, 9], [1, 5, 1], [9, 1, 9]], 9),  # a checkerboard: eight changes
    ],
)
def test_a_pattern_is_counted_by_its_brighter_neighbours(
    grey: list[list[int]], pattern: int
) -> None:
    expected = np.eye(N_PATTERNS)[pattern]
    np.testing.assert_array_equal(local_binary_patterns(np.array(grey, np.uint8)), expected)


def test_patterns_agree_with_a_walk_round_every_pixel() -> None:
    grey = NOISE[:, :, 0]
    found = [_pattern_by_loops(grey, y, x) for y in range(1, 19) for x in range(1, 23)]
    expected = np.bincount(found, minlength=N_PATTERNS) / len(found)
    np.testing.assert_allclose(local_binary_patterns(grey), expected)


def test_patterns_do_not_change_when_the_picture_is_turned() -> None:
    grey = NOISE[:, :, 0]
    np.testing.assert_allclose(local_binary_patterns(np.rot90(grey)), local_binary_patterns(grey))


def test_co_occurrence_counts_neighbours_in_both_senses() -> None:
    grey = np.array([[0, 16, 16], [255, 0, 16]], np.uint8)  # levels 0 1 1 / 15 0 1
    joint = co_occurrence(grey, (0, 1))
    assert joint[0, 1] == joint[1, 0] == 2 / 8
    assert joint[1, 1] == 2 / 8
    assert joint[15, 0] == joint[0, 15] == 1 / 8
    assert joint.sum() == 1


@pytest.mark.parametrize("way", [(0, 1), (1, 1), (1, 0), (1, -1)])
def test_co_occurrence_agrees_with_a_loop_over_pairs(way: tuple[int, int]) -> None:
    grey = NOISE[:6, :7, 1]
    expected = np.zeros((16, 16))
    for y in range(6):
        for x in range(7):
            if y + way[0] < 6 and 0 <= x + way[1] < 7:
                pair = grey[y, x] // 16, grey[y + way[0], x + way[1]] // 16
                expected[pair] += 1
                expected[pair[::-1]] += 1
    np.testing.assert_allclose(co_occurrence(grey, way), expected / expected.sum())


def test_figures_of_stripes_by_hand() -> None:
    # Columns 0 and 48 in turn: levels 0 and 3. To the right and on the diagonals every pair
    # differs, downwards none does.
    grey = np.tile(np.array([0, 48], np.uint8), (4, 4))
    contrast, homogeneity, energy, correlation, entropy = co_occurrence_figures(grey)[:5]
    assert contrast == pytest.approx(9 * 3 / 4)
    assert homogeneity == pytest.approx((3 * 1 / 10 + 1) / 4)
    assert energy == pytest.approx(np.sqrt(0.5))
    assert correlation == pytest.approx((-3 + 1) / 4)
    assert entropy == pytest.approx(1)
    ranges = co_occurrence_figures(grey)[5:]
    np.testing.assert_allclose(ranges, [9, 0.9, 0, 2, 0], atol=1e-12)


def test_a_picture_of_one_level_has_correlation_one_and_no_entropy() -> None:
    figures = co_occurrence_figures(np.full((5, 5), 77, np.uint8))
    np.testing.assert_allclose(figures, [0, 1, 1, 1, 0, 0, 0, 0, 0, 0], atol=1e-12)


def test_steepness_of_a_ramp_falls_into_one_bin() -> None:
    ramp = np.tile(np.arange(0, 60, 3, dtype=np.uint8), (5, 1))  # 3 levels a pixel: bin 2..4
    expected = [0, 0, 1, 0, 0, 0, 0, 0, 3, 0]
    np.testing.assert_allclose(steepness(ramp), expected, atol=1e-6)


def test_texture_is_that_of_the_grey_picture_at_three_sizes() -> None:
    found = texture(NOISE)
    assert found.shape == (90,)
    half = np.asarray(Image.fromarray(NOISE).convert("L").reduce(2))
    np.testing.assert_array_equal(found[30:40], local_binary_patterns(half))


def test_rows_are_colour_then_texture_and_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    rows = colour_and_texture(np.stack([NOISE, NOISE // 2]), lambda *step: told.append(step))
    np.testing.assert_array_equal(rows[0, :96], colour_histogram(NOISE))
    np.testing.assert_array_equal(rows[1, 96:], texture(NOISE // 2))
    assert told == [("colour and texture", 1, 2), ("colour and texture", 2, 2)]
