"""Prepare a picture: the modality's steps, the aspect policy, the resizing, in this order."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from PIL import Image as PillowImage

from cancerapy.arrays import Image
from cancerapy.errors import ImageError, UnknownNameError
from cancerapy.preprocess.geometry import Geometry, crop_geometry
from cancerapy.preprocess.steps import step_named


class PrepareSpec(Protocol):
    """What preparing needs to know; ``cancers.InputSpec`` and the bundle's input fields fit."""

    @property
    def height(self) -> int:
        """Height of the prepared picture in pixels."""

    @property
    def width(self) -> int:
        """Width of the prepared picture in pixels."""

    @property
    def aspect(self) -> str:
        """``stretch``, ``crop`` or ``pad``."""

    @property
    def steps(self) -> Sequence[str]:
        """Names of the modality's own steps."""

    @property
    def min_side_px(self) -> int:
        """Smallest shorter side that is accepted, in pixels."""


def prepare_image(image: Image, spec: PrepareSpec) -> Image:
    """Return the picture as the network takes it.

    1. The shorter side is checked. 2. The steps of the modality run by name. 3. The aspect policy
    crops or pads. 4. Bilinear resizing with antialiasing. The same picture always gives the same
    bytes; one that already fits comes back as it is.

    Args:
        image: (H, W, 3) uint8 RGB.
        spec: Size, aspect policy, steps and the least size.

    Returns:
        (spec.height, spec.width, 3) uint8 RGB.

    Raises:
        ImageError: The picture is smaller than ``spec.min_side_px`` (``image_too_small``).
        UnknownNameError: A step or aspect policy of that name does not exist.
    """
    return prepare_with_geometry(image, spec)[0]


def prepare_with_geometry(image: Image, spec: PrepareSpec) -> tuple[Image, Geometry]:
    """Prepare a picture as ``prepare_image`` and say where its points went.

    Args:
        image: (H, W, 3) uint8 RGB.
        spec: As for ``prepare_image``.

    Returns:
        The prepared picture, and the map from source fractions to prepared fractions by which
        lesion boxes follow.
    """
    check_least_size(image, spec.min_side_px)
    geometry = Geometry()
    for name in spec.steps:
        image, moved = step_named(name)(image)
        geometry = geometry.then(moved)
    rows, columns = aspect_window(image.shape[:2], spec)
    geometry = geometry.then(crop_geometry(image.shape[:2], rows, columns))
    return _resized(_cut(image, rows, columns), spec.height, spec.width), geometry


def check_least_size(image: Image, min_side_px: int) -> None:
    """Raise ``image_too_small`` if the shorter side has fewer than ``min_side_px`` pixels."""
    height, width = image.shape[:2]
    if min(height, width) < min_side_px:
        raise ImageError(
            f"The image must have at least {min_side_px} x {min_side_px} px; it has "
            f"{width} x {height}. Send the original, or choose a larger region.",
            code="image_too_small",
            field="image",
        )


def aspect_window(shape: tuple[int, int], spec: PrepareSpec) -> tuple[slice, slice]:
    """Return the rows and columns that fill the network's input under the aspect policy.

    Args:
        shape: Height and width of the picture in pixels.
        spec: Target size and policy.

    Returns:
        Rows and columns in pixels; with ``pad`` they may reach outside the picture.

    Raises:
        UnknownNameError: The policy is not one of ``stretch``, ``crop``, ``pad``.
    """
    height, width = shape
    if spec.aspect == "stretch":
        return slice(0, height), slice(0, width)
    if spec.aspect not in ("crop", "pad"):
        raise UnknownNameError.of("aspect policy", str(spec.aspect), ("crop", "pad", "stretch"))
    is_too_wide = width * spec.height > height * spec.width
    if is_too_wide == (spec.aspect == "crop"):
        n_columns, n_rows = max(1, round(height * spec.width / spec.height)), height
    else:
        n_columns, n_rows = width, max(1, round(width * spec.height / spec.width))
    top, left = (height - n_rows) // 2, (width - n_columns) // 2
    return slice(top, top + n_rows), slice(left, left + n_columns)


def _cut(image: Image, rows: slice, columns: slice) -> Image:
    height, width = image.shape[:2]
    top, left = max(rows.start, 0), max(columns.start, 0)
    inside = image[top : min(rows.stop, height), left : min(columns.stop, width)]
    shape = (rows.stop - rows.start, columns.stop - columns.start)
    if inside.shape[:2] == shape:
        return inside
    padded = np.zeros((*shape, 3), np.uint8)
    top, left = top - rows.start, left - columns.start
    padded[top : top + inside.shape[0], left : left + inside.shape[1]] = inside
    return padded


def _resized(image: Image, height: int, width: int) -> Image:
    if image.shape[:2] == (height, width):
        return image
    picture = PillowImage.fromarray(np.ascontiguousarray(image))
    # No reducing_gap and no draft mode: they are faster and give other bytes by source size.
    resized = picture.resize((width, height), PillowImage.Resampling.BILINEAR)
    return np.asarray(resized)
