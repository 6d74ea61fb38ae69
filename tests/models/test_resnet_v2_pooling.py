"""ResNet-v2 with the first pooling of TF-slim."""

import keras
import numpy as np
import pytest

from cancerapy.models.resnet_v2_pooling import with_slim_pooling


@pytest.fixture(scope="module")
def pair() -> tuple[keras.Model, keras.Model]:
    """ResNet50V2 as Keras builds it and its copy, with the same weights."""
    keras.utils.set_random_seed(0)
    plain = keras.applications.ResNet50V2(weights=None, include_top=False, input_shape=(48, 38, 3))
    copy = with_slim_pooling(plain)
    copy.set_weights(plain.get_weights())
    return plain, copy


def test_names_and_shapes_stay(pair: tuple[keras.Model, keras.Model]) -> None:
    plain, copy = pair
    names = [[layer.name for layer in model.layers[1:]] for model in pair]
    assert names[0] == names[1]
    assert copy.output_shape == plain.output_shape
    assert not set(map(id, copy.layers)) & set(map(id, plain.layers))


def test_windows_start_at_the_edge_and_padding_never_wins(
    pair: tuple[keras.Model, keras.Model],
) -> None:
    _, copy = pair
    model = keras.Model(
        copy.input, [copy.get_layer("conv1_conv").output, copy.get_layer("pool1_pool").output]
    )
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 48, 38, 3)).astype(np.float32)
    before, after = (np.asarray(value)[0] for value in model(picture))
    assert before.shape == (24, 19, 64)
    assert after.shape == (12, 10, 64)
    # 24 rows: windows start at 0, 2 ... 22, one row over the lower edge. 19 columns: one column
    # over both edges, so that windows start at -1, 1 ... 17.
    for row in range(12):
        for column in range(10):
            left = max(0, 2 * column - 1)
            window = before[2 * row : 2 * row + 3, left : 2 * column + 2]
            np.testing.assert_array_equal(after[row, column], window.max(axis=(0, 1)))


def test_it_is_not_what_keras_does(pair: tuple[keras.Model, keras.Model]) -> None:
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 48, 38, 3)).astype(np.float32)
    outputs = [
        np.asarray(keras.Model(m.input, m.get_layer("pool1_pool").output)(picture)) for m in pair
    ]
    assert np.abs(outputs[0] - outputs[1]).max() > 0.01
