"""Every experiment is found, says what it must, and its plans are plans."""

from pathlib import Path

import pytest

from cancerapy.errors import UnknownNameError
from cancerapy.reproduce import list_experiments, load_experiment
from cancerapy.reproduce.paired import PairedPart
from cancerapy.reproduce.trained import TrainedPart
from cancerapy.training.protocols import parse_protocol

PLANS = Path(__file__).parents[2] / "plans"
NAMES = list_experiments()


def test_the_experiments_come_in_the_order_of_the_report() -> None:
    order = ["small-cnn", "mobilenet-breast", "resnet-copies", "skin-imbalance", "colorectal-tiles"]
    assert [name for name in NAMES if name in order] == order


def test_the_nearest_experiment_is_offered() -> None:
    with pytest.raises(UnknownNameError, match=r"^No experiment named 'skin-imbalanc'\. .*Did you"):
        load_experiment("skin-imbalanc")


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_is_complete(name: str) -> None:
    experiment = load_experiment(name)
    assert experiment.id == name
    names = [part.name for part in experiment.parts]
    assert names
    assert len(set(names)) == len(names)
    assert len({picture.file for picture in experiment.pictures}) == len(experiment.pictures)
    assert all(picture.file.startswith(f"{name}-") for picture in experiment.pictures)
    assert experiment.claim
    assert experiment.columns


@pytest.mark.parametrize("name", NAMES)
def test_the_plans_of_an_experiment_can_be_run(name: str) -> None:
    named = set()
    for part in load_experiment(name).parts:
        if isinstance(part, TrainedPart):
            part.resolve_plan(PLANS)
            part.resolve_plan(PLANS, quick=True)
            named.add(part.plan.partition("/")[0])
    assert named <= {name}


def test_only_trained_parts_are_compared_and_they_are_trained_before() -> None:
    pairs = 0
    for name in NAMES:
        before: list[str] = []
        for part in load_experiment(name).parts:
            if isinstance(part, PairedPart):
                pairs += 1
                assert {part.first.name, part.second.name} <= set(before)
            before.append(part.name)
    assert pairs > 5


def test_the_folds_that_are_chosen_are_those_of_their_protocol() -> None:
    chosen = 0
    for name in NAMES:
        for part in load_experiment(name).parts:
            if isinstance(part, TrainedPart) and part.folds:
                chosen += 1
                asked = parse_protocol(part.protocol, allow_leak=True)
                word = "LEAKING" if asked.kind == "random" else "fold"
                numbers = [int(fold.removeprefix(f"{word}-")) for fold in part.folds]
                assert set(numbers) <= set(range(1, asked.n_folds + 1))
    assert chosen > 2


def test_every_plan_file_belongs_to_an_experiment() -> None:
    assert {folder.name for folder in (PLANS / "reproduce").iterdir()} <= set(NAMES)
