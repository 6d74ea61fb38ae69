"""One state: trained on the proxy, judged, stopped and gone on with."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cancerapy.errors import CanceRapyError, DataError, LeakError, PlanError, StorageError
from cancerapy.tuning.budget import BudgetSpent, Deadline
from cancerapy.tuning.problem import Problem
from cancerapy.tuning.state import StateDisplay, is_fault_of_state, measure_state

MakeProblem = Callable[..., Problem]


def _display(on_epoch: Callable[[int, float], None]) -> StateDisplay:
    return StateDisplay("toy", Deadline.after(100), on_epoch)


def test_epochs_are_counted_over_both_stages() -> None:
    seen = []
    display = _display(lambda epoch, score: seen.append((epoch, score)))
    display.head_epochs = 3
    display.epoch("head, epoch 2 of 3", {"epoch": 2.0, "score": 0.5})
    display.epoch("last layers, epoch 1 of 2", {"epoch": 1.0, "score": 0.75})
    assert seen == [(2, 0.5), (4, 0.75)]


@pytest.mark.parametrize("call", ["batch", "step"])
def test_work_stops_when_the_time_is_over(call: str) -> None:
    arguments = ("head", 1, 2, 0.5) if call == "batch" else ("decoding", 1, 2)
    getattr(_display(lambda *seen: None), call)(*arguments)
    late = StateDisplay("toy", Deadline(0.0), lambda *seen: None)
    with pytest.raises(BudgetSpent):
        getattr(late, call)(*arguments)


def test_an_interrupted_state_goes_on_and_ends_alike(
    make_problem: MakeProblem, tmp_path: Path
) -> None:
    problem = make_problem()
    plan = problem.plan({"learning_rate": 1e-3})
    whole: dict[int, float] = {}
    score = measure_state(problem, plan, tmp_path / "whole", _display(whole.__setitem__))
    assert [*whole] == [1, 2, 3]
    assert 0 <= score <= 1
    assert score == max(whole[2], whole[3])  # the best epoch of stage two

    def stop(epoch: int, score: float) -> None:
        if epoch == 2:
            raise BudgetSpent

    with pytest.raises(BudgetSpent):
        measure_state(problem, plan, tmp_path / "parts", _display(stop))
    rest: dict[int, float] = {}
    assert measure_state(problem, plan, tmp_path / "parts", _display(rest.__setitem__)) == score
    assert rest == {3: whole[3]}


class ResourceExhaustedError(Exception):
    """Of the name of TensorFlow's own."""


@pytest.mark.parametrize(
    ("error", "is_own"),
    [
        (PlanError("a"), True),
        (DataError("diverged"), True),
        (MemoryError(), True),
        (ResourceExhaustedError(), True),
        (DataError("no file", code="data_missing"), False),
        (LeakError("two sides"), False),
        (StorageError("full"), False),
        (CanceRapyError("other"), False),
        (KeyError("a"), False),
    ],
)
def test_faults_of_one_state_and_faults_of_all(error: Exception, is_own: bool) -> None:
    assert is_fault_of_state(error) is is_own
