"""Grey values of more than 8 bits to 8 bits."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_DEPTHS_BITS = (8, 10, 12, 14, 16)


def to_8_bit(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Scale grey values of any type to 0..255, linearly.

    Integers that fit into 16 bits are scaled from the full range of the smallest usual depth
    (8, 10, 12, 14 or 16 bits) that holds the greatest value: detectors store 12-bit pictures in
    16-bit files, and the full 16-bit scale would leave them 16 grey levels. Other integers and
    floats have no full scale: 0..1 where all floats lie inside it, else the picture's least to
    greatest finite value. Values that are not finite become 0.

    Args:
        values: (H, W), any number type.

    Returns:
        (H, W) uint8.
    """
    if values.dtype.kind in "iu" and values.size:
        least, greatest = int(values.min()), int(values.max())
        if least >= 0 and greatest < 2**16:
            bits = next(bits for bits in _DEPTHS_BITS if greatest < 2**bits)
            table = np.round(np.arange(2**bits) * (255.0 / (2**bits - 1))).astype(np.uint8)
            scaled: NDArray[np.uint8] = table[values]
            return scaled
    return _from_range(values.astype(np.float64))


def _from_range(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(values.shape, np.uint8)
    least, greatest = float(values[finite].min()), float(values[finite].max())
    if least >= 0.0 and greatest <= 1.0:
        least, greatest = 0.0, 1.0
    span = greatest - least
    if span <= 0 or not np.isfinite(span):
        return np.zeros(values.shape, np.uint8)
    share = np.where(finite, (values - least) / span, 0.0)
    return np.round(share * 255.0).astype(np.uint8)
