"""The answer to one image: frozen dataclasses of the standard library, so they run on a phone.

API, command line, app screen, record, PDF, DICOM SR and FHIR are renderings of ``Prediction``.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

STATEMENT = (
    "Machine guess, not a diagnosis. CanceRapy is a research tool and a second reader; "
    "a doctor decides."
)
"""The standing line that accompanies every result."""


class Verdict(StrEnum):
    """What the result is worth."""

    ANSWER = "answer"  # the model answers
    UNSURE = "unsure"  # the model looked and does not know
    REJECTED = "rejected"  # the image is not one that the model can judge


@dataclass(frozen=True, slots=True)
class ClassProbability:
    """One class with its calibrated probability (0..1); all of a task sum to 1."""

    id: str
    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Malignancy:
    """The probability of a malignant class against the model's operating point.

    Args:
        probability: Sum over the malignant classes, 0..1.
        operating_point: Its name, for instance ``"sensitivity_90"``.
        threshold: Probability from which the operating point calls malignant, 0..1.
        is_positive: Whether ``probability`` reaches ``threshold``.
        sensitivity: Out-of-fold sensitivity at the threshold, 0..1.
        specificity: Out-of-fold specificity at the threshold, 0..1.
    """

    probability: float
    operating_point: str
    threshold: float
    is_positive: bool
    sensitivity: float
    specificity: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the verdict is not a plain answer: a stable code and a sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next: a stable code and a sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Where the evidence for a class lies.

    Args:
        class_id: The class explained.
        values: Rows of cells, each 0..1, covering the whole prepared picture.
    """

    class_id: str
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent in each step."""

    decode_ms: float
    preprocess_ms: float
    inference_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer to one image.

    Args:
        task: Task id.
        cancer: Cancer id.
        model: Name and version of the bundle, for instance ``"skin-1"``.
        image_sha256: Digest of the file's bytes.
        classes: Every class of the task with its probability, in the task's order.
        predicted_class: Id of the most probable class, whatever the verdict.
        predicted_label: Its words, "Melanocytic nevi (nv)".
        confidence: 100 x its probability, as the report's API returned.
        malignancy: Malignancy against the operating point; ``None`` where it has no meaning.
        density: Most probable BI-RADS density (1-4) on mammograms, else ``None``.
        conformal_set: Class ids kept at the stated coverage.
        coverage: The coverage of the conformal set, 0..1.
        verdict: Answer, unsure or rejected.
        reasons: Why, if not a plain answer.
        advice: What to do next.
        timings: Time spent.
        heatmap: On request.
        statement: The standing line.
    """

    task: str
    cancer: str
    model: str
    image_sha256: str
    classes: tuple[ClassProbability, ...]
    predicted_class: str
    predicted_label: str
    confidence: float
    malignancy: Malignancy | None
    density: str | None
    conformal_set: tuple[str, ...]
    coverage: float
    verdict: Verdict
    reasons: tuple[Reason, ...]
    advice: Advice
    timings: Timings
    heatmap: HeatMap | None = None
    statement: str = STATEMENT


def to_dict(prediction: "DataclassInstance") -> dict[str, Any]:
    """Return a result as plain dictionaries, lists, strings and numbers for JSON."""
    return asdict(prediction)
