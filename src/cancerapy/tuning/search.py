"""The search itself: state after state until the goal is reached or the budget is spent."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import FrozenTrial

from cancerapy.errors import DataError
from cancerapy.training.plan import Plan
from cancerapy.training.progress import RichDisplay
from cancerapy.tuning.budget import BudgetSpent, Deadline
from cancerapy.tuning.problem import Problem
from cancerapy.tuning.state import OnEpoch, StateDisplay, is_fault_of_state, measure_state
from cancerapy.tuning.study import begun_as, queue_again
from cancerapy.tuning.trials_table import (
    FAILED,
    INTERRUPTED,
    KILLED,
    Row,
    best_of,
    describe_counts,
    read_rows,
    status_of,
    write_rows,
)

N_HOPELESS = 8
"""A search whose first so many states have all failed ends with an error."""


class StateFailed(Exception):  # noqa: N818 - a result of the search, caught by it
    """A fault of one state; the search goes on."""


@dataclass
class Search:
    """One process at work on a study.

    Args:
        problem: What is searched.
        study: Where states come from and go to.
        deadline: When to stop.
        title: Shown before every line.
    """

    problem: Problem
    study: optuna.Study
    deadline: Deadline
    title: str
    _number: int = field(default=-1, init=False)

    def run(self) -> None:
        """Try states until the budget, the goal or the number asked for is reached.

        Raises:
            DataError: The first states have all failed.
        """
        if self._is_at_goal(read_rows(self.study)):
            return
        try:
            self.study.optimize(
                self._try_state,
                n_trials=self.problem.request.states or None,
                timeout=self.deadline.left_s,
                catch=(StateFailed, BudgetSpent),
                callbacks=[self._after_state],
            )
        except KeyboardInterrupt:
            if self._number >= 0:
                self._after_state(self.study, self.study.trials[self._number])
            raise
        except Exception:
            if not self._was_taken_over():
                raise
            # After a pause of the machine its signs of life were missed.
            text = f"state {self._number} was taken for dead and queued again by another process"
            RichDisplay(self.title).say(text)
            self.run()

    def _was_taken_over(self) -> bool:
        trials = self.study.get_trials(deepcopy=False)
        return self._number >= 0 and status_of(trials[self._number]) == KILLED

    def _try_state(self, trial: optuna.Trial) -> float:
        began = time.monotonic()
        self._number = trial.number
        try:
            moves = self.problem.space.draw(trial, self._plan_so_far)
            plan = self.problem.plan(moves)
            title = f"{self.title}, state {trial.number}"
            with StateDisplay(title, self.deadline, self._reporter(trial, began)) as display:
                return measure_state(self.problem, plan, self._place(trial), display)
        except optuna.TrialPruned:
            raise
        except (BudgetSpent, KeyboardInterrupt):
            trial.set_user_attr("status", INTERRUPTED)
            raise
        except Exception as error:
            trial.set_user_attr("status", FAILED)
            trial.set_user_attr("reason", str(error) or type(error).__name__)
            if is_fault_of_state(error):
                raise StateFailed(str(error)) from error
            raise
        finally:
            trial.set_user_attr("seconds", round(time.monotonic() - began, 1))

    def _plan_so_far(self, moves: Mapping[str, Any]) -> Plan:
        return replace(self.problem.request.plan, **moves)

    def _place(self, trial: optuna.Trial | FrozenTrial) -> Path:
        return self.problem.folder / "states" / f"{begun_as(trial):05d}"

    def _reporter(self, trial: optuna.Trial, began: float) -> OnEpoch:
        """Return what reports an epoch and ends a state that is behind the others."""
        known = self.study.get_trials(deepcopy=False)[trial.number].intermediate_values

        def on_epoch(epoch: int, score: float) -> None:
            trial.set_user_attr("seconds", round(time.monotonic() - began, 1))
            if epoch not in known:
                trial.report(score, epoch)
            if epoch < self.problem.n_epochs and trial.should_prune():
                raise optuna.TrialPruned

        return on_epoch

    def _after_state(self, study: optuna.Study, trial: FrozenTrial) -> None:
        rows = read_rows(study)
        own = next(row for row in rows if row.number == trial.number)
        if own.status == INTERRUPTED:
            queue_again(study, trial, attempt=trial.user_attrs.get("attempt", 1))
            rows = read_rows(study)
        else:
            shutil.rmtree(self._place(trial), ignore_errors=True)
        write_rows(self.problem, rows)
        RichDisplay(self.title).say(_describe(own, rows))
        if self._is_at_goal(rows):
            study.stop()
        ended = [row for row in rows if row.status == FAILED]
        if len(ended) >= N_HOPELESS and not any(row.scores or row.score for row in rows):
            raise DataError(
                f"Some state must be trainable; the first {len(ended)} have all failed, the last "
                f"one because: {own.reason}. All reasons are in trials.csv of "
                f"'{self.problem.folder.name}'; change the plan with --set, or what is searched "
                "with --search."
            )

    def _is_at_goal(self, rows: list[Row]) -> bool:
        goal, best = self.problem.request.goal, best_of(rows)
        return goal is not None and best is not None and (best.score or 0.0) >= goal


def _describe(own: Row, rows: list[Row]) -> str:
    best = best_of(rows)
    score = "" if own.score is None else f", score {own.score:.4f}"
    reason = f": {own.reason}" if own.reason else ""
    leader = f"; best {best.score:.4f} in state {best.number}" if best else ""
    return (
        f"state {own.number} {own.status}{score} in {own.seconds:.0f} s{reason} "
        f"({describe_counts(rows)}{leader})"
    )
