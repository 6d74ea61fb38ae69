"""The backbones by name: how each is built, what input it expects, where it may be cut.

``keras.applications`` are all reachable by their own class name ("MobileNetV2", "ResNet101").
The project's own builders are listed in ``_OWN``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras

from cancerapy.errors import UnknownNameError
from cancerapy.models.mobilenet_edgetpu import build_mobilenet_edgetpu
from cancerapy.models.small_cnn import build_small_cnn

Builder = Callable[[tuple[int, int, int]], keras.Model]


@dataclass(frozen=True, slots=True)
class Backbone:
    """A feature extractor without its top.

    Args:
        name: Name in plans.
        build: Builds it, with random weights, for an input (height, width, 3).
        scaling: Name of its input scaling, see ``models.scaling``.
        weights_file: File name of ImageNet weights below the weights folder, if known.
        freeze_to: Default last frozen layer of stage two; empty means none is known.
        application: Name in ``keras.applications``, empty for own builders.
    """

    name: str
    build: Builder
    scaling: str
    weights_file: str = ""
    freeze_to: str = ""
    application: str = ""


_OWN = (
    Backbone(
        "MobileNetEdgeTPU",
        build_mobilenet_edgetpu,
        "minus_one_to_one",
        "mobilenet_edgetpu_1.0.weights.h5",
        "expanded_conv_12_add",
    ),
    Backbone("SmallCNN", build_small_cnn, "zero_to_one", freeze_to="block_1_pool"),
)

# Input scaling of the families of keras.applications, by prefix of the class name; the longest
# prefix wins. Those absent scale inside their own graph.
_SCALING = {
    "DenseNet": "torch",
    "InceptionResNetV2": "minus_one_to_one",
    "InceptionV3": "minus_one_to_one",
    "MobileNet": "minus_one_to_one",
    "MobileNetV3": "none",
    "NASNet": "minus_one_to_one",
    "ResNet": "caffe",
    "ResNet50V2": "minus_one_to_one",
    "ResNet101V2": "minus_one_to_one",
    "ResNet152V2": "minus_one_to_one",
    "VGG": "caffe",
    "Xception": "minus_one_to_one",
}

_KNOWN = {
    "MobileNetV2": ("mobilenetv2_1.0.weights.h5", "block_12_add"),
    "ResNet101": ("", "conv4_block23_out"),
    "ResNet101V2": ("resnet101v2_conv4.int8.npz", "conv4_block23_out"),
    "ResNet50": ("resnet50_pruned.weights.h5", "conv4_block6_out"),
}
"""Weights file and default freezing point of applications that were used with them."""

_FILE_SCALING = {"resnet50_pruned.weights.h5": "torch"}
"""Weights files whose input scaling is not that of the application they load into."""


def scaling_of(backbone: Backbone, weights_file: str) -> str:
    """Return the scaling that ``weights_file`` was trained with, else the backbone's own."""
    return _FILE_SCALING.get(weights_file, backbone.scaling)


def _applications() -> dict[str, Any]:
    found = vars(keras.applications)
    return {k: v for k, v in found.items() if k[:1].isupper() and callable(v)}


def list_backbones() -> list[str]:
    """Return the names of all backbones, sorted."""
    return sorted({*(own.name for own in _OWN), *_applications()})


def load_backbone(name: str) -> Backbone:
    """Return the backbone ``name``.

    Raises:
        UnknownNameError: There is none of that name; the nearest is offered.
    """
    for own in _OWN:
        if own.name == name:
            return own
    applications = _applications()
    if name not in applications:
        raise UnknownNameError.of("backbone", name, list_backbones())
    function = applications[name]

    def build(input_shape: tuple[int, int, int]) -> keras.Model:
        return function(weights=None, include_top=False, input_shape=input_shape)

    prefixes = [prefix for prefix in _SCALING if name.startswith(prefix)]
    scaling = _SCALING[max(prefixes, key=len)] if prefixes else "none"
    weights_file, freeze_to = _KNOWN.get(name, ("", ""))
    return Backbone(name, build, scaling, weights_file, freeze_to, application=name)
