"""Differences on the same images, and what their interval says."""

from collections.abc import Callable

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.comparison.rows import CandidateRow
from cancerapy.comparison.verdict import find_differences, tell_verdict
from cancerapy.evaluation.calibrated import Calibrated
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.outcome import Outcome

MakeRow = Callable[..., CandidateRow]


def _answer(cancer: Cancer, is_right: np.ndarray) -> Calibrated:
    """Answers to 40 images of 10 groups, the classes in turn."""
    y_true = np.arange(40) % 2
    called = np.where(is_right, y_true, 1 - y_true)
    names = np.array([f"{i:02d}.png" for i in range(40)])
    groups = np.array([f"g{i // 4}" for i in range(40)])
    probabilities = np.where(np.eye(2)[called] > 0, 0.8, 0.2)
    return Calibrated(
        Outcome(cancer.tasks[0], names, groups, groups, y_true, probabilities), None, None, None
    )


def test_the_difference_is_the_candidates_minus_the_references(toy_cancer: Cancer) -> None:
    third = np.arange(40) % 4 < 3
    candidate, reference = _answer(toy_cancer, third), _answer(toy_cancer, np.arange(40) % 4 < 1)
    found = find_differences(candidate, reference, n_resamples=200)
    assert set(found) == {"accuracy", "balanced_accuracy", "macro_auc"}
    # Every group has the same three of four right against one: no resample differs.
    accuracy = found["accuracy"]
    assert [accuracy.value, accuracy.low, accuracy.high] == pytest.approx([0.5, 0.5, 0.5])


def test_the_interval_is_paired(toy_cancer: Cancer) -> None:
    """Two networks wrong on the same five groups differ by nothing, however those are drawn."""
    right = np.arange(40) < 20
    found = find_differences(_answer(toy_cancer, right), _answer(toy_cancer, right))
    assert (found["accuracy"].low, found["accuracy"].high) == (0, 0)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.01, 0.09, "better than A"),
        (-0.09, -0.01, "worse than A"),
        (-0.01, 0.09, "no difference from A shown"),
        (0.0, 0.09, "no difference from A shown"),
        (float("nan"), float("nan"), "too few groups to tell"),
    ],
)
def test_a_verdict_needs_an_interval_without_zero(
    low: float, high: float, expected: str, make_row: MakeRow
) -> None:
    differences = {"accuracy": Figure("accuracy", 0.04, low, high)}
    assert tell_verdict(make_row("B", against="A", differences=differences)) == expected


def test_the_reference_is_named_so(make_row: MakeRow) -> None:
    assert tell_verdict(make_row("A")) == "reference"
