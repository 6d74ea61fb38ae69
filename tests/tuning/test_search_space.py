"""The search space: what is searched, what is drawn, what is refused."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.cancers import Cancer
from cancerapy.errors import UnknownNameError, UsageError
from cancerapy.training.plan import Plan, resolve_plan
from cancerapy.tuning.dimensions import DIMENSIONS, Basis, Choices, Range, plan_values
from cancerapy.tuning.search_space import check_names, resolve_space

DEPTHS = ("block_1_pool", "block_2_pool")


class Drawn:
    """Draws the values that it is given, else the first choice or the lower end."""

    def __init__(self, **values: Any) -> None:
        self.values = values
        self.asked: list[str] = []

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        self.asked.append(name)
        value = self.values.get(name, choices[0])
        assert value in choices
        return value

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        self.asked.append(name)
        value = self.values.get(name, low)
        assert low <= value <= high
        assert low > 0 or not log
        return value


@pytest.fixture
def plan(toy_cancer: Cancer) -> Plan:
    return resolve_plan(
        toy_cancer,
        {"height": 32, "width": 64, "augmentation": ["flip_h"], "freeze_to": DEPTHS[0]},
    )


@pytest.fixture
def basis(plan: Plan) -> Basis:
    return Basis(plan, DEPTHS, 0.5)


def test_every_choice_makes_a_plan(basis: Basis, toy_cancer: Cancer) -> None:
    space = resolve_space(basis)
    assert {"optimizer", "learning_rate", "freeze_to", "dropout", "class_weight"} <= {
        *space.domains
    }
    assert {"input_size", "augmentation_strength", "logit_adjustment"} <= {*space.domains}
    for name, domain in space.domains.items():
        ends = domain.values if isinstance(domain, Choices) else (domain.low, domain.high)
        for value in ends:
            changed = resolve_plan(toy_cancer, basis.plan.to_dict(), plan_values(name, value))
            for field_name, wanted in plan_values(name, value).items():
                assert getattr(changed, field_name) == wanted


def test_sizes_are_three_quarters_one_and_five_quarters(basis: Basis) -> None:
    assert resolve_space(basis).domains["input_size"] == Choices(("24x48", "32x64", "40x80"))


def test_the_weighting_constant_stays_below_the_least_weight(basis: Basis) -> None:
    assert resolve_space(basis).domains["class_weight_const"] == Range(0.0, 0.475)


@pytest.mark.parametrize(
    ("values", "name", "domain"),
    [
        ({"dropout": 0.8}, "dropout", Range(0.0, 0.8)),
        ({"learning_rate": 0.05}, "learning_rate", Range(1e-5, 0.05, log=True)),
        ({"learning_rate": 0.0}, "learning_rate", Range(1e-5, 1e-2, log=True)),
        ({"batch_size": 24}, "batch_size", Choices((16, 32, 64, 24))),
    ],
)
def test_the_plans_own_value_belongs_to_the_space(
    values: Mapping[str, Any], name: str, domain: Any, basis: Basis
) -> None:
    wider = replace(basis, plan=replace(basis.plan, **values))
    assert resolve_space(wider).domains[name] == domain


def test_a_state_has_only_what_has_an_effect_in_it(basis: Basis) -> None:
    space = resolve_space(basis)
    trial = Drawn(class_weight=True, head_start="logistic", class_weight_const=0.25)
    moves = space.draw(trial, lambda moves: replace(basis.plan, **moves))
    assert moves["class_weight_const"] == 0.25
    assert moves["logistic_c"] == 1e-4
    assert "shrinkage" not in moves
    assert (moves["height"], moves["width"]) == (24, 48)

    other = Drawn(class_weight=False, head_start="discriminant")
    moves = space.draw(other, lambda moves: replace(basis.plan, **moves))
    assert not {"class_weight_const", "logistic_c"} & {*moves}
    assert moves["shrinkage"] == 0.05
    assert "class_weight_const" not in other.asked


def test_what_has_no_effect_is_left_out_and_said(basis: Basis) -> None:
    still = replace(basis.plan, epochs=0, head_epochs=0, head_start="logistic")
    space = resolve_space(replace(basis, plan=still), fixed=("logit_adjustment",))
    assert {*space.domains} == {
        "head_start", "logistic_c", "shrinkage", "input_size", "augmentation_strength"
    }  # fmt: skip
    assert space.domains["head_start"] == Choices(("logistic", "discriminant"))
    assert space.idle["learning_rate"] == "it needs epochs to be above 0"
    assert space.idle["logit_adjustment"] == "it was given a value"
    lines = space.describe()
    assert "searches head_start: logistic, discriminant" in lines
    assert "leaves dropout as it is: it needs epochs to be above 0" in lines


def test_data_and_network_can_leave_no_room(basis: Basis) -> None:
    space = resolve_space(replace(basis, depths=("none",), least_class_weight=0.0))
    assert space.idle["freeze_to"] == "the network leaves it no choice"
    assert space.idle["class_weight_const"] == "the data leave it no room"


def test_only_what_is_asked_for_is_searched(basis: Basis) -> None:
    space = resolve_space(basis, ("dropout", "optimizer"))
    assert [*space.domains] == ["optimizer", "dropout"]
    assert space.idle == {}
    assert json.loads(json.dumps(space.to_record())) == {
        "optimizer": ["adam", "adamw", "sgd", "rmsprop", "nadam"],
        "dropout": {"low": 0.0, "high": 0.6, "log": False},
    }


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'learning_rate'") as caught:
        check_names(("lerning_rate",), ())
    assert caught.value.code == "unknown_parameter"


@pytest.mark.parametrize("held", ["height", "width"])
def test_what_is_held_is_not_searched(held: str) -> None:
    with pytest.raises(UsageError, match=f"'{held}' is given a value and 'input_size'"):
        check_names(("input_size",), (held,))


def test_asking_for_what_has_no_effect_is_refused(basis: Basis) -> None:
    with pytest.raises(UsageError, match="logistic_c has none: it needs head_start to be logistic"):
        resolve_space(basis, ("logistic_c",))


def test_nothing_left_to_search_is_refused(basis: Basis) -> None:
    held = {name for dimension in DIMENSIONS for name in plan_values(dimension.name, "8x8")}
    with pytest.raises(UsageError, match="Something must be left to search"):
        resolve_space(basis, fixed=sorted(held))
