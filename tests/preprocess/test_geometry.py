"""Affine maps."""

import pytest

from cancerapy.preprocess.geometry import Geometry, crop_geometry


def test_composition_is_one_after_the_other() -> None:
    first = Geometry(2.0, -0.5, 0.5, 0.25)
    second = Geometry(1.5, 0.1, 3.0, -1.0)
    by_steps = second.move_point(*first.move_point(0.3, 0.8))
    assert first.then(second).move_point(0.3, 0.8) == pytest.approx(by_steps)


def test_cropping_the_right_half() -> None:
    geometry = crop_geometry((10, 20), slice(0, 10), slice(10, 20))
    assert geometry == Geometry(2.0, -1.0, 1.0, 0.0)
    assert geometry.move_point(0.75, 0.5) == (0.5, 0.5)
