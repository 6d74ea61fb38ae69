"""Is one architecture better than another? The difference on the same images, with its interval."""

import math

from cancerapy.comparison.rows import METRICS, CandidateRow
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.intervals import N_RESAMPLES
from cancerapy.evaluation.measure import Figure, compare


def find_differences(
    candidate: Calibrated, reference: Calibrated, *, n_resamples: int = N_RESAMPLES, seed: int = 0
) -> dict[str, Figure]:
    """Return a candidate's figures minus the reference's, with paired intervals over groups.

    Args:
        candidate: Its answers.
        reference: Answers of the candidate that all others are compared with.
        n_resamples: Resamples of the groups.
        seed: Seed of the resamples.
    """
    figures = compare(candidate, reference, n_resamples=n_resamples, seed=seed)
    return {figure.metric: figure for figure in figures if figure.metric in METRICS}


def tell_verdict(row: CandidateRow) -> str:
    """Say in words what the interval of the difference in accuracy says.

    Args:
        row: A candidate that did not fail.
    """
    if not row.against:
        return "reference"
    difference = row.differences.get("accuracy")
    if difference is None or math.isnan(difference.low):
        return "too few groups to tell"
    if not difference.interval.excludes_zero:
        return f"no difference from {row.against} shown"
    return f"{'better' if difference.low > 0 else 'worse'} than {row.against}"
