"""Target rows and cell targets, the geometry by hand."""

from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Factor, Network, Pooling
from cancerapy.data.manifest import Manifest
from cancerapy.layouts.sample import Box, Sample
from cancerapy.training.targets import cell_targets, image_targets, soft_answers

NETWORK = Network((Factor("find", ("x", "y"), Pooling.TOP, 2), Factor("kind", ("a", "b", "c"))))
SAME = np.array([[1.0, 0.0, 1.0, 0.0]])
UNMOVED = np.eye(3)[None, :2]


def _manifest(*samples: Sample) -> Manifest:
    factors = {factor.name: factor.values for factor in NETWORK.factors}
    groups = np.array([sample.group for sample in samples])
    return Manifest("toy", "set", Path(), samples, ("0",) * len(samples), groups, factors)


def _boxed(*boxes: Box) -> Manifest:
    return _manifest(Sample("a.png", {"find": "x"}, "g", boxes=boxes))


def _cells(manifest: Manifest, geometry: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    return cell_targets(
        manifest,
        NETWORK,
        map_shape=(2, 4),
        input_shape=(16, 32),
        geometry=geometry,
        matrices=matrices,
    )


def test_rows_of_known_unknown_smoothed_and_weighted_factors() -> None:
    manifest = _manifest(
        Sample("a.png", {"find": "y", "kind": "b"}, "1"), Sample("b.png", {"kind": "c"}, "2")
    )
    np.testing.assert_array_equal(
        image_targets(manifest, NETWORK), [[0, 1, 0, 1, 0], [0, 0, 0, 0, 1]]
    )
    weights = {"kind": np.array([1.0, 2.0, 0.5])}
    np.testing.assert_allclose(
        image_targets(manifest, NETWORK, smoothing=0.3, weights=weights),
        [[0.15, 0.85, 0.2, 1.6, 0.2], [0, 0, 0.05, 0.05, 0.4]],
        rtol=1e-6,
    )


def test_teachers_answers_are_mixed_with_the_labels() -> None:
    manifest = _manifest(
        Sample("a.png", {"find": "y", "kind": "b"}, "1"), Sample("b.png", {"kind": "c"}, "2")
    )
    logits = np.log([[0.25, 0.75, 0.5, 0.25, 0.25], [0.5, 0.5, 0.1, 0.1, 0.8]])
    answers = soft_answers(logits + np.array([3.0, 3.0, -2.0, -2.0, -2.0]), NETWORK)
    np.testing.assert_allclose(answers, np.exp(logits))
    rows = image_targets(manifest, NETWORK, answers=answers, share=0.4)
    # 0.6 of the label and 0.4 of the answer; a factor that is unknown stays unknown
    expected = [[0.1, 0.9, 0.2, 0.7, 0.1], [0, 0, 0.04, 0.04, 0.92]]
    np.testing.assert_allclose(rows, expected, rtol=1e-5)
    weights = {"kind": np.array([1.0, 2.0, 0.5])}
    rows = image_targets(
        manifest, NETWORK, smoothing=0.3, weights=weights, answers=answers, share=1.0
    )
    np.testing.assert_allclose(rows[0], [0.25, 0.75, 1.0, 0.5, 0.5], rtol=1e-5)


def test_a_box_marks_the_cells_it_covers() -> None:
    cells = _cells(_boxed(Box(0.25, 0.0, 0.25, 0.5, "x")), SAME, UNMOVED)[0]
    assert cells.shape == (2, 4, 6)
    np.testing.assert_array_equal(cells[..., 0], [[0, 1, 0, 0], [0, 0, 0, 0]])
    assert not cells[..., 1:5].any()
    assert (cells[..., 5] == 1).all()


def test_a_cell_partly_covered_has_its_share() -> None:
    cells = _cells(_boxed(Box(0.125, 0.25, 0.125, 0.25, "y")), SAME, UNMOVED)[0]
    np.testing.assert_array_equal(cells[..., 1], [[0.25, 0, 0, 0], [0, 0, 0, 0]])


def test_a_flipped_view_flips_the_cells() -> None:
    flip = np.array([[[-1.0, 0.0, 31.0], [0.0, 1.0, 0.0]]])
    cells = _cells(_boxed(Box(0.0, 0.0, 0.25, 0.5, "x")), SAME, flip)[0]
    np.testing.assert_array_equal(cells[..., 0], [[0, 0, 0, 1], [0, 0, 0, 0]])


def test_the_prepared_pictures_place_in_the_original_is_followed() -> None:
    # The right half of the original was cut out and stretched: prepared = 2 * original - 1.
    half = np.array([[2.0, -1.0, 1.0, 0.0]])
    cells = _cells(_boxed(Box(0.5, 0.5, 0.125, 0.5, "x")), half, UNMOVED)[0]
    np.testing.assert_array_equal(cells[..., 0], [[0, 0, 0, 0], [1, 0, 0, 0]])


@pytest.mark.parametrize("boxes", [(), (Box(0.0, 0.0, 1.0, 1.0, "unheard-of"),)])
def test_without_a_known_box_nothing_is_known_of_the_cells(boxes: tuple[Box, ...]) -> None:
    assert not _cells(_boxed(*boxes), SAME, UNMOVED).any()
