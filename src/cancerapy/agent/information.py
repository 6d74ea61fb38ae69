"""What a further image or an answer is worth before it is known.

The value is what the best end costs now less what it will cost on average afterwards. It is never
below zero, because what was best stays possible; asking pays where the value is above the price.
One step is looked ahead, not several.
"""

from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

import numpy as np

from cancerapy.agent.belief import Belief, effective_images, log_odds
from cancerapy.arrays import Floats
from cancerapy.cancers import AnswerTable, Evidence

_N_POINTS = 400


def cost_now(belief: Belief, costs: Floats) -> float:
    """Return the expected cost of the best end now.

    Args:
        belief: Of the finding.
        costs: Of the ends that are allowed, by value, (A, V), see ``actions.end_costs``.
    """
    return float((costs @ belief.probabilities).min())


def cost_after_answer(belief: Belief, costs: Floats, table: AnswerTable) -> float:
    """Return the expected cost of the best end once a question is answered.

    The sum over answers of ``min over ends of sum over values P(value) P(answer | value) cost``.

    Args:
        belief: Of the finding now.
        costs: As in ``cost_now``.
        table: How often each answer is given, by value.
    """
    together = np.asarray(table.likelihood) * belief.probabilities  # (levels, V)
    return float((costs @ together.T).min(axis=0).sum())


def cost_after_image(belief: Belief, costs: Floats, evidence: Evidence) -> float | None:
    """Return the expected cost of the best end once one more image is there.

    The log-likelihood ratio of malignancy of one image is taken to be normal with variance
    ``separation ** 2`` and mean plus or minus half of that, as that of a calibrated score is, with
    ``correlation`` between images of one finding. The kinds inside malignant and benign keep their
    shares.

    Args:
        belief: Of the finding now.
        costs: As in ``cost_now``.
        evidence: Of the cancer.

    Returns:
        ``None`` if it is not known what further images say.
    """
    rho, spread = evidence.correlation, evidence.separation
    p = belief.malignancy
    if rho is None or spread <= 0 or not 0 < p < 1:
        return None
    n, mean = belief.n_images, belief.image_evidence
    shared = n * rho / (1 + (n - 1) * rho)
    deviation = spread * np.sqrt(1 - rho + rho * (1 - shared))
    before, after = effective_images(n, rho), effective_images(n + 1, rho)
    expected = 0.0
    by_truth = _costs_by_truth(belief, costs)
    for sign, weight, own in ((1, p, by_truth[:, 0]), (-1, 1 - p, by_truth[:, 1])):
        centre = sign * spread**2 / 2
        drawn = centre + shared * (mean - centre) + deviation * _normal_points()
        odds = log_odds(p) + after * (n * mean + drawn) / (n + 1) - before * mean
        later = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
        ends = np.outer(later, by_truth[:, 0]) + np.outer(1 - later, by_truth[:, 1])
        expected += weight * float(own[ends.argmin(axis=1)].mean())
    return expected


def best_question(
    belief: Belief, costs: Floats, evidence: Evidence, answered: Sequence[str]
) -> tuple[str, float] | None:
    """Return the open question whose answer makes the best end cheapest, and that cost.

    Args:
        belief: Of the finding now.
        costs: As in ``cost_now``.
        evidence: Of the cancer.
        answered: Ids of the questions that need not be asked any more.

    Returns:
        ``None`` if no open question has a table.
    """
    open_ones = {
        name: cost_after_answer(belief, costs, table)
        for name, table in evidence.answers.items()
        if name not in answered
    }
    return min(open_ones.items(), key=lambda entry: entry[1]) if open_ones else None


def _costs_by_truth(belief: Belief, costs: Floats) -> Floats:
    """Return the costs of each end if malignant and if benign, (A, 2)."""
    columns = []
    for flags in (belief.malignant, 1 - belief.malignant):
        weights = belief.probabilities * flags
        columns.append(costs @ (weights / weights.sum()))
    return np.stack(columns, axis=1)


@cache
def _normal_points() -> Floats:
    """Return the middles of equally likely parts of the standard normal distribution."""
    shares = (np.arange(_N_POINTS) + 0.5) / _N_POINTS
    return np.array([NormalDist().inv_cdf(share) for share in shares])
