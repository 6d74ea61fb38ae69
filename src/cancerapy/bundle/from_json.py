"""From the JSON of ``bundle.json`` back to its fields."""

from dataclasses import fields
from typing import Any

from cancerapy.bundle.schema import (
    BundleFields,
    FactorFields,
    InputFields,
    OperatingPoint,
    QualityLimits,
    TaskFields,
)


def fields_from(values: dict[str, Any]) -> BundleFields:
    """Return the fields of a bundle.

    Args:
        values: What ``bundle.json`` holds, of this version of the schema.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: A field is missing, unknown or of another
            kind.
    """
    values = {**values}
    values["input"] = InputFields(**{**values["input"], "steps": tuple(values["input"]["steps"])})
    values["factors"] = tuple(
        FactorFields(f["name"], tuple(f["values"]), float(f["temperature"]))
        for f in values["factors"]
    )
    values["tasks"] = tuple(_task_from(task) for task in values["tasks"])
    values["quality"] = QualityLimits(**_with_tuples(values["quality"]))
    values["results"] = tuple(values["results"])
    values["digests"] = dict(values["digests"].items())
    if unknown := set(values) - {spec.name for spec in fields(BundleFields)}:
        raise ValueError(f"unknown field {sorted(unknown)[0]}")
    return BundleFields(**values)


def _task_from(values: dict[str, Any]) -> TaskFields:
    point = values["operating_point"]
    if point is not None:
        point = OperatingPoint(**_with_tuples(point))
    ids = tuple(values["class_ids"])
    return TaskFields(**{**values, "class_ids": ids, "operating_point": point})


def _with_tuples(values: dict[str, Any]) -> dict[str, Any]:
    """Turn JSON's lists back into tuples."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
