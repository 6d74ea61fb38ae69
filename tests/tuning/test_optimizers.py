"""Optimizers side by side, with a training that is made up."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from cancerapy.arrays import Indices, Logits
from cancerapy.data.manifest import Manifest
from cancerapy.errors import DataError, UsageError
from cancerapy.evaluation.intervals import GroupBootstrap
from cancerapy.layouts.sample import Sample
from cancerapy.training.material import Material
from cancerapy.tuning import optimizer_grid
from cancerapy.tuning.budget import BudgetSpent, Deadline
from cancerapy.tuning.compared import Compared
from cancerapy.tuning.optimizer_grid import Training
from cancerapy.tuning.optimizers import compare_optimizers, comparison_folder
from cancerapy.tuning.problem import Problem

MakeProblem = Callable[..., Problem]
RATES = {"adam": (1e-4, 1e-3), "sgd": (1e-2, 1e-1), "nadam": (1e-4, 1e-3, 1e-2)}


@pytest.fixture
def problem(make_problem: MakeProblem) -> Problem:
    """The toy problem with 60 images of 30 groups; no picture is looked at."""
    made = make_problem()
    values = ("dark", "light")
    samples = tuple(
        Sample(f"{group:02d}-{image}", {"finding": values[group % 2]}, f"g{group:02d}")
        for group in range(30)
        for image in range(2)
    )
    groups = np.array([sample.group for sample in samples])
    manifest = Manifest(
        "toy", "toyset", Path(), samples, tuple(s.path for s in samples), groups,
        {"finding": values},
    )  # fmt: skip
    return replace(made, data=replace(made.data, manifest=manifest))


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, problem: Problem) -> list[Training]:
    """Replace the training: logits are the truth with noise that depends on optimizer and rate.

    Each training is noted.
    """
    noise = {"adam": 1.2, "nadam": 1.2, "sgd": 4.0}
    calls: list[Training] = []

    def train(
        material: Material, fit: Indices, inner: Indices, judged: Indices, folder: Path
    ) -> Logits:
        plan = material.plan
        calls.append(Training(plan.optimizer, plan.learning_rate, 0))
        assert not {*fit} & {*judged}
        labels = problem.data.manifest.labels("finding")
        rng = np.random.default_rng(7)  # the same images have the same noise
        drawn = rng.normal(size=(60, 2)).astype(np.float32)
        best = 1e-3 if plan.optimizer != "sgd" else 1e-1
        scale = noise[plan.optimizer] * (1 if plan.learning_rate == best else 20)
        logits: Logits = (2 * np.eye(2)[labels] + scale * drawn).astype(np.float32)[judged]
        return logits

    monkeypatch.setattr(optimizer_grid, "train_and_predict", train)
    return calls


def _compare(problem: Problem, *names: str, **changes: Any) -> list[Compared]:
    return compare_optimizers(problem, names, Deadline.after(60), rates=RATES, **changes)


def test_a_worse_optimizer_is_found_worse_at_its_best_rate(
    problem: Problem, trained: list[Training]
) -> None:
    adam, sgd, nadam = _compare(problem, "adam", "sgd", "nadam")
    assert adam.learning_rates == (1e-3,) * 3
    assert sgd.learning_rates == (1e-1,) * 3
    assert (adam.at_edge, sgd.at_edge, nadam.at_edge) == (True, True, False)
    assert (sgd.verdict, sgd.difference < -0.05) == ("worse", True)
    assert sgd.difference == sgd.score - adam.score
    assert adam.interval.low < adam.score < adam.interval.high
    # Alike in every image, so alike in every resample: the interval is paired.
    assert (nadam.difference, nadam.verdict) == (0.0, "no difference shown")
    assert (nadam.difference_interval.low, nadam.difference_interval.high) == (0.0, 0.0)


def test_the_interval_is_that_of_resampled_groups(
    problem: Problem, trained: list[Training]
) -> None:
    _, sgd = _compare(problem, "adam", "sgd")
    manifest = problem.data.manifest
    labels = manifest.labels("finding")
    drawn = np.random.default_rng(7).normal(size=(60, 2)).astype(np.float32)
    differences = []
    for weights in GroupBootstrap(manifest.groups, seed=0).iter_weights():
        for row in weights.astype(int):
            rows = np.repeat(np.arange(60), row)
            areas = []
            for scale in (1.2, 4.0):
                logits = 2 * np.eye(2)[labels] + scale * drawn
                areas.append(roc_auc_score(labels[rows], (logits[:, 1] - logits[:, 0])[rows]))
            differences.append(areas[1] - areas[0])
    low, high = np.nanquantile(differences, [0.025, 0.975])
    assert sgd.difference_interval.low == pytest.approx(low, abs=1e-3)
    assert sgd.difference_interval.high == pytest.approx(high, abs=1e-3)


def test_few_groups_show_no_difference_and_no_likeness(
    problem: Problem, trained: list[Training]
) -> None:
    manifest = problem.data.manifest
    few = np.array([f"g{int(group[1:]) // 8}" for group in manifest.groups])
    small = replace(problem, data=replace(problem.data, manifest=replace(manifest, groups=few)))
    adam, sgd = _compare(small, "adam", "sgd", n_parts=2)
    assert sgd.difference < -0.05
    assert sgd.verdict == "too few groups to tell"
    assert np.isnan([adam.interval.low, sgd.difference_interval.high]).all()


def test_an_interrupted_comparison_does_what_is_missing(
    problem: Problem, trained: list[Training]
) -> None:
    first = _compare(problem, "adam", "sgd")
    assert len(trained) == 3 * 4
    assert _compare(problem, "adam", "sgd") == first
    assert len(trained) == 3 * 4
    _compare(problem, "adam", "sgd", "nadam")
    assert len(trained) == 3 * 7
    next(comparison_folder(problem, rates=RATES).glob("sgd-0.1-part-2.npz")).unlink()
    with pytest.raises(BudgetSpent):
        compare_optimizers(problem, ("adam", "sgd"), Deadline(0.0), rates=RATES)
    with_time = _compare(problem, "adam", "sgd")
    assert [row.score for row in with_time] == [row.score for row in first]
    assert len(trained) == 3 * 7 + 1


def test_what_cannot_be_trained_has_no_figures(
    problem: Problem, trained: list[Training], monkeypatch: pytest.MonkeyPatch
) -> None:
    working = optimizer_grid.train_and_predict

    def train(material: Material, *parts: Any) -> Logits:
        if material.plan.optimizer == "sgd" or material.plan.learning_rate == 1e-4:
            raise DataError("The training diverged.")
        return working(material, *parts)

    monkeypatch.setattr(optimizer_grid, "train_and_predict", train)
    adam, sgd = _compare(problem, "adam", "sgd")
    assert (adam.n_failed, adam.learning_rates) == (3, (1e-3,) * 3)
    assert (sgd.n_failed, sgd.learning_rates, sgd.verdict) == (6, (), "not trainable")
    assert np.isnan([sgd.score, sgd.difference, sgd.interval.low]).all()


def test_the_table(problem: Problem, trained: list[Training]) -> None:
    _, sgd = _compare(problem, "adam", "sgd")
    with (comparison_folder(problem, rates=RATES) / "optimizers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["optimizer"] for row in rows] == ["adam", "sgd"]
    assert rows[1]["learning_rates"] == "0.1 0.1 0.1"
    assert float(rows[1]["score"]) == pytest.approx(sgd.score, abs=1e-4)
    assert float(rows[1]["difference_low"]) == pytest.approx(sgd.difference_interval.low, abs=1e-4)
    assert (rows[1]["verdict"], rows[1]["at_edge"], rows[1]["n_failed"]) == ("worse", "true", "0")


def test_a_plan_without_steps_has_no_optimizer(make_problem: MakeProblem) -> None:
    problem = make_problem({"epochs": 0})
    with pytest.raises(UsageError, match="in this plan epochs is 0"):
        _compare(problem, "adam", "sgd")


def test_another_comparison_of_one_name_is_refused(make_problem: MakeProblem) -> None:
    comparison_folder(make_problem(study="mine"))
    with pytest.raises(UsageError, match="'mine-optimizers' was begun with another plan"):
        comparison_folder(make_problem({"dropout": 0.1}, study="mine"))
    with pytest.raises(UsageError, match="was begun with another parts"):
        comparison_folder(make_problem(study="mine"), n_parts=2)
