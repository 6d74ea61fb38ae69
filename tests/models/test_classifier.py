"""The parts of a classifier fit together."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from cancerapy.arrays import Images
from cancerapy.cancers import Network
from cancerapy.errors import PlanError, UnknownNameError
from cancerapy.models.classifier import FLIPS, Classifier, build_classifier
from cancerapy.models.cuts import list_cuts
from cancerapy.models.head import pool_class_map

NAMES = ("logits", "embedding", "cam")


def _run(model: keras.Model, inputs: np.ndarray) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in model(inputs).items()}


def test_full_scales_and_puts_the_parts_together(classifier: Classifier, images: Images) -> None:
    outputs = _run(classifier.full(), images)
    features = classifier.backbone(images.astype(np.float32) / 127.5 - 1)
    expected = _run(classifier.head, features)
    for name in NAMES:
        np.testing.assert_allclose(outputs[name], expected[name], atol=1e-5)
    assert outputs["logits"].shape == (3, 5)
    assert outputs["cam"].shape == (3, 4, 6, 5)
    assert outputs["embedding"].shape == (3, 6)


@pytest.mark.parametrize("cut", ["stem", "join", "last", "last_bn", "out"])
def test_upper_after_lower_is_full(classifier: Classifier, images: Images, cut: str) -> None:
    whole = _run(classifier.full(), images)
    below = _run(classifier.lower(cut), images)
    above = _run(classifier.upper(cut), below["activation"])
    for name in NAMES:
        np.testing.assert_allclose(above[name], whole[name], atol=1e-5)
    np.testing.assert_allclose(below["embedding"], whole["embedding"], atol=1e-5)


def test_lower_without_features_stops_at_the_cut(classifier: Classifier, images: Images) -> None:
    lower = classifier.lower("join", pooled=False)
    assert set(lower.output) == {"activation"}
    expected = _run(classifier.lower("join"), images)["activation"]
    np.testing.assert_allclose(_run(lower, images)["activation"], expected, atol=1e-6)
    assert lower.count_params() < classifier.backbone.count_params()


def test_the_cuts_of_the_fixture_are_all_there_are(classifier: Classifier) -> None:
    assert list_cuts(classifier.backbone) == ["stem", "join", "last", "last_bn", "out"]


def test_a_branch_cannot_be_cut(classifier: Classifier) -> None:
    for part in (classifier.lower, classifier.upper, classifier.set_trainable_above):
        with pytest.raises(PlanError, match="'inner' of toy is inside a branch"):
            part("inner")


def test_training_the_upper_part_trains_the_classifier(
    classifier: Classifier, images: Images
) -> None:
    classifier.set_trainable_above("join")
    upper = classifier.upper("join")
    activation = _run(classifier.lower("join"), images)["activation"]
    before = _run(classifier.full(), images)
    upper.compile("sgd", loss={"logits": "mse"})
    upper.fit(activation, {"logits": np.zeros((3, 5))}, verbose=0)
    after = _run(classifier.full(), images)
    assert np.abs(after["logits"] - before["logits"]).max() > 1e-3
    np.testing.assert_allclose(after["logits"], _run(upper, activation)["logits"], atol=1e-5)


@pytest.mark.parametrize(("flips", "n_views"), [("none", 1), ("horizontal", 2), ("both", 4)])
def test_flips_are_the_mean_of_the_views_turned_back(
    classifier: Classifier, network: Network, images: Images, flips: str, n_views: int
) -> None:
    assert len(FLIPS[flips]) == n_views
    plain = classifier.full()
    cams, embeddings = [], []
    for axes in FLIPS[flips]:
        view = _run(plain, np.flip(images, axes))
        cams.append(np.flip(view["cam"], axes))
        embeddings.append(view["embedding"])
    outputs = _run(classifier.full(flips), images)
    class_map = np.mean(cams, axis=0)
    np.testing.assert_allclose(outputs["cam"], class_map, atol=1e-5)
    np.testing.assert_allclose(outputs["embedding"], np.mean(embeddings, axis=0), atol=1e-5)
    # The first factor is pooled by its mean, so its logits are the mean of the views' logits.
    np.testing.assert_allclose(outputs["logits"][:, :3], class_map.mean((1, 2))[:, :3], atol=1e-5)
    np.testing.assert_allclose(
        outputs["logits"], np.asarray(pool_class_map(class_map, network)), atol=1e-5
    )


def test_flips_make_the_answer_indifferent_to_mirroring(
    classifier: Classifier, images: Images
) -> None:
    model = classifier.full("both")
    mirrored = np.flip(images, (1, 2))
    np.testing.assert_allclose(
        _run(model, images)["logits"], _run(model, mirrored)["logits"], atol=1e-5
    )


def test_unknown_flips(classifier: Classifier) -> None:
    expected = r"^No flips named 'vertical'\. Known: both, horizontal, none\."
    with pytest.raises(UnknownNameError, match=expected):
        classifier.full("vertical")


@pytest.mark.parametrize(
    ("cut", "trained"),
    [
        (None, {"stem", "inner", "last"}),
        ("stem", {"inner", "last"}),
        ("join", {"last"}),
        ("out", set()),
    ],
)
def test_freezing(classifier: Classifier, cut: str | None, trained: set[str]) -> None:
    n_trained = classifier.set_trainable_above(cut)
    layers = classifier.backbone.layers
    assert {layer.name for layer in layers if layer.trainable_weights} == trained
    assert n_trained == len(trained)


def test_normalisation_is_trained_only_where_it_started_at_random(classifier: Classifier) -> None:
    partly = replace(classifier, random_layers=frozenset({"last", "last_bn"}))
    assert partly.set_trainable_above("stem") == 3
    assert partly.backbone.get_layer("last_bn").trainable
    assert not partly.backbone.get_layer("inner_bn").trainable


def test_frozen_layers_do_not_change(classifier: Classifier, images: Images) -> None:
    classifier.set_trainable_above("join")
    before = {layer.name: layer.get_weights() for layer in classifier.backbone.layers}
    model = classifier.full()
    model.compile("sgd", loss={"logits": "mse"})
    model.fit(images, {"logits": np.full((3, 5), 9.0)}, verbose=0)
    changed = {
        layer.name
        for layer in classifier.backbone.layers
        for old, new in zip(before[layer.name], layer.get_weights(), strict=True)
        if not np.array_equal(old, new)
    }
    assert changed == {"last"}


def test_build_repeats_with_the_seed(network: Network) -> None:
    first, second, other = (
        build_classifier("SmallCNN", network, (32, 48), seed=seed).full().get_weights()
        for seed in (1, 1, 2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_random_layers_are_not_frozen_by_default(network: Network) -> None:
    classifier = build_classifier("SmallCNN", network, (32, 48))
    assert classifier.default_cut == ""
    assert len(classifier.random_layers) == 8
    assert classifier.scaling == "zero_to_one"


def test_variant_builds_the_same_graph_without_the_weights(network: Network) -> None:
    classifier = build_classifier(
        "ResNet50", network, (32, 32), variant="resnet50_pruned.weights.h5"
    )
    assert classifier.scaling == "torch"
    assert build_classifier("ResNet50", network, (32, 32)).scaling == "caffe"


def test_unknown_backbone(network: Network) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'SmallCNN'"):
        build_classifier("SmalCNN", network, (32, 32))
