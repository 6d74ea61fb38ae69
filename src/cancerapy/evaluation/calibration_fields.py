"""What a calibration holds, and how it travels through JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cancerapy.bundle.schema import FactorFields, OperatingPoint, TaskFields


@dataclass(frozen=True, slots=True)
class Calibration:
    """What out-of-fold predictions say about how to read a network's logits.

    Args:
        factors: The network's factors with their temperatures.
        tasks: By task id the operating point, conformal thresholds and least confidence, in
            the form in which the bundle ships them.
    """

    factors: tuple[FactorFields, ...]
    tasks: Mapping[str, TaskFields]

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries and lists for JSON."""
        return {
            "factors": [asdict(factor) for factor in self.factors],
            "tasks": {name: asdict(task) for name, task in self.tasks.items()},
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Calibration":
        """Rebuild a calibration from ``to_dict``'s result, also after a trip through JSON."""
        return cls(
            tuple(_factor_fields(factor) for factor in values["factors"]),
            {name: _task_fields(task) for name, task in values["tasks"].items()},
        )


def _factor_fields(values: Mapping[str, Any]) -> FactorFields:
    return FactorFields(values["name"], tuple(values["values"]), float(values["temperature"]))


def _task_fields(values: Mapping[str, Any]) -> TaskFields:
    given: Mapping[str, Any] | None = values["operating_point"]
    point = None
    if given is not None:
        bounds = {key: tuple(given[key]) for key in given if key.endswith("_interval")}
        point = OperatingPoint(**{**given, **bounds})
    changed = {"class_ids": tuple(values["class_ids"]), "operating_point": point}
    return TaskFields(**{**values, **changed})
