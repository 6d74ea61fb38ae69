"""What came of every state: ``trials.csv``, the counts, and the best state's plan."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import optuna
from optuna.trial import FrozenTrial, TrialState

from cancerapy.atomic import write_atomically
from cancerapy.tuning.dimensions import list_parameters, plan_values
from cancerapy.tuning.study import begun_as

if TYPE_CHECKING:
    from cancerapy.tuning.problem import Problem

FINISHED, PRUNED, FAILED = "finished", "pruned", "failed"
INTERRUPTED = "interrupted"
"""Stopped by the budget or by hand; the state is queued again."""

KILLED, RUNNING, QUEUED = "killed", "running", "queued"

STATUSES = (FINISHED, PRUNED, FAILED, INTERRUPTED, KILLED, RUNNING, QUEUED)
"""What a state came to, in the order in which they are counted."""

_BY_STATE = {
    TrialState.COMPLETE: FINISHED,
    TrialState.PRUNED: PRUNED,
    TrialState.RUNNING: RUNNING,
    TrialState.WAITING: QUEUED,
}
_NEVER = datetime.max


@dataclass(frozen=True, slots=True)
class Row:
    """A state as it is reported.

    Args:
        number: Number of the try.
        begun_as: Number of the first try of the same state.
        status: One of ``STATUSES``.
        score: Of the best epoch if finished, of the last epoch if pruned; else ``None``.
        scores: Score by number of finished epochs.
        seconds: Path cost of this try.
        seconds_so_far: Sum over this try and those that ended before.
        params: Value by parameter.
        reason: Why it failed; empty where it did not.
    """

    number: int
    begun_as: int
    status: str
    score: float | None
    scores: dict[int, float]
    seconds: float
    seconds_so_far: float
    params: dict[str, Any]
    reason: str = ""


def read_rows(study: optuna.Study) -> list[Row]:
    """Return a row for every state, in the order in which they ended."""
    rows: list[Row] = []
    so_far = 0.0
    trials = study.get_trials(deepcopy=False)
    for trial in sorted(trials, key=lambda t: (t.datetime_complete or _NEVER, t.number)):
        seconds = float(trial.user_attrs.get("seconds", 0.0))
        so_far += seconds
        status = status_of(trial)
        rows.append(
            Row(
                number=trial.number,
                begun_as=begun_as(trial),
                status=status,
                score=trial.value if status in (FINISHED, PRUNED) else None,
                scores=dict(sorted(trial.intermediate_values.items())),
                seconds=seconds,
                seconds_so_far=round(so_far, 1),
                params=dict(trial.params),
                reason=_reason(trial, status),
            )
        )
    return rows


def status_of(trial: FrozenTrial) -> str:
    """Return what a state came to, one of ``STATUSES``."""
    return _BY_STATE.get(trial.state) or str(trial.user_attrs.get("status", KILLED))


def _reason(trial: FrozenTrial, status: str) -> str:
    if status == KILLED:
        return "its process ended without a word"
    return str(trial.user_attrs.get("reason", ""))


def write_rows(problem: "Problem", rows: Sequence[Row]) -> None:
    """Write ``trials.csv`` of a study; a parameter that a state did not draw is empty.

    Raises:
        StorageError: It cannot be written.
    """
    names = [name for name in list_parameters() if name in problem.space.domains]
    text = io.StringIO()
    header = ["state", "begun_as", "status", "score", "scores_by_epoch", "seconds"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*header, "seconds_so_far", *names, "reason"])
    for row in rows:
        by_epoch = " ".join(f"{epoch}:{score:.5f}" for epoch, score in row.scores.items())
        writer.writerow(
            [
                row.number,
                row.begun_as,
                row.status,
                "" if row.score is None else f"{row.score:.5f}",
                by_epoch,
                f"{row.seconds:.1f}",
                f"{row.seconds_so_far:.1f}",
                *(row.params.get(name, "") for name in names),
                " ".join(row.reason.split()),
            ]
        )
    write_atomically(problem.folder / "trials.csv", text.getvalue())


def best_of(rows: Sequence[Row]) -> Row | None:
    """Return the finished state of the highest score; the earlier one on a tie."""
    finished = [row for row in rows if row.status == FINISHED and row.score is not None]
    return max(finished, key=lambda row: row.score or 0.0, default=None)


def write_best(problem: "Problem", best: Row) -> None:
    """Write ``best-plan.json``: the best state at full fidelity, for ``cancerapy train --plan``.

    Raises:
        StorageError: It cannot be written.
    """
    moves: dict[str, Any] = {}
    for name, value in best.params.items():
        moves |= plan_values(name, value)
    write_atomically(problem.folder / "best-plan.json", problem.plan(moves).to_json())


def describe_counts(rows: Sequence[Row]) -> str:
    """Return how many states came to what, for instance ``5 finished, 2 pruned``."""
    counts = Counter(row.status for row in rows)
    always = (FINISHED, PRUNED, FAILED)
    shown = [s for s in STATUSES if counts[s] or s in always]
    return ", ".join(f"{counts[status]} {status}" for status in shown)


def describe_params(row: Row) -> str:
    """Return the values of a state in one line."""
    return ", ".join(
        f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}"
        for name, value in row.params.items()
    )
