"""The backbones by name: how each is built, what input it expects, where it may be cut.

``keras.applications`` are all reachable by their own class name ("MobileNetV2", "ResNet101").
The project's own builders are listed in ``_OWN``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras

from cancerapy.errors import PlanError, UnknownNameError
from cancerapy.models.inception_v3_mixed8 import build_inception_v3_mixed8
from cancerapy.models.mobilenet_edgetpu import build_mobilenet_edgetpu
from cancerapy.models.resnet_v2_pooling import with_slim_pooling
from cancerapy.models.small_cnn import build_small_cnn
from cancerapy.models.weights_files import APPLICATION_WEIGHTS, OWN_WEIGHTS
from cancerapy.models.weights_origins import ORIGINS

Builder = Callable[[tuple[int, int, int]], keras.Model]


@dataclass(frozen=True, slots=True)
class Backbone:
    """A feature extractor without its top.

    Args:
        name: Name in plans.
        build: Builds it, with random weights, for an input (height, width, 3).
        scaling: Name of its input scaling, see ``models.scaling``.
        weights_file: File name of ImageNet weights below the weights folder, if known.
        freeze_to: Default last frozen layer of stage two; empty leaves the choice to
            ``cuts.find_default_cut``.
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
        OWN_WEIGHTS["MobileNetEdgeTPU"],
        "expanded_conv_12_add",
    ),
    Backbone(
        "InceptionV3Mixed8",
        build_inception_v3_mixed8,
        "minus_one_to_one",
        OWN_WEIGHTS["InceptionV3Mixed8"],
        "mixed7",
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

# Default freezing points where the general rule would choose another layer: the ends of the
# blocks of stride 16, after the activation (ResNet) or after the transition (DenseNet).
_FREEZE_TO = {
    "DenseNet": "pool4_pool",
    "InceptionResNetV2": "block17_20_ac",
    "MobileNet": "conv_pw_11_relu",
    "MobileNetV2": "block_12_add",
    "MobileNetV3": "",
    "ResNet101": "conv4_block23_out",
    "ResNet152": "conv4_block36_out",
    "ResNet50": "conv4_block6_out",
    "VGG": "block4_pool",
}


@dataclass(frozen=True, slots=True)
class _FileFacts:
    """What is known of a weights file.

    Args:
        licence: SPDX identifier; empty if unknown.
        scaling: Input scaling, where it is not the backbone's.
        rebuild: Makes the network that the file fits of that of ``keras.applications``.
    """

    licence: str = ""
    scaling: str = ""
    rebuild: Callable[[keras.Model], keras.Model] | None = None


DOWNLOADED = "keras"
"""Variant of a network whose weights were fetched by Keras."""

_FILE_FACTS = {
    **{name: _FileFacts(origin.licence) for name, origin in ORIGINS.items()},
    "mobilenetv2_1.0.weights.h5": _FileFacts("Apache-2.0"),
    "resnet50_pruned.weights.h5": _FileFacts("MIT", scaling="torch"),
    "resnet101v2_conv4.int8.npz": _FileFacts("Apache-2.0", rebuild=with_slim_pooling),
}

_DOWNLOAD_LICENCE = {"MobileNetV2": "Apache-2.0"}
"""Licence of the weights that Keras fetches, by backbone, where it is known."""


def scaling_of(backbone: Backbone, variant: str) -> str:
    """Return the input scaling of a backbone with certain weights.

    Args:
        backbone: The network.
        variant: Name of the file of its weights, ``DOWNLOADED``, or empty.
    """
    if variant == DOWNLOADED and backbone.name.startswith("EfficientNetB"):
        return "efficientnet"
    return _FILE_FACTS.get(variant, _FileFacts()).scaling or backbone.scaling


def licence_of(backbone: Backbone, variant: str) -> str:
    """Return the licence of certain weights of a backbone; empty if it is not known.

    Args:
        backbone: The network.
        variant: Name of the file of its weights, or ``DOWNLOADED``.
    """
    if variant == DOWNLOADED:
        return _DOWNLOAD_LICENCE.get(backbone.name, "")
    return _FILE_FACTS.get(variant, _FileFacts()).licence


def build_backbone(
    backbone: Backbone, input_shape: tuple[int, int, int], variant: str = ""
) -> keras.Model:
    """Build a backbone with random weights, as certain weights need it.

    Args:
        backbone: The network.
        input_shape: Height, width and 3 channels.
        variant: See ``scaling_of``.

    Raises:
        PlanError: The input is too small for this network.
    """
    try:
        model = backbone.build(input_shape)
    except ValueError as error:
        height, width, _ = input_shape
        raise PlanError(
            f"{backbone.name} cannot be built for an input of {height} x {width} px: "
            f"{str(error).splitlines()[0]} Choose a larger input or another backbone.",
            field="backbone",
        ) from error
    rebuild = _FILE_FACTS.get(variant, _FileFacts()).rebuild
    return rebuild(model) if rebuild else model


def _by_prefix(table: dict[str, str], name: str) -> str:
    """Return the entry of the longest key that ``name`` starts with, else an empty text."""
    prefixes = [prefix for prefix in table if name.startswith(prefix)]
    return table[max(prefixes, key=len)] if prefixes else ""


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

    return Backbone(
        name,
        build,
        _by_prefix(_SCALING, name) or "none",
        APPLICATION_WEIGHTS.get(name, ""),
        _by_prefix(_FREEZE_TO, name),
        application=name,
    )
