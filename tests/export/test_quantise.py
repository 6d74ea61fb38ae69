"""When int8 may replace float16: no class loses more than a point of sensitivity."""

import numpy as np
import pytest

from cancerapy.cancers import ClassLabel, Task
from cancerapy.errors import DataError
from cancerapy.evaluation.outcome import Outcome
from cancerapy.export.quantise import MOST_LOST, figures_of, sensitivity_lost

TASK = Task("t", "T", tuple(ClassLabel(name, name, ".", {"kind": name}) for name in ("a", "b")))


def outcome(hits_a: int, hits_b: int, n_a: int = 100, n_b: int = 200) -> Outcome:
    """Return answers with so many hits of ``n_a`` images of a and ``n_b`` of b."""
    y_true = np.repeat([0, 1], [n_a, n_b])
    right = np.concatenate([np.arange(n_a) < hits_a, np.arange(n_b) < hits_b])
    y_pred = np.where(right, y_true, 1 - y_true)
    names = np.array([f"{i}.png" for i in range(len(y_true))])
    groups = np.array([f"g{i // 15}" for i in range(len(y_true))])
    return Outcome(TASK, names, groups, np.full(len(names), "f"), y_true, np.eye(2)[y_pred])


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ((90, 180), (90, 180), 0.0),
        ((90, 180), (89, 190), 0.01),
        ((90, 180), (95, 176), 0.02),
        ((90, 180), (100, 200), 0.0),
    ],
)
def test_the_class_that_loses_most_decides(
    before: tuple[int, int], after: tuple[int, int], lost: float
) -> None:
    assert sensitivity_lost(outcome(*before), outcome(*after)) == pytest.approx(lost, abs=1e-12)
    assert MOST_LOST == 0.01


def test_a_class_without_images_cannot_be_judged() -> None:
    with pytest.raises(DataError, match="t has none of b"):
        sensitivity_lost(outcome(90, 0, 100, 0), outcome(90, 0, 100, 0))


def test_figures_have_intervals_around_them() -> None:
    figures = {figure.metric: figure for figure in figures_of(outcome(90, 180))}
    assert list(figures) == ["accuracy", "balanced_accuracy", "sensitivity:a", "sensitivity:b"]
    assert figures["sensitivity:a"].value == pytest.approx(0.9)
    assert figures["accuracy"].value == pytest.approx(0.9)
    for figure in figures.values():
        assert figure.low < figure.value < figure.high
