"""The directions of the search: plan fields by name, their values, and when they matter.

``DIMENSIONS`` is the whole space; a further field of the plan is one more line. What the network
or the data decide - layers to freeze to, the greatest weighting constant - is worked out for the
plan at hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cancerapy.training.plan import Plan
from cancerapy.training.plan_checks import CHOICES

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
        least_class_weight: Smallest class weight of the data without a constant.
    """

    plan: Plan
    depths: tuple[str, ...] = ()
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


def one_of(*values: Value) -> Callable[[Basis], Domain]:
    """Let a field be one of ``values``."""
    return lambda basis: Choices(values)


def between(low: float, high: float, *, log: bool = False) -> Callable[[Basis], Domain]:
    """Let a field lie from ``low`` to ``high``."""
    return lambda basis: Range(low, high, log)


def _starts(basis: Basis) -> Domain:
    """A random head is of no use where nothing trains it."""
    is_trained = STEPS.holds(basis.plan)
    return Choices(tuple(v for v in CHOICES["head_start"] if is_trained or v != "random"))


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
    Dimension("optimizer", one_of(*CHOICES["optimizer"]), STEPS),
    Dimension("head_start", _starts),
    Dimension("head_learning_rate", between(1e-4, 1e-1, log=True), STAGE_ONE),
    Dimension("learning_rate", between(1e-5, 1e-2, log=True), STAGE_TWO),
    Dimension("freeze_to", lambda basis: Choices(basis.depths), STAGE_TWO),
    Dimension("dropout", between(0.0, 0.6), STEPS),
    Dimension("weight_decay", one_of(0.0, 0.005, 0.02, 0.1), STAGE_TWO),
    Dimension("batch_size", one_of(16, 32, 64), STEPS),
    Dimension("label_smoothing", one_of(0.0, 0.05, 0.1), STEPS),
    Dimension("focal_gamma", one_of(0.0, 1.0, 2.0), STEPS),
    Dimension("mixup", one_of(0.0, 0.2, 0.4), STEPS),
    Dimension("ema", one_of(0.0, 0.9, 0.99), STAGE_TWO),
    Dimension("sampling", one_of(*CHOICES["sampling"]), STEPS),
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
