"""A small network with a branch, cheap enough to build in every test."""

import keras
import numpy as np
import pytest
from keras import layers

from cancerapy.arrays import Images
from cancerapy.cancers import Factor, Network, Pooling
from cancerapy.models.classifier import Classifier
from cancerapy.models.head import build_head

SHAPE = (16, 24, 3)


@pytest.fixture
def network() -> Network:
    """Two factors: three values by mean, two by their two highest cells."""
    return Network((Factor("kind", ("a", "b", "c")), Factor("find", ("x", "y"), Pooling.TOP, 2)))


@pytest.fixture
def backbone() -> keras.Model:
    """Convolution, a residual block, a second convolution with normalisation; stride 4."""
    keras.utils.set_random_seed(3)
    inputs = layers.Input(SHAPE, name="input")
    x = layers.Conv2D(4, 3, strides=2, padding="same", name="stem")(inputs)
    y = layers.Conv2D(4, 3, padding="same", activation="relu", name="inner")(x)
    y = layers.BatchNormalization(name="inner_bn")(y)
    x = layers.Add(name="join")([x, y])
    x = layers.Conv2D(6, 3, strides=2, padding="same", name="last")(x)
    x = layers.BatchNormalization(name="last_bn")(x)
    return keras.Model(inputs, layers.Activation("relu", name="out")(x), name="toy")


@pytest.fixture
def classifier(backbone: keras.Model, network: Network) -> Classifier:
    """The small network with a head whose weights are large enough to matter."""
    head = build_head(backbone.output_shape[1:], network, dropout=0.5, seed=1)
    kernel, bias = head.get_layer("cam").get_weights()
    rng = np.random.default_rng(5)
    head.get_layer("cam").set_weights([rng.normal(size=kernel.shape), rng.normal(size=bias.shape)])
    return Classifier(backbone, head, network, "minus_one_to_one")


@pytest.fixture
def images() -> Images:
    """Three pictures of noise."""
    return np.random.default_rng(7).integers(0, 256, (3, *SHAPE)).astype(np.uint8)
