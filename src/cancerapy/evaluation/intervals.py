"""95 % intervals by resampling groups, because images of one patient are not independent.

Whole groups are drawn with replacement, as many as there are; every image of a group comes along
as often as its group was drawn. Bounds are percentiles of the statistic over the resamples. With
few groups (nine slides) such intervals are rough and rather too narrow; with hundreds they cover
as they should, which a test checks by simulation.

References:
    Davison and Hinkley, Bootstrap Methods and their Application, 1997, chapters 3.8 and 5.3,
    doi:10.1017/CBO9780511802843.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats

LEVEL = 0.95
N_RESAMPLES = 1000
MIN_GROUPS_FOR_INTERVAL = 5
"""With fewer groups their resamples say nothing, and a figure stands without an interval."""

_MIN_DEFINED = 0.5  # with fewer defined resamples the interval is not a statement on the sample


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a figure, in the figure's own unit; not-a-number where undefined."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether both bounds lie on the same side of zero."""
        return self.low > 0 or self.high < 0


class GroupBootstrap:
    """Resamples of groups, drawn once, so that any two statistics see the same draws.

    Args:
        groups: Group of each image, (N,).
        n_resamples: How many resamples, at least 1.
        seed: Seed of the draws.
    """

    def __init__(
        self, groups: NDArray[np.str_], *, n_resamples: int = N_RESAMPLES, seed: int = 0
    ) -> None:
        """Draw the resamples."""
        names, self._rows = np.unique(groups, return_inverse=True)
        self.n_groups = len(names)
        self.n_resamples = n_resamples
        self._counts = _draw_counts(self.n_groups, n_resamples, seed)

    def totals(self, values: Floats) -> Floats:
        """Sum columns over the images of each resample.

        Args:
            values: (N, F), one row per image.

        Returns:
            (n_resamples, F).
        """
        by_group = np.zeros((self.n_groups, values.shape[1]))
        np.add.at(by_group, self._rows, values)
        return np.asarray(self._counts @ by_group, dtype=np.float64)

    def interval(self, resampled: Floats) -> Interval:
        """Return the 95 % interval of a figure, not-a-number with too few groups to tell.

        Args:
            resampled: The figure on each of these resamples, see ``percentile_interval``.
        """
        if self.n_groups < MIN_GROUPS_FOR_INTERVAL:
            return Interval(float("nan"), float("nan"))
        return percentile_interval(resampled)

    def iter_weights(self, chunk: int = 64) -> Iterator[Floats]:
        """Yield how often each image is in each resample, (<= chunk, N) at a time, in order."""
        for start in range(0, self.n_resamples, chunk):
            yield self._counts[start : start + chunk][:, self._rows]


def _draw_counts(n_groups: int, n_resamples: int, seed: int) -> Floats:
    """Draw how often each group is taken, (n_resamples, n_groups); each row sums to n_groups."""
    generator = np.random.default_rng(seed)
    drawn = generator.integers(0, n_groups, size=(n_resamples, n_groups))
    drawn += np.arange(n_resamples)[:, None] * n_groups
    counts = np.bincount(drawn.ravel(), minlength=n_resamples * n_groups)
    return counts.reshape(n_resamples, n_groups).astype(np.float64)


def percentile_interval(resampled: Floats, level: float = LEVEL) -> Interval:
    """Return the bounds that hold the middle ``level`` of the resampled figures.

    Args:
        resampled: The statistic on each resample, (n_resamples,); not-a-number where it is
            undefined, for instance when a class was not drawn.
        level: Share between the bounds, 0..1.

    Returns:
        Bounds over the defined resamples; not-a-number if fewer than half are defined.
    """
    defined = resampled[~np.isnan(resampled)]
    if len(defined) < max(1, _MIN_DEFINED * len(resampled)):
        return Interval(float("nan"), float("nan"))
    tail = (1 - level) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(float(low), float(high))
