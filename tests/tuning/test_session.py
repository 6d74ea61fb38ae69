"""What a call of the command says at its end; the whole of it is in tests/cli/test_tune.py."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cancerapy.errors import DataError
from cancerapy.evaluation.intervals import Interval
from cancerapy.tuning import session
from cancerapy.tuning.budget import BudgetSpent, Deadline
from cancerapy.tuning.compared import Compared
from cancerapy.tuning.problem import Problem
from cancerapy.tuning.request import Request
from cancerapy.tuning.session import compare_as_asked, describe_compared, describe_search
from cancerapy.tuning.trials_table import Row

MakeProblem = Callable[..., Problem]
MakeRequest = Callable[..., Request]
ROWS = [
    Row(0, 0, "finished", 0.75, {}, 50.0, 50.0, {"dropout": 0.5}),
    Row(1, 1, "failed", None, {}, 15.0, 65.0, {"dropout": 0.25}, "It diverged."),
]


def test_the_summary_of_a_search(make_problem: MakeProblem) -> None:
    problem = make_problem(study="mine", goal=0.9)
    assert describe_search(problem, ROWS).splitlines() == [
        f"study   {problem.folder}",
        "states  1 finished, 0 pruned, 1 failed",
        "spent   1 min 5 s on states",
        "best    0.7500 in state 0: dropout=0.5",
        f"plan    {problem.folder / 'best-plan.json'}",
        "goal    0.9 not reached",
    ]
    reached = replace(problem, request=replace(problem.request, goal=0.75))
    assert describe_search(reached, ROWS).endswith("goal    0.75 reached")
    assert describe_search(problem, ROWS[1:]).endswith(
        "best    none finished yet; the same command goes on"
    )


def test_the_line_of_an_optimizer() -> None:
    row = Compared(
        "sgd", (0.01, 0.1), True, 0.75, Interval(0.7, 0.8), -0.05, Interval(-0.1, -0.01), 61.0, 2
    )
    assert describe_compared(row) == (
        "sgd      0.7500 (0.7000 to 0.8000), difference -0.0500 (-0.1000 to -0.0100): worse; "
        "rates 0.01, 0.1 (an end of the grid), 2 failed, 1 min 1 s"
    )


def test_a_comparison_whose_budget_is_spent_says_how_to_go_on(
    make_request: MakeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compare(*parts: object) -> None:
        raise BudgetSpent

    monkeypatch.setattr(session, "compare_optimizers", compare)
    said = compare_as_asked(make_request(optimizers=("adam", "sgd")), Deadline.after(1))
    assert said.endswith("the same command goes on.")
    assert said.startswith("comparison  ")


def test_a_worker_says_why_it_failed(
    make_request: MakeRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    request = make_request()
    request = replace(request, settings=replace(request.settings, data=None))
    with pytest.raises(SystemExit) as stopped:
        session._work(request, Deadline.after(60), 2)
    assert stopped.value.code == 1
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith("toy worker 2: Training needs the folder of the data sets;")


def test_a_worker_that_died_is_named() -> None:
    class Ended:
        def __init__(self, exitcode: int) -> None:
            self.exitcode = exitcode

    session._check_others([Ended(0)])  # type: ignore[list-item]
    with pytest.raises(DataError, match="number 3 did not"):
        session._check_others([Ended(0), Ended(-9)])  # type: ignore[list-item]
