"""A part that trains with one optimizer, at the best rate of its grid, beside the first one."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.rows import rows_of
from cancerapy.evaluation.words import DIFFERENCE, LEARNING_RATE
from cancerapy.reproduce._spec import Context, Yield
from cancerapy.reproduce.proxy_trial import ProxyTrial, origin_on_proxy

SCORE = "macro_auc"
AT_EDGE = "rate_at_edge"
"""Metric: 1 where a chosen rate is an end of the grid, so that a wider one could be better."""

FAILED = "failed_trainings"
FOLDER = "optimizers"
N_PARTS = 3


@dataclass(frozen=True, slots=True)
class OptimizerPart:
    """One optimizer on the judged parts of a proxy; see ``tuning.optimizers``.

    Every training is kept as it ends, and parts of one trial share them.

    Args:
        name: The optimizer.
        trial: Plan and proxy.
        rates: Learning rates by optimizer; all are compared with the first one named.
    """

    name: str
    trial: ProxyTrial
    rates: Mapping[str, Sequence[float]] = field(repr=False)

    @property
    def first(self) -> str:
        """The optimizer that all are compared with."""
        return next(iter(self.rates))

    def run(self, context: Context) -> Yield:
        """Train what is missing of the own grid and of the first one's, and compare the two."""
        # Keras comes with these: listing the experiments does not wait for it.
        from cancerapy.data.splits import grouped_folds
        from cancerapy.training.cross_validation import split_digest
        from cancerapy.tuning.budget import Deadline
        from cancerapy.tuning.optimizers import compare_optimizers
        from cancerapy.tuning.problem import prepare_problem

        rates = {n: own[:1] for n, own in self.rates.items()} if context.quick else self.rates
        problem = prepare_problem(self.trial.request(context, FOLDER))
        names = tuple(self.rates)[:2] if self.name == self.first else (self.first, self.name)
        compared = compare_optimizers(
            problem, names, Deadline(math.inf), n_parts=N_PARTS, rates=rates
        )
        own = next(row for row in compared if row.optimizer == self.name)
        nan = float("nan")
        rate = float(np.median(own.learning_rates)) if own.learning_rates else nan
        figures = [
            Figure(SCORE, own.score, own.interval.low, own.interval.high),
            Figure(LEARNING_RATE, rate, nan, nan),
            Figure(AT_EDGE, float(own.at_edge), nan, nan),
            Figure(FAILED, own.n_failed, nan, nan),
            Figure("training_seconds", own.seconds, nan, nan),
        ]
        if self.name != self.first:
            bounds = own.difference_interval
            figures.append(Figure(SCORE + DIFFERENCE, own.difference, bounds.low, bounds.high))
        main = problem.cancer.network.factors[0].name
        parts = grouped_folds(problem.data.manifest, main, N_PARTS, problem.seed)
        origin = origin_on_proxy(problem, context, self.name, split_digest(list(parts)))
        return Yield(rows_of(origin, figures))
