import numpy as np

from cancerapy.data.subsets import growing_order, take, training_sizes

LABELS = np.array([0] * 80 + [1] * 16 + [2] * 4)
UNITS = np.array([f"u{row // 2:02d}" for row in range(100)])  # units of two rows


def test_sizes_grow_by_four_and_stop_short_of_all() -> None:
    assert training_sizes(1200, 60) == [60, 240, 960]
    assert training_sizes(1199, 60) == [60, 240]
    assert training_sizes(20, 60) == []


def test_an_order_holds_every_row_once_with_units_together() -> None:
    order = growing_order(LABELS, UNITS, 1)
    np.testing.assert_array_equal(np.sort(order), np.arange(100))
    changes = (UNITS[order][1:] != UNITS[order][:-1]).sum()
    assert changes == 49


def test_a_beginning_has_every_class_and_then_the_shares() -> None:
    for seed in range(5):
        order = growing_order(LABELS, UNITS, seed)
        assert set(LABELS[order[:6]]) == {0, 1, 2}
        half = np.bincount(LABELS[order[:50]])
        assert abs(half[0] - 40) <= 4
        assert abs(half[1] - 8) <= 2
        assert half[2] == 2


def test_smaller_sizes_lie_in_larger_ones_and_seeds_differ() -> None:
    order = growing_order(LABELS, UNITS, 0)
    small, large = take(order, UNITS, 10), take(order, UNITS, 41)
    assert len(small) == 10
    assert len(large) == 40  # whole units of two
    assert set(small) < set(large)
    assert set(small) != set(take(growing_order(LABELS, UNITS, 1), UNITS, 10))


def test_a_first_unit_that_is_too_large_comes_whole() -> None:
    units = np.array(["a"] * 5 + ["b"] * 5)
    order = growing_order(np.zeros(10, np.int64), units, 0)
    assert len(take(order, units, 2)) == 5


def test_a_unit_counts_as_its_most_frequent_class() -> None:
    # Of class 0 by its rows alone "mixed" would be one of four; by its unit it is the only 1.
    labels = np.array([0, 1, 1, 0, 0, 0])
    units = np.array(["mixed", "mixed", "mixed", "b", "c", "d"])
    for seed in range(5):
        order = growing_order(labels, units, seed)
        assert "mixed" in units[order[:4]]
