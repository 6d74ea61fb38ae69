"""Plan values from the command line and to the screen."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from cancerapy.errors import PlanError, UsageError
from cancerapy.training.plan import Plan, plan_help


def parse_values(texts: Sequence[str]) -> dict[str, Any]:
    """Turn ``name=value`` texts into plan values; a value is JSON or else plain text.

    Raises:
        PlanError: A text has no ``=``.

    >>> parse_values(["dropout=0.4", "optimizer=adamw"])
    {'dropout': 0.4, 'optimizer': 'adamw'}
    """
    values = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise PlanError(f"--set takes name=value, for instance dropout=0.4; given '{text}'.")
        try:
            values[name.strip()] = json.loads(value)
        except (ValueError, RecursionError):
            values[name.strip()] = value.strip()
    return values


def check_options(
    *, protocol: str | None, folds: Sequence[str] | None, final: str | None, allow_leak: bool
) -> None:
    """Check that every option of ``cancerapy train`` has something to act on.

    Raises:
        UsageError: One would be ignored.
    """
    if protocol and final:
        raise UsageError(
            "--cross-validate and --final are two steps; both are given. Run --cross-validate "
            f"{protocol} first, then --final {final}.",
            field="final",
        )
    if protocol:
        return
    for name, given in (("fold", bool(folds)), ("allow-leak", allow_leak)):
        if given:
            raise UsageError(
                f"--{name} says how a cross-validation goes; none is asked for. Add "
                f"--cross-validate PROTOCOL, or leave --{name} away.",
                field=name.replace("-", "_"),
            )


def print_plan(plan: Plan) -> None:
    """Print every value of a plan with its meaning."""
    table = Table("field", "value", "meaning", title=f"Plan {plan.name}")
    meanings = plan_help()
    for name, value in asdict(plan).items():
        table.add_row(name, json.dumps(value), meanings.get(name, "What is trained."))
    Console().print(table)
