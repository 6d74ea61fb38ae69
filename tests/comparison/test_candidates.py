"""Candidates by name, those whose weights are there, and the recipe that all get."""

from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.cancers import Cancer, Factor, Network, Pooling
from cancerapy.comparison.candidates import (
    Candidate,
    choose_candidates,
    find_candidates,
    parse_candidates,
    plan_candidate,
)
from cancerapy.errors import PlanError, UnknownNameError, UsageError

SMALL = Candidate("SmallCNN", "none")
NETWORK = Candidate("MobileNetV2", "imagenet")


def test_names_take_the_usual_weights_or_those_given() -> None:
    found = parse_candidates("MobileNetV2, SmallCNN ,ResNet50=none,SmallCNN=lab/small.weights.h5")
    assert [(c.backbone, c.weights) for c in found] == [
        ("MobileNetV2", "imagenet"),
        ("SmallCNN", "none"),
        ("ResNet50", "none"),
        ("SmallCNN", "lab/small.weights.h5"),
    ]
    assert [c.name for c in found][2:] == ["ResNet50=none", "SmallCNN=small.weights.h5"]


@pytest.mark.parametrize("text", ["MobilNetV2", "ResNet50,MobilNetV2=none"])
def test_an_unknown_backbone_gets_the_nearest_offered(text: str) -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean 'MobileNetV2'\?$"):
        parse_candidates(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"; none is named\."),
        (" , ", r"; none is named\."),
        ("SmallCNN,ResNet50,SmallCNN=none", r"; 'SmallCNN' is named twice\. For instance: "),
    ],
)
def test_no_name_and_one_twice_are_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_candidates(text)


def test_networks_whose_weights_are_there_are_found_the_own_first(tmp_path: Path) -> None:
    for name in ("resnet50_pruned.weights.h5", "mobilenetv2_1.0.weights.h5", "unknown.h5"):
        (tmp_path / name).touch()
    assert [c.name for c in find_candidates(tmp_path)] == ["MobileNetV2", "ResNet50"]
    found = find_candidates(tmp_path, "ResNet50")
    assert found == [Candidate("ResNet50", "imagenet"), NETWORK]
    assert [c.name for c in find_candidates(tmp_path, "VGG16")] == ["MobileNetV2", "ResNet50"]


def test_without_names_those_are_taken_whose_weights_are_there(
    tmp_path: Path, toy_cancer: Cancer
) -> None:
    for name in ("resnet50_pruned.weights.h5", "mobilenetv2_1.0.weights.h5"):
        (tmp_path / name).touch()
    cancer = replace(toy_cancer, plan={"backbone": "ResNet50"})
    found = choose_candidates(None, cancer, tmp_path)
    assert [c.name for c in found] == ["ResNet50", "MobileNetV2"]
    assert choose_candidates("SmallCNN", cancer, tmp_path) == [SMALL]


@pytest.mark.parametrize("is_set", [False, True])
def test_without_names_and_weights_there_is_nothing_to_compare(
    tmp_path: Path, *, is_set: bool
) -> None:
    reason = f"{tmp_path} holds none" if is_set else "it is not set"
    with pytest.raises(UsageError, match=rf"CANCERAPY_WEIGHTS names; {reason}\. Name some, "):
        find_candidates(tmp_path if is_set else None)


def test_frozen_features_are_one_plain_view_and_a_linear_classifier(toy_cancer: Cancer) -> None:
    own = {
        "backbone": "MobileNetV2",
        "freeze_to": "block_12_add",
        "views": 8,
        "flips": "both",
        "head_epochs": 3,
        "epochs": 9,
        "logit_adjustment": 1.0,
        "inner_fraction": 0.2,
    }
    plan = plan_candidate(NETWORK, replace(toy_cancer, plan=own), 0, {"shrinkage": 0.5})
    assert (plan.head_start, plan.head_epochs, plan.epochs) == ("logistic", 0, 0)
    assert (plan.views, plan.flips, plan.inner_fraction, plan.freeze_to) == (1, "none", 0, "")
    assert (plan.logit_adjustment, plan.shrinkage) == (1, 0.5)
    cancer = replace(toy_cancer, plan={"head_start": "discriminant"})
    assert plan_candidate(NETWORK, cancer, 0, {}).head_start == "discriminant"


def test_a_factor_read_off_cells_has_its_head_trained(toy_cancer: Cancer) -> None:
    network = Network((Factor("finding", ("dark", "light"), Pooling.TOP, 2),))
    plan = plan_candidate(NETWORK, replace(toy_cancer, network=network), 0, {})
    assert plan.head_epochs == 10


def test_with_epochs_the_cancers_recipe_is_kept_and_the_networks_own_cut(
    toy_cancer: Cancer,
) -> None:
    own = {"backbone": "MobileNetV2", "freeze_to": "block_3_add", "views": 4, "epochs": 9}
    plan = plan_candidate(NETWORK, replace(toy_cancer, plan=own), 2, {})
    assert (plan.epochs, plan.views, plan.freeze_to) == (2, 4, "")


def test_a_network_that_starts_at_random_is_trained_as_a_whole(toy_cancer: Cancer) -> None:
    own = {"head_start": "logistic", "views": 4, "head_epochs": 5}
    plan = plan_candidate(SMALL, replace(toy_cancer, plan=own), 2, {})
    assert (plan.weights, plan.head_start, plan.head_epochs) == ("none", "random", 0)
    assert (plan.views, plan.freeze_to, plan.epochs) == (0, "none", 2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"backbone": "ResNet50"}, r"takes 'backbone' from --backbones, not from --set"),
        ({"weights": "none"}, r"takes 'weights' from --backbones, not from --set"),
        ({"epochs": 3}, r"takes 'epochs' from --epochs, not from --set"),
        ({"epoch": 3}, r"^A plan has no field 'epoch'\."),
        ({"dropout": 1.5}, r"^'dropout' must be below 1"),
    ],
)
def test_wrong_changes_are_refused(
    changes: dict[str, object], message: str, toy_cancer: Cancer
) -> None:
    with pytest.raises((UsageError, PlanError), match=message):
        plan_candidate(SMALL, toy_cancer, 0, changes)
