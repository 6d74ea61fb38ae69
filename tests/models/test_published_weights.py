"""The published ImageNet weights, where ``CANCERAPY_WEIGHTS`` names a folder that holds them.

The folder's own ``starting_points.py`` builds the same networks in another way: its outputs are
the expected ones.
"""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import keras
import numpy as np
import pytest

from cancerapy.cancers import Network
from cancerapy.models.classifier import build_classifier
from cancerapy.models.scaling import scale_pixels

FOLDER = Path(os.environ.get("CANCERAPY_WEIGHTS", "unset"))
REFERENCE = FOLDER / "starting_points.py"
SIZE = (96, 128)

pytestmark = [
    pytest.mark.needs_weights,
    pytest.mark.skipif(not REFERENCE.is_file(), reason="CANCERAPY_WEIGHTS names no such folder"),
]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """The module that builds the networks in another way."""
    spec = importlib.util.spec_from_file_location("starting_points", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("backbone", "name", "last", "n_random"),
    [
        ("MobileNetV2", "mobilenetv2_1.0", "", 0),
        ("MobileNetEdgeTPU", "mobilenet_edgetpu_1.0", "", 0),
        ("InceptionV3Mixed8", "inception_v3_mixed8", "", 0),
        ("ResNet50", "resnet50_pruned", "", 0),
        # conv5 is random: nine convolutions of its blocks, one of its shortcut, and nine
        # normalisations, of which the first belongs to conv4's output.
        ("ResNet101V2", "resnet101v2_conv4", "conv5_block1_preact_relu", 19),
    ],
)
def test_same_features_as_the_reference(
    reference: ModuleType, network: Network, backbone: str, name: str, last: str, n_random: int
) -> None:
    classifier = build_classifier(
        backbone, network, SIZE, weights="imagenet", weights_folder=FOLDER
    )
    assert len(classifier.random_layers) == n_random
    assert classifier.default_cut
    trunk = classifier.backbone
    model = keras.Model(trunk.input, trunk.get_layer(last).output if last else trunk.output)
    pictures = np.random.default_rng(0).integers(0, 256, (2, *SIZE, 3)).astype(np.uint8)
    scaled = reference.PREPROCESS[name](pictures.astype(np.float32))
    expected = np.asarray(reference.load(name, (*SIZE, 3))(scaled))
    features = np.asarray(model(scale_pixels(pictures, classifier.scaling)))
    assert expected.std() > 0.01
    np.testing.assert_allclose(features, expected, atol=1e-4)
