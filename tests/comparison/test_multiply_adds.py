"""Multiply-adds by hand on one layer at a time, and as published of whole networks."""

import keras
import pytest
from keras import layers

from cancerapy.comparison.multiply_adds import count_multiply_adds
from cancerapy.errors import UsageError
from cancerapy.models.small_cnn import build_small_cnn


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        # (8, 12, 6) in; a kernel's weights times the places where it is laid
        (layers.Conv2D(10, 3, padding="same"), 8 * 12 * (3 * 3 * 6 * 10)),
        (layers.Conv2D(10, 3, strides=2, padding="same"), 4 * 6 * (3 * 3 * 6 * 10)),
        (layers.Conv2D(10, 3, padding="valid"), 6 * 10 * (3 * 3 * 6 * 10)),
        (layers.Conv2D(10, 3, padding="same", groups=2), 8 * 12 * (3 * 3 * 3 * 10)),
        (layers.Conv2D(10, 1, use_bias=False), 8 * 12 * (6 * 10)),
        (layers.DepthwiseConv2D(5, padding="same"), 8 * 12 * (5 * 5 * 6)),
        (layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same"), 8 * 12 * (3 * 3 * 6 * 2)),
        (layers.SeparableConv2D(10, 3, padding="same"), 8 * 12 * (3 * 3 * 6 + 6 * 10)),
        (layers.Conv2DTranspose(10, 3, strides=2, padding="same"), 8 * 12 * (3 * 3 * 6 * 10)),
        (layers.Dense(10), 8 * 12 * (6 * 10)),
        (layers.BatchNormalization(), 0),
        (layers.MaxPooling2D(2), 0),
        (layers.Activation("relu"), 0),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, layers.Layer) else "",
)
def test_one_layer_by_hand(layer: layers.Layer, expected: int) -> None:
    inputs = layers.Input((8, 12, 6))
    assert count_multiply_adds(keras.Model(inputs, layer(inputs))) == expected


def test_a_dense_layer_behind_pooling_is_laid_once() -> None:
    inputs = layers.Input((8, 12, 6))
    pooled = layers.GlobalAveragePooling2D()(inputs)
    assert count_multiply_adds(keras.Model(inputs, layers.Dense(10)(pooled))) == 6 * 10


def test_networks_inside_a_network_are_counted() -> None:
    small = build_small_cnn((32, 32, 3))
    # maps of 32, 16, 8 and 4 cells a side
    by_hand = 9 * (32**2 * 3 * 16 + 16**2 * 16 * 32 + 8**2 * 32 * 64 + 4**2 * 64 * 96)
    assert count_multiply_adds(small) == by_hand
    inputs = layers.Input((32, 32, 3))
    whole = keras.Model(inputs, layers.Conv2D(2, 1)(small(inputs)))
    assert count_multiply_adds(whole) == by_hand + 2 * 2 * 96 * 2


@pytest.mark.parametrize(
    ("name", "published"),
    [
        # Sandler et al. 2018 (arXiv:1801.04381), table 4; Howard et al. 2017 (arXiv:1704.04861),
        # table 4: 569 M
        ("MobileNetV2", 300e6),
        ("MobileNet", 569e6),
    ],
)
def test_published_networks_at_224_px(name: str, published: float) -> None:
    model = getattr(keras.applications, name)(weights=None, input_shape=(224, 224, 3))
    assert count_multiply_adds(model) == pytest.approx(published, rel=0.05)


def test_a_matrix_of_another_kind_is_not_left_out_in_silence() -> None:
    inputs = layers.Input((8, 6))
    model = keras.Model(inputs, layers.LSTM(4, name="memory")(inputs))
    message = r"^Multiply-adds are counted of convolutions and dense layers; .*'memory' is a LSTM"
    with pytest.raises(UsageError, match=message):
        count_multiply_adds(model)
