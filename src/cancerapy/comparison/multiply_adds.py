"""How much a network computes for one image, counted from its graph.

A convolution or a dense layer multiplies each of its kernel's weights once for every place where
the kernel is laid, so its multiply-adds are the size of the kernel times the number of places.
That is what publications count: pooling, activations, additions and normalisation, which is folded
into the convolutions when a graph is exported, are left out. A multiply-add is two FLOPs.

References:
    Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018,
    arXiv:1801.04381, table 4: 300 M multiply-adds at 224 x 224.
"""

import math

import keras
from keras import layers

from cancerapy.errors import UsageError

_LAID_ON_OUTPUT = (
    layers.Conv1D,
    layers.Conv2D,
    layers.Conv3D,
    layers.DepthwiseConv1D,
    layers.DepthwiseConv2D,
    layers.SeparableConv1D,
    layers.SeparableConv2D,
    layers.Dense,
)
_LAID_ON_INPUT = (layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose)


def count_multiply_adds(model: keras.Model) -> int:
    """Count the multiply-adds of one image.

    Args:
        model: A functional model of known input size; models inside it are counted too.

    Returns:
        Their number; twice as many are the FLOPs.

    Raises:
        UsageError: A layer multiplies by a matrix in a way that is not known here, so that the
            network would look cheaper than it is.
    """
    return sum(_count_layer(layer) for layer in model.layers)


def _count_layer(layer: layers.Layer) -> int:
    if isinstance(layer, keras.Model):
        return count_multiply_adds(layer)
    kernels = [weight for weight in layer.weights if len(weight.shape) > 1]
    if not kernels:
        return 0
    if isinstance(layer, _LAID_ON_INPUT):
        places = _count_places(layer, layer.input.shape)
    elif isinstance(layer, _LAID_ON_OUTPUT):
        places = _count_places(layer, layer.output.shape)
    else:
        raise UsageError(
            "Multiply-adds are counted of convolutions and dense layers; the layer "
            f"'{layer.name}' is a {type(layer).__name__}. Leave this network out, or add the layer "
            "to comparison/multiply_adds.py.",
            field="backbones",
        )
    return places * int(sum(math.prod(kernel.shape) for kernel in kernels))


def _count_places(layer: layers.Layer, shape: tuple[int | None, ...]) -> int:
    """Return the number of cells of a map (N, ..., C) in either layout of its channels."""
    if getattr(layer, "data_format", None) == "channels_first":
        shape = (shape[0], *shape[2:], shape[1])
    sides = [side for side in shape[1:-1] if side is not None]
    return math.prod(sides)
