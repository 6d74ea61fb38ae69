"""MobileNet-EdgeTPU 1.0: plain 3x3 expansions early, depthwise late, ReLU, no squeeze-excite.

Built with the layer names of the TF-slim original, so that its published weights load by name.

References:
    Howard and Gupta, "Introducing the next generation of on-device vision models:
    MobileNetV3 and MobileNetEdgeTPU", Google AI blog, 2019.
"""

from typing import NamedTuple

import keras
from keras import layers


class _Block(NamedTuple):
    """An inverted bottleneck: ``fused`` merges expansion and spatial filter into one 3x3."""

    fused: bool
    expanded: int
    kernel: int
    stride: int
    out: int
    residual: bool = False


def _group(first: _Block, repeats: int, expanded: int) -> list[_Block]:
    # The first block of a group has no residual, even where its shape would allow one.
    return [first] + [first._replace(expanded=expanded, stride=1, residual=True)] * repeats


_BLOCKS = [
    *_group(_Block(True, 128, 3, 2, 32), 3, 128),
    *_group(_Block(True, 256, 3, 2, 48), 3, 192),
    *_group(_Block(False, 384, 3, 2, 96), 3, 384),
    *_group(_Block(False, 768, 3, 1, 96), 3, 384),
    *_group(_Block(False, 768, 5, 2, 160), 3, 640),
    _Block(False, 1280, 3, 1, 192),
]


def _normalised(x: keras.KerasTensor, name: str, *, activate: bool = True) -> keras.KerasTensor:
    x = layers.BatchNormalization(epsilon=1e-3, momentum=0.99, name=f"{name}_bn")(x)
    return layers.Activation("relu", name=f"{name}_relu")(x) if activate else x


def _convolution(
    x: keras.KerasTensor, filters: int, kernel: int, stride: int, name: str
) -> keras.KerasTensor:
    return layers.Conv2D(
        filters, kernel, strides=stride, padding="same", use_bias=False, name=name
    )(x)


def _bottleneck(x: keras.KerasTensor, block: _Block, name: str) -> keras.KerasTensor:
    kernel, stride = (block.kernel, block.stride) if block.fused else (1, 1)
    y = _convolution(x, block.expanded, kernel, stride, f"{name}_expand")
    y = _normalised(y, f"{name}_expand")
    if not block.fused:
        y = layers.DepthwiseConv2D(
            block.kernel,
            strides=block.stride,
            padding="same",
            use_bias=False,
            name=f"{name}_depthwise",
        )(y)
        y = _normalised(y, f"{name}_depthwise")
    y = _normalised(
        _convolution(y, block.out, 1, 1, f"{name}_project"), f"{name}_project", activate=False
    )
    if block.residual:
        return layers.Add(name=f"{name}_add")([x, y])
    return y


def build_mobilenet_edgetpu(input_shape: tuple[int, int, int]) -> keras.Model:
    """Build the network without its top.

    Args:
        input_shape: Height, width and 3 channels; the input is RGB scaled to -1..1.

    Returns:
        A model whose output is the last feature map, (N, H/32, W/32, 1280).
    """
    inputs = layers.Input(input_shape)
    x = _normalised(_convolution(inputs, 32, 3, 2, "Conv"), "Conv")
    # The first bottleneck has no expansion, only its projection.
    x = _convolution(x, 16, 1, 1, "expanded_conv_project")
    x = _normalised(x, "expanded_conv_project", activate=False)
    for index, block in enumerate(_BLOCKS, start=1):
        x = _bottleneck(x, block, f"expanded_conv_{index}")
    x = _normalised(_convolution(x, 1280, 1, 1, "Conv_1"), "Conv_1")
    return keras.Model(inputs, x, name="mobilenet_edgetpu")
