"""Large photographs made smaller before they travel: a phone's has many times what a model sees.

How small is measured, not guessed: a picture that is scaled twice is not the one that is scaled
once, and near the network's own size the probabilities move. The rows of
``tools/measure_shrinking.py`` are in ``results/shrinking.csv``.
"""

import numpy as np
from PIL import Image as PillowImage

from cancerapy.app.edit import encode_png
from cancerapy.arrays import Image
from cancerapy.contract.responses import InputResponse

TIMES = 4.0
"""How many times the network's height and width are kept of the picture."""

MOST_MOVED = 0.05
"""How far a phantom's probabilities may move by it, at ``TIMES`` and with ``encode_smaller``."""


def shrink(pixels: Image, spec: InputResponse, times: float = TIMES) -> Image | None:
    """Return a smaller picture of the same shape, ``None`` where it is small enough.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        spec: The network's input.
        times: Height and width stay at least so many times the network's.

    Returns:
        (h, w, 3) uint8 RGB.
    """
    height_px, width_px = pixels.shape[:2]
    scale = times * max(spec.height_px / height_px, spec.width_px / width_px)
    if scale >= 1:
        return None
    size = round(width_px * scale), round(height_px * scale)
    # Lanczos keeps what the second scaling looks at; bilinear here would soften it.
    smaller = PillowImage.fromarray(pixels).resize(size, PillowImage.Resampling.LANCZOS)
    return np.asarray(smaller)


def encode_smaller(pixels: Image) -> bytes:
    """Return the file of a smaller picture: JPEG of quality 95 would move probabilities more."""
    return encode_png(pixels)
