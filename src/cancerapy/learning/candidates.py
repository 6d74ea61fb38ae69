"""Images of the records that may be learnt from, and why the others may not.

Consent to training, the newest word counting, and a label that people have confirmed: both are
asked of the records each time, so what was withdrawn or erased is gone from the next version.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cancerapy.cancers import Cancer
from cancerapy.records import open_records
from cancerapy.records.consents import consents_of
from cancerapy.records.image_store import ImageStore
from cancerapy.records.reviews import UNUSABLE, decide, reviews_of, to_review
from cancerapy.records.tables import (
    Examination,
    ExaminationImage,
    PatientIdentifier,
    PredictionRow,
    Review,
)
from cancerapy.settings import Settings

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
        select(ExaminationImage.image_sha256, ExaminationImage.id, Examination.patient_id)
        .join(Examination, Examination.id == ExaminationImage.examination_id)
        .where(Examination.cancer == cancer.id)
        .order_by(ExaminationImage.image_sha256, ExaminationImage.id)
    )
    places: dict[str, list[_Place]] = {}
    for sha256, image_id, patient_id in session.execute(query):
        places.setdefault(sha256, []).append(_Place(image_id, patient_id))
    digests = list(places)
    found = []
    for start in range(0, len(digests), _BLOCK):
        block = {sha256: places[sha256] for sha256 in digests[start : start + _BLOCK]}
        said = _read_said(session, [place for own in block.values() for place in own])
        found += [_candidate(cancer, sha256, own, said) for sha256, own in block.items()]
    return found


def ask_records(cancer: Cancer, settings: Settings) -> tuple[list[Candidate], ImageStore]:
    """Return every image of a cancer's examinations as the records have it now, and the files."""
    records = open_records(settings)
    try:
        with records.reading() as session:
            return read_candidates(session, cancer), records.images
    finally:
        records.close()


_BLOCK = 500
"""Images that are asked for at once: few questions to the database, and little in memory."""


class _Place(NamedTuple):
    """An image in an examination."""

    image_id: str
    patient_id: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What the records hold of some images and patients.

    Args:
        predictions: Guesses by id of the image in its examination.
        reviews: Reviews by id of the guess, oldest first.
        consents: Whether consent stands, by patient and purpose.
        identifiers: Numbers of each patient.
    """

    predictions: Mapping[str, Sequence[PredictionRow]]
    reviews: Mapping[str, Sequence[Review]]
    consents: Mapping[str, Mapping[str, bool]]
    identifiers: Mapping[str, Sequence[str]]


def _read_said(session: Session, places: Sequence[_Place]) -> _Said:
    guesses = select(PredictionRow).where(
        PredictionRow.examination_image_id.in_([place.image_id for place in places])
    )
    predictions: dict[str, list[PredictionRow]] = {}
    for row in session.scalars(guesses):
        predictions.setdefault(str(row.examination_image_id), []).append(row)
    patients = {place.patient_id for place in places}
    numbers = select(PatientIdentifier).where(PatientIdentifier.patient_id.in_(patients))
    identifiers: dict[str, list[str]] = {}
    for number in session.scalars(numbers.order_by(PatientIdentifier.system)):
        identifiers.setdefault(number.patient_id, []).append(number.value)
    reviews = reviews_of(session, [row.id for own in predictions.values() for row in own])
    return _Said(predictions, reviews, consents_of(session, patients), identifiers)


def _candidate(cancer: Cancer, sha256: str, places: Sequence[_Place], said: _Said) -> Candidate:
    patients = sorted({place.patient_id for place in places})
    # The oldest guess first: it was made before the image was learnt.
    rows = sorted(
        (row for place in places for row in said.predictions.get(place.image_id, ())),
        key=lambda row: (row.created_at, row.id),
    )
    labels, reviewers, refused = _confirmed(cancer, rows, said.reviews)
    if not all(said.consents[patient][PURPOSE] for patient in patients):
        refused = NO_CONSENT
    elif len(patients) > 1:
        refused = SEVERAL_PATIENTS
    answers: dict[str, Mapping[str, float]] = {}
    for row in rows:
        classes = json.loads(row.content)["classes"]
        answers.setdefault(row.task, {c["id"]: float(c["probability"]) for c in classes})
    return Candidate(
        sha256=sha256,
        patients=tuple(patients),
        identifiers=tuple(n for patient in patients for n in said.identifiers.get(patient, ())),
        labels={} if refused else labels,
        reviewers=reviewers,
        answers=answers,
        model=rows[0].model if rows else "",
        refused=refused,
    )


def _confirmed(
    cancer: Cancer, rows: Sequence[PredictionRow], reviews: Mapping[str, Sequence[Review]]
) -> tuple[dict[str, str], tuple[str, ...], str]:
    """Return the confirmed value of each factor, who said so, and what keeps it from use."""
    labels: dict[str, str] = {}
    reviewers: dict[str, None] = {}
    for row in rows:
        records = [to_review(review, row.predicted_class) for review in reviews.get(row.id, ())]
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
