"""How the best policy changes when a cost is another than assumed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from cancerapy.agent.actions import end_costs
from cancerapy.arrays import Floats, Indices
from cancerapy.cancers import ErrorCosts
from cancerapy.policy.beliefs import Beliefs
from cancerapy.policy.figures import PATIENTS, prevalence_weights
from cancerapy.policy.policies import ALWAYS, NEVER, TOP_CLASS, run_costs, run_fixed

FACTORS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
LOWEST_COST = "lowest expected cost"
CURVES = (LOWEST_COST, ALWAYS, NEVER, TOP_CLASS)


def _with_missed(costs: ErrorCosts, factor: float) -> ErrorCosts:
    missed = {value: factor * cost for value, cost in costs.missed.items()}
    return replace(costs, missed_malignant=factor * costs.missed_malignant, missed=missed)


VARIED: dict[str, Callable[[ErrorCosts, float], ErrorCosts]] = {
    "missed_malignant": _with_missed,
    "false_alarm": lambda costs, factor: replace(costs, false_alarm=factor * costs.false_alarm),
    "further_test": lambda costs, factor: replace(costs, further_test=factor * costs.further_test),
    "follow_up": lambda costs, factor: replace(costs, follow_up=factor * costs.follow_up),
}
"""Costs that are varied, each alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Cost per 1000 patients of every policy as one cost is multiplied.

    Args:
        varied: Name of the cost.
        prevalence: Share of malignant findings; ``None``: the data set's.
        curves: By policy, at each of ``FACTORS``.
        unaware: Cost where the policy goes on deciding by the costs as assumed, though they are
            others.
    """

    varied: str
    prevalence: float | None
    curves: dict[str, Floats]
    unaware: Floats

    def best_fixed(self) -> list[str]:
        """Return the cheapest of the policies that weigh no costs, at each factor."""
        names = [name for name in self.curves if name != LOWEST_COST]
        table = np.array([self.curves[name] for name in names])
        return [names[row] for row in table.argmin(axis=0)]


def vary(
    beliefs: Beliefs, costs: ErrorCosts, varied: str, way: str, prevalence: float | None
) -> Sensitivity:
    """Multiply one cost by each of ``FACTORS``.

    Args:
        beliefs: Of the examinations.
        costs: As assumed.
        varied: One of ``VARIED``.
        way: What the belief rests on.
        prevalence: Of the clinic.
    """
    weights = prevalence_weights(beliefs.is_malignant, prevalence)
    as_assumed = run_costs(way, beliefs, costs, prevalence).ends
    curves: dict[str, list[float]] = {name: [] for name in CURVES}
    stubborn = []
    for factor in FACTORS:
        changed = VARIED[varied](costs, factor)
        course = run_costs(way, beliefs, changed, prevalence)
        curves[LOWEST_COST].append(_mean(course.cost, weights))
        for name in (ALWAYS, NEVER, TOP_CLASS):
            curves[name].append(_mean(run_fixed(name, beliefs, changed).cost, weights))
        stubborn.append(_mean(cost_of_ends(as_assumed, beliefs, changed), weights))
    return Sensitivity(
        varied,
        prevalence,
        {name: np.array(values) for name, values in curves.items()},
        np.array(stubborn),
    )


def cost_of_ends(ends: Indices, beliefs: Beliefs, costs: ErrorCosts) -> Floats:
    """Return what given ends cost each examination, (E,)."""
    table = end_costs(costs, beliefs.material.values, beliefs.malignant.tolist())
    return np.asarray(table[ends, beliefs.y_true])


def _mean(cost: Floats, weights: Floats) -> float:
    return PATIENTS * float((weights * cost).sum() / weights.sum())
