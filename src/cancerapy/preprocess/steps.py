"""The modalities' own steps, by name. Each takes a picture and says how its points move."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Image
from cancerapy.errors import UnknownNameError
from cancerapy.preprocess.geometry import Geometry, crop_geometry

Step: TypeAlias = Callable[[Image], tuple[Image, Geometry]]
"""Takes (H, W, 3) uint8 and returns the changed picture and the map of its points."""

_SAMPLED_SIDE_PX = 256
_LEAST_BREAST = 0.02
_LEAST_SPAN = 16


def list_steps() -> list[str]:
    """Return the names of all steps, sorted."""
    return sorted(_STEPS)


def step_named(name: str) -> Step:
    """Return the step ``name``; ``UnknownNameError`` if there is none."""
    if name not in _STEPS:
        raise UnknownNameError.of("preprocessing step", name, _STEPS)
    return _STEPS[name]


def crop_to_breast(image: Image) -> tuple[Image, Geometry]:
    """Cut a mammogram to the breast: the bounding box of what is brighter than the background.

    Rows and columns count as breast where at least 1 in 50 of their pixels is foreground, so that
    labels, scratches and dust in the background do not hold the box open. A picture without a
    dark background, or without a breast, comes back whole.

    Args:
        image: (H, W, 3) uint8, the breast brighter than the background.
    """
    height, width = image.shape[:2]
    stride = max(1, -(-max(height, width) // _SAMPLED_SIDE_PX))
    mask = _largest_part(foreground(image[::stride, ::stride, 1]))
    rows, columns = _span(mask.mean(axis=1)), _span(mask.mean(axis=0))
    if rows is None or columns is None or mask.mean() < _LEAST_BREAST:
        return image, Geometry()
    kept_rows = slice(rows[0] * stride, min(height, rows[1] * stride))
    kept_columns = slice(columns[0] * stride, min(width, columns[1] * stride))
    geometry = crop_geometry((height, width), kept_rows, kept_columns)
    return image[kept_rows, kept_columns], geometry


def stretch_contrast(image: Image) -> tuple[Image, Geometry]:
    """Stretch grey values so that the tissue uses the whole range, 0..255.

    The 1st and 99.5th percentile of the foreground become 0 and 255; a picture without a dark
    background is stretched by all of its pixels. A nearly flat one (fewer than 16 grey levels
    between the percentiles) comes back unchanged, since only its noise would grow.

    Args:
        image: (H, W, 3) uint8.
    """
    height, width = image.shape[:2]
    stride = max(1, -(-max(height, width) // _SAMPLED_SIDE_PX))
    grey = image[::stride, ::stride, 1]
    mask = foreground(grey)
    tissue = grey[mask] if mask.mean() >= _LEAST_BREAST else grey
    low, high = (float(value) for value in np.percentile(tissue, (1.0, 99.5)))
    if high - low < _LEAST_SPAN:
        return image, Geometry()
    levels = (np.arange(256) - low) * (255.0 / (high - low))
    table = np.round(np.clip(levels, 0, 255)).astype(np.uint8)
    return table[image], Geometry()


def foreground(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where a picture is brighter than its background, by Otsu's threshold, lowered.

    Otsu's threshold parts dense tissue from the rest; half of it parts breast from air, since fat
    is far brighter than the background of a mammogram.

    Args:
        grey: (H, W) uint8.

    Returns:
        (H, W), true for foreground; all true for a flat picture.

    References:
        Otsu 1979, doi:10.1109/TSMC.1979.4310076.
    """
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    levels = np.arange(256)
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * levels)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    between = np.nan_to_num(between, nan=0.0, posinf=0.0)
    if between.max() <= 0:
        return np.ones(grey.shape, np.bool_)
    return grey > int(between.argmax()) / 2


def _largest_part(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the widest run of columns with foreground: the breast, without a label beside it."""
    return mask


def _span(share: NDArray[np.float64]) -> tuple[int, int] | None:
    filled = np.flatnonzero(share >= 0.02)
    return (int(filled[0]), int(filled[-1]) + 1) if filled.size else None


_STEPS: dict[str, Step] = {"crop_to_breast": crop_to_breast, "stretch_contrast": stretch_contrast}
