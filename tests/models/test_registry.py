"""Backbones by name, and one suite for every member that is the project's own."""

import keras
import numpy as np
import pytest

from cancerapy.errors import PlanError, UnknownNameError
from cancerapy.models._registry import build_backbone, list_backbones, load_backbone
from cancerapy.models.cuts import find_default_cut, list_cuts
from cancerapy.models.scaling import SCALINGS

OWN = ["InceptionV3Mixed8", "MobileNetEdgeTPU", "SmallCNN"]
SHAPE = (75, 96, 3)


def test_the_list_holds_keras_and_our_own() -> None:
    names = list_backbones()
    assert names == sorted(set(names))
    assert {"MobileNetV2", "ResNet101", "EfficientNetV2S", *OWN} <= set(names)
    assert not [name for name in names if load_backbone(name).name != name]
    own = [name for name in names if not load_backbone(name).application]
    assert own == OWN


def test_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"^No backbone named 'MobilNetV2'\. Known: ") as e:
        load_backbone("MobilNetV2")
    assert e.value.message.endswith("Did you mean 'MobileNetV2'?")
    assert e.value.code == "unknown_backbone"


@pytest.mark.parametrize("name", list_backbones())
def test_every_scaling_is_known(name: str) -> None:
    assert load_backbone(name).scaling in SCALINGS


@pytest.mark.parametrize("name", OWN)
def test_own_backbone(name: str) -> None:
    """Each builds for any size, repeats with the seed, names its layers and can be cut."""
    backbone = load_backbone(name)
    models = []
    for _ in range(2):
        keras.utils.set_random_seed(0)
        models.append(build_backbone(backbone, SHAPE))
    height, width, channels = models[0].output_shape[1:]
    assert (height, width) < SHAPE[:2]
    assert channels > 0
    named = [[layer.name for layer in model.layers if layer.weights] for model in models]
    assert named[0] == named[1]
    assert backbone.freeze_to in list_cuts(models[0])
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, *SHAPE)).astype(np.float32)
    outputs = [np.asarray(model(pictures)) for model in models]
    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert np.isfinite(outputs[0]).all()
    assert np.abs(outputs[0][0] - outputs[0][1]).max() > 0


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("DenseNet121", "pool4_pool"),
        ("EfficientNetB0", "block5c_add"),
        ("InceptionV3", "mixed7"),
        ("MobileNet", "conv_pw_11_relu"),
        ("MobileNetV2", "block_12_add"),
        ("MobileNetV3Small", "expanded_conv_7_add"),
        ("ResNet101", "conv4_block23_out"),
        ("ResNet50V2", "conv4_block6_out"),
        ("VGG16", "block4_pool"),
    ],
)
def test_default_freezing_point_of_the_families(name: str, cut: str) -> None:
    backbone = load_backbone(name)
    model = build_backbone(backbone, SHAPE)
    assert (backbone.freeze_to or find_default_cut(model)) == cut
    assert cut in list_cuts(model)


def test_too_small_an_input_is_a_plan_error() -> None:
    expected = (
        r"^InceptionV3 cannot be built for an input of 40 x 60 px: .*75.* "
        r"Choose a larger input or another backbone\.$"
    )
    with pytest.raises(PlanError, match=expected) as caught:
        build_backbone(load_backbone("InceptionV3"), (40, 60, 3))
    assert caught.value.field == "backbone"
