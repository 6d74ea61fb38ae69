"""More than 8 bits become 8 bits."""

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from cancerapy.readers.depth import to_8_bit


@pytest.mark.parametrize(
    ("greatest", "full_scale"),
    [(255, 255), (256, 1023), (4095, 4095), (4096, 16383), (16384, 65535), (65535, 65535)],
)
def test_integers_are_scaled_from_the_least_depth_that_holds_them(
    greatest: int, full_scale: int
) -> None:
    values = np.array([[0, greatest // 2, greatest]], np.uint16)
    expected = [[round(255 * int(value) / full_scale) for value in values[0]]]
    np.testing.assert_array_equal(to_8_bit(values), expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[-1000.0, 0.0, 1000.0]], [[0, 128, 255]]),
        ([[0.0, 0.2, 1.0]], [[0, 51, 255]]),
        ([[np.nan, 10.0, 20.0, np.inf]], [[0, 0, 255, 0]]),
        ([[7.0, 7.0]], [[0, 0]]),
        ([[np.nan, np.nan]], [[0, 0]]),
    ],
)
def test_floats(values: list[list[float]], expected: list[list[int]]) -> None:
    np.testing.assert_array_equal(to_8_bit(np.array(values, np.float32)), expected)


@pytest.mark.parametrize(
    "values",
    [np.array([[-5, 0, 5]], np.int32), np.array([[100_000, 200_000, 300_000]], np.int32)],
)
def test_other_integers_span_their_own_range(values: NDArray[np.int32]) -> None:
    np.testing.assert_array_equal(to_8_bit(values), [[0, 128, 255]])


def test_a_large_picture_takes_little_more_room_than_its_answer() -> None:
    values = np.tile(np.linspace(-50, 50, 1000, dtype=np.float32), (4000, 1))
    tracemalloc.start()
    scaled = to_8_bit(values)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert scaled[[0, 256, -1], 0].tolist() == [0, 0, 0]
    assert scaled[[0, 256, -1], -1].tolist() == [255, 255, 255]
    np.testing.assert_array_equal(scaled, np.tile(scaled[:1], (4000, 1)))
    assert peak_bytes < 8 * scaled.nbytes  # all at once it is 33 times
