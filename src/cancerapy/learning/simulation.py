"""The learning loop on a data set whose truth is known: every policy, several draws, by round.

The test side is one fold of the shipped models' cross-validation, groups kept together; uploads
come from the other folds. Each draw leaves its answers, so an interrupted run goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cancerapy.arrays import Floats, Indices
from cancerapy.atomic import replacing
from cancerapy.cancers import Task
from cancerapy.data.cache import digest_of
from cancerapy.data.progress import Progress, silent
from cancerapy.evaluation.contrasts import Drawn, Measured, combine
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.evaluation.measure import Figure
from cancerapy.evaluation.resampled import confusion_figures, resample_confusion
from cancerapy.evaluation.rows import Origin, Row, rows_of
from cancerapy.learning.frozen_learner import FrozenLearner, project
from cancerapy.learning.policies import (
    ALL,
    MACHINE,
    POLICIES,
    RANDOM,
    RANDOM_FEW,
    SEARCHING,
    UNCERTAINTY,
    UNCERTAINTY_FEW,
    Policy,
    Round,
    follow,
)
from cancerapy.learning.stream import Stream, draw_stream

N_SEEDS = 10
N_AXES = 256
METRICS = ("balanced_accuracy", "accuracy")
COUNTS = ("n_training", "n_wrong", "n_reviews", "n_suspects", "n_caught")
"""Counts of a round that get a row without an interval: the mean over the draws."""

COMPARISONS: tuple[tuple[Policy, Policy], ...] = (
    (MACHINE, RANDOM),
    (RANDOM, UNCERTAINTY),
    (RANDOM_FEW, UNCERTAINTY_FEW),
    (UNCERTAINTY, ALL),
    *((own, SEARCHING[own]) for own in (MACHINE, RANDOM, UNCERTAINTY)),
)
"""Pairs of policies; the second is judged against the first, after the last round."""


@dataclass(frozen=True, eq=False)
class Trial:
    """What a simulation is run on.

    Args:
        task: Its classes are the values of the labels, in order.
        features: (N, D) of all images.
        labels: (N,) true classes.
        groups: (N,) patient, lesion or slide.
        train: Rows that uploads come from.
        test: Rows that every policy is measured on.
        origin: Of the rows; ``model`` and ``n`` are filled in.
    """

    task: Task
    features: NDArray[np.floating]
    labels: Indices
    groups: NDArray[np.str_]
    train: Indices
    test: Indices
    origin: Origin

    def stream(self, seed: int) -> Stream:
        """Return draw number ``seed``."""
        return draw_stream(self.labels, self.groups, self.train, seed=seed)


def round_name(policy: Policy, number: int) -> str:
    """Return how the rows of a policy after a round are called."""
    return f"{policy.name}, round {number}"


def difference_name(first: Policy, second: Policy) -> str:
    """Return how the rows of the second policy minus the first, at the end, are called."""
    return f"{second.name} minus {first.name}"


def gain_name(policy: Policy) -> str:
    """Return how the rows of a policy's end minus the start are called."""
    return f"{policy.name} minus the start"


def simulate(
    trial: Trial, folder: Path, *, n_seeds: int = N_SEEDS, progress: Progress = silent
) -> list[Row]:
    """Follow every policy through every draw and measure it on the test side.

    Args:
        trial: Data and split.
        folder: Keeps the answers of finished draws.
        n_seeds: Number of draws.
        progress: Told of each draw.

    Returns:
        Rows of every policy after every round, of its gain over the start, and of ``COMPARISONS``.
    """
    key = digest_of(trial.origin.manifest, trial.origin.plan, trial.origin.split, _recipe())
    kept = []
    for seed in range(n_seeds):
        file = folder / key / f"draw-{seed}.npz"
        if not file.is_file():
            _keep(file, _follow_all(trial, seed))
        kept.append(_read(file))
        progress(seed + 1, n_seeds)
    return _rows(trial, kept)


def _recipe() -> list[object]:
    from cancerapy.learning import policies, stream

    numbers = (N_AXES, policies.AGAIN_SHARE, stream.N_ROUNDS)
    return [*numbers, stream.START_SHARE, stream.WRONG_SHARE, [repr(p) for p in POLICIES]]


Kept = Mapping[str, NDArray[np.int64]]
"""Of one draw: ``called`` (P, R + 1, M) and each of ``COUNTS`` (P, R + 1)."""


def _follow_all(trial: Trial, seed: int) -> list[list[Round]]:
    stream = trial.stream(seed)
    features = project(trial.features, stream.start, N_AXES)
    learner = FrozenLearner(features, trial.groups, len(trial.task.classes))
    return [list(follow(policy, stream, learner, trial.test)) for policy in POLICIES]


def _keep(file: Path, followed: Sequence[Sequence[Round]]) -> None:
    counts: dict[str, Any] = {
        name: np.array([[getattr(r, name) for r in rounds] for rounds in followed])
        for name in COUNTS
    }
    called = np.array([[r.answers.argmax(1) for r in rounds] for rounds in followed])
    with replacing(file, "keeping the answers of a draw") as handle:
        np.savez_compressed(handle, called=called.astype(np.int8), **counts)


def _read(file: Path) -> Kept:
    with np.load(file) as kept:
        return {name: kept[name].astype(np.int64) for name in ("called", *COUNTS)}


def _rows(trial: Trial, kept: Sequence[Kept]) -> list[Row]:
    bootstrap = GroupBootstrap(trial.groups[trial.test])
    y_true = trial.labels[trial.test]
    n_rounds = kept[0]["called"].shape[1] - 1

    def measured(place: int, number: int) -> Measured:
        called = [own["called"][place, number] for own in kept]
        return Measured([_drawn(trial, y_true, own, bootstrap) for own in called], bootstrap)

    by_round = [[measured(p, r) for r in range(n_rounds + 1)] for p in range(len(POLICIES))]
    rows: list[Row] = []
    for place, policy in enumerate(POLICIES):
        for number, own in enumerate(by_round[place]):
            figures = [*combine([(1, own)], METRICS), *_counts(kept, place, number)]
            rows += _named(trial, round_name(policy, number), figures)
        start, end = by_round[place][0], by_round[place][-1]
        rows += _named(trial, gain_name(policy), combine([(1, end), (-1, start)], METRICS))
    for first, second in COMPARISONS:
        before, after = (by_round[POLICIES.index(policy)][-1] for policy in (first, second))
        figures = combine([(1, after), (-1, before)], METRICS)
        rows += _named(trial, difference_name(first, second), figures)
    return rows


def _drawn(trial: Trial, y_true: Indices, called: Indices, bootstrap: GroupBootstrap) -> Drawn:
    n_values = len(trial.task.classes)
    draws = confusion_figures(resample_confusion(bootstrap, y_true, called, n_values))
    confusion: Floats = np.zeros((n_values, n_values))
    np.add.at(confusion, (y_true, called), 1)
    values = confusion_figures(confusion)
    return {metric: (float(values[metric]), draws[metric]) for metric in METRICS}


def _counts(kept: Sequence[Kept], place: int, number: int) -> list[Figure]:
    means = {name: float(np.mean([own[name][place, number] for own in kept])) for name in COUNTS}
    return [Figure(name, value, float("nan"), float("nan")) for name, value in means.items()]


def _named(trial: Trial, name: str, figures: Sequence[Figure]) -> list[Row]:
    return rows_of(replace(trial.origin, model=name), figures)
