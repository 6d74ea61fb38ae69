"""Texture of a picture in numbers, as classical machine learning takes it.

Of the grey picture at full, half and quarter size:

* rotation-invariant uniform local binary patterns: whether the neighbours of a pixel are brighter;
* grey-level co-occurrence: which levels stand beside each other, in four directions;
* the steepness of the grey values.

References:
    Ojala et al., IEEE PAMI 24, 2002, doi:10.1109/TPAMI.2002.1017623 (patterns).
    Haralick et al., IEEE SMC 3, 1973, doi:10.1109/TSMC.1973.4309314 (co-occurrence).
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from cancerapy.arrays import Floats, Image, Images
from cancerapy.data.progress import StepProgress, silent
from cancerapy.evaluation.baselines import colour_histogram

Grey = NDArray[np.uint8]

VERSION = 1
"""Raise it when a figure changes, so that cached features are computed anew."""

SCALES = (1, 2, 4)
"""Factors by which the picture is made smaller."""

N_PATTERNS = 10
"""Uniform patterns by their number of brighter neighbours, 0..8, and all others together."""

N_LEVELS = 16
"""Grey levels of the co-occurrence."""

N_SLOPES = 8
"""Bins of the steepness."""

_NEIGHBOURS = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
_DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1))
_STEEPEST = 128.0
"""Grey levels a pixel; what is steeper falls in the last bin."""


def texture(image: Image) -> Floats:
    """Return the texture of a picture, (90,): patterns, co-occurrence and steepness by scale.

    Args:
        image: (H, W, 3) RGB, each side at least 12 pixels.
    """
    grey = PillowImage.fromarray(image).convert("L")
    rows = []
    for scale in SCALES:
        own = np.asarray(grey.reduce(scale))
        rows += [local_binary_patterns(own), co_occurrence_figures(own), steepness(own)]
    return np.concatenate(rows)


def colour_and_texture(images: Images, progress: StepProgress = silent) -> Floats:
    """Return colour histogram and texture of every picture, (N, 186)."""
    rows = []
    for done, image in enumerate(images, 1):
        own = np.ascontiguousarray(image)
        rows.append(np.concatenate([colour_histogram(own), texture(own)]))
        progress("colour and texture", done, len(images))
    return np.stack(rows)


def local_binary_patterns(grey: Grey) -> Floats:
    """Return the share of pixels by pattern of their eight neighbours, (10,); the sum is 1.

    A neighbour is 1 if it is at least as bright. Going round, a uniform pattern changes at most
    twice; it is counted by its number of ones, all other patterns come last.

    Args:
        grey: (H, W), each side at least 3.
    """
    height, width = grey.shape
    centre = grey[1:-1, 1:-1]
    ones = np.stack(
        [grey[1 + y : height - 1 + y, 1 + x : width - 1 + x] >= centre for y, x in _NEIGHBOURS]
    )
    n_changes = (ones != np.roll(ones, 1, axis=0)).sum(axis=0, dtype=np.uint8)
    n_ones = ones.sum(axis=0, dtype=np.uint8)
    pattern = np.where(n_changes <= 2, n_ones, N_PATTERNS - 1)
    return np.bincount(pattern.ravel(), minlength=N_PATTERNS) / pattern.size


def co_occurrence(grey: Grey, direction: tuple[int, int]) -> Floats:
    """Return how often two of 16 levels stand beside each other, (16, 16), symmetric; sum 1.

    Args:
        grey: (H, W).
        direction: Rows down and columns to the right, from a pixel to its neighbour.
    """
    level = grey.astype(np.int64) * N_LEVELS // 256
    down, right = direction
    height, width = level.shape
    first = level[: height - down, max(0, -right) : width - max(0, right)]
    second = level[down:, max(0, right) : width + min(0, right)]
    pairs = np.bincount((first * N_LEVELS + second).ravel(), minlength=N_LEVELS**2)
    counts = pairs.reshape(N_LEVELS, N_LEVELS)
    return np.asarray((counts + counts.T) / (2 * counts.sum()))


def co_occurrence_figures(grey: Grey) -> Floats:
    """Return mean and range over four directions of five figures of the co-occurrence, (10,).

    The figures are those of Haralick: contrast (in levels squared), homogeneity, energy,
    correlation (1 for a picture of one level) and entropy (in bits).
    """
    figures = np.array([_haralick(co_occurrence(grey, way)) for way in _DIRECTIONS])
    return np.concatenate([figures.mean(axis=0), np.ptp(figures, axis=0)])


def steepness(grey: Grey) -> Floats:
    """Return the share of pixels by steepness, (8,), and its mean and deviation, (10,) in all.

    Steepness is the length of the gradient by central differences, in grey levels a pixel; the
    bins double in width.
    """
    down, right = np.gradient(grey.astype(np.float32))
    slope = np.hypot(down, right)
    edges = _STEEPEST / 2.0 ** np.arange(N_SLOPES - 1, 0, -1)
    shares = np.bincount(np.digitize(slope.ravel(), edges), minlength=N_SLOPES) / slope.size
    return np.concatenate([shares, [slope.mean(), slope.std()]])


def _haralick(joint: Floats) -> list[float]:
    first, second = np.indices(joint.shape)
    gap = (first - second) ** 2
    mean = (first * joint).sum()
    variance = ((first - mean) ** 2 * joint).sum()
    covariance = ((first - mean) * (second - mean) * joint).sum()
    present = joint[joint > 0]
    return [
        (gap * joint).sum(),
        (joint / (1 + gap)).sum(),
        np.sqrt((joint**2).sum()),
        covariance / variance if variance else 1.0,
        -(present * np.log2(present)).sum(),
    ]
