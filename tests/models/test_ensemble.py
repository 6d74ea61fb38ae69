"""The mean of several classifiers in one graph."""

from dataclasses import replace

import keras
import numpy as np

from cancerapy.arrays import Images
from cancerapy.cancers import Network
from cancerapy.models.classifier import Classifier
from cancerapy.models.ensemble import average_models
from cancerapy.models.head import build_head, pool_class_map


def _other(classifier: Classifier) -> Classifier:
    """Return a classifier on the same trunk with another head."""
    shape = classifier.backbone.output_shape[1:]
    head = build_head(shape, classifier.network, dropout=0.0, seed=9)
    return replace(classifier, head=head)


def test_the_maps_are_averaged_and_pooled(
    classifier: Classifier, network: Network, images: Images
) -> None:
    parts = [classifier.full("horizontal"), _other(classifier).full()]
    outputs = {k: np.asarray(v) for k, v in average_models(parts, network)(images).items()}
    members = [{k: np.asarray(v) for k, v in part(images).items()} for part in parts]
    maps = (members[0]["cam"] + members[1]["cam"]) / 2
    assert np.abs(members[0]["cam"] - members[1]["cam"]).max() > 0.01
    np.testing.assert_allclose(outputs["cam"], maps, atol=1e-5)
    pooled = np.asarray(pool_class_map(keras.ops.convert_to_tensor(maps), network))
    np.testing.assert_allclose(outputs["logits"], pooled, atol=1e-5)
    np.testing.assert_allclose(outputs["embedding"], members[0]["embedding"], atol=1e-5)
    assert np.abs(members[0]["embedding"] - members[1]["embedding"]).max() > 0.01


def test_a_finer_map_is_averaged_down(
    classifier: Classifier, network: Network, images: Images
) -> None:
    trunk = classifier.backbone
    fine = keras.Model(trunk.input, keras.layers.UpSampling2D((2, 3))(trunk.output))
    head = build_head(fine.output_shape[1:], network, dropout=0.0, seed=9)
    finer = replace(classifier, backbone=fine, head=head).full()
    outputs = average_models([finer, classifier.full()], network)(images)
    # Repeated cells have the mean of the cell they repeat.
    coarse = average_models([_other(classifier).full(), classifier.full()], network)(images)
    for name in ("cam", "logits"):
        np.testing.assert_allclose(outputs[name], coarse[name], atol=1e-5)
