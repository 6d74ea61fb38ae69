"""The two stages: a head that starts as a regression, losses and targets, what is frozen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cancerapy.cancers import Cancer, Factor, Network, Pooling
from cancerapy.data.manifest import Manifest
from cancerapy.layouts.sample import Sample
from cancerapy.models.classifier import Classifier
from cancerapy.training import stages
from cancerapy.training.activations import Activations
from cancerapy.training.material import Material
from cancerapy.training.stages import add_to_logits, start_head, train_stages

MakeMaterial = Callable[..., Material]

N = 60
KINDS = ("a", "b", "c", "d")
NETWORK = Network((Factor("kind", KINDS), Factor("find", ("x", "y"), Pooling.TOP, 2)))


def _regression(c: float, class_weight: str | None = None) -> LogisticRegression:
    """Return scikit-learn's own way to what ``start_head`` does."""
    model = LogisticRegression(C=c, max_iter=300, class_weight=class_weight)
    return make_pipeline(StandardScaler(), model)


def _logits(classifier: Classifier, features: np.ndarray) -> np.ndarray:
    """Return the head's logits of pooled features (N, D)."""
    return np.asarray(classifier.head(features[:, None, None, :])["logits"])


@pytest.fixture
def many(make_material: MakeMaterial, toy_cancer: Cancer) -> Callable[..., Material]:
    """Return a function that makes material of 60 images with made-up features.

    Of kind a there are 30 images, of b 15, of c 9, of d none; 6 are unknown.
    """
    keras.config.set_dtype_policy("float32")
    kinds = ["a"] * 30 + ["b"] * 15 + ["c"] * 9 + [""] * 6
    rng = np.random.default_rng(1)
    features = rng.normal(2, 1, (N, 96))
    for column, kind in enumerate("abc"):
        features[:, column] += 2 * np.array([own == kind for own in kinds])
    features[:, 5] = 0.5  # a channel that never varies
    features = features.astype(np.float16)

    def make(n_views: int = 1, **changes: object) -> Material:
        material = make_material(cancer=replace(toy_cancer, network=NETWORK), **changes)
        samples = tuple(
            Sample(f"{number}.png", {"kind": kind}, f"g{number}")
            for number, kind in enumerate(kinds)
        )
        groups = np.array([sample.group for sample in samples])
        factors = {factor.name: factor.values for factor in NETWORK.factors}
        manifest = Manifest("toy", "toyset", Path(), samples, ("0",) * N, groups, factors)
        material = replace(material, manifest=manifest)
        material.__dict__["activations"] = Activations([], np.zeros(0), features)
        material.__dict__["pooled_views"] = [features] * n_views
        return material

    return make


@pytest.mark.parametrize(("adjustment", "class_weight"), [(0.0, None), (1.0, "balanced")])
def test_the_head_starts_as_scikit_learns_regression(
    many: Callable[..., Material], adjustment: float, class_weight: str | None
) -> None:
    material = many(logistic_c=0.1, logit_adjustment=adjustment)
    classifier = material.classifier()
    random = classifier.head.get_layer("cam").get_weights()[0]
    rows = np.arange(0, N, 2)
    start_head(material, classifier, rows)
    features = np.asarray(material.activations.embedding, np.float32)
    labels = material.manifest.labels("kind")
    known = rows[labels[rows] >= 0]
    # All rows standardise the features; only those with a label are fitted.
    scaled = StandardScaler().fit(features[rows]).transform(features)
    model = LogisticRegression(C=0.1, max_iter=300, class_weight=class_weight)
    model.fit(scaled[known], labels[known])
    logits = _logits(classifier, features)
    np.testing.assert_allclose(logits[:, :3], model.decision_function(scaled), atol=2e-3)
    # A kind without an image has no evidence; cells of a finding lean towards background.
    np.testing.assert_allclose(logits[:, 3], -2, atol=1e-6)
    kernel, bias = classifier.head.get_layer("cam").get_weights()
    np.testing.assert_array_equal(kernel[..., 4:], random[..., 4:])
    np.testing.assert_array_equal(bias[4:], [-2, -2])


def test_two_values_share_the_evidence(many: Callable[..., Material]) -> None:
    material = many(logistic_c=0.1)
    classifier = material.classifier()
    rows = np.arange(45)  # kinds a and b
    start_head(material, classifier, rows)
    features = np.asarray(material.activations.embedding, np.float32)
    model = _regression(0.1).fit(features[rows], material.manifest.labels("kind")[rows])
    logits = _logits(classifier, features)
    np.testing.assert_allclose(
        softmax(logits[:, :2], axis=1), model.predict_proba(features), atol=1e-3
    )
    np.testing.assert_allclose(logits[:, 0], -logits[:, 1], atol=1e-4)
    np.testing.assert_allclose(logits[:, 2:4], -2, atol=1e-6)


