"""Logits of many images: maps are turned back and averaged before they are pooled."""

from typing import Any

import keras
import numpy as np
import pytest

from cancerapy.cancers import Factor, Network, Pooling
from cancerapy.models.classifier import build_classifier
from cancerapy.training.infer import inputs_from_pixels, inputs_from_views, predict_logits

NETWORK = Network((Factor("kind", ("a", "b")), Factor("find", ("x", "y"), Pooling.TOP, 1)))


class Mirror:
    """A network whose class map is its input, so that maps can be written down by hand."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def predict_on_batch(self, inputs: np.ndarray) -> dict[str, np.ndarray]:
        """Return the inputs as the map."""
        self.sizes.append(len(inputs))
        return {"cam": inputs}


def test_every_factor_is_pooled_in_its_own_way() -> None:
    maps = np.array([[[[1, 0, 5, 0], [3, 4, 1, 2]]]], np.float16)
    logits = predict_logits(Mirror(), inputs_from_views([maps]), np.array([0]), NETWORK)
    assert logits.dtype == np.float32
    np.testing.assert_array_equal(logits, [[2, 2, 5, 2]])


def test_maps_of_mirrored_views_are_turned_back_before_pooling() -> None:
    # One row of two cells; a finding on the left of the picture is on the right of its mirror.
    plain = np.zeros((1, 1, 2, 4), np.float16)
    mirrored = plain.copy()
    plain[0, 0, 0], mirrored[0, 0, 1] = 4, 6
    inputs = inputs_from_views([plain, mirrored])
    logits = predict_logits(Mirror(), inputs, np.array([0]), NETWORK, flips="horizontal")
    # The mean of the two maps has 5 on the left and 0 on the right. Pooled without turning back,
    # the highest cell would be 3.
    np.testing.assert_array_equal(logits, [[2.5, 2.5, 5, 5]])


def test_the_order_of_the_rows_is_kept_over_the_batches() -> None:
    maps = np.arange(5, dtype=np.float16)[:, None, None, None] * np.ones((1, 1, 4), np.float16)
    network, rows = Mirror(), np.array([4, 1, 3, 0, 2])
    logits = predict_logits(network, inputs_from_views([maps]), rows, NETWORK, batch_size=2)
    np.testing.assert_array_equal(logits[:, 0], rows)
    assert network.sizes == [2, 2, 1]


def test_no_rows_have_no_logits() -> None:
    network = Mirror()
    logits = predict_logits(network, inputs_from_views([]), np.array([], np.int64), NETWORK)
    assert logits.shape == (0, 4)
    assert network.sizes == []


@pytest.mark.parametrize(
    ("flips", "views"),
    [
        ("none", [(1, 1)]),
        ("horizontal", [(1, 1), (1, -1)]),
        ("both", [(1, 1), (1, -1), (-1, 1), (-1, -1)]),
    ],
)
def test_pixels_are_flipped_from_view_to_view(flips: str, views: list[tuple[int, int]]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (4, 3, 5, 3)).astype(np.uint8)
    take = inputs_from_pixels(pixels, flips)
    rows = np.array([2, 0])
    for number, (down, right) in enumerate(views):
        np.testing.assert_array_equal(take(number, rows), pixels[rows][:, ::down, ::right])
        assert take(number, rows).dtype == np.uint8
    with pytest.raises(IndexError):
        take(len(views), rows)


def test_the_logits_are_those_of_the_served_graph() -> None:
    keras.config.set_dtype_policy("float32")
    classifier = build_classifier("SmallCNN", NETWORK, (32, 48), seed=2)
    head: Any = classifier.head.get_layer("cam")
    kernel, bias = head.get_weights()
    head.set_weights([np.random.default_rng(3).normal(size=kernel.shape), bias])
    pixels = np.random.default_rng(4).integers(0, 256, (3, 32, 48, 3)).astype(np.uint8)
    served = np.asarray(classifier.full("both")(pixels)["logits"])
    logits = predict_logits(
        classifier.full(), inputs_from_pixels(pixels, "both"), np.arange(3), NETWORK, flips="both"
    )
    np.testing.assert_allclose(logits, served, atol=1e-4)
    plain = np.asarray(classifier.full()(pixels)["logits"])
    assert np.abs(plain - served).max() > 1e-2
