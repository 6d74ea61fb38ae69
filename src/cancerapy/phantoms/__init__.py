"""Pictures that look like patients' images and are of nobody: drawn by code from a seed.

Tests, demonstrations and screenshots use them, since no patient's image may be in the repository.
They have the coarse look of each modality and class; no model should be judged by them.
"""

import zlib
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from cancerapy.arrays import Image
from cancerapy.errors import UnknownNameError, UsageError
from cancerapy.phantoms.dermatoscopy import draw_dermatoscopy
from cancerapy.phantoms.generic import draw_generic
from cancerapy.phantoms.histology import draw_histology
from cancerapy.phantoms.mammogram import draw_mammogram

__all__ = ["draw_phantom", "list_phantoms"]

Painter: TypeAlias = Callable[[np.random.Generator, int, int, str], Image]
"""Takes a generator, height, width and the class id; returns (height, width, 3) uint8."""

_PAINTERS: dict[str, Painter] = {
    "dermatoscopy": draw_dermatoscopy,
    "generic": draw_generic,
    "histology": draw_histology,
    "mammogram": draw_mammogram,
}


def list_phantoms() -> list[str]:
    """Return the kinds of pictures that can be drawn, sorted."""
    return sorted(_PAINTERS)


def draw_phantom(
    kind: str, *, seed: int = 0, height: int, width: int, value: str | None = None
) -> Image:
    """Draw a synthetic picture; the same arguments always give the same pixels.

    Args:
        kind: One of ``list_phantoms``.
        seed: Chooses the individual.
        height: Height in pixels, at least 1.
        width: Width in pixels, at least 1.
        value: Class id that the picture should look like. The ids of the shipped cancers have
            looks of their own; any other id gets one derived from its letters. Without it, the
            look of the painter's first class.

    Returns:
        (height, width, 3) uint8 RGB.

    Raises:
        UnknownNameError: No painter of that name.
        UsageError: A side is less than one pixel.

    >>> draw_phantom("histology", seed=1, height=30, width=40, value="TUMOR").shape
    (30, 40, 3)
    """
    if kind not in _PAINTERS:
        raise UnknownNameError.of("phantom", kind, _PAINTERS)
    if height < 1 or width < 1:
        raise UsageError(
            f"A phantom must be at least 1 x 1 px; {width} x {height} was asked for. "
            "Choose a larger width and height."
        )
    text = value or ""
    rng = np.random.default_rng([abs(seed), zlib.crc32(kind.encode()), zlib.crc32(text.encode())])
    return _PAINTERS[kind](rng, height, width, text)
