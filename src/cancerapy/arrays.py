"""Names for the arrays that travel between the parts, each with its shape, type and range.

``N`` images, ``H`` height and ``W`` width in pixels, ``C`` colour channels, ``K`` classes of a
task, ``L`` logits of a network (all factors side by side).
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8]
"""One picture, (H, W, 3) RGB, 0..255."""

Images: TypeAlias = NDArray[np.uint8]
"""Pictures of one size, (N, H, W, 3) RGB, 0..255."""

Logits: TypeAlias = NDArray[np.float32]
"""Raw outputs of a network, (..., L), unbounded."""

Probabilities: TypeAlias = NDArray[np.float64]
"""Calibrated probabilities, (..., K), each in 0..1, summing to 1 over the last axis."""

ClassMap: TypeAlias = NDArray[np.float32]
"""Evidence per cell of the last feature map, (h, w, L); its pooling is the logits."""

Indices: TypeAlias = NDArray[np.int64]
"""Row numbers into a manifest, (N,)."""

Floats: TypeAlias = NDArray[np.float64]
"""Any array of real numbers whose meaning the docstring gives."""
