"""Frozen features end where starting weights end."""

from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.comparison.frozen import end_at, freeze, last_started_layer
from cancerapy.errors import PlanError
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.training.material import Material

MakeMaterial = Callable[[str], Material]


def _some_random(classifier: Classifier, *first: str) -> Classifier:
    names = [layer.name for layer in classifier.backbone.layers if layer.weights]
    return replace(classifier, random_layers=frozenset(names[names.index(first[0]) :]))


def test_a_network_with_all_its_weights_is_taken_whole(make_material: MakeMaterial) -> None:
    frozen = freeze(make_material("one.weights.h5"))
    assert frozen.plan.freeze_to == "block_4_pool"
    assert not frozen.is_cut_short
    assert frozen.classifier().backbone.name == "small_cnn"
    assert frozen.cached_cut == "block_4_pool"


def test_a_network_that_starts_at_random_is_refused(make_material: MakeMaterial) -> None:
    message = r"^Frozen features need starting weights; SmallCNN starts at random\. Give --epochs"
    with pytest.raises(PlanError, match=message):
        freeze(make_material("none"))


def test_random_layers_and_those_above_are_left_out(toy_cancer: Cancer) -> None:
    whole = build_classifier("SmallCNN", toy_cancer.network, (32, 32))
    whole = _some_random(whole, "block_3_conv")
    assert last_started_layer(whole, name="SmallCNN") == "block_2_pool"
    short = end_at(whole, "block_2_pool", dropout=0.1, seed=0)
    assert short.backbone.output_shape == (None, 8, 8, 32)
    assert short.head.input_shape == (None, 8, 8, 32)
    assert not short.random_layers
    picture = np.full((1, 32, 32, 3), 0.5, np.float32)
    middle = keras.Model(whole.backbone.input, whole.backbone.get_layer("block_2_pool").output)
    np.testing.assert_array_equal(
        short.backbone.predict_on_batch(picture), middle.predict_on_batch(picture)
    )


def test_the_classifier_of_a_shortened_network_ends_there(
    make_material: MakeMaterial, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Material.classifier

    def partly_random(self: Material, *, seed: int | None = None) -> Classifier:
        return _some_random(real(self, seed=seed), "block_4_conv")

    monkeypatch.setattr(Material, "classifier", partly_random)
    frozen = freeze(make_material("one.weights.h5"))
    assert frozen.is_cut_short
    assert frozen.plan.freeze_to == "block_3_pool"
    assert frozen.classifier().full().output["embedding"].shape == (None, 64)
    assert frozen.activations.embedding.shape == (16, 64)
