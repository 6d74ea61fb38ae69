"""The table of directions."""

from dataclasses import fields

from cancerapy.training.plan import Plan
from cancerapy.tuning.dimensions import DIMENSIONS, list_parameters, plan_values


def test_every_direction_is_a_field_of_the_plan() -> None:
    known = {spec.name for spec in fields(Plan)}
    for dimension in DIMENSIONS:
        assert plan_values(dimension.name, "8x8").keys() <= known
        assert dimension.condition is None or dimension.condition.field in known
    assert len(set(list_parameters())) == len(DIMENSIONS)


def test_what_a_condition_names_comes_before_what_depends_on_it() -> None:
    order = list_parameters()
    for place, dimension in enumerate(DIMENSIONS):
        condition = dimension.condition
        if condition and condition.field in order:
            assert order.index(condition.field) < place
