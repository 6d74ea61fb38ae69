"""A whole simulation on made-up features: its rows add up, and an interrupted one goes on."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cancerapy.cancers import Cancer, load_cancer
from cancerapy.errors import UsageError
from cancerapy.evaluation.rows import Origin
from cancerapy.learning import simulation
from cancerapy.learning.policies import ALL, MACHINE, POLICIES, RANDOM
from cancerapy.learning.simulation import (
    COMPARISONS,
    Trial,
    difference_name,
    gain_name,
    round_name,
    simulate,
)
from cancerapy.learning.stream import N_ROUNDS
from cancerapy.learning.trial import trial_task


@pytest.fixture
def trial(toy_cancer: Cancer) -> Trial:
    rng = np.random.default_rng(0)
    labels = np.arange(500) // 2 % 2
    features = rng.normal(size=(500, 12)) + labels[:, None] * np.r_[np.ones(3), np.zeros(9)]
    groups = np.array([f"g{row // 2:03d}" for row in range(500)])
    origin = Origin(
        task="toy", protocol="stream", leaking="", model="", plan="p", manifest="m", split="s",
        seed="0", groups=50, n=100, size="", command="c",
    )  # fmt: skip
    rows = np.arange(500)
    return Trial(toy_cancer.tasks[0], features, labels, groups, rows[:400], rows[400:], origin)


def test_rows_of_every_way_and_round_and_their_differences(trial: Trial, tmp_path: Path) -> None:
    rows = simulate(trial, tmp_path, n_seeds=2)
    found = {(row.origin.model, row.figure.metric): row.figure for row in rows}
    names = {
        *(round_name(p, number) for p in POLICIES for number in range(N_ROUNDS + 1)),
        *(gain_name(p) for p in POLICIES),
        *(difference_name(*pair) for pair in COMPARISONS),
    }
    assert {model for model, _ in found} == names
    metric = "balanced_accuracy"
    start, end = (found[round_name(ALL, number), metric] for number in (0, N_ROUNDS))
    assert 0.6 < start.low < start.value < start.high <= 1
    assert found[gain_name(ALL), metric].value == pytest.approx(end.value - start.value)
    assert found[difference_name(MACHINE, RANDOM), metric].value == pytest.approx(
        found[round_name(RANDOM, N_ROUNDS), metric].value
        - found[round_name(MACHINE, N_ROUNDS), metric].value
    )
    assert found[round_name(ALL, N_ROUNDS), "n_training"].value == 400
    assert found[round_name(MACHINE, 0), "n_training"].value == 80


def test_finished_draws_are_not_run_again(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    own = simulation._follow_all

    def follow(trial: Trial, seed: int) -> object:
        drawn.append(seed)
        if drawn == [0, 1]:
            raise KeyboardInterrupt
        return own(trial, seed)

    monkeypatch.setattr(simulation, "_follow_all", follow)
    with pytest.raises(KeyboardInterrupt):
        simulate(trial, tmp_path, n_seeds=2)
    rows = simulate(trial, tmp_path, n_seeds=2)
    assert drawn == [0, 1, 1]
    again = simulate(trial, tmp_path, n_seeds=2)
    assert repr(again) == repr(rows)
    assert drawn == [0, 1, 1]


def test_the_task_is_the_one_of_the_main_factor(toy_cancer: Cancer) -> None:
    assert trial_task(toy_cancer) is toy_cancer.tasks[0]
    assert trial_task(load_cancer("skin")).id == "skin-7"
    with pytest.raises(UsageError, match="values of 'finding'; toy has none"):
        trial_task(replace(toy_cancer, tasks=()))
