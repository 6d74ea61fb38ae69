"""Input scalings, by hand and against the preprocessing of ``keras.applications``."""

import keras
import numpy as np
import pytest

from cancerapy.errors import UnknownNameError
from cancerapy.models._registry import DOWNLOADED, load_backbone, scaling_of
from cancerapy.models.scaling import SCALINGS, scale_pixels

PIXEL = np.array([[[[255, 0, 51]]]], np.uint8)
BY_HAND = {
    "none": [255, 0, 51],
    "zero_to_one": [1, 0, 0.2],
    "minus_one_to_one": [1, -1, -0.6],
    "torch": [(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225],
    "caffe": [51 - 103.939, 0 - 116.779, 255 - 123.68],
    # 255 (p / sqrt(s) + m (1 - 1 / sqrt(s))) for the value p in 0..1, mean m, deviation s
    "efficientnet": [
        255 * (1 / 0.229**0.5 + 0.485 * (1 - 1 / 0.229**0.5)),
        255 * (0 / 0.224**0.5 + 0.456 * (1 - 1 / 0.224**0.5)),
        255 * (0.2 / 0.225**0.5 + 0.406 * (1 - 1 / 0.225**0.5)),
    ],
}


def test_every_scaling_has_its_value_here() -> None:
    assert set(SCALINGS) == set(BY_HAND)


@pytest.mark.parametrize("name", SCALINGS)
def test_by_hand(name: str) -> None:
    scaled = np.asarray(scale_pixels(PIXEL, name))
    np.testing.assert_allclose(scaled.ravel(), BY_HAND[name], rtol=1e-5, atol=1e-4)


def test_unknown_scaling() -> None:
    expected = "^No scaling named 'tortch'. Known: .*. Did you mean 'torch'\\?$"
    with pytest.raises(UnknownNameError, match=expected):
        scale_pixels(PIXEL, "tortch")


@pytest.mark.parametrize(
    ("backbone", "module"),
    [
        ("ConvNeXtTiny", "convnext"),
        ("DenseNet121", "densenet"),
        ("EfficientNetB0", "efficientnet"),
        ("EfficientNetV2B0", "efficientnet_v2"),
        ("InceptionResNetV2", "inception_resnet_v2"),
        ("InceptionV3", "inception_v3"),
        ("MobileNet", "mobilenet"),
        ("MobileNetV2", "mobilenet_v2"),
        ("MobileNetV3Small", "mobilenet_v3"),
        ("NASNetMobile", "nasnet"),
        ("ResNet101", "resnet50"),
        ("ResNet101V2", "resnet_v2"),
        ("ResNet152V2", "resnet_v2"),
        ("VGG16", "vgg16"),
        ("Xception", "xception"),
    ],
)
def test_families_are_scaled_as_keras_does(backbone: str, module: str) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3)).astype(np.float32)
    expected = getattr(keras.applications, module).preprocess_input(pixels.copy())
    ours = np.asarray(scale_pixels(pixels, load_backbone(backbone).scaling))
    np.testing.assert_allclose(ours, expected, atol=1e-3)


def test_a_weights_file_can_bring_its_own_scaling() -> None:
    resnet = load_backbone("ResNet50")
    assert scaling_of(resnet, "resnet50_pruned.weights.h5") == "torch"
    assert scaling_of(resnet, "other.weights.h5") == "caffe"
    assert scaling_of(load_backbone("EfficientNetB0"), DOWNLOADED) == "efficientnet"
    assert scaling_of(load_backbone("EfficientNetV2B0"), DOWNLOADED) == "none"


def test_efficientnet_is_standardised_by_the_deviation() -> None:
    model = load_backbone("EfficientNetB0").build((32, 32, 3))
    (normalisation,) = (x for x in model.layers if isinstance(x, keras.layers.Normalization))
    # Keras' ImageNet weights hold the deviation where the layer takes the variance.
    mean, variance, count = normalisation.get_weights()
    mean[...], variance[...] = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    normalisation.set_weights([mean, variance, count])
    normalisation.finalize_state()
    start = keras.Model(model.input, normalisation.output)
    pixels = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3)).astype(np.uint8)
    ours = np.asarray(start(scale_pixels(pixels, "efficientnet")))
    np.testing.assert_allclose(ours, np.asarray(scale_pixels(pixels, "torch")), atol=1e-4)
