"""The study on disk: begun once, the same for all, and nothing is lost with a killed process."""

import json
import time
from collections.abc import Callable

import optuna
import pytest
from optuna.trial import TrialState

from cancerapy.errors import DataError, UsageError
from cancerapy.tuning import study as module
from cancerapy.tuning.problem import Problem
from cancerapy.tuning.study import begun_as, open_study, queue_again

pytestmark = pytest.mark.filterwarnings("ignore:Heartbeat of storage:UserWarning")
MakeProblem = Callable[..., Problem]


@pytest.fixture
def problem(make_problem: MakeProblem) -> Problem:
    return make_problem(search=("dropout",), study="mine")


def _ask(study: optuna.Study) -> optuna.Trial:
    trial = study.ask()
    trial.suggest_float("dropout", 0.0, 0.6)
    return trial


def test_a_study_is_gone_on_with(problem: Problem) -> None:
    with open_study(problem) as study:
        study.tell(_ask(study), 0.5)
    with open_study(problem) as study:
        study.tell(_ask(study), 0.75)
        assert [trial.value for trial in study.trials] == [0.5, 0.75]
    record = json.loads((problem.folder / "study.json").read_text())
    assert {name: record[name] for name in problem.record} == json.loads(json.dumps(problem.record))
    assert record["began"]["commit"]


@pytest.mark.parametrize(
    ("values", "changes", "named"),
    [
        ({}, {"search": ("mixup",)}, "another space."),
        ({"dropout": 0.1}, {"search": ("dropout",)}, "another plan."),
    ],
)
def test_another_search_is_refused(
    values: dict[str, float],
    changes: dict[str, tuple[str, ...]],
    named: str,
    problem: Problem,
    make_problem: MakeProblem,
) -> None:
    with open_study(problem):
        pass
    with (
        pytest.raises(UsageError, match="give --study another name") as caught,
        open_study(make_problem(values, study="mine", **changes)),
    ):
        pass
    assert f"'mine' was begun with {named}" in caught.value.message


def test_the_study_of_another_data_set_is_refused(
    problem: Problem, make_problem: MakeProblem
) -> None:
    with open_study(problem):
        pass
    root = problem.request.settings.data
    assert root
    next((root / "toyset" / "dark").iterdir()).unlink()
    with (
        pytest.raises(UsageError, match="'mine' was begun with another proxy"),
        open_study(make_problem(search=("dropout",), study="mine")),
    ):
        pass


@pytest.mark.parametrize(
    ("file", "message"), [("study.db", "study.db' is not: "), ("study.json", "study.json' is not")]
)
def test_a_damaged_file_is_named_with_what_to_do(file: str, message: str, problem: Problem) -> None:
    with open_study(problem):
        pass
    (problem.folder / file).write_text("not a study" * 200)
    with pytest.raises(DataError, match="give --study another name") as caught, open_study(problem):
        pass
    assert message in caught.value.message


def test_every_process_draws_other_states_and_a_fresh_study_the_same(
    problem: Problem, make_problem: MakeProblem
) -> None:
    drawn = []
    for wanted in (problem, problem, make_problem(search=("dropout",), study="other")):
        with open_study(wanted) as study:
            drawn.append(_ask(study).params["dropout"])
    assert drawn[0] != drawn[1]
    assert drawn[0] == drawn[2]


def test_a_low_state_is_pruned_from_the_second_epoch_on(problem: Problem) -> None:
    with open_study(problem) as study:
        for _ in range(4):
            trial = _ask(study)
            for epoch in (1, 2):
                trial.report(0.8, epoch)
            study.tell(trial, 0.8)
        trial = _ask(study)
        trial.report(0.1, 1)
        assert not trial.should_prune()
        trial.report(0.1, 2)
        assert trial.should_prune()


def test_what_is_queued_again_keeps_values_and_epochs(problem: Problem) -> None:
    with open_study(problem) as study:
        first = _ask(study)
        first.report(0.4, 1)
        study.tell(first, state=TrialState.FAIL)
        queue_again(study, study.trials[0], attempt=1)
        second = _ask(study)
        assert second.params == first.params
        assert begun_as(second) == 0
        assert study.trials[1].intermediate_values == {1: 0.4}
        study.tell(second, state=TrialState.FAIL)
        queue_again(study, study.trials[1], attempt=1)
        assert begun_as(study.trials[2]) == 0


def test_a_state_of_a_killed_process_is_failed_and_queued_three_times_at_most(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GRACE", 1)
    states = []
    for _ in range(module.MAX_ATTEMPTS + 1):
        with open_study(problem, heartbeat_s=1) as study:
            # As a process that dies: a first sign of life, then none.
            trial = _ask(study)
            study._storage.record_heartbeat(trial._trial_id)  # type: ignore[attr-defined]
            time.sleep(2.1)
            with pytest.warns(optuna.exceptions.ExperimentalWarning):
                optuna.storages.fail_stale_trials(study)
            states = [(begun_as(t), t.state) for t in study.trials]
    fail, waiting = TrialState.FAIL, TrialState.WAITING
    assert states == [(0, fail), (0, fail), (0, fail), (3, fail), (3, waiting)]