def test_views_of_an_image_count_as_shares_of_it(many: Callable[..., Material]) -> None:
    rows = np.arange(N)
    started = []
    for n_views in (1, 3):
        material = many(n_views, logistic_c=0.1)
        classifier = material.classifier()
        start_head(material, classifier, rows)
        started.append(_logits(classifier, np.asarray(material.activations.embedding, np.float32)))
    np.testing.assert_allclose(started[1], started[0], atol=2e-2)
    assert np.ptp(started[0][:, 0]) > 1


def test_a_head_that_reads_several_layers_starts_as_the_regression_on_them(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    layers = ("block_1_pool", "block_2_pool")
    material = make_material(
        read_layers=layers, head_start="logistic", logistic_c=0.1, head_epochs=0, epochs=0
    )
    classifier = material.classifier()
    rows = np.arange(16)
    assert train_stages(material, classifier, rows, rows[:0], tmp_path) == {}
    outputs = classifier.full().predict_on_batch(material.pixels)
    features = np.asarray(outputs["embedding"])
    assert features.shape[1] > 16 + 32  # more than the means of the two layers' channels
    mean, scale = features.mean(axis=0), features.std(axis=0)
    x = (features - mean) / np.maximum(scale, scale.mean() / 10)
    model = LogisticRegression(C=0.1, max_iter=300).fit(x, material.manifest.labels("finding"))
    # The cache keeps features in 16 bits.
    np.testing.assert_allclose(
        softmax(np.asarray(outputs["logits"]), axis=1), model.predict_proba(x), atol=2e-2
    )
    assert model.predict_proba(x).max() > 0.8


def test_an_offset_reaches_the_logits_through_every_pooling(
    many: Callable[..., Material],
) -> None:
    classifier = many(height=32, width=48).classifier()
    maps = np.random.default_rng(2).normal(size=(5, 2, 3, 96)).astype(np.float32)
    before = np.asarray(classifier.head(maps)["logits"])
    offset = np.array([0.5, -1, 2, 0, -0.25, 3])
    add_to_logits(classifier, offset)
    after = np.asarray(classifier.head(maps)["logits"])
    np.testing.assert_allclose(after - before, np.tile(offset, (5, 1)), atol=1e-5)


def test_losses_are_adjusted_by_what_an_epoch_holds(many: Callable[..., Material]) -> None:
    rows = np.arange(N)
    shares = np.array([30, 15, 9, 0.5]) / 54.5
    for sampling, expected in (("none", shares), ("over", np.array([30, 30, 30, 0.5]) / 90.5)):
        material = many(logit_adjustment=2.0, sampling=sampling)
        loss = stages._losses(material, rows, with_cells=False)["logits"]
        np.testing.assert_allclose(loss.adjustment[:4], 2 * np.log(expected))
        np.testing.assert_allclose(loss.adjustment[4:], 2 * np.log([0.5, 0.5]))
    plain = stages._losses(many(), rows, with_cells=True)
    assert set(plain) == {"logits", "cam"}
    np.testing.assert_array_equal(plain["logits"].adjustment, np.zeros(6))


def test_targets_are_weighted_by_the_training_side(many: Callable[..., Material]) -> None:
    rows = np.r_[0:6, 30:32]  # 6 of a, 2 of b
    targets = stages._targets(many(class_weight=True), rows)
    # N / (K n) with N = 8 images and K = 4 values
    np.testing.assert_allclose(targets[0], [8 / 24, 0, 0, 0, 0, 0], rtol=1e-6)
    np.testing.assert_allclose(targets[30], [0, 1, 0, 0, 0, 0], rtol=1e-6)
    assert not targets[59].any()
    plain = stages._targets(many(), rows)
    np.testing.assert_array_equal(plain[0], [1, 0, 0, 0, 0, 0])


def test_stage_two_trains_what_lies_above_the_cut(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material(head_epochs=0, epochs=3, augmentation=("flip_h",))
    classifier = material.classifier()
    before = {layer.name: layer.get_weights() for layer in classifier.backbone.layers}
    rows = np.arange(0, 16, 2)
    ends = train_stages(material, classifier, rows, rows[:0], tmp_path, stop_at=1)
    assert list(ends) == ["last layers"]
    assert (ends["last layers"].epoch, ends["last layers"].best_epoch) == (1, 1)
    changed = {
        layer.name
        for layer in classifier.backbone.layers
        for old, new in zip(before[layer.name], layer.get_weights(), strict=True)
        if not np.array_equal(old, new)
    }
    assert changed == {f"block_{block}_{kind}" for block in (2, 3, 4) for kind in ("conv", "bn")}
    assert (tmp_path / "stage-2.npz").is_file()
    assert not (tmp_path / "stage-1.npz").exists()
