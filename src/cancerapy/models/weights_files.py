"""Backbones and files of starting weights as far as they are known without importing Keras.

So a wrong name is refused before anything that takes long.
"""

import ast
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from cancerapy.errors import DataError, UnknownNameError
from cancerapy.models.weights_origins import describe_file

IMAGENET = "imagenet"
NONE = "none"

OWN_WEIGHTS = {
    "MobileNetEdgeTPU": "mobilenet_edgetpu_1.0.weights.h5",
    "InceptionV3Mixed8": "inception_v3_mixed8.weights.h5",
    "SmallCNN": "",
}
"""This project's own networks with the name of the file of their ImageNet weights, if any."""

APPLICATION_WEIGHTS = {
    "MobileNetV2": "mobilenetv2_1.0.weights.h5",
    "ResNet101V2": "resnet101v2_conv4.int8.npz",
    "ResNet50": "resnet50_pruned.weights.h5",
}
"""Files for networks of Keras, looked for in the weights folder before Keras downloads its own."""


class Startable(Protocol):
    """What of a backbone says where its weights may come from."""

    @property
    def name(self) -> str:
        """Name in plans."""

    @property
    def weights_file(self) -> str:
        """File of its ImageNet weights below the weights folder; empty if none is known."""

    @property
    def application(self) -> str:
        """Name in ``keras.applications``; empty for own networks."""


@dataclass(frozen=True, slots=True)
class KnownBackbone:
    """A ``Startable`` by name alone."""

    name: str
    weights_file: str
    application: str


def known_backbone(name: str) -> KnownBackbone:
    """Return what is known of a backbone without Keras.

    Raises:
        UnknownNameError: There is none of that name; the nearest is offered.
        ModuleNotFoundError: Keras is not installed.
    """
    if name in OWN_WEIGHTS:
        return KnownBackbone(name, OWN_WEIGHTS[name], "")
    applications = application_names()
    if name not in applications:
        raise UnknownNameError.of("backbone", name, [*OWN_WEIGHTS, *applications])
    return KnownBackbone(name, APPLICATION_WEIGHTS.get(name, ""), name)


@cache
def application_names() -> frozenset[str]:
    """Return the networks of ``keras.applications``, read from its file and not imported."""
    keras = find_spec("keras")
    if keras is None or not keras.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'keras'", name="keras")
    file = Path(keras.submodule_search_locations[0]) / "applications" / "__init__.py"
    return frozenset(
        alias.asname or alias.name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name[:1].isupper()
    )


def find_weights(backbone: Startable, weights: str, folder: Path | None) -> Path | None:
    """Return the file that holds the starting weights.

    Args:
        backbone: The network to start.
        weights: ``"imagenet"``, ``"none"`` or a path.
        folder: The weights folder (``CANCERAPY_WEIGHTS``), searched for a known file of this
            backbone and for a relative path.

    Returns:
        The file; ``None`` for random weights, and for ImageNet weights that Keras downloads.

    Raises:
        DataError: A named file does not exist, or ImageNet weights of an own builder are not in
            the folder.
    """
    if weights == NONE:
        return None
    if weights == IMAGENET:
        known = folder / backbone.weights_file if folder and backbone.weights_file else None
        if known and known.is_file():
            return known
        if backbone.application:
            return None
        raise _unavailable(backbone, folder)
    for file in [Path(weights), *([folder / weights] if folder else [])]:
        if file.is_file():
            return file
    raise DataError(
        f"The weights must be 'imagenet', 'none' or a file; there is no file '{weights}'. "
        "Check the path, or set CANCERAPY_WEIGHTS to the folder that holds it.",
        code="weights_missing",
    )


def _unavailable(backbone: Startable, folder: Path | None) -> DataError:
    """Build the error for ImageNet weights that nothing fetches and that are not there."""
    if not backbone.weights_file:
        return DataError(
            f"ImageNet weights must be published for the backbone; none are of {backbone.name}. "
            "Choose --weights none, or --backbone MobileNetV2, whose weights Keras fetches.",
            code="weights_missing",
        )
    place = f"it is not in '{folder}'" if folder else "no folder is set"
    return DataError(
        f"ImageNet weights of {backbone.name} must lie as '{backbone.weights_file}' in the folder "
        f"that CANCERAPY_WEIGHTS names; {place}. {describe_file(backbone.weights_file)} Without "
        "it, --backbone MobileNetV2 starts from weights that Keras fetches, and --weights none "
        "from random ones. See docs/how-to/repeat-the-results.md.",
        code="weights_missing",
    )
