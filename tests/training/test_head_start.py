"""The head that starts as a linear classifier of the frozen features, against scikit-learn's."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.special import log_softmax, softmax
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cancerapy.models.classifier import Classifier
from cancerapy.training.head_start import SHRINKAGES, add_to_logits, start_head
from cancerapy.training.material import Material
from cancerapy.training.stages import train_stages

MakeMaterial = Callable[..., Material]

N = 60  # images of ``many``


def _regression(c: float, class_weight: str | None = None) -> LogisticRegression:
    """Return scikit-learn's own way to what ``start_head`` does."""
    model = LogisticRegression(C=c, max_iter=300, class_weight=class_weight)
    return make_pipeline(StandardScaler(), model)


def _logits(classifier: Classifier, features: np.ndarray) -> np.ndarray:
    """Return the head's logits of pooled features (N, D)."""
    return np.asarray(classifier.head(features[:, None, None, :])["logits"])


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


def _log_odds(
    x: np.ndarray,
    labels: np.ndarray,
    others: np.ndarray,
    *,
    balanced: bool,
    shrinkage: float = 0.4,
) -> np.ndarray:
    """Return what another solver's discriminant of ``x`` says of ``others``.

    Balanced, it forgets how frequent the values were, not how much each said of the covariance.
    """
    model = LinearDiscriminantAnalysis("eigen", shrinkage=shrinkage).fit(x, labels)
    return model.predict_log_proba(others) - balanced * np.log(model.priors_)


def _left_out_temperature(
    x: np.ndarray, labels: np.ndarray, groups: np.ndarray, *, balanced: bool
) -> float:
    """Return the best of a fine grid of temperatures for images that were left out of the fit."""
    return _best_left_out(x, labels, groups, balanced=balanced, shrinkage=0.4)[1]


def _best_left_out(
    x: np.ndarray, labels: np.ndarray, groups: np.ndarray, *, balanced: bool, shrinkage: float
) -> tuple[float, float]:
    """Return the least loss of left-out images over a fine grid of temperatures, and where."""
    left_out = np.zeros((len(x), 3))
    for rows, others in GroupKFold(3).split(x, groups=groups):
        left_out[others] = _log_odds(
            x[rows], labels[rows], x[others], balanced=balanced, shrinkage=shrinkage
        )
    weight = 1 / np.bincount(labels)[labels] if balanced else np.ones(len(x))
    grid = np.exp(np.linspace(np.log(0.1), np.log(10), 2000))
    losses = [
        -np.sum(weight * log_softmax(left_out / t, axis=1)[np.arange(len(x)), labels]) for t in grid
    ]
    return min(losses), float(grid[np.argmin(losses)])


@pytest.mark.parametrize(("adjustment", "balanced"), [(0.0, False), (1.0, True)])
def test_the_head_can_start_as_a_discriminant_no_surer_than_it_should_be(
    many: Callable[..., Material], adjustment: float, balanced: bool
) -> None:
    logits = []
    for n_views in (1, 3):
        material = many(
            n_views, head_start="discriminant", shrinkage=0.4, logit_adjustment=adjustment
        )
        if n_views == 1:  # the features of both are the same array
            labels = material.manifest.labels("kind")
            known = labels >= 0
            material.activations.embedding[known, labels[known]] += 6  # left-out images, too
        classifier = material.classifier()
        start_head(material, classifier, np.arange(N))
        features = np.asarray(material.activations.embedding, np.float32)
        logits.append(_logits(classifier, features))
    scaled = StandardScaler().fit(features).transform(features)
    temperature = _left_out_temperature(
        scaled[known], labels[known], material.manifest.groups[known], balanced=balanced
    )
    assert 1.1 < temperature < 9  # the made-up features are few images for many channels
    log_odds = _log_odds(scaled[known], labels[known], scaled, balanced=balanced)
    expected = log_softmax(log_odds / temperature, axis=1)
    found = log_softmax(logits[0][:, :3], axis=1)
    np.testing.assert_allclose(found, expected, rtol=0.01, atol=5e-3)
    np.testing.assert_allclose(logits[1], logits[0], rtol=0.01, atol=0.02)
    np.testing.assert_allclose(logits[0][:, 3], -2, atol=1e-6)


def test_left_out_images_choose_the_shrinkage(many: Callable[..., Material]) -> None:
    material = many(head_start="discriminant", choose_shrinkage=True)
    labels = material.manifest.labels("kind")
    known = labels >= 0
    material.activations.embedding[known, labels[known]] += 3
    features = np.asarray(material.activations.embedding, np.float32)
    scaled = StandardScaler().fit_transform(features)
    losses = {
        shrinkage: _best_left_out(
            scaled[known],
            labels[known],
            material.manifest.groups[known],
            balanced=False,
            shrinkage=shrinkage,
        )[0]
        for shrinkage in SHRINKAGES
    }
    best = min(losses, key=losses.__getitem__)
    assert sorted(losses.values())[1] > 1.001 * losses[best]  # no toss of a coin
    logits = []
    for changes in ({"choose_shrinkage": True}, {"shrinkage": best}):
        one = many(head_start="discriminant", **changes)
        one.__dict__["activations"] = material.activations
        classifier = one.classifier()
        start_head(one, classifier, np.arange(N))
        logits.append(_logits(classifier, features))
    np.testing.assert_allclose(logits[0], logits[1], atol=1e-5)


def test_a_discriminant_of_one_group_keeps_its_temperature(
    many: Callable[..., Material],
) -> None:
    material = many(head_start="discriminant", shrinkage=0.4)
    material.manifest.groups[:] = "one"
    classifier = material.classifier()
    start_head(material, classifier, np.arange(N))
    features = np.asarray(material.activations.embedding, np.float32)
    labels = material.manifest.labels("kind")
    scaled = StandardScaler().fit_transform(features)
    known = labels >= 0
    expected = _log_odds(scaled[known], labels[known], scaled, balanced=False)
    found = log_softmax(_logits(classifier, features)[:, :3], axis=1)
    np.testing.assert_allclose(found, expected, rtol=0.01, atol=1e-3)
