from collections.abc import Callable

import numpy as np
import pytest

from cancerapy.cancers import Cancer
from cancerapy.evaluation.contrasts import Measured, combine
from cancerapy.evaluation.measure import measure_main
from cancerapy.evaluation.outcome import Outcome

GROUPS = np.array([f"g{row // 3}" for row in range(60)])
Y_TRUE = np.arange(60) // 3 % 2

MakeOutcome = Callable[[float], Outcome]


@pytest.fixture
def outcome(toy_cancer: Cancer) -> MakeOutcome:
    """Return a function that makes answers of which a share, by groups, is wrong."""
    (task,) = toy_cancer.tasks
    images = np.array([f"{row:02d}.png" for row in range(60)])

    def make(n_wrong_groups: float) -> Outcome:
        is_wrong = np.arange(60) // 3 < n_wrong_groups
        called = np.where(is_wrong, 1 - Y_TRUE, Y_TRUE)
        probabilities = np.where(np.eye(2)[called] > 0, 0.8, 0.2)
        folds = np.full(60, "fold-1")
        return Outcome(task, images, GROUPS, folds, Y_TRUE, probabilities)

    return make


def test_one_draw_has_the_figures_and_intervals_of_measure(outcome: MakeOutcome) -> None:
    (found,) = combine([(1, Measured.of([outcome(4)]))], ["accuracy"])
    expected = next(f for f in measure_main(outcome(4)) if f.metric == "accuracy")
    assert found == expected
    assert found.value == pytest.approx(0.8)


def test_the_value_is_the_mean_over_draws_and_draws_widen_the_interval(
    outcome: MakeOutcome,
) -> None:
    alike = Measured.of([outcome(4)] * 3)
    unlike = Measured.of([outcome(0), outcome(4), outcome(8)])
    (same,) = combine([(1, alike)], ["accuracy"])
    (spread,) = combine([(1, unlike)], ["accuracy"])
    assert same.value == pytest.approx(0.8)
    assert spread.value == pytest.approx(0.8)
    assert spread.high - spread.low > same.high - same.low


def test_a_difference_is_paired_in_groups_and_draws(outcome: MakeOutcome) -> None:
    own = Measured.of([outcome(0), outcome(4), outcome(8)])
    nothing, *_ = combine([(1, own), (-1, own)], ["accuracy"])
    assert (nothing.value, nothing.low, nothing.high) == (0, 0, 0)
    better = Measured.of([outcome(0)])
    (gap,) = combine([(1, better), (-1, own)], ["accuracy"])
    assert gap.value == pytest.approx(0.2)
    assert 0 <= gap.low < 0.2 < gap.high < 0.5


def test_a_metric_that_a_term_lacks_is_left_out(outcome: MakeOutcome) -> None:
    own = Measured.of([outcome(2)])
    found = combine([(1, own)], ["accuracy", "no such metric"])
    assert [figure.metric for figure in found] == ["accuracy"]
