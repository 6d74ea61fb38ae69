"""Figures by slide, age, sex, site, view ...: where a model is worse than on average.

A subgroup with fewer than ``MIN_IMAGES`` images gets no figures and says "too few", because a
number from ten images is read as if it came from a thousand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cancerapy.evaluation.measure import Figure, measure_main
from cancerapy.evaluation.outcome import Outcome

MIN_IMAGES = 20
TOO_FEW = "too few"
MAX_SUBGROUPS = 30
"""A fact with more values (an identifier, a free text) makes no table."""
AGE_LIMITS_YEARS = (40, 50, 60, 70, 80)
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Subgroup:
    """The images that share a value of a fact.

    Args:
        value: The value, or an age band.
        n_images: Number of images.
        n_groups: Number of groups.
        n_classes: Number of classes that occur; a balanced accuracy is over these only.
        figures: By metric; ``None`` where there are too few images.
    """

    value: str
    n_images: int
    n_groups: int
    n_classes: int
    figures: Mapping[str, Figure] | None


def age_band(age_years: str) -> str:
    """Return the ten-year band of an age, or ``"unknown"``.

    >>> [age_band(text) for text in ("39", "40.0", "85", "", "n/a")]
    ['under 40', '40 to 49', '80 and over', 'unknown', 'unknown']
    """
    try:
        age = float(age_years)
    except ValueError:
        return UNKNOWN
    if not age >= 0:
        return UNKNOWN
    if age < AGE_LIMITS_YEARS[0]:
        return f"under {AGE_LIMITS_YEARS[0]}"
    if age >= AGE_LIMITS_YEARS[-1]:
        return f"{AGE_LIMITS_YEARS[-1]} and over"
    lower = max(limit for limit in AGE_LIMITS_YEARS if limit <= age)
    return f"{lower} to {lower + 9}"


def subgroup_table(
    outcome: Outcome, values: NDArray[np.str_], *, n_resamples: int, seed: int = 0
) -> list[Subgroup]:
    """Measure every subgroup of one fact.

    Args:
        outcome: A task's answers, n images.
        values: The fact's value of each image, (n,).
        n_resamples: Resamples for the intervals.
        seed: Seed of the resamples.

    Returns:
        Subgroups sorted by value, the youngest band first and unknown last.
    """
    names = sorted(set(values.tolist()), key=lambda value: (value == UNKNOWN, _rank(value)))
    return [_subgroup(name, outcome.part(values == name), n_resamples, seed) for name in names]


def subgroup_tables(
    outcome: Outcome,
    facts: Mapping[str, Sequence[str]],
    *,
    n_resamples: int,
    seed: int = 0,
) -> dict[str, list[Subgroup]]:
    """Measure every subgroup of every fact that divides the images.

    Args:
        outcome: A task's answers, n images.
        facts: By name the value of each of the n images; empty where unknown.
        n_resamples: Resamples for the intervals.
        seed: Seed of the resamples.

    Returns:
        Tables by fact; facts with one value or with more than ``MAX_SUBGROUPS`` are left out.
    """
    tables = {}
    for name, texts in facts.items():
        cleaned = [age_band(t) if name == "age" else (t or UNKNOWN) for t in texts]
        if 1 < len(set(cleaned)) <= MAX_SUBGROUPS:
            values = np.array(cleaned, dtype=np.str_)
            tables[name] = subgroup_table(outcome, values, n_resamples=n_resamples, seed=seed)
    return tables


def _rank(value: str) -> tuple[int, str]:
    if value.startswith("under"):
        return 0, value
    return (2, value) if value.endswith("over") else (1, value)


def _subgroup(name: str, outcome: Outcome, n_resamples: int, seed: int) -> Subgroup:
    figures = None
    if len(outcome) >= MIN_IMAGES:
        measured = measure_main(outcome, n_resamples=n_resamples, seed=seed)
        figures = {figure.metric: figure for figure in measured}
    n_classes = len(np.unique(outcome.y_true))
    return Subgroup(name, len(outcome), outcome.n_groups, n_classes, figures)
