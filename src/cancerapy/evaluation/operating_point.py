"""The threshold from which a probability of malignancy is called positive."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats
from cancerapy.bundle.schema import OperatingPoint
from cancerapy.evaluation.intervals import GroupBootstrap, percentile_interval
from cancerapy.evaluation.outcome import Outcome, malignancy_of
from cancerapy.evaluation.resampled import resample_share

TARGET_SENSITIVITY = 0.9


def find_threshold(is_malignant: NDArray[np.bool_], probability: Floats, target: float) -> float:
    """Return the highest threshold whose sensitivity is at least ``target``.

    An image is called malignant if its probability reaches the threshold.

    Args:
        is_malignant: Truth, (n,).
        probability: Of malignancy, (n,), 0..1.
        target: Least sensitivity, above 0 and at most 1.

    Returns:
        The probability of one of the malignant images, 0..1; not-a-number without any.
    """
    positives = np.sort(probability[is_malignant])[::-1]
    if len(positives) == 0:
        return float("nan")
    # the tolerance keeps 0.9 * 10 at nine images
    needed = max(1, math.ceil(target * len(positives) - 1e-9))
    return float(positives[needed - 1])


def find_common_threshold(first: Outcome, added: Sequence[Outcome], target: float) -> float:
    """Return the highest threshold whose sensitivity is at least ``target`` on each part.

    An added part counts if at least 1 / (1 - target) of its groups have malignancy. With fewer the
    target is met only where all of them are called, and a single odd image would decide.

    Args:
        first: Answers of a task in which malignancy has a meaning.
        added: Further answers to the same task, of images from elsewhere.
        target: Least sensitivity, above 0 and below 1.

    Returns:
        0..1; not-a-number without a malignant image in ``first``.
    """
    least_added = math.ceil(1 / (1 - target) - 1e-9)
    parts = [(first, 1), *((part, least_added) for part in added)]
    thresholds = []
    for part, least in parts:
        malignancy = malignancy_of(part)
        if malignancy and len(np.unique(part.groups[malignancy[0]])) >= least:
            thresholds.append(find_threshold(*malignancy, target))
    return min(thresholds, default=float("nan"))


def measure_operating_point(
    is_malignant: NDArray[np.bool_],
    is_called: NDArray[np.bool_],
    bootstrap: GroupBootstrap,
    *,
    threshold: float,
    target: float,
) -> OperatingPoint | None:
    """State what calls of malignancy were worth.

    Args:
        is_malignant: Truth, (n,).
        is_called: Calls, (n,), each by a threshold that its own fold had no part in.
        bootstrap: Resamples of the same images.
        threshold: The threshold that ships.
        target: Sensitivity that it was chosen for, 0..1; names the point.

    Returns:
        Sensitivity and specificity with intervals; ``None`` if one side has no image.
    """
    if is_malignant.all() or not is_malignant.any():
        return None
    sensitivity, low_high = _share(is_called, is_malignant, bootstrap)
    specificity, other_low_high = _share(~is_called, ~is_malignant, bootstrap)
    return OperatingPoint(
        f"sensitivity_{round(100 * target)}",
        threshold,
        sensitivity,
        low_high,
        specificity,
        other_low_high,
    )


def _share(
    is_right: NDArray[np.bool_], among: NDArray[np.bool_], bootstrap: GroupBootstrap
) -> tuple[float, tuple[float, float]]:
    both, whole = (is_right & among).astype(np.float64), among.astype(np.float64)
    interval = percentile_interval(resample_share(bootstrap, both, whole))
    return float(both.sum() / whole.sum()), (interval.low, interval.high)
