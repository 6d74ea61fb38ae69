"""Plan files of the plain network and of its search."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cancerapy.errors import PlanError, UnknownNameError
from cancerapy.models.mlp_fit import MLPPlan
from cancerapy.reproduce.plain.plan_file import read_candidates, read_mlp_plan

WritePlan = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "plans" / "reproduce"


def test_a_file_changes_the_defaults(write_plan: WritePlan, folder: Path) -> None:
    plan = read_mlp_plan(folder / write_plan("a", learning_rate=1, dropout=0.5, iterations=7))
    assert plan == MLPPlan(learning_rate=1.0, dropout=0.5, iterations=7)


def test_an_unknown_field_is_named_with_the_nearest(write_plan: WritePlan, folder: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"'droput'.*Did you mean 'dropout'"):
        read_mlp_plan(folder / write_plan("a", droput=0.5))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"dropout": "half"}, "'dropout' must be of type float; it is 'half'"),
        ({"iterations": 2.5}, "'iterations' must be of type int; it is 2.5"),
        ({"seed": True}, "'seed' must be of type int; it is True"),
        ({"dropout": 1}, "'dropout' must be at least 0 and below 1; it is 1"),
    ],
)
def test_a_wrong_value_is_refused(
    values: dict[str, object], message: str, write_plan: WritePlan, folder: Path
) -> None:
    with pytest.raises(PlanError, match=message):
        read_mlp_plan(folder / write_plan("a", **values))


def test_a_missing_file(folder: Path) -> None:
    with pytest.raises(PlanError, match="A plan file must be readable JSON"):
        read_mlp_plan(folder / "none.json")


def test_candidates(write_plan: WritePlan, folder: Path) -> None:
    values = {"learning_rate": [0.1], "dropout": [0.1, 0.5], "l2": [1]}
    assert read_candidates(folder / write_plan("s", **values)) == values


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"l2": []}, r"A search needs a list of values of 'l2'; .* holds \[\]"),
        ({"l2": 0.1}, "A search needs a list of values of 'l2'; .* holds 0.1"),
        ({"l2": ["much"]}, "'l2' must be of type float; it is 'much'"),
    ],
)
def test_candidates_that_are_none(
    changes: dict[str, object], message: str, write_plan: WritePlan, folder: Path
) -> None:
    values = {"learning_rate": [0.1], "dropout": [0.5], "l2": [0.1], **changes}
    with pytest.raises(PlanError, match=message):
        read_candidates(folder / write_plan("s", **values))


def test_a_field_that_is_not_searched(write_plan: WritePlan, folder: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"'seed'\. Known: dropout, l2, learning_rate"):
        read_candidates(folder / write_plan("s", seed=[1]))
