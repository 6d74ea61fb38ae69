"""The table of states and the best state's plan."""

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.trial import TrialState

from cancerapy.training.plan import read_plan, resolve_plan
from cancerapy.tuning.problem import Problem
from cancerapy.tuning.trials_table import (
    Row,
    best_of,
    describe_counts,
    describe_params,
    read_rows,
    write_best,
    write_rows,
)

MakeProblem = Callable[..., Problem]
BEGAN = datetime(2026, 1, 1)
DISTRIBUTIONS = {
    "optimizer": CategoricalDistribution(["adam", "sgd"]),
    "dropout": FloatDistribution(0, 1),
    "input_size": CategoricalDistribution(["24x32", "32x32"]),
}


def _add(
    study: optuna.Study,
    state: TrialState,
    ended_s: int | None,
    *,
    value: float | None = None,
    scores: dict[int, float] | None = None,
    **attributes: Any,
) -> None:
    params = {"optimizer": "sgd", "dropout": 0.125, "input_size": "24x32"}
    trial = optuna.trial.create_trial(
        state=state,
        value=value,
        params=params,
        distributions=DISTRIBUTIONS,
        user_attrs=attributes,
        intermediate_values=scores or {},
    )
    trial.datetime_complete = None if ended_s is None else BEGAN + timedelta(seconds=ended_s)
    study.add_trial(trial)


@pytest.fixture
def study() -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    made = optuna.create_study(direction="maximize")
    _add(made, TrialState.COMPLETE, 30, value=0.75, scores={1: 0.5, 2: 0.75}, seconds=20.0)
    _add(made, TrialState.PRUNED, 10, value=0.25, scores={1: 0.25}, seconds=10.0)
    _add(made, TrialState.FAIL, 40, status="failed", reason="It\ndiverged.", seconds=2.5)
    _add(made, TrialState.FAIL, 45, seconds=4.0)
    _add(made, TrialState.RUNNING, None)
    _add(made, TrialState.COMPLETE, 50, value=0.75, seconds=8.0, begun_as=3)
    return made


def test_rows_are_in_the_order_of_their_end_with_the_running_sum(study: optuna.Study) -> None:
    rows = read_rows(study)
    assert [row.number for row in rows] == [1, 0, 2, 3, 5, 4]
    assert [row.status for row in rows] == [
        "pruned", "finished", "failed", "killed", "finished", "running"
    ]  # fmt: skip
    assert [row.seconds_so_far for row in rows] == [10.0, 30.0, 32.5, 36.5, 44.5, 44.5]
    assert [row.score for row in rows] == [0.25, 0.75, None, None, 0.75, None]
    assert rows[3].reason == "its process ended without a word"
    assert (rows[4].begun_as, rows[0].begun_as) == (3, 1)
    assert describe_counts(rows) == "2 finished, 1 pruned, 1 failed, 1 killed, 1 running"


def test_the_first_of_the_best_is_the_best(study: optuna.Study) -> None:
    best = best_of(read_rows(study))
    assert best
    assert best.number == 0
    assert describe_params(best) == "optimizer=sgd, dropout=0.125, input_size=24x32"


def test_without_a_finished_state_there_is_no_best() -> None:
    assert best_of([]) is None
    assert describe_counts([]) == "0 finished, 0 pruned, 0 failed"
    pruned = Row(0, 0, "pruned", 0.9, {}, 1.0, 1.0, {})
    assert best_of([pruned]) is None


def test_the_table_can_be_read_again(study: optuna.Study, make_problem: MakeProblem) -> None:
    problem = make_problem(
        {"height": 32, "width": 32}, search=("dropout", "input_size", "optimizer", "mixup")
    )
    write_rows(problem, read_rows(study))
    with (problem.folder / "trials.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[1] == {
        "state": "0", "begun_as": "0", "status": "finished", "score": "0.75000",
        "scores_by_epoch": "1:0.50000 2:0.75000", "seconds": "20.0", "seconds_so_far": "30.0",
        "optimizer": "sgd", "dropout": "0.125", "mixup": "", "input_size": "24x32", "reason": "",
    }  # fmt: skip
    assert rows[2]["reason"] == "It diverged."


def test_the_best_state_is_a_plan_to_train_with(
    study: optuna.Study, make_problem: MakeProblem
) -> None:
    problem = make_problem({"height": 32, "width": 32, "epochs": 9})
    best = best_of(read_rows(study))
    assert best
    write_best(problem, best)
    file = problem.folder / "best-plan.json"
    plan = resolve_plan(problem.cancer, read_plan(file))
    assert (plan.optimizer, plan.dropout, plan.height, plan.width) == ("sgd", 0.125, 24, 32)
    assert plan.epochs == 9  # the proxy's epochs stay with the proxy
    assert json.loads(file.read_text())["cancer"] == "toy"
