"""The space that a plan is searched in: which directions, what is drawn, what is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cancerapy.errors import UnknownNameError, UsageError
from cancerapy.training.plan import Plan
from cancerapy.tuning.dimensions import (
    DIMENSIONS,
    Basis,
    Choices,
    Dimension,
    Domain,
    Range,
    list_parameters,
    plan_values,
)


class Suggests(Protocol):
    """What draws a value, for instance a trial of Optuna."""

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        """Return one of ``choices``."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """Return a number from ``low`` to ``high``."""


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """The directions that are searched, each with its domain.

    Args:
        domains: By name, in the order of ``DIMENSIONS``.
        idle: Names that have no effect in this plan, each with the reason.
    """

    domains: Mapping[str, Domain]
    idle: Mapping[str, str]

    def draw(self, trial: Suggests, plan_of: Callable[[Mapping[str, Any]], Plan]) -> dict[str, Any]:
        """Draw a state: plan values that differ from where the search starts.

        Args:
            trial: Draws.
            plan_of: From values to the plan that they make, so that what depends on a value is
                drawn only where it has an effect.
        """
        moves: dict[str, Any] = {}
        for dimension in DIMENSIONS:
            domain = self.domains.get(dimension.name)
            if domain is None:
                continue
            condition = dimension.condition
            if condition and condition.field in moves and not condition.holds(plan_of(moves)):
                continue
            if isinstance(domain, Range):
                drawn: Any = trial.suggest_float(
                    dimension.name, domain.low, domain.high, log=domain.log
                )
            else:
                drawn = trial.suggest_categorical(dimension.name, domain.values)
            moves |= plan_values(dimension.name, drawn)
        return moves

    def to_record(self) -> dict[str, Any]:
        """Return the domains as JSON values."""
        return {
            name: list(domain.values)
            if isinstance(domain, Choices)
            else {"low": domain.low, "high": domain.high, "log": domain.log}
            for name, domain in self.domains.items()
        }

    def describe(self) -> list[str]:
        """Return a line for each direction and for each that is left out."""
        lines = [f"searches {name}: {_in_words(domain)}" for name, domain in self.domains.items()]
        return [*lines, *(f"leaves {name} as it is: {why}" for name, why in self.idle.items())]


def check_names(search: Sequence[str], fixed: Sequence[str]) -> None:
    """Refuse names that cannot be searched.

    Args:
        search: Names to search.
        fixed: Plan fields that are given a value.

    Raises:
        UnknownNameError: A name is no direction.
        UsageError: A name is given a value as well.
    """
    for name in search:
        if name not in list_parameters():
            raise UnknownNameError.of("parameter", name, list_parameters())
        held = {*fixed} & _fields(name)
        if held:
            raise UsageError(
                f"A plan value is either held or searched; '{min(held)}' is given a value and "
                f"'{name}' is to be searched. Leave one of the two away.",
                field="search",
            )


def resolve_space(
    basis: Basis, search: Sequence[str] = (), fixed: Sequence[str] = ()
) -> SearchSpace:
    """Work out the space for a plan.

    Args:
        basis: The plan and what domains depend on.
        search: Names to search; empty: all that have an effect.
        fixed: Plan fields that were given a value and are held.

    Raises:
        UnknownNameError: A name is no direction.
        UsageError: A name was asked for and has no effect, or nothing is left to search.
    """
    check_names(search, fixed)
    domains: dict[str, Domain] = {}
    idle: dict[str, str] = {}
    for dimension in DIMENSIONS:
        if search and dimension.name not in search:
            continue
        why = _why_idle(dimension, basis, domains, fixed)
        if not why:
            domains[dimension.name] = _with_own(dimension, basis)
        elif search:
            raise UsageError(
                f"What is searched must have an effect; {dimension.name} has none: {why}. "
                "Leave it away or change the plan with --set.",
                field="search",
            )
        else:
            idle[dimension.name] = why
    if not domains:
        raise UsageError(
            "Something must be left to search; every parameter is held or idle. Leave some --set "
            "away.",
            field="search",
        )
    return SearchSpace(domains, idle)


def _fields(name: str) -> set[str]:
    return {"height", "width"} if name == "input_size" else {name}


def _why_idle(
    dimension: Dimension, basis: Basis, domains: Mapping[str, Domain], fixed: Sequence[str]
) -> str:
    if {*fixed} & _fields(dimension.name):
        return "it was given a value"
    condition = dimension.condition
    if condition and not (condition.field in domains or condition.holds(basis.plan)):
        return f"it needs {condition.field} to be {condition.words}"
    domain = dimension.domain(basis)
    if isinstance(domain, Range) and domain.low >= domain.high:
        return "the data leave it no room"
    if isinstance(domain, Choices) and len(set(domain.values)) < 2:
        return "the network leaves it no choice"
    return ""


def _with_own(dimension: Dimension, basis: Basis) -> Domain:
    """Return the domain, widened to hold the plan's own value."""
    domain = dimension.domain(basis)
    if dimension.name in ("input_size", "freeze_to"):
        return domain  # made from the plan's own
    own = getattr(basis.plan, dimension.name)
    if isinstance(domain, Choices):
        return domain if own in domain.values else Choices((*domain.values, own))
    if domain.log and not own:
        return domain  # zero has no place on a logarithmic scale
    return Range(min(domain.low, own), max(domain.high, own), domain.log)


def _in_words(domain: Domain) -> str:
    if isinstance(domain, Choices):
        return ", ".join(map(str, domain.values))
    return f"{domain.low:g} to {domain.high:.4g}{' (logarithmic)' if domain.log else ''}"
