"""From uint8 pixels to what a backbone was trained on; part of the exported graph."""

import keras
import numpy as np
from keras import layers

from cancerapy.errors import UnknownNameError

_TORCH_MEAN = np.array([0.485, 0.456, 0.406])
_TORCH_STD = np.array([0.229, 0.224, 0.225])
# Mean of ImageNet in the order blue, green, red of the original Caffe models.
_CAFFE_MEAN = np.array([103.939, 116.779, 123.68])

# Keras' EfficientNet standardises within its graph, but divides by the root of the deviation
# where its ImageNet weights need the deviation. Keras inserts a layer when it downloads them; this
# is the same correction before the graph, so that the graph does not depend on the weights.
_ROOT_STD = np.sqrt(_TORCH_STD)

SCALINGS = ("none", "zero_to_one", "minus_one_to_one", "torch", "caffe", "efficientnet")
"""The known scalings: 0..255 as it is, 0..1, -1..1, standardised RGB, centred BGR, corrected for
EfficientNet."""


def scale_pixels(x: keras.KerasTensor, scaling: str) -> keras.KerasTensor:
    """Scale a batch of pictures.

    Args:
        x: Keras tensor (N, H, W, 3), RGB 0..255, any numeric type.
        scaling: One of ``SCALINGS``.

    Returns:
        Keras tensor of the same shape, floating point.

    Raises:
        UnknownNameError: The scaling is not known.
    """
    if scaling not in SCALINGS:
        raise UnknownNameError.of("scaling", scaling, SCALINGS)
    x = keras.ops.cast(x, keras.config.floatx())
    if scaling == "caffe":
        x = keras.ops.flip(x, axis=-1)
    scale, offset = {
        "none": (1.0, 0.0),
        "zero_to_one": (1 / 255, 0.0),
        "minus_one_to_one": (1 / 127.5, -1.0),
        "torch": ((1 / 255 / _TORCH_STD).tolist(), (-_TORCH_MEAN / _TORCH_STD).tolist()),
        "caffe": (1.0, (-_CAFFE_MEAN).tolist()),
        "efficientnet": (
            (1 / _ROOT_STD).tolist(),
            (255 * _TORCH_MEAN * (1 - 1 / _ROOT_STD)).tolist(),
        ),
    }[scaling]
    return layers.Rescaling(scale, offset, name="scaling")(x)
