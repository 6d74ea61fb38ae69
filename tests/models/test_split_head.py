"""A head applied to each layer gives the answers of the head on the layers joined."""

from typing import Any

import keras
import numpy as np
import pytest

from cancerapy.cancers import Network
from cancerapy.models.classifier import FLIPS, Classifier, build_classifier
from cancerapy.models.hypercolumn import NAME


@pytest.fixture
def reader(network: Network) -> Classifier:
    """A classifier that reads two layers, the first of a larger map, with a head of its own."""
    whole = build_classifier("SmallCNN", network, (64, 96)).backbone
    names = [layer.name for layer in whole.layers if isinstance(layer, keras.layers.MaxPooling2D)]
    reader = build_classifier("SmallCNN", network, (64, 96), read_layers=names[1:3])
    head = reader.head.get_layer("cam")
    random = np.random.default_rng(0)
    head.set_weights([random.normal(size=weight.shape) for weight in head.get_weights()])
    return reader


def _run(model: keras.Model, images: np.ndarray) -> dict[str, Any]:
    return {name: np.asarray(value) for name, value in model(images).items()}


@pytest.mark.parametrize("flips", FLIPS)
def test_answers_are_those_of_the_joined_layers(reader: Classifier, flips: str) -> None:
    images = np.random.default_rng(1).integers(0, 256, (2, 64, 96, 3)).astype(np.uint8)
    joined, split = _run(reader.full(flips), images), _run(reader.served(flips), images)
    assert joined.keys() == split.keys()
    for name, expected in joined.items():
        assert np.ptp(expected) > 1e-2
        np.testing.assert_allclose(split[name], expected, atol=1e-4 * np.abs(expected).max())


def test_nothing_is_joined_or_enlarged_before_the_head(reader: Classifier) -> None:
    answer = reader.served().get_layer("answer")
    assert reader.backbone.layers[-1].name == NAME
    assert NAME not in [layer.name for layer in answer.layers]
    enlarged = [x for x in answer.layers if isinstance(x, keras.layers.UpSampling2D)]
    assert len(enlarged) == 2  # the spread of each layer
    assert {layer.output.shape[-1] for layer in enlarged} == {reader.network.n_logits}


def test_the_weights_of_the_head_are_a_copy(reader: Classifier) -> None:
    images = np.random.default_rng(1).integers(0, 256, (1, 64, 96, 3)).astype(np.uint8)
    served = reader.served()
    before = _run(served, images)
    head = reader.head.get_layer("cam")
    head.set_weights([0 * weight for weight in head.get_weights()])
    np.testing.assert_array_equal(_run(served, images)["cam"], before["cam"])


def test_one_map_is_read_as_it_is(network: Network) -> None:
    plain = build_classifier("SmallCNN", network, (32, 48))
    images = np.random.default_rng(2).integers(0, 256, (2, 32, 48, 3)).astype(np.uint8)
    full, served = _run(plain.full("both"), images), _run(plain.served("both"), images)
    for name, expected in full.items():
        np.testing.assert_allclose(served[name], expected, atol=1e-6)
