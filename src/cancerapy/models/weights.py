"""Starting weights: ImageNet (downloaded or from a folder), none, or a file."""

import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import h5py
import keras
import numpy as np
from numpy.typing import NDArray

from cancerapy.errors import DataError
from cancerapy.models import _registry
from cancerapy.models._registry import Backbone
from cancerapy.models.weights_files import IMAGENET, NONE, find_weights

Shape = tuple[int, ...]


def licence_of_weights(backbone: Backbone, weights: str, variant: str = "") -> str:
    """Return the licence of a network's starting weights, or where to look for it.

    Args:
        backbone: The network.
        weights: ``"imagenet"``, ``"none"`` or a path, as in the plan.
        variant: Which of the ImageNet weights were taken, see ``Started``; empty if it was not
            recorded, and then a licence is stated only if all that can be meant have the same.
    """
    if weights == NONE:
        return "none: started at random"
    meant = [variant]
    if not variant and weights == IMAGENET:
        meant = [backbone.weights_file, *([_registry.DOWNLOADED] if backbone.application else [])]
    elif not variant:
        meant = [Path(weights).name]
    licences = {_registry.licence_of(backbone, name) for name in meant}
    known = licences.pop() if len(licences) == 1 else ""
    return known or f"see the origin of {Path(weights).name}"


class Started(NamedTuple):
    """A backbone with its starting weights.

    Args:
        model: From scaled pixels to the last feature map.
        variant: What tells ``_registry`` how to build and feed the network of these weights: the
            file's name, ``DOWNLOADED``, or empty.
        random_layers: Names of the layers whose weights are random.
    """

    model: keras.Model
    variant: str
    random_layers: frozenset[str] = frozenset()


def start_backbone(
    backbone: Backbone, input_shape: tuple[int, int, int], weights: str, folder: Path | None
) -> Started:
    """Build a backbone and put its starting weights into it.

    Args:
        backbone: The network.
        input_shape: Height, width and 3 channels.
        weights: ``"imagenet"``, ``"none"`` or a path.
        folder: The weights folder, see ``weights_files.find_weights``.

    Raises:
        PlanError: The input is too small for this network.
        DataError: The weights are missing, damaged or of another network, or the download failed.
    """
    file = find_weights(backbone, weights, folder)
    is_download = weights == IMAGENET and file is None
    variant = _registry.DOWNLOADED if is_download else file.name if file else ""
    model = _registry.build_backbone(backbone, input_shape, variant)
    with_weights = {layer.name for layer in model.layers if layer.weights}
    if is_download:
        model.set_weights(_download(backbone, input_shape))
        for layer in model.layers:
            if isinstance(layer, keras.layers.Normalization):
                layer.finalize_state()  # it computes with copies made when weights are loaded
        return Started(model, variant, frozenset())
    if file is None:
        return Started(model, variant, frozenset(with_weights))
    try:
        loaded = _load_arrays(model, file) if file.suffix == ".npz" else _load_h5(model, file)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise _unusable(backbone, f"'{file}'", error) from error
    return Started(model, variant, frozenset(with_weights - loaded))


def _unusable(backbone: Backbone, source: str, error: Exception) -> DataError:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return DataError(
        f"The starting weights of {backbone.name} must be a whole file saved from this network; "
        f"{source} cannot be used: {reason.rstrip('.')}. Give another file, set "
        "CANCERAPY_WEIGHTS, or choose --weights none.",
        code="weights_unusable",
    )


def _download(backbone: Backbone, input_shape: tuple[int, int, int]) -> list[NDArray[np.float32]]:
    """Return the ImageNet weights that Keras fetches, in the order of the network's weights."""
    application = getattr(keras.applications, backbone.application)
    try:
        with warnings.catch_warnings():
            # MobileNet's weights of 224 x 224 fit any input; Keras warns that it takes them.
            warnings.filterwarnings("ignore", message="`input_shape` is undefined or non-square")
            source = application(weights=IMAGENET, include_top=False, input_shape=input_shape)
    except Exception as error:  # Keras raises a bare Exception where a download fails.
        raise _unusable(backbone, "the download of keras.applications", error) from error
    return list(source.get_weights())


def _check_shapes(stored: Iterable[Shape], expected: Iterable[Shape]) -> None:
    if (given := Counter(stored)) != (wanted := Counter(expected)):
        raise ValueError(
            f"it holds {given.total()} arrays where this network has {wanted.total()}, and "
            f"{(given & wanted).total()} of them fit"
        )


def _stored_shapes(file: Path) -> list[Shape]:
    """Return the shapes of all arrays of a ``.weights.h5`` file but those of its optimizer."""
    shapes: list[Shape] = []

    def note(_: str, entry: h5py.Group | h5py.Dataset) -> None:
        if isinstance(entry, h5py.Dataset):
            shapes.append(entry.shape)

    with h5py.File(file) as stored:
        for name, part in stored.items():
            if not name.startswith("optimizer"):
                part.visititems(note)
    return shapes


def _load_h5(model: keras.Model, file: Path) -> set[str]:
    """Load a file of ``Model.save_weights``, or the older HDF5 form of ``keras.applications``.

    Returns:
        Names of the layers that were loaded: all that have weights.
    """
    if file.name.endswith(".weights.h5"):
        # Keras matches layers by class and place, so that a deeper network's file can pass.
        _check_shapes(_stored_shapes(file), [tuple(v.shape) for v in model.variables])
    with warnings.catch_warnings():
        # Files of earlier Keras versions lack groups that newer ones look for beside the layers.
        warnings.filterwarnings("ignore", message="Skipping nested container")
        model.load_weights(file)
    return {layer.name for layer in model.layers if layer.weights}


def _load_arrays(model: keras.Model, file: Path) -> set[str]:
    """Load ``layer/variable`` arrays, int8 with a scale per channel beside them.

    Returns:
        Names of the layers that were loaded; layers absent from the file stay random.
    """
    variables = {
        f"{layer.name}/{variable.name}": variable
        for layer in model.layers
        for variable in layer.weights
    }
    with np.load(file, allow_pickle=False) as stored:
        keys = [key for key in stored.files if not key.endswith(":scale")]
        unknown = [key for key in keys if key not in variables]
        if unknown or not keys:
            raise ValueError(
                f"{len(unknown)} of its {len(keys)} arrays have no place in this network"
            )
        for key in keys:
            value = stored[key].astype(np.float32)
            scale = f"{key}:scale"
            variables[key].assign(value * stored[scale] if scale in stored else value)
    return {key.rsplit("/", 1)[0] for key in keys}
