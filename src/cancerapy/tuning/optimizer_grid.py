"""The trainings of a comparison of optimizers: each with every rate of its grid, on every part.

A training that is finished is one file, so that an interrupted comparison does what is missing.
"""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cancerapy.arrays import Indices, Logits
from cancerapy.atomic import replacing
from cancerapy.data.splits import Split, inner_part
from cancerapy.training.decision import rank_network
from cancerapy.training.plan import Plan
from cancerapy.tuning.budget import Deadline
from cancerapy.tuning.problem import Problem
from cancerapy.tuning.state import StateDisplay, is_fault_of_state, train_and_predict

_INNER_SHARE = 1 / 4


@dataclass(frozen=True, slots=True)
class Training:
    """One training of the comparison.

    Args:
        optimizer: Name.
        learning_rate: Of stage two.
        part: Part that is judged, from 1.
    """

    optimizer: str
    learning_rate: float
    part: int

    @property
    def name(self) -> str:
        """Name of its file."""
        return f"{self.optimizer}-{self.learning_rate:g}-part-{self.part}"

    def plan(self, problem: Problem) -> Plan:
        """Return the plan with this optimizer and rate; nothing else is changed."""
        base = problem.request.plan
        moves: dict[str, Any] = {"optimizer": self.optimizer, "learning_rate": self.learning_rate}
        if base.learning_rate:
            ratio = self.learning_rate / base.learning_rate
            moves["head_learning_rate"] = base.head_learning_rate * ratio
        return problem.plan(moves)


@dataclass(frozen=True, eq=False)
class Trained:
    """What came of a training.

    Args:
        inner_score: Score on the inner part, which chooses the rate; not-a-number if it failed.
        logits: (n, L) of the judged part; empty if it failed.
        seconds: Path cost.
        reason: Why it failed.
    """

    inner_score: float
    logits: Logits
    seconds: float
    reason: str = ""


def train_grid(
    problem: Problem,
    rates: Mapping[str, Sequence[float]],
    parts: Sequence[Split],
    folder: Path,
    deadline: Deadline,
) -> dict[Training, Trained]:
    """Train what is missing and return every training.

    Args:
        problem: The plan and the proxy's images.
        rates: Learning rates by optimizer.
        parts: Divisions of the proxy's images; each ``test`` side is judged.
        folder: Keeps the trainings.
        deadline: When to stop.

    Raises:
        BudgetSpent: The time is over before the last one; what is finished is kept.
    """
    done = {}
    for training in iter_trainings(rates, len(parts)):
        file = folder / f"{training.name}.npz"
        if not file.is_file():
            deadline.check()
            _write(file, _train(problem, training, parts[training.part - 1], deadline, file))
            shutil.rmtree(file.with_suffix(""), ignore_errors=True)
        done[training] = _read(file)
    return done


def iter_trainings(rates: Mapping[str, Sequence[float]], n_parts: int) -> Iterator[Training]:
    """Yield all trainings, part by part."""
    for part in range(1, n_parts + 1):
        for name, own in rates.items():
            for rate in own:
                yield Training(name, rate, part)


def _train(
    problem: Problem, training: Training, part: Split, deadline: Deadline, file: Path
) -> Trained:
    began = time.monotonic()
    main, manifest = problem.cancer.network.factors[0].name, problem.data.manifest
    fit, inner = inner_part(manifest, part.train, main, _INNER_SHARE, problem.seed)
    try:
        title = f"{problem.cancer.id} {training.name}"
        with StateDisplay(title, deadline, lambda epoch, score: None) as display:
            material = problem.material(training.plan(problem), display)
            asked = np.concatenate([inner, part.test])
            logits = train_and_predict(material, fit, inner, asked, file.with_suffix(""))
    except Exception as error:
        if not is_fault_of_state(error):
            raise
        nothing = np.zeros((0, problem.cancer.network.n_logits), np.float32)
        reason = str(error) or type(error).__name__
        return Trained(float("nan"), nothing, time.monotonic() - began, reason)
    score = rank_rows(problem, inner, logits[: len(inner)])
    return Trained(score, logits[len(inner) :], time.monotonic() - began)


def rank_rows(problem: Problem, rows: Indices, logits: Logits) -> float:
    """Return the score of logits of some rows of the proxy, 0..1.

    Raises:
        DataError: A logit is not a finite number.
    """
    manifest, network = problem.data.manifest, problem.cancer.network
    labels = {f.name: manifest.labels(f.name)[rows] for f in network.factors}
    return rank_network(logits, labels, network)


def _write(file: Path, trained: Trained) -> None:
    with replacing(file, f"keeping the training {file.stem}") as opened:
        np.savez(
            opened,
            inner_score=np.asarray(trained.inner_score),
            logits=trained.logits,
            seconds=np.asarray(trained.seconds),
            reason=np.asarray(trained.reason),
        )


def _read(file: Path) -> Trained:
    with np.load(file) as stored:
        return Trained(
            float(stored["inner_score"]),
            stored["logits"],
            float(stored["seconds"]),
            str(stored["reason"]),
        )
