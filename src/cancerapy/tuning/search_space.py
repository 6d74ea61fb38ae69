"""The states of the search: plan fields by name, the values each may take, and when it matters.

``DIMENSIONS`` is the whole space; a further field of the plan is one more line. What the network
or the data decide - layers to freeze to, the greatest weighting constant - is worked out for the
plan at hand. A field's own value in the plan always belongs to the space.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cancerapy.errors import UnknownNameError, UsageError
from cancerapy.training.plan import _CHOICES, Plan

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Choices:
    """One of several values."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A number from ``low`` to ``high``; ``log``: even on a logarithmic scale."""

    low: float
    high: float
    log: bool = False


Domain = Choices | Range


@dataclass(frozen=True, slots=True)
class Basis:
    """What domains are worked out from.

    Args:
        plan: Where the search starts from.
        depths: Layers that the network can be frozen to, ``"none"`` among them where allowed.
        depth: The plan's own, resolved.
        least_class_weight: Smallest class weight of the data without a constant.
    """

    plan: Plan
    depths: tuple[str, ...] = ()
    depth: str = ""
    least_class_weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Condition:
    """When a field has an effect.

    Args:
        field: The plan field that decides.
        words: What it must be.
        holds: Says it of a plan.
    """

    field: str
    words: str
    holds: Callable[[Plan], bool]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One direction of the space.

    Args:
        name: The plan field that is moved, or ``"input_size"`` for height and width together.
        domain: Its values, given the basis.
        condition: When it has an effect; ``None``: always.
    """

    name: str
    domain: Callable[[Basis], Domain]
    condition: Condition | None = None


class Suggests(Protocol):
    """What draws a value, for instance a trial of Optuna."""

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        """Return one of ``choices``."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """Return a number from ``low`` to ``high``."""


def one_of(*values: Value) -> Callable[[Basis], Domain]:
    """Let a field be one of ``values``."""
    return lambda basis: Choices(values)


def between(low: float, high: float, *, log: bool = False) -> Callable[[Basis], Domain]:
    """Let a field lie from ``low`` to ``high``."""
    return lambda basis: Range(low, high, log)


def _starts(basis: Basis) -> Domain:
    """A random head is of no use where nothing trains it."""
    is_trained = STEPS.holds(basis.plan)
    return Choices(tuple(v for v in _CHOICES["head_start"] if is_trained or v != "random"))


def _sizes(basis: Basis) -> Domain:
    """Three quarters, one and five quarters of the plan's size, in multiples of 8 px."""
    plan = basis.plan
    sizes = [(round(plan.height * f / 8) * 8, round(plan.width * f / 8) * 8) for f in (0.75, 1.25)]
    texts = [_size_text(*size) for size in sizes if min(size) > 0]
    return Choices((texts[0], _size_text(plan.height, plan.width), *texts[1:]))


def _size_text(height: int, width: int) -> str:
    return f"{height}x{width}"


STAGE_ONE = Condition("head_epochs", "above 0", lambda plan: plan.head_epochs > 0)
STAGE_TWO = Condition("epochs", "above 0", lambda plan: plan.epochs > 0)
WEIGHED = Condition("class_weight", "true", lambda plan: plan.class_weight)
LOGISTIC = Condition("head_start", "logistic", lambda plan: plan.head_start == "logistic")
DISCRIMINANT = Condition(
    "head_start", "discriminant", lambda plan: plan.head_start == "discriminant"
)
CHANGED = Condition("augmentation", "not none", lambda plan: bool(plan.random_changes))
STEPS = Condition("epochs", "above 0", lambda plan: plan.epochs + plan.head_epochs > 0)

DIMENSIONS = (
    Dimension("optimizer", one_of(*_CHOICES["optimizer"]), STEPS),
    Dimension("head_start", _starts),
    Dimension("head_learning_rate", between(1e-4, 1e-1, log=True), STAGE_ONE),
    Dimension("learning_rate", between(1e-5, 1e-2, log=True), STAGE_TWO),
    Dimension("freeze_to", lambda basis: Choices(basis.depths), STAGE_TWO),
    Dimension("dropout", between(0.0, 0.6), STEPS),
    Dimension("weight_decay", one_of(0.0, 0.005, 0.02, 0.1), STAGE_TWO),
    Dimension("batch_size", one_of(16, 32, 64), STEPS),
    Dimension("label_smoothing", one_of(0.0, 0.05, 0.1), STEPS),
    Dimension("mixup", one_of(0.0, 0.2, 0.4), STEPS),
    Dimension("ema", one_of(0.0, 0.9, 0.99), STAGE_TWO),
    Dimension("sampling", one_of(*_CHOICES["sampling"]), STEPS),
    Dimension("class_weight", one_of(False, True), STEPS),
    Dimension(
        "class_weight_const",
        lambda basis: Range(0.0, 0.95 * basis.least_class_weight),
        WEIGHED,
    ),
    Dimension("logit_adjustment", between(0.0, 1.5)),
    Dimension("logistic_c", between(1e-4, 1.0, log=True), LOGISTIC),
    Dimension("shrinkage", between(0.05, 0.95), DISCRIMINANT),
    Dimension("input_size", _sizes),
    Dimension("augmentation_strength", one_of(0.5, 1.0, 1.5), CHANGED),
)
"""Every direction; one that a condition names comes before those that depend on it."""


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


def plan_values(name: str, value: Any) -> dict[str, Any]:
    """Return the plan values that a direction's value stands for.

    >>> plan_values("input_size", "120x160")
    {'height': 120, 'width': 160}
    """
    if name != "input_size":
        return {name: value}
    height, width = map(int, value.split("x"))
    return {"height": height, "width": width}


def list_parameters() -> list[str]:
    """Return the names that can be searched."""
    return [dimension.name for dimension in DIMENSIONS]


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
