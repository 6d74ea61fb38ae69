"""Affine maps and boxes."""

import pytest

from cancerapy.layouts.sample import Box
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


def test_boxes_are_cut_at_the_edge_or_dropped() -> None:
    geometry = crop_geometry((10, 20), slice(0, 10), slice(10, 20))
    cut = geometry.move_box(Box(0.25, 0.2, 0.5, 0.2, "malignant"))
    assert cut == Box(0.0, 0.2, 0.5, 0.2, "malignant")
    assert geometry.move_box(Box(0.1, 0.2, 0.4, 0.2, "malignant")) is None
