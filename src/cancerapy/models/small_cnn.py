"""A small convolutional network of our own, trained from scratch: a baseline and a quick test."""

import keras
from keras import layers

_WIDTHS = (16, 32, 64, 96)
# The statistics have to settle within the few hundred steps that a small data set gives; with
# Keras' 0.99 they would still be those of the first steps when the network is judged.
_MOMENTUM = 0.9


def build_small_cnn(input_shape: tuple[int, int, int]) -> keras.Model:
    """Build four blocks of convolution, batch normalisation, ReLU and pooling.

    Args:
        input_shape: Height, width and 3 channels, at least 16 x 16; RGB scaled to 0..1.

    Returns:
        A model whose output is the last feature map, (N, H/16, W/16, 96).
    """
    inputs = x = layers.Input(input_shape)
    for index, width in enumerate(_WIDTHS, start=1):
        name = f"block_{index}"
        x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"{name}_conv")(x)
        x = layers.BatchNormalization(momentum=_MOMENTUM, name=f"{name}_bn")(x)
        x = layers.Activation("relu", name=f"{name}_relu")(x)
        x = layers.MaxPooling2D(2, name=f"{name}_pool")(x)
    return keras.Model(inputs, x, name="small_cnn")
