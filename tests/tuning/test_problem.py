"""A problem made ready: its record, its folder, the plans of its states."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.errors import DataError, PlanError, UsageError
from cancerapy.training.progress import RichDisplay
from cancerapy.tuning.problem import Problem, prepare_problem
from cancerapy.tuning.request import Fidelity, Request

MakeProblem = Callable[..., Problem]
MakeRequest = Callable[..., Request]


def test_the_record_says_what_is_held_out_and_holds_no_place(
    make_problem: MakeProblem, tmp_path: Path
) -> None:
    weights = tmp_path / "here"
    problem = make_problem(search=("dropout",))
    record = problem.record
    assert record["cancer"] == "toy"
    assert record["score"] == "training.decision.rank_network"
    assert record["proxy"]["fold"] == "fold-1"
    assert len(record["proxy"]["held_out_groups"]) == 2
    assert record["proxy"]["n_images_fitted"] + record["proxy"]["n_images_judging"] == 12
    assert record["space"] == {"dropout": {"low": 0.0, "high": 0.6, "log": False}}
    assert str(weights.parent) not in json.dumps(record)


def test_another_search_has_another_folder(make_problem: MakeProblem) -> None:
    problem = make_problem(search=("dropout",))
    same = make_problem(search=("dropout",))
    names = {
        problem.folder.name,
        make_problem(search=("mixup",)).folder.name,
        make_problem({"dropout": 0.3}, search=("dropout",)).folder.name,
        make_problem(search=("dropout",), fidelity=Fidelity("grouped-3", "", 1.0)).folder.name,
    }
    assert problem.folder == same.folder
    assert len(names) == 4
    assert make_problem(study="mine").folder.name == "mine"


def test_a_state_is_the_whole_plan_with_its_moves(make_problem: MakeProblem) -> None:
    problem = make_problem()
    plan = problem.plan({"dropout": 0.5, "height": 24, "width": 32})
    assert plan == replace(problem.request.plan, dropout=0.5, height=24, width=32)
    with pytest.raises(PlanError, match="'dropout' must be below 1"):
        problem.plan({"dropout": 1.5})


def test_states_are_trained_at_low_fidelity(make_problem: MakeProblem) -> None:
    problem = make_problem({"epochs": 9, "views": 4})
    material = problem.material(problem.plan({"dropout": 0.5}), RichDisplay("toy"))
    assert (material.plan.epochs, material.plan.views, material.plan.dropout) == (2, 2, 0.5)
    assert material.manifest is problem.data.manifest
    assert problem.n_epochs == 3  # one of stage one, two of stage two


def test_bounds_come_from_data_and_network(make_problem: MakeProblem) -> None:
    domains = make_problem().space.domains
    assert domains["class_weight_const"].high == pytest.approx(0.95)  # as many dark as light
    assert "block_1_pool" in domains["freeze_to"].values
    assert "none" not in domains["freeze_to"].values  # trained from cached views


def test_no_data_and_too_few_groups_are_said(make_request: MakeRequest) -> None:
    request = make_request()
    with pytest.raises(DataError, match="cancerapy data download toy"):
        prepare_problem(replace(request, settings=replace(request.settings, data=None)))
    with pytest.raises(DataError, match="9 folds need at least as many groups; there are 8"):
        prepare_problem(replace(request, fidelity=Fidelity("grouped-9")))


def test_a_parameter_without_effect_is_refused(make_request: MakeRequest) -> None:
    with pytest.raises(UsageError, match="head_learning_rate has none"):
        prepare_problem(make_request({"head_epochs": 0}, search=("head_learning_rate",)))
