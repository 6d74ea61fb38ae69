"""Plan files of the plain network."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from cancerapy.errors import PlanError, UnknownNameError
from cancerapy.models.mlp_fit import MLPPlan
from cancerapy.training.plan import read_plan

_KINDS: dict[str, type] = {spec.name: type(spec.default) for spec in fields(MLPPlan)}
SEARCHED = ("learning_rate", "dropout", "l2")
"""What a file of candidates may list."""


def read_mlp_plan(file: Path) -> MLPPlan:
    """Read how a plain network is trained; a field that is absent has its default.

    Raises:
        PlanError: The file is missing or no JSON object, or a value is of the wrong type or out of
            range.
        UnknownNameError: There is no such field; the nearest is offered.
    """
    values = read_plan(file)
    for name, value in values.items():
        if name not in _KINDS:
            raise UnknownNameError.of("field of a plain network's plan", name, _KINDS)
        _check_kind(name, value)
    return MLPPlan(**values)


def read_candidates(file: Path) -> dict[str, list[float]]:
    """Read the values that a search tries, a list for each field of ``SEARCHED``.

    Raises:
        PlanError: The file is missing or no JSON object, or does not hold a list of numbers for
            each of these fields.
        UnknownNameError: Another field is listed; the nearest is offered.
    """
    values = read_plan(file)
    for name in values:
        if name not in SEARCHED:
            raise UnknownNameError.of("searched field", name, SEARCHED)
    for name in SEARCHED:
        listed = values.get(name)
        if not isinstance(listed, list) or not listed:
            raise PlanError(
                f"A search needs a list of values of '{name}'; '{file}' holds {listed!r}. List "
                "one at least.",
                field=name,
            )
        for value in listed:
            _check_kind(name, value)
    return values


def _check_kind(name: str, value: Any) -> None:
    """Check the type of a value; a whole number may stand for a fraction."""
    kind = _KINDS[name]
    if type(value) is not kind and not (kind is float and type(value) is int):
        raise PlanError(
            f"'{name}' must be of type {kind.__name__}; it is {value!r}. Change it in the plan "
            "file.",
            field=name,
        )
