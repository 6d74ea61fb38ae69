"""The fields of ``bundle.json``: what is served and what it was measured to be worth."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class InputFields:
    """The network's input as in ``cancers.InputSpec``; sizes in pixels."""

    height: int
    width: int
    aspect: str
    steps: tuple[str, ...]
    min_side_px: int


@dataclass(frozen=True, slots=True)
class FactorFields:
    """One factor of the output, with its calibration.

    Args:
        name: Factor name.
        values: Values in the order of the logits.
        temperature: Logits are divided by it before the softmax; greater than 0.
    """

    name: str
    values: tuple[str, ...]
    temperature: float


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A threshold on the malignancy probability, fixed on pooled out-of-fold predictions.

    Args:
        name: For instance ``"sensitivity_90"``.
        threshold: Probability from which the call is malignant, 0..1.
        sensitivity: Out of fold, 0..1, with its 95 % interval.
        sensitivity_interval: Lower and upper bound.
        specificity: Out of fold, 0..1.
        specificity_interval: Lower and upper bound.
    """

    name: str
    threshold: float
    sensitivity: float
    sensitivity_interval: tuple[float, float]
    specificity: float
    specificity_interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class TaskFields:
    """One task as served.

    Args:
        id: Task id.
        class_ids: Classes in the order of the probabilities.
        operating_point: ``None`` where malignancy has no meaning.
        coverage: Target coverage of the conformal set, 0..1.
        conformal_thresholds: By class, the score (1 - probability of the class) up to which the
            class is kept in the conformal set.
        conformal_kind: By class, ``"class"`` (its own quantile) or ``"marginal"`` (too few
            groups).
        min_confidence: Top probability below which the verdict is unsure, 0..1.
    """

    id: str
    class_ids: tuple[str, ...]
    operating_point: OperatingPoint | None
    coverage: float
    conformal_thresholds: Mapping[str, float]
    conformal_kind: Mapping[str, str]
    min_confidence: float


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """Bounds that the training images obey; outside, the image is rejected.

    Args:
        sharpness_min: Least variance of the Laplacian of the prepared grey picture.
        brightness_range: Least and greatest mean grey value, 0..255.
        contrast_min: Least standard deviation of grey values.
        ood_max: Greatest distance of the embedding from those of the training, about 1 for
            images like them: the mean of the Mahalanobis distance per dimension along their axes
            and of what lies beside these axes.
        saturation_range: Least and greatest mean HSV saturation, 0..255.
    """

    sharpness_min: float
    brightness_range: tuple[float, float]
    contrast_min: float
    ood_max: float
    saturation_range: tuple[float, float]


@dataclass(frozen=True, slots=True)
class BundleFields:
    """Everything in ``bundle.json``.

    Args:
        schema: Version of this schema.
        cancer: Cancer id.
        version: Version of the bundle, a whole number as text.
        input: The network's input.
        factors: The output and its calibration.
        tasks: What is answered.
        quality: Bounds of the gates.
        results: Measured results as rows (task, protocol, metric, value, low, high, command).
        digests: SHA-256 of every other file of the bundle, by file name.
        provenance: Data set, digests of manifest, split and plan; backbone; commands; package
            version.
        licences: Licences of code, data and starting weights.
        created: Date, ISO 8601.
    """

    cancer: str
    version: str
    input: InputFields
    factors: tuple[FactorFields, ...]
    tasks: tuple[TaskFields, ...]
    quality: QualityLimits
    results: tuple[Mapping[str, Any], ...]
    digests: Mapping[str, str]
    provenance: Mapping[str, Any]
    licences: Mapping[str, str]
    created: str
    schema: int = field(default=SCHEMA_VERSION)

    @property
    def name(self) -> str:
        """Folder name of the bundle."""
        return f"{self.cancer}-{self.version}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries and lists for JSON."""
        return asdict(self)
