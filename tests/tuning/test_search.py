"""The search with a training that is made up: what becomes of every kind of state."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState

from cancerapy.errors import DataError, PlanError, StorageError
from cancerapy.training.plan import Plan
from cancerapy.tuning import search as module
from cancerapy.tuning.budget import BudgetSpent, Deadline
from cancerapy.tuning.problem import Problem
from cancerapy.tuning.search import N_HOPELESS, Search
from cancerapy.tuning.state import StateDisplay
from cancerapy.tuning.study import open_study, queue_killed
from cancerapy.tuning.trials_table import Row, best_of, read_rows

MakeProblem = Callable[..., Problem]
Measure = Callable[[Problem, Plan, Path, StateDisplay], float]


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Callable[[Problem, Measure], list[Row]]:
    """Return a function that searches with a made-up training and returns the rows."""

    def run(problem: Problem, measure: Measure, seconds: float = 60) -> list[Row]:
        monkeypatch.setattr(module, "measure_state", measure)
        with open_study(problem) as study:
            try:
                Search(problem, study, Deadline.after(seconds), "toy").run()
            finally:
                rows = read_rows(study)
        return rows

    return run


def _by_dropout(problem: Problem, plan: Plan, folder: Path, display: StateDisplay) -> float:
    return 1 - plan.dropout


def test_states_are_judged_and_the_best_is_known(
    make_problem: MakeProblem, search: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = make_problem(search=("dropout", "optimizer"), states=12)
    rows = search(problem, _by_dropout)
    assert [row.status for row in rows] == ["finished"] * 12
    assert all(row.score == 1 - row.params["dropout"] for row in rows)
    best = best_of(rows)
    assert best
    assert best.score == max(row.score for row in rows)
    assert len({row.params["dropout"] for row in rows}) == 12
    assert "state 11 finished" in " ".join(capsys.readouterr().err.split())
    assert (problem.folder / "trials.csv").read_text().count("\n") == 13


def test_a_fault_of_one_state_is_recorded_and_the_search_goes_on(
    make_problem: MakeProblem, search: Any
) -> None:
    def measure(problem: Problem, plan: Plan, folder: Path, display: StateDisplay) -> float:
        if plan.optimizer == "sgd":
            raise DataError("The training diverged.")
        if plan.optimizer == "adam":
            raise PlanError("It cannot be cut there.")
        return 0.5

    rows = search(make_problem(search=("optimizer",), states=20), measure)
    reasons = {"sgd": "The training diverged.", "adam": "It cannot be cut there."}
    assert len(rows) == 20
    assert {row.params["optimizer"] for row in rows} >= {"sgd", "adam"}
    for row in rows:
        wanted = reasons.get(row.params["optimizer"], "")
        assert (row.status, row.reason) == ("failed" if wanted else "finished", wanted)
        assert (row.score is None) == bool(wanted)


def test_a_fault_of_all_states_ends_the_search(make_problem: MakeProblem, search: Any) -> None:
    def measure(*parts: object) -> float:
        raise StorageError("No room.")

    problem = make_problem(search=("dropout",), states=5)
    with pytest.raises(StorageError, match="No room"):
        search(problem, measure)
    with open_study(problem) as study:
        rows = read_rows(study)
    assert [(row.status, row.reason) for row in rows] == [("failed", "No room.")]


def test_a_hopeless_search_ends_with_the_reason(make_problem: MakeProblem, search: Any) -> None:
    tried = []

    def measure(*parts: object) -> float:
        tried.append(parts)
        raise PlanError("Too small.")

    with pytest.raises(DataError, match="the first 8 have all failed, the last one because: Too"):
        search(make_problem(search=("dropout",)), measure)
    assert len(tried) == N_HOPELESS


def test_the_goal_ends_the_search_and_is_not_sought_again(
    make_problem: MakeProblem, search: Any
) -> None:
    problem = make_problem(search=("dropout",), goal=0.6)
    rows = search(problem, _by_dropout)
    assert rows[-1].score >= 0.6
    assert all(row.score < 0.6 for row in rows[:-1])
    assert len(search(problem, _by_dropout)) == len(rows)


def test_the_budget_ends_the_search_and_the_state_is_gone_on_with(
    make_problem: MakeProblem, search: Any
) -> None:
    problem = make_problem(search=("dropout",), states=1, study="mine")
    folders = []

    def stopped(problem: Problem, plan: Plan, folder: Path, display: StateDisplay) -> float:
        folder.mkdir(parents=True)
        folders.append(folder)
        display.on_epoch(1, 0.25)
        time.sleep(0.2)
        raise BudgetSpent

    rows = search(problem, stopped)
    assert [row.status for row in rows] == ["interrupted", "queued"]
    assert rows[0].seconds >= 0.2
    assert folders[0].is_dir()

    def goes_on(problem: Problem, plan: Plan, folder: Path, display: StateDisplay) -> float:
        folders.append(folder)
        display.on_epoch(1, 0.25)
        display.on_epoch(2, 0.75)
        return 0.75

    rows = search(make_problem(search=("dropout",), states=3, study="mine"), goes_on)
    assert folders[1] == folders[0]
    assert folders[2] != folders[0]
    assert not folders[0].exists()
    assert [row.status for row in rows] == ["interrupted", *["finished"] * 3]
    assert (rows[1].begun_as, rows[1].scores) == (0, {1: 0.25, 2: 0.75})
    assert rows[1].params == rows[0].params != rows[2].params


def test_ctrl_c_queues_the_state_again(make_problem: MakeProblem, search: Any) -> None:
    def interrupted(*parts: object) -> float:
        raise KeyboardInterrupt

    problem = make_problem(search=("dropout",))
    with pytest.raises(KeyboardInterrupt):
        search(problem, interrupted)
    with open_study(problem) as study:
        assert [row.status for row in read_rows(study)] == ["interrupted", "queued"]


def test_a_state_behind_the_others_is_pruned_unless_it_is_at_its_end(
    make_problem: MakeProblem, search: Any
) -> None:
    problem = make_problem(search=("dropout",), states=8)  # three epochs
    n_tried = 0

    def measure(problem: Problem, plan: Plan, folder: Path, display: StateDisplay) -> float:
        nonlocal n_tried
        n_tried += 1
        scores = (0.5, 0.5, 0.5) if n_tried <= 6 else (0.3, 0.1, 0.1)
        if n_tried == 8:
            scores = (0.5, 0.5, 0.1)
        for epoch, score in enumerate(scores, 1):
            display.on_epoch(epoch, score)
        return scores[-1]

    rows = search(problem, measure)
    assert [row.status for row in rows] == [*["finished"] * 6, "pruned", "finished"]
    assert rows[6].scores == {1: 0.3, 2: 0.1}
    assert rows[6].score == 0.1
    assert best_of(rows) is rows[0]


def test_a_state_that_another_process_took_for_dead_ends_nothing(
    make_problem: MakeProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = make_problem(search=("dropout",), states=2)
    n_tried = 0

    with open_study(problem) as study:

        def measure(*parts: object) -> float:
            nonlocal n_tried
            n_tried += 1
            if n_tried == 1:
                trial = study.trials[0]
                study._storage.set_trial_state_values(trial._trial_id, TrialState.FAIL)
                queue_killed(study, study.trials[0])
            return 0.5

        monkeypatch.setattr(module, "measure_state", measure)
        Search(problem, study, Deadline.after(60), "toy").run()
        rows = read_rows(study)
    assert [(row.begun_as, row.status) for row in rows] == [
        (0, "killed"), (0, "finished"), (2, "finished")
    ]  # fmt: skip


def test_two_processes_share_one_study(
    make_problem: MakeProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "measure_state", _by_dropout)
    problem = make_problem(search=("dropout",), states=2)
    with open_study(problem) as one, open_study(problem) as two:
        for study in (one, two, one):
            Search(problem, study, Deadline.after(60), "toy").run()
        assert read_rows(one) == read_rows(two)
        rows = read_rows(one)
    assert [row.number for row in rows] == [*range(6)]
    assert len({row.params["dropout"] for row in rows}) == 6


def test_a_spent_budget_tries_nothing(make_problem: MakeProblem, search: Any) -> None:
    def measure(*parts: object) -> float:
        raise BudgetSpent

    assert search(make_problem(search=("dropout",)), measure, seconds=0) == []
