"""Starting weights: ImageNet (downloaded or from a folder), none, or a file."""

from pathlib import Path

import keras
import numpy as np

from cancerapy.errors import DataError
from cancerapy.models._registry import Backbone

IMAGENET = "imagenet"
NONE = "none"


def find_weights(backbone: Backbone, weights: str, folder: Path | None) -> Path | None:
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
        raise DataError(
            f"ImageNet weights of {backbone.name} must lie in the weights folder as "
            f"'{backbone.weights_file or '(none published)'}'; "
            f"{'they are not in ' + str(folder) if folder else 'no folder is set'}. "
            "Set CANCERAPY_WEIGHTS to the folder, or choose --weights none or another backbone.",
            code="weights_missing",
        )
    for file in [Path(weights), *([folder / weights] if folder else [])]:
        if file.is_file():
            return file
    raise DataError(
        f"The weights must be 'imagenet', 'none' or a file; there is no file '{weights}'. "
        "Check the path, or set CANCERAPY_WEIGHTS to the folder that holds it.",
        code="weights_missing",
    )


def load_backbone_weights(model: keras.Model, backbone: Backbone, file: Path | None) -> None:
    """Put starting weights into a freshly built backbone.

    Args:
        model: Built by ``backbone.build``.
        backbone: Its description.
        file: From ``find_weights``; ``None`` downloads ImageNet's where Keras offers them.

    Raises:
        DataError: The file does not fit the network, or the download failed.
    """
    try:
        if file is None:
            application = getattr(keras.applications, backbone.application)
            shape = model.input_shape[1:]
            source = application(weights=IMAGENET, include_top=False, input_shape=shape)
            model.set_weights(source.get_weights())
        elif file.suffix == ".npz":
            _load_quantised(model, file)
        else:
            model.load_weights(file)
    except Exception as error:
        raise DataError(
            f"The starting weights of {backbone.name} could not be loaded from "
            f"'{file or 'the download of keras.applications'}': {error}. Give a file that was "
            "saved from this network, set CANCERAPY_WEIGHTS, or choose --weights none.",
            code="weights_unusable",
        ) from error


def _load_quantised(model: keras.Model, file: Path) -> None:
    """Load ``layer/variable`` arrays, int8 with a scale per channel; absent layers stay random."""
    with np.load(file) as stored:
        for layer in model.layers:
            for variable in layer.weights:
                key = f"{layer.name}/{variable.name}"
                if key in stored:
                    value = stored[key].astype("float32")
                    scale = f"{key}:scale"
                    variable.assign(value * stored[scale] if scale in stored else value)
