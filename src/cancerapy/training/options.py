"""Options of ``cancerapy train``: plan values, what belongs together, what must be there."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from cancerapy.cancers import Cancer, Source
from cancerapy.errors import LeakError, PlanError, UnknownNameError, UsageError
from cancerapy.models.weights_files import find_weights, known_backbone
from cancerapy.settings import Settings
from cancerapy.training.plan import Plan, plan_help
from cancerapy.training.protocols import parse_protocol


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
        UsageError: One would be ignored, or there is no such protocol.
        LeakError: The protocol leaks and that is not permitted.
    """
    if protocol and final:
        raise UsageError(
            "--cross-validate and --final are two steps; both are given. Run --cross-validate "
            f"{protocol} first, then --final {final}.",
            field="final",
        )
    if protocol:
        parse_protocol(protocol, allow_leak=allow_leak)
        return
    for name, given in (("fold", bool(folds)), ("allow-leak", allow_leak)):
        if given:
            raise UsageError(
                f"--{name} says how a cross-validation goes; none is asked for. Add "
                f"--cross-validate PROTOCOL, or leave --{name} away.",
                field=name.replace("-", "_"),
            )
    if final:
        parse_protocol(final, allow_leak=True)  # that it leaks is said where its folds are read


def check_teachers(plan: Plan, teachers: Sequence[Path], *, final: str | None) -> None:
    """Check that teachers are named where they may be, and have a weight.

    Raises:
        LeakError: They are named for a training whose figures are reported.
        PlanError: They would be ignored, or their weight would.
    """
    if teachers and not final:
        raise LeakError(
            "Teachers may be named for a final fit only; none is asked for. What a teacher says "
            "of a training image comes from a network that was trained on the other folds, those "
            "that this run would be judged on among them, so its figures would not be free of a "
            "leak. Cross-validate without --teacher, then add --final PROTOCOL.",
            field="teacher",
        )
    if teachers and not plan.teacher_weight:
        raise PlanError(
            "'teacher_weight' must be above 0 where teachers are named; it is 0. Add for instance "
            "--set teacher_weight=0.5.",
            field="teacher_weight",
        )
    if plan.teacher_weight and not teachers:
        raise PlanError(
            f"'teacher_weight' is the share of the teachers' answers, {plan.teacher_weight}; no "
            "teacher is named. Add --teacher FOLDER to a final fit, or --set teacher_weight=0.",
            field="teacher_weight",
        )


def check_start(
    cancer: Cancer,
    plan: Plan,
    settings: Settings,
    *,
    source: str | None,
    final: str | None,
    teachers: Sequence[Path] = (),
) -> None:
    """Check what a training starts from before anything that takes long is begun.

    Raises:
        UnknownNameError: There is no such data set or backbone.
        DataError: No data folder is set, or the starting weights are missing.
        LeakError: The final fit is asked for on images that must not train the served model, or
            teachers are named for anything but a final fit.
        PlanError: Teachers or their weight would be ignored.
    """
    check_teachers(plan, teachers, final=final)
    chosen = choose_source(cancer, source)
    if final:
        check_may_be_served(chosen)
    find_weights(known_backbone(plan.backbone), plan.weights, settings.weights)
    data_root(cancer, settings)


def choose_source(cancer: Cancer, folder: str | None) -> Source:
    """Return the data set named ``folder``, or the cancer's first that is not external.

    Raises:
        UnknownNameError: The cancer has no data set of that name.
    """
    if folder is None:
        return next(source for source in cancer.sources if not source.external)
    known = {source.folder: source for source in cancer.sources}
    if folder not in known:
        raise UnknownNameError.of("data set", folder, known)
    return known[folder]


def data_root(cancer: Cancer, settings: Settings) -> Path:
    """Return the folder of the data sets.

    Raises:
        DataError: None is set.
    """
    return settings.data_root("Training needs", cancer.id)


def check_may_be_served(source: Source) -> None:
    """Refuse to fit the served model on images that are kept for something else.

    Raises:
        LeakError: The data set holds copies of another, or is kept for tests.
    """
    if source.copies_of:
        raise LeakError(
            f"The final fit must be on original images; '{source.folder}' holds changed copies of "
            f"'{source.copies_of}' and only serves to repeat published protocols. Leave --source "
            "away."
        )
    if source.external:
        raise LeakError(
            f"The final fit must leave the external data sets alone; '{source.folder}' is kept to "
            "test the served model on images that no training saw. Leave --source away."
        )


def print_plan(plan: Plan) -> None:
    """Print every value of a plan with its meaning."""
    table = Table("field", "value", "meaning", title=f"Plan {plan.name}")
    meanings = plan_help()
    for name, value in asdict(plan).items():
        table.add_row(name, json.dumps(value), meanings.get(name, "What is trained."))
    Console().print(table)
