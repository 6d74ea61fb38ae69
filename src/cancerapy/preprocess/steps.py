"""The modalities' own steps, by name. Each takes a picture and says how its points move.

They are for cancers of one's own: a file names them in ``InputSpec.steps``, its bundle keeps the
names, and training and serving run them alike. No shipped cancer names one; ``breast`` reads the
whole film. ``blank_breast`` and ``draw_outline`` are for controls alone: what a model tells from a
picture without the breast, it does not tell from the breast.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from cancerapy.arrays import Image
from cancerapy.errors import UnknownNameError
from cancerapy.preprocess.breast import breast_mask, find_breast, foreground
from cancerapy.preprocess.geometry import Geometry, crop_geometry

Step: TypeAlias = Callable[[Image], tuple[Image, Geometry]]
"""Takes (H, W, 3) uint8 and returns the changed picture and the map of its points."""

_SAMPLED_SIDE_PX = 256
_LEAST_FOREGROUND = 0.02
_LEAST_SPAN = 16
_BLANK_MARGIN = 0.03
"""Share of the longer side by which more than the breast is blanked, so that no skin line stays."""


def list_steps() -> list[str]:
    """Return the names of all steps, sorted."""
    return sorted(_STEPS)


def step_named(name: str) -> Step:
    """Return the step ``name``; ``UnknownNameError`` if there is none."""
    if name not in _STEPS:
        raise UnknownNameError.of("preprocessing step", name, _STEPS)
    return _STEPS[name]


def crop_to_breast(image: Image) -> tuple[Image, Geometry]:
    """Cut a mammogram to the bounding box of the breast.

    A picture without a dark background, or without a large bright part, comes back whole.

    Args:
        image: (H, W, 3) uint8, the breast brighter than the background.
    """
    found = find_breast(image)
    if found is None:
        return image, Geometry()
    rows, columns = found
    return image[rows, columns], crop_geometry(image.shape[:2], rows, columns)


def stretch_contrast(image: Image) -> tuple[Image, Geometry]:
    """Stretch grey values so that the tissue uses the whole range, 0..255.

    The 1st and 99.5th percentile of the foreground become 0 and 255; a picture without a dark
    background is stretched by all of its pixels. A nearly flat one (fewer than 16 grey levels
    between the percentiles) comes back unchanged, since only its noise would grow.

    Args:
        image: (H, W, 3) uint8.
    """
    stride = max(1, -(-max(image.shape[:2]) // _SAMPLED_SIDE_PX))
    grey = image[::stride, ::stride, 1]
    mask = foreground(grey)
    tissue = grey[mask] if mask.mean() >= _LEAST_FOREGROUND else grey
    low, high = (float(value) for value in np.percentile(tissue, (1.0, 99.5)))
    if high - low < _LEAST_SPAN:
        return image, Geometry()
    levels = (np.arange(256) - low) * (255.0 / (high - low))
    table = np.round(np.clip(levels, 0, 255)).astype(np.uint8)
    return table[image], Geometry()


def keep_breast(image: Image) -> tuple[Image, Geometry]:
    """Blacken everything on a mammogram but the breast: labels, film edges, background.

    A picture without a dark background, or without a large bright part, comes back whole.

    Args:
        image: (H, W, 3) uint8, the breast brighter than the background.
    """
    mask = breast_mask(image)
    if mask is None:
        return image, Geometry()
    return image * mask[:, :, None], Geometry()


def blank_breast(image: Image) -> tuple[Image, Geometry]:
    """Blacken the breast and 3 % of the longer side around it; the rest of the film is kept.

    For controls, not for a model that is served. Where no breast is found, all is blackened.

    Args:
        image: (H, W, 3) uint8, the breast brighter than the background.
    """
    mask = breast_mask(image, margin=_BLANK_MARGIN)
    if mask is None:
        return np.zeros_like(image), Geometry()
    return image * ~mask[:, :, None], Geometry()


def draw_outline(image: Image) -> tuple[Image, Geometry]:
    """Return the breast's shape alone: white where ``blank_breast`` blackens, else black.

    For controls: how much its size, shape and place tell. Where no breast is found, all is black.

    Args:
        image: (H, W, 3) uint8, the breast brighter than the background.
    """
    mask = breast_mask(image, margin=_BLANK_MARGIN)
    outline = np.zeros_like(image)
    if mask is not None:
        outline[mask] = 255
    return outline, Geometry()


_STEPS: dict[str, Step] = {
    "blank_breast": blank_breast,
    "crop_to_breast": crop_to_breast,
    "draw_outline": draw_outline,
    "keep_breast": keep_breast,
    "stretch_contrast": stretch_contrast,
}
