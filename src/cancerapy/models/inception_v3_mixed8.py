"""Inception-v3 of 2015 up to its block mixed8: a middle-deep trunk, 1280 channels, stride 32.

Layers bear the names of the TensorFlow original. The weights file counts layers of one class in
graph order, so the order of the branches in each concatenation matters.

References:
    Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016,
    doi:10.1109/CVPR.2016.308
"""

from typing import NamedTuple

import keras
from keras import layers


class _Conv(NamedTuple):
    """A convolution with normalisation and ReLU; ``reduce`` halves the map without padding."""

    filters: int
    height: int = 1
    width: int = 1
    reduce: bool = False


Branch = tuple[_Conv, ...]


def _convolution(
    x: keras.KerasTensor, conv: _Conv, name: str, *, padding: str = "same"
) -> keras.KerasTensor:
    x = layers.Conv2D(
        conv.filters,
        (conv.height, conv.width),
        strides=2 if conv.reduce else 1,
        padding="valid" if conv.reduce else padding,
        use_bias=False,
        name=name,
    )(x)
    x = layers.BatchNormalization(epsilon=1e-3, name=f"{name}_bn")(x)
    return layers.Activation("relu", name=f"{name}_relu")(x)


def _branch(x: keras.KerasTensor, convolutions: Branch, prefix: str) -> keras.KerasTensor:
    for index, conv in enumerate(convolutions):
        x = _convolution(x, conv, f"{prefix}_{index}" if index else prefix)
    return x


def _stem(x: keras.KerasTensor) -> keras.KerasTensor:
    x = _convolution(x, _Conv(32, 3, 3, reduce=True), "conv")
    x = _convolution(x, _Conv(32, 3, 3), "conv_1", padding="valid")
    x = _convolution(x, _Conv(64, 3, 3), "conv_2")
    x = layers.MaxPooling2D(3, 2, name="pool")(x)
    x = _convolution(x, _Conv(80), "conv_3", padding="valid")
    x = _convolution(x, _Conv(192, 3, 3), "conv_4", padding="valid")
    return layers.MaxPooling2D(3, 2, name="pool_1")(x)


def _mixed(
    x: keras.KerasTensor, index: int, direct: int, towers: tuple[Branch, Branch], pooled: int
) -> keras.KerasTensor:
    """Join a 1x1 convolution, two towers and a pooled branch; the map keeps its size."""
    prefix = f"mixed_{index}" if index else "mixed"
    branches = [
        _convolution(x, _Conv(direct), f"{prefix}_conv"),
        _branch(x, towers[0], f"{prefix}_tower_conv"),
        _branch(x, towers[1], f"{prefix}_tower_1_conv"),
    ]
    average = layers.AveragePooling2D(3, 1, padding="same", name=f"{prefix}_pool")(x)
    branches.append(_convolution(average, _Conv(pooled), f"{prefix}_tower_2_conv"))
    return layers.Concatenate(name=f"mixed{index}")(branches)


def _reduction(x: keras.KerasTensor, index: int, branches: dict[str, Branch]) -> keras.KerasTensor:
    """Join branches that halve the map with its maximum pooling."""
    prefix = f"mixed_{index}"
    parts = [_branch(x, branch, f"{prefix}_{name}") for name, branch in branches.items()]
    parts.append(layers.MaxPooling2D(3, 2, name=f"{prefix}_pool")(x))
    return layers.Concatenate(name=f"mixed{index}")(parts)


def _row(filters: int) -> _Conv:
    return _Conv(filters, 1, 7)


def _column(filters: int) -> _Conv:
    return _Conv(filters, 7, 1)


def build_inception_v3_mixed8(input_shape: tuple[int, int, int]) -> keras.Model:
    """Build the network up to mixed8.

    Args:
        input_shape: Height, width (at least 75) and 3 channels; the input is RGB scaled to -1..1.

    Returns:
        A model whose output is the map of mixed8, about (N, H/32 - 2, W/32 - 2, 1280).
    """
    inputs = layers.Input(input_shape)
    x = _stem(inputs)
    for index, pooled in enumerate((32, 64, 64)):
        five = (_Conv(48), _Conv(64, 5, 5))
        double_three = (_Conv(64), _Conv(96, 3, 3), _Conv(96, 3, 3))
        x = _mixed(x, index, 64, (five, double_three), pooled)
    three = _Conv(96, 3, 3)
    reducing = {
        "conv": (_Conv(384, 3, 3, reduce=True),),
        "tower_conv": (_Conv(64), three, three._replace(reduce=True)),
    }
    x = _reduction(x, 3, reducing)
    for index, inner in enumerate((128, 160, 160, 192), start=4):
        single = (_Conv(inner), _row(inner), _column(192))
        double = (_Conv(inner), _column(inner), _row(inner), _column(inner), _row(192))
        x = _mixed(x, index, 192, (single, double), 192)
    reducing = {
        "tower_conv": (_Conv(192), _Conv(320, 3, 3, reduce=True)),
        "tower_1_conv": (_Conv(192), _row(192), _column(192), _Conv(192, 3, 3, reduce=True)),
    }
    return keras.Model(inputs, _reduction(x, 8, reducing), name="inception_v3_mixed8")
