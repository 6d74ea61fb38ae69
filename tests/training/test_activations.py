"""Cached activations: equal to Keras, complete views kept, an interrupted one computed again."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Factor, Network
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.training import activations
from cancerapy.training.activations import Activations, ViewSpec, cache_activations

CUT = "block_1_pool"
PIXELS = np.random.default_rng(2).integers(0, 256, (5, 16, 24, 3)).astype(np.uint8)
SPEC = ViewSpec(3, "horizontal", ("flip_v", "photometric"), 1.0, 7)


@pytest.fixture
def classifier() -> Classifier:
    """A small network with random weights."""
    return build_classifier("SmallCNN", Network((Factor("f", ("a", "b")),)), (16, 24))


def _cache(classifier: Classifier, folder: Path, done: list[str]) -> Activations:
    return cache_activations(
        classifier, CUT, PIXELS, SPEC, folder, key="k",
        progress=lambda what, n, total: done.append(f"{what}: {n}/{total}"),
    )  # fmt: skip


def test_a_plain_flip_is_the_picture_reversed_with_its_matrix() -> None:
    picture, matrix = SPEC.view(PIXELS[0], 1, 0)
    np.testing.assert_array_equal(picture, PIXELS[0][:, ::-1])
    np.testing.assert_array_equal(matrix, [[-1, 0, 23], [0, 1, 0]])
    same, unmoved = SPEC.view(PIXELS[0], 0, 0)
    np.testing.assert_array_equal(same, PIXELS[0])
    np.testing.assert_array_equal(unmoved, [[1, 0, 0], [0, 1, 0]])


def test_the_cache_holds_what_keras_computes(classifier: Classifier, tmp_path: Path) -> None:
    cached = _cache(classifier, tmp_path, [])
    lower = classifier.lower(CUT)
    for view in range(3):
        pictures = np.stack([SPEC.view(p, view, row)[0] for row, p in enumerate(PIXELS)])
        expected = lower.predict_on_batch(pictures)
        assert cached.views[view].dtype == np.float16
        np.testing.assert_allclose(cached.views[view], expected["activation"], atol=2e-3)
        if view == 0:
            np.testing.assert_allclose(cached.embedding, expected["embedding"], atol=2e-3)
    assert cached.matrices.shape == (3, 5, 2, 3)


def test_an_interrupted_view_is_computed_again_and_the_others_are_not(
    classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _cache(classifier, tmp_path / "whole", [])

    def view(spec: ViewSpec, picture: np.ndarray, number: int, row: int) -> object:
        if (number, row) == (1, 3):
            raise KeyboardInterrupt
        return real(spec, picture, number, row)

    real = ViewSpec.view
    with monkeypatch.context() as patch:
        patch.setattr(activations.ViewSpec, "view", view)
        with pytest.raises(KeyboardInterrupt):
            _cache(classifier, tmp_path / "parts", [])
    assert len(list((tmp_path / "parts").rglob("*-activation.npy"))) == 1
    assert not list((tmp_path / "parts").rglob("*.part"))
    done: list[str] = []
    parts = _cache(classifier, tmp_path / "parts", done)
    assert done[0] == "view 2 of 3: 1/5"
    assert done[-1] == "view 3 of 3: 5/5"
    for ours, theirs in zip(parts.views, whole.views, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(parts.matrices, whole.matrices)
    done.clear()
    _cache(classifier, tmp_path / "parts", done)
    assert done == []


def test_only_random_views_are_made_anew_when_the_changes_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def names() -> list[str]:
        return [activations._view_files(Path(), SPEC, v)["matrix"].name for v in range(3)]

    # SHA-256 of [["flip_v", "photometric"], 1.0, 7], as the caches of version 1 are named.
    digest = hashlib.sha256(b'[["flip_v", "photometric"], 1.0, 7]').hexdigest()[:16]
    first = ["plain--matrix.npy", "plain-2-matrix.npy", f"{digest}-2-matrix.npy"]
    assert names() == first
    monkeypatch.setattr(activations, "AUGMENTATION_VERSION", 2)
    assert names()[:2] == first[:2]
    assert names()[2] != first[2]


def test_other_weights_have_a_cache_of_their_own(classifier: Classifier, tmp_path: Path) -> None:
    _cache(classifier, tmp_path, [])
    weights = classifier.backbone.get_weights()
    classifier.backbone.set_weights([2 * weights[0], *weights[1:]])
    _cache(classifier, tmp_path, [])
    assert len(list((tmp_path / "activations").iterdir())) == 2


def test_what_computing_them_took_is_noted_once(classifier: Classifier, tmp_path: Path) -> None:
    first = _cache(classifier, tmp_path, []).spent
    assert first is not None
    assert 0 < first.wall_s < 60
    assert first.processor_s > 0
    assert _cache(classifier, tmp_path, []).spent == first
    notes = sorted(tmp_path.rglob("*.spent.json"))
    assert len(notes) == 3
    notes[0].unlink()  # as in a cache of an earlier version
    assert _cache(classifier, tmp_path, []).spent is None
