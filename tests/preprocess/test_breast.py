"""The breast is found beside labels and film edges, and nothing is cut where there is none."""

import numpy as np
import pytest

from cancerapy.phantoms import draw_phantom
from cancerapy.preprocess.breast import breast_mask, find_breast, foreground, largest_part


def film() -> np.ndarray:
    """Return a film of 256 x 200 px with a breast at rows 60-219, columns 0-119."""
    image = np.full((256, 200, 3), 8, np.uint8)
    image[60:220, 0:120] = 110
    return image


def test_the_box_of_a_plain_breast() -> None:
    rows, columns = find_breast(film()) or (slice(0), slice(0))
    assert (rows.start, rows.stop) == pytest.approx((60, 220), abs=4)
    assert (columns.start, columns.stop) == pytest.approx((0, 120), abs=4)


def test_labels_and_edges_of_the_film_do_not_hold_the_box_open() -> None:
    image = film()
    image[8:28, 150:190] = 255
    image[:, 197:] = 240
    rows, columns = find_breast(image) or (slice(0), slice(0))
    assert (rows.start, rows.stop) == pytest.approx((60, 220), abs=4)
    assert (columns.start, columns.stop) == pytest.approx((0, 120), abs=4)


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_flat_picture_is_kept_whole(level: int) -> None:
    image = np.full((64, 48, 3), level, np.uint8)
    assert find_breast(image) == (slice(0, 64), slice(0, 48))


def test_specks_are_no_breast() -> None:
    image = np.zeros((256, 256, 3), np.uint8)
    image[::40, ::40] = 255
    assert find_breast(image) is None


@pytest.mark.parametrize("seed", range(6))
def test_a_phantom_keeps_its_breast(seed: int) -> None:
    image = draw_phantom("mammogram", seed=seed, height=256, width=200)
    rows, columns = find_breast(image) or (slice(0), slice(0))
    bright = image[:, :, 0] > 60
    assert bright[rows, columns].sum() / bright.sum() > 0.99
    assert (rows.stop - rows.start) * (columns.stop - columns.start) < 0.95 * 256 * 200


def test_the_mask_of_a_plain_breast_beside_a_label_and_an_edge() -> None:
    image = film()
    image[8:28, 150:190] = 255
    image[:, 197:] = 240
    expected = np.zeros((256, 200), bool)
    expected[60:220, 0:120] = True
    np.testing.assert_array_equal(breast_mask(image), expected)


def test_a_margin_grows_the_mask_into_the_background() -> None:
    # 3 % of 128 sampled rows are 4, and each is two pixels.
    expected = np.zeros((256, 200), bool)
    expected[52:228, 0:128] = True
    np.testing.assert_array_equal(breast_mask(film(), margin=0.03), expected)


def test_the_mask_of_a_round_breast_and_a_size_that_the_sampling_does_not_divide() -> None:
    rows, columns = np.mgrid[:401, :307]
    drawn = (rows - 190) ** 2 + columns**2 < 150**2
    image = np.where(drawn, 120, 6).astype(np.uint8)[:, :, None].repeat(3, axis=2)
    mask = breast_mask(image)
    assert mask is not None
    assert mask.shape == drawn.shape
    assert (mask & drawn).sum() / (mask | drawn).sum() > 0.96


def test_no_mask_where_there_is_no_breast() -> None:
    image = np.zeros((256, 256, 3), np.uint8)
    image[::40, ::40] = 255
    assert breast_mask(image) is None
    flat = breast_mask(np.full((64, 48, 3), 90, np.uint8))
    np.testing.assert_array_equal(flat, np.ones((64, 48), bool))


def test_one_pixel_and_one_row() -> None:
    assert find_breast(np.full((1, 1, 3), 7, np.uint8)) is not None
    assert foreground(np.array([[0, 0, 200, 200]], np.uint8)).tolist() == [
        [False, False, True, True]
    ]


def test_largest_part_of_a_winding_shape() -> None:
    drawn = ["#####.#", "....#..", "#####.#", "#......", "#####.#"]
    mask = np.array([[sign == "#" for sign in row] for row in drawn])
    expected = mask.copy()
    expected[:, 6] = False
    np.testing.assert_array_equal(largest_part(mask), expected)


def test_parts_that_touch_by_a_corner_are_two() -> None:
    mask = np.array([[True, True, False], [False, False, True]])
    np.testing.assert_array_equal(largest_part(mask), [[True, True, False], [False, False, False]])
    assert not largest_part(np.zeros((3, 3), bool)).any()
