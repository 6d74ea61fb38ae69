"""Figures that are means over draws of the training images, and differences of such means.

The interval holds both what makes figures vary: groups of the test side are drawn with
replacement, the same for all that is compared, and so are the draws of the training images.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cancerapy.arrays import Floats
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.evaluation.measure import Figure, draw_main_figures, figure_of
from cancerapy.evaluation.outcome import Outcome

Drawn = dict[str, tuple[float, Floats]]
"""By metric the value, and it on each resample of the groups (n_resamples,)."""


@dataclass(frozen=True, eq=False)
class Measured:
    """Figures of one way to learn at one size.

    Args:
        drawn: Figures of each draw of the training images.
        bootstrap: The resamples of the test side's groups.
    """

    drawn: list[Drawn]
    bootstrap: GroupBootstrap

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "Measured":
        """Measure the answers of each draw, which are about the same images in one order."""
        outcomes = list(outcomes)
        bootstrap = GroupBootstrap(outcomes[0].groups)
        return cls([draw_main_figures(outcome, bootstrap) for outcome in outcomes], bootstrap)

    @property
    def metrics(self) -> list[str]:
        """Names of the figures."""
        return list(self.drawn[0])

    def value(self, metric: str) -> float:
        """Return the mean over the draws."""
        return float(np.mean([figures[metric][0] for figures in self.drawn]))

    def resampled(self, metric: str, choice: Floats) -> Floats:
        """Return the mean over drawn draws on each resample.

        Args:
            metric: Name of the figure.
            choice: (n_resamples, n) numbers 0..1 that say which draws.
        """
        table = np.stack([figures[metric][1] for figures in self.drawn])
        which = (choice * len(table)).astype(np.int64)
        return np.asarray(table[which, np.arange(table.shape[1])[:, None]].mean(axis=1))


Terms = Sequence[tuple[int, Measured]]
"""What is added (1) and taken away (-1); all about the same test side."""


def combine(terms: Terms, metrics: Iterable[str]) -> list[Figure]:
    """Return sums of figures with intervals, for instance one minus another.

    Args:
        terms: At least one.
        metrics: Names of the figures; those that a term lacks are left out.
    """
    bootstrap = terms[0][1].bootstrap
    n_draws = max(len(own.drawn) for _, own in terms)
    choice = np.random.default_rng(0).random((bootstrap.n_resamples, n_draws))
    figures = []
    for metric in metrics:
        if all(metric in own.metrics for _, own in terms):
            value = sum(sign * own.value(metric) for sign, own in terms)
            resampled = sum(sign * own.resampled(metric, choice) for sign, own in terms)
            figures.append(figure_of(metric, value, np.asarray(resampled), bootstrap))
    return figures
