"""The exported graph: one image at a time, outputs by name, half the bytes."""

from dataclasses import replace
from itertools import pairwise

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from cancerapy.export.litert import Compression, to_litert
from cancerapy.models.classifier import Classifier, build_classifier
from cancerapy.models.ensemble import average_models
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
    compressed, n_weights = to_litert(served, compression=Compression()), served.count_params()
    assert n_weights < len(compressed) < 2 * n_weights < len(graph)
    picture = np.random.default_rng(3).integers(0, 256, (1, 32, 48, 3)).astype(np.uint8)
    before, after = Graph(graph)(picture), Graph(compressed)(picture)
    assert before.keys() == after.keys()
    spread = before["cam"].std()
    difference = np.abs(before["cam"] - after["cam"]).max()
    assert 0 < difference < 0.05 * spread  # rounded, not left as it was


@pytest.fixture
def own(classifier: Classifier) -> Classifier:
    """A network that nobody else looks at."""
    return build_classifier("SmallCNN", classifier.network, (32, 48), seed=9)


def test_a_head_is_not_rounded_with_the_rest(own: Classifier) -> None:
    layer = own.head.get_layer("cam")
    kernel, bias = layer.get_weights()
    # One feature of a large weight and no value beside many of small weights: with one scale for
    # all, the small ones would be rounded to nothing.
    kernel[0, 0, 1:] = 1e-3
    kernel[0, 0, 0] = 1e3
    layer.set_weights([kernel, bias])
    trunk = own.backbone
    silent = trunk.layers[-1].output * np.r_[0, np.ones(trunk.output_shape[-1] - 1)].astype("f4")
    model = replace(own, backbone=keras.Model(trunk.input, silent)).full()
    picture = np.random.default_rng(4).integers(0, 256, (1, 32, 48, 3)).astype(np.uint8)
    expected = np.asarray(model(picture)["cam"]) - bias
    found = Graph(to_litert(model, compression=Compression()))(picture)["cam"] - bias
    assert np.abs(expected).max() > 0
    np.testing.assert_allclose(found, expected, rtol=0.05, atol=0.05 * np.abs(expected).max())


def test_a_head_that_is_applied_to_each_layer_is_not_rounded(classifier: Classifier) -> None:
    names = [x.name for x in classifier.backbone.layers if isinstance(x, keras.layers.MaxPooling2D)]
    reader = build_classifier("SmallCNN", classifier.network, (64, 96), read_layers=names[1:3])
    content = to_litert(reader.served(), compression=Compression())
    tensors = Interpreter(model_content=content).get_tensor_details()
    n_logits = classifier.network.n_logits
    stored = [
        (tensor["dtype"], int(tensor["shape"][0]))
        for tensor in tensors
        if tensor["dtype"] in (np.int8, np.float16)
    ]
    assert sum(kind == (np.float16, n_logits) for kind in stored) == 4  # mean and spread of both
    assert not any(kind == (np.int8, n_logits) for kind in stored)
    assert any(kind == np.int8 for kind, _ in stored)


def test_what_is_kept_has_two_bytes(classifier: Classifier, own: Classifier) -> None:
    served = average_models([classifier.full(), own.full()], classifier.network)
    sizes = [
        len(to_litert(served, compression=Compression(float16=keep)))
        for keep in ((), ("member_1",), ("member_1", "member_2"))
    ]
    n_kernels = sum(w.size for w in classifier.backbone.get_weights() if w.ndim == 4)
    for smaller, larger in pairwise(sizes):
        assert larger - smaller == pytest.approx(n_kernels, rel=0.1)


def test_a_network_that_computes_in_int8_answers_alike(
    classifier: Classifier, own: Classifier
) -> None:
    served = average_models([classifier.full(), own.full()], classifier.network)
    picture = np.random.default_rng(5).integers(0, 256, (1, 32, 48, 3)).astype(np.uint8)
    exact = np.asarray(served(picture)["cam"])
    stored, rounded = (
        Graph(to_litert(served, compression=compression))(picture)["cam"]
        for compression in (Compression(), Compression(integer=("member_2",)))
    )
    assert np.abs(stored - rounded).max() > 0
    assert np.abs(rounded - exact).max() < 0.05 * exact.std()


def test_the_map_of_a_mirrored_picture_is_mirrored(graph: bytes) -> None:
    loaded = Graph(graph)
    picture = np.random.default_rng(1).integers(0, 256, (1, 32, 48, 3)).astype(np.uint8)
    cam = loaded(picture)["cam"].copy()
    mirrored = loaded(np.ascontiguousarray(picture[:, :, ::-1]))["cam"]
    np.testing.assert_allclose(mirrored, cam[:, :, ::-1], atol=1e-4)
    assert np.abs(mirrored - cam).max() > 0.01
