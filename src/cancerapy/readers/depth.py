"""Grey values of more than 8 bits to 8 bits."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_DEPTHS_BITS = (8, 10, 12, 14, 16)
_BLOCK_ROWS = 256


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
    return _from_range(values)


def _from_range(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Scale in blocks of rows: at 50 megapixels every array of doubles in full is 400 MB."""
    scaled = np.zeros(values.shape, np.uint8)
    blocks = [slice(row, row + _BLOCK_ROWS) for row in range(0, len(values), _BLOCK_ROWS)]
    least, greatest = np.inf, -np.inf
    for block in blocks:
        finite = values[block][np.isfinite(values[block])]
        if finite.size:
            least, greatest = min(least, float(finite.min())), max(greatest, float(finite.max()))
    if least >= 0.0 and greatest <= 1.0:
        least, greatest = 0.0, 1.0
    span = greatest - least
    if not (span > 0 and np.isfinite(span)):
        return scaled
    for block in blocks:
        part = values[block].astype(np.float64)
        share = np.where(np.isfinite(part), (part - least) / span, 0.0)
        scaled[block] = np.round(share * 255.0)
    return scaled
