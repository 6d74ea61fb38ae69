"""The steps by name, and the stretching of contrast."""

import numpy as np
import pytest

from cancerapy.errors import UnknownNameError
from cancerapy.preprocess.geometry import Geometry
from cancerapy.preprocess.steps import list_steps, step_named, stretch_contrast


def test_every_listed_step_takes_any_picture() -> None:
    rng = np.random.default_rng(0)
    pictures = [
        np.zeros((1, 1, 3), np.uint8),
        np.full((3, 200, 3), 255, np.uint8),
        rng.integers(0, 256, (70, 50, 3), np.uint8),
    ]
    assert list_steps() == [
        "blank_breast",
        "crop_to_breast",
        "draw_outline",
        "keep_breast",
        "stretch_contrast",
    ]
    for name in list_steps():
        for picture in pictures:
            changed, geometry = step_named(name)(picture)
            assert changed.dtype == np.uint8
            assert changed.size > 0
            assert isinstance(geometry, Geometry)


def test_an_unknown_step() -> None:
    with pytest.raises(UnknownNameError, match=r"No preprocessing step named 'sharpen'"):
        step_named("sharpen")


def test_tissue_uses_the_whole_range_and_air_stays_black() -> None:
    image = np.full((100, 100, 3), 4, np.uint8)
    tissue = np.tile(np.linspace(80, 160, 60).astype(np.uint8), (100, 1))
    image[:, 40:] = tissue[:, :, None]
    stretched, geometry = stretch_contrast(image)
    assert geometry == Geometry()
    assert stretched[:, :40].max() == 0
    assert stretched[0, 40, 0] == 0
    assert stretched[0, 99, 0] == 255
    middle = stretched[0, 70, 0]
    assert middle == pytest.approx(255 * (int(image[0, 70, 0]) - 80) / 80, abs=4)


def test_noise_is_not_blown_up() -> None:
    rng = np.random.default_rng(1)
    image = (128 + rng.integers(-3, 4, (50, 50, 1))).astype(np.uint8).repeat(3, axis=2)
    np.testing.assert_array_equal(stretch_contrast(image)[0], image)


def labelled_film() -> np.ndarray:
    """Return a film of 256 x 200 px: breast at rows 60-219, columns 0-119; a label; a pale edge."""
    image = np.full((256, 200, 3), 8, np.uint8)
    image[60:220, 0:120] = 110
    image[8:28, 150:190] = 255
    image[:, 197:] = 240
    return image


def test_the_breast_alone() -> None:
    expected = np.zeros((256, 200, 3), np.uint8)
    expected[60:220, 0:120] = 110
    kept, geometry = step_named("keep_breast")(labelled_film())
    np.testing.assert_array_equal(kept, expected)
    assert geometry == Geometry()


def test_all_but_the_breast_and_a_margin() -> None:
    expected = labelled_film()
    expected[52:228, 0:128] = 0
    blanked, geometry = step_named("blank_breast")(labelled_film())
    np.testing.assert_array_equal(blanked, expected)
    assert geometry == Geometry()


def test_the_outline_tells_where_the_breast_was_and_nothing_of_the_film() -> None:
    expected = np.zeros((256, 200, 3), np.uint8)
    expected[52:228, 0:128] = 255
    outline, geometry = step_named("draw_outline")(labelled_film())
    np.testing.assert_array_equal(outline, expected)
    assert geometry == Geometry()


def test_a_film_without_a_breast_is_kept_whole_and_never_leaks_into_a_control() -> None:
    image = np.zeros((256, 256, 3), np.uint8)
    image[::40, ::40] = 255
    np.testing.assert_array_equal(step_named("keep_breast")(image)[0], image)
    for control in ("blank_breast", "draw_outline"):
        np.testing.assert_array_equal(step_named(control)(image)[0], np.zeros_like(image))
