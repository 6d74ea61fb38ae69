"""The exported graph: one image at a time, outputs by name, half the bytes."""

import numpy as np

from cancerapy.export.litert import to_litert
from cancerapy.models.classifier import Classifier
from cancerapy.runtime.interpreter import Graph


def test_the_batch_is_fixed_at_one_image(graph: bytes) -> None:
    loaded = Graph(graph)
    assert loaded.input_shape == (1, 32, 48, 3)
    outputs = loaded(np.zeros((1, 32, 48, 3), np.uint8))
    assert {name: value.shape for name, value in outputs.items()} == {
        "logits": (1, 2),
        "embedding": (1, 96),
        "cam": (1, 2, 3, 2),
    }


def test_weights_are_stored_in_half_the_bytes(graph: bytes, classifier: Classifier) -> None:
    n_weights = classifier.full().count_params()
    assert 2 * n_weights < len(graph) < 3 * n_weights


def test_compressed_weights_take_a_quarter_and_answer_alike(
    graph: bytes, classifier: Classifier
) -> None:
    served = classifier.full("horizontal")
    compressed, n_weights = to_litert(served, compress=True), served.count_params()
    assert n_weights < len(compressed) < 2 * n_weights < len(graph)
    picture = np.random.default_rng(3).integers(0, 256, (1, 32, 48, 3)).astype(np.uint8)
    before, after = Graph(graph)(picture), Graph(compressed)(picture)
    assert before.keys() == after.keys()
    spread = before["cam"].std()
    difference = np.abs(before["cam"] - after["cam"]).max()
    assert 0 < difference < 0.05 * spread  # rounded, not left as it was


def test_the_map_of_a_mirrored_picture_is_mirrored(graph: bytes) -> None:
    loaded = Graph(graph)
    picture = np.random.default_rng(1).integers(0, 256, (1, 32, 48, 3)).astype(np.uint8)
    cam = loaded(picture)["cam"].copy()
    mirrored = loaded(np.ascontiguousarray(picture[:, :, ::-1]))["cam"]
    np.testing.assert_allclose(mirrored, cam[:, :, ::-1], atol=1e-4)
    assert np.abs(mirrored - cam).max() > 0.01
