"""Images of the records that may be learnt from, and why the others may not.

Consent to training, the newest word counting, and a label that people have confirmed: both are
asked of the records each time, so what was withdrawn or erased is gone from the next version.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cancerapy.cancers import Cancer
from cancerapy.records.consents import consents_given
from cancerapy.records.reviews import UNUSABLE, decide, reviews_of, to_review
from cancerapy.records.tables import Examination, ExaminationImage, Patient, PredictionRow

PURPOSE = "training"

NO_CONSENT = "no consent to training"
NOT_CONFIRMED = "no confirmed label"
NOT_USABLE = "a reviewer calls it unusable"
DISPUTED = "reviewers do not agree"
SEVERAL_PATIENTS = "the same image stands with several patients"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An image of the records.

    Args:
        sha256: Digest of its bytes, by which the image store finds it.
        patients: Ids of those with whom it stands, sorted; one, where it may be learnt from.
        identifiers: Numbers by which other systems know them.
        labels: Value of each factor that reviewers have confirmed.
        reviewers: Who confirmed it.
        answers: Probabilities of the classes by task, as first guessed by the machine.
        model: The bundle that guessed; empty without a guess.
        refused: Why it may not be learnt from; empty where it may.
    """

    sha256: str
    patients: tuple[str, ...]
    identifiers: tuple[str, ...]
    labels: Mapping[str, str]
    reviewers: tuple[str, ...]
    answers: Mapping[str, Mapping[str, float]]
    model: str
    refused: str = ""

    @property
    def patient(self) -> str:
        """The patient; the group that stays on one side of every split."""
        return self.patients[0]


def read_candidates(session: Session, cancer: Cancer) -> list[Candidate]:
    """Return every image of a cancer's examinations, sorted by digest.

    Args:
        session: Any session of the records.
        cancer: Whose examinations.
    """
    query = (
        select(ExaminationImage, Patient)
        .join(Examination, Examination.id == ExaminationImage.examination_id)
        .join(Patient, Patient.id == Examination.patient_id)
        .where(Examination.cancer == cancer.id)
        .order_by(ExaminationImage.image_sha256, ExaminationImage.id)
    )
    found: dict[str, list[tuple[ExaminationImage, Patient]]] = {}
    for image, patient in session.execute(query):
        found.setdefault(image.image_sha256, []).append((image, patient))
    consents: dict[str, bool] = {}
    return [_candidate(session, cancer, sha, own, consents) for sha, own in found.items()]


def _candidate(
    session: Session,
    cancer: Cancer,
    sha256: str,
    places: Sequence[tuple[ExaminationImage, Patient]],
    consents: dict[str, bool],
) -> Candidate:
    patients = {patient.id: patient for _, patient in places}
    rows = _predictions(session, [image.id for image, _ in places])
    labels, reviewers, refused = _confirmed(session, cancer, rows)
    for patient_id in patients:
        if patient_id not in consents:
            consents[patient_id] = consents_given(session, patient_id)[PURPOSE]
    if not all(consents[patient_id] for patient_id in patients):
        refused = NO_CONSENT
    elif len(patients) > 1:
        refused = SEVERAL_PATIENTS
    answers: dict[str, Mapping[str, float]] = {}
    for row in rows:
        classes = json.loads(row.content)["classes"]
        answers.setdefault(row.task, {c["id"]: float(c["probability"]) for c in classes})
    return Candidate(
        sha256=sha256,
        patients=tuple(sorted(patients)),
        identifiers=tuple(i.value for own in patients.values() for i in own.identifiers),
        labels={} if refused else labels,
        reviewers=reviewers,
        answers=answers,
        model=rows[0].model if rows else "",
        refused=refused,
    )


def _predictions(session: Session, image_ids: Sequence[str]) -> list[PredictionRow]:
    """Return the guesses at an image, the oldest first: it was made before the image was learnt."""
    query = select(PredictionRow).where(PredictionRow.examination_image_id.in_(list(image_ids)))
    return list(session.scalars(query.order_by(PredictionRow.created_at, PredictionRow.id)))


def _confirmed(
    session: Session, cancer: Cancer, rows: Sequence[PredictionRow]
) -> tuple[dict[str, str], tuple[str, ...], str]:
    """Return the confirmed value of each factor, who said so, and what keeps it from use."""
    by_prediction = reviews_of(session, [row.id for row in rows])
    labels: dict[str, str] = {}
    reviewers: dict[str, None] = {}
    for row in rows:
        records = [to_review(review, row) for review in by_prediction.get(row.id, [])]
        status, class_id = decide(records)
        if status == "open":
            continue
        if status != "confirmed" or class_id is None:
            return {}, (), NOT_USABLE if status == UNUSABLE else DISPUTED
        classes = {label.id: label for label in cancer.task(row.task).classes}
        for factor, value in classes[class_id].selects.items():
            if labels.setdefault(factor, value) != value:
                return {}, (), DISPUTED
        reviewers |= dict.fromkeys(record.reviewer for record in records)
    return labels, tuple(reviewers), "" if labels else NOT_CONFIRMED
