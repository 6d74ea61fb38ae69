"""What the records answer: frozen dataclasses of the standard library, for API, app and export.

Times are ISO 8601 in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cancerapy.contract.decision import RecordedDecision
from cancerapy.contract.requests import Identifier


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A patient.

    Args:
        id: Public id.
        name: Name or pseudonym.
        birth_year: Year of birth; ``None`` where it is not known.
        sex: female, male, other or unknown.
        identifiers: Numbers by which other systems know the patient.
        consents: Whether consent is given, by purpose; a purpose never asked for is not given.
        created_at: When the patient was registered.
    """

    id: str
    name: str
    birth_year: int | None
    sex: str
    identifiers: tuple[Identifier, ...]
    consents: Mapping[str, bool]
    created_at: str


@dataclass(frozen=True, slots=True)
class PatientPage:
    """Some patients, newest first.

    Args:
        items: The patients.
        next: Value of the option ``after`` for the next page; ``None`` on the last one.
    """

    items: tuple[PatientRecord, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One decision of a patient.

    Args:
        id: Public id.
        purpose: care, research or training.
        given: Whether consent is given; false is a withdrawal.
        recorded_by: Who wrote it down.
        created_at: When.
    """

    id: str
    purpose: str
    given: bool
    recorded_by: str
    created_at: str


@dataclass(frozen=True, slots=True)
class ConsentHistory:
    """Every decision of a patient, oldest first."""

    items: tuple[ConsentRecord, ...]


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """An image of an examination.

    Args:
        id: Public id, of the image in this examination.
        sha256: Digest of the file as it came.
        media_type: Its format.
        size_bytes: Its size.
        view: The view, for instance CC or MLO; ``None`` where it is not known.
        laterality: L or R of the patient; ``None`` where it is not known.
    """

    id: str
    sha256: str
    media_type: str
    size_bytes: int
    view: str | None
    laterality: str | None


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """What a person said of a prediction.

    Args:
        id: Public id.
        reviewer: Who.
        verdict: agree, correct or unusable.
        class_id: The class that it is; ``None`` where it cannot be judged.
        comment: Remarks.
        created_at: When.
    """

    id: str
    reviewer: str
    verdict: str
    class_id: str | None
    comment: str
    created_at: str


@dataclass(frozen=True, slots=True)
class PredictionRecord:
    """A model's guess on the record, with what people said of it.

    Args:
        id: Public id.
        examination_id: The examination.
        image_id: The image that was judged; ``None`` where several were judged together.
        task: Task id.
        model: Name and version of the model that made it.
        predicted_class: The most probable class.
        state: Always ``"machine guess"``.
        decision: What people made of it: ``"open"`` (no review), ``"confirmed"``, ``"unusable"``,
            or ``"disputed"`` (the reviewers differ).
        final_class: The class that it is, where the decision is ``"confirmed"``; else ``None``.
        reviews: All reviews, oldest first; the newest of each reviewer counts.
        prediction: The whole answer, as it was given.
        created_at: When.
    """

    id: str
    examination_id: str
    image_id: str | None
    task: str
    model: str
    predicted_class: str
    state: str
    decision: str
    final_class: str | None
    reviews: tuple[ReviewRecord, ...]
    prediction: Mapping[str, Any]
    created_at: str


@dataclass(frozen=True, slots=True)
class PredictionPage:
    """Some predictions, newest first.

    Args:
        items: The predictions.
        next: Value of the option ``after`` for the next page; ``None`` on the last one.
    """

    items: tuple[PredictionRecord, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ExaminationRecord:
    """One visit.

    Args:
        id: Public id.
        patient_id: The patient.
        cancer: Cancer id.
        task: Task id.
        lesion: The person's own name for the place; empty where there is none.
        answers: Answers by question id.
        images: Its images, in order.
        predictions: The guesses, in the order of the images.
        created_by: Who made it.
        created_at: When.
    """

    id: str
    patient_id: str
    cancer: str
    task: str
    lesion: str
    answers: Mapping[str, Any]
    images: tuple[ImageRecord, ...]
    predictions: tuple[PredictionRecord, ...]
    created_by: str
    created_at: str


@dataclass(frozen=True, slots=True)
class ExaminationPage:
    """Some examinations, newest first.

    Args:
        items: The examinations.
        next: Value of the option ``after`` for the next page; ``None`` on the last one.
    """

    items: tuple[ExaminationRecord, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class AnswersRecord:
    """The answers to the questions of an examination.

    Args:
        examination_id: The examination.
        answers: Answers by question id.
    """

    examination_id: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DecisionHistory:
    """Every decision that was kept of an examination, oldest first; the newest counts."""

    items: tuple[RecordedDecision, ...]


@dataclass(frozen=True, slots=True)
class PatientExport:
    """Everything that the records hold of one patient.

    Args:
        patient: The patient.
        consents: Every decision, oldest first.
        examinations: Every examination, oldest first.
        decisions: Every decision that was kept, in the order in which they were made; examinations
            of older versions have none.
        exported_at: When this was written.
    """

    patient: PatientRecord
    consents: tuple[ConsentRecord, ...]
    examinations: tuple[ExaminationRecord, ...]
    decisions: tuple[RecordedDecision, ...]
    exported_at: str


@dataclass(frozen=True, slots=True)
class ErasureRecord:
    """What left the records.

    Args:
        id: Public id of the erasure.
        patient_id: Whose.
        n_examinations: Examinations that left.
        n_predictions: Predictions that left.
        n_images: Image files that left; a file that others need stays.
    """

    id: str
    patient_id: str
    n_examinations: int
    n_predictions: int
    n_images: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far first and second readers agree on one task.

    Args:
        task: Task id.
        n_cases: Predictions that two or more people have reviewed.
        observed: Share on which the first two agree, 0..1; ``None`` without cases.
        kappa: Cohen's kappa, -1..1; ``None`` where it is not defined.
    """

    task: str
    n_cases: int
    observed: float | None
    kappa: float | None
