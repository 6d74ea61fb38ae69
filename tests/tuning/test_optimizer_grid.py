"""The trainings of a comparison: which, with which plan, and kept when they are finished."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.data.splits import grouped_folds
from cancerapy.tuning.budget import BudgetSpent, Deadline
from cancerapy.tuning.optimizer_grid import Training, iter_trainings, rank_rows, train_grid
from cancerapy.tuning.problem import Problem

MakeProblem = Callable[..., Problem]


@pytest.fixture
def problem(make_problem: MakeProblem) -> Problem:
    return make_problem()


def test_both_stages_move_their_rate_together(problem: Problem) -> None:
    plan = Training("sgd", 1e-2, 1).plan(problem)
    base = problem.request.plan
    assert (plan.optimizer, plan.learning_rate) == ("sgd", 1e-2)
    assert plan.head_learning_rate / base.head_learning_rate == pytest.approx(100)
    assert replace(
        plan, optimizer="adam", learning_rate=1e-4, head_learning_rate=1e-3
    ) == base  # fmt: skip


def test_trainings_go_part_by_part() -> None:
    names = [training.name for training in iter_trainings({"adam": (1e-3,), "sgd": (0.1,)}, 2)]
    assert names == ["adam-0.001-part-1", "sgd-0.1-part-1", "adam-0.001-part-2", "sgd-0.1-part-2"]


def test_a_training_judges_its_part_and_is_kept(problem: Problem, tmp_path: Path) -> None:
    parts = grouped_folds(problem.data.manifest, "finding", 3, 0)[:1]
    rates, folder = {"adam": (1e-3,)}, tmp_path / "grid"
    with pytest.raises(BudgetSpent):
        train_grid(problem, rates, parts, folder, Deadline(0.0))
    assert not folder.exists()
    done = train_grid(problem, rates, parts, folder, Deadline.after(100))
    ((training, trained),) = done.items()
    assert training == Training("adam", 1e-3, 1)
    assert trained.logits.shape == (len(parts[0].test), 2)
    assert trained.reason == ""
    assert 0 <= trained.inner_score <= 1
    assert [file.name for file in folder.iterdir()] == ["adam-0.001-part-1.npz"]
    # Another call has no time to train, and needs none.
    ((_, again),) = train_grid(problem, rates, parts, folder, Deadline(0.0)).items()
    assert np.array_equal(again.logits, trained.logits)
    assert (again.inner_score, again.seconds) == (trained.inner_score, trained.seconds)


def test_the_score_of_rows(problem: Problem) -> None:
    truth = np.eye(2, dtype=np.float32)[problem.data.manifest.labels("finding")]
    rows = np.arange(len(truth))
    assert rank_rows(problem, rows, truth) == 1.0
    assert rank_rows(problem, rows, -truth) == 0.0
    assert rank_rows(problem, rows, np.zeros_like(truth)) == 0.5
