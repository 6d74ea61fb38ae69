"""Read several layers of a backbone at once, each with its mean and its spread.

The last map of a network speaks of whole objects. What tells apart the tissue of two mammograms is
texture, which earlier layers describe better: in which directions there are edges, how fine they
are, and how much that varies over the picture.
"""

from collections.abc import Sequence

import keras
from keras import layers, ops

from cancerapy.errors import PlanError

NAME = "hypercolumn"
"""Name of the layer that joins what was read; the backbone can be cut there."""

QUARTERS = 2
"""Parts of each side by which the spread is taken if nothing else is said."""

_LEAST_VARIANCE = 1e-6


def read_hypercolumn(
    backbone: keras.Model, names: Sequence[str], parts: int = QUARTERS
) -> keras.Model:
    """Return a backbone that ends with several of its layers side by side.

    Every map is averaged down to the size of the smallest, and beside it stands its standard
    deviation within each part of the picture (each quarter, if both sides are halved), the same
    for all cells of the part. A head that pools by the mean sees the mean of every layer and its
    mean spread, and its heat map stays exact.

    Args:
        backbone: From scaled pixels to a feature map; layers above the highest one read are left
            out.
        names: Layers to read.
        parts: Into how many parts each side of the picture is divided for the spread. Small parts
            tell structure from slow changes across the picture, but hold few cells.

    Returns:
        A model from the same input to (N, h, w, 2 * sum of the layers' channels).

    Raises:
        PlanError: There is no such layer, the sizes of the maps are no multiples of each other, or
            the smallest cannot be divided into the parts.

    References:
        Hariharan et al., "Hypercolumns for object segmentation and fine-grained localization",
        CVPR 2015, arXiv:1411.5752
    """
    known = [layer.name for layer in backbone.layers if len(layer.output.shape) == 4]
    for name in names:
        if name not in known:
            raise PlanError(
                f"read_layers must be layers of {backbone.name} that put out a map; there is no "
                f"'{name}'. The last ones are: {', '.join(known[-12:])}.",
                field="read_layers",
            )
    maps = [backbone.get_layer(name).output for name in names]
    height, width = (min(m.shape[axis] for m in maps) for axis in (1, 2))
    if height % parts or width % parts:
        raise PlanError(
            f"Each side of the smallest map read must be divided into {parts} equal parts; it has "
            f"{height} x {width} cells. Choose a height and a width that are multiples of "
            f"{32 * parts}, layers with larger maps, or another spread_parts.",
            field="read_layers",
        )
    read = []
    for name, features in zip(names, maps, strict=True):
        rows, columns = features.shape[1] // height, features.shape[2] // width
        if (rows * height, columns * width) != tuple(features.shape[1:3]):
            raise PlanError(
                f"The map of every read layer must be a multiple of {height} x {width}, the "
                f"smallest; that of '{name}' is {features.shape[1]} x {features.shape[2]}. "
                "Choose a height and a width that are multiples of 64.",
                field="read_layers",
            )
        mean = (
            layers.AveragePooling2D((rows, columns))(features) if rows * columns > 1 else features
        )
        read += [
            mean,
            layers.UpSampling2D((height // parts, width // parts))(_spread(features, parts)),
        ]
    joined = layers.Concatenate(name=NAME)(read)
    # The name tells caches of activations apart, where the weights are the same.
    kind = "spread" if parts == QUARTERS else f"spread{parts}"
    return keras.Model(backbone.input, joined, name="_".join([backbone.name, kind, *names]))


def _spread(features: keras.KerasTensor, parts: int) -> keras.KerasTensor:
    """Return the standard deviation within each part, (N, parts, parts, C)."""
    size = (features.shape[1] // parts, features.shape[2] // parts)
    mean = layers.AveragePooling2D(size)(features)
    mean_square = layers.AveragePooling2D(size)(ops.square(features))
    return ops.sqrt(ops.maximum(mean_square - ops.square(mean), _LEAST_VARIANCE))
