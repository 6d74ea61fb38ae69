"""What a calibration holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from cancerapy.bundle.schema import FactorFields, TaskFields


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
