"""Examinations: images come in, are kept, and stand on the record beside what a model guessed.

The order makes a killed server harmless: files first, each whole and on the disk, then every row in
one transaction. A file whose transaction failed goes again, one whose transaction never came is
swept away by ``sweep``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cancerapy.agent import check_prevalence, decide_examination, read_answers
from cancerapy.cancers import load_task
from cancerapy.contract import Origin, Prediction, RecordedDecision
from cancerapy.contract.records import ExaminationPage, ExaminationRecord, ImageRecord
from cancerapy.contract.requests import ExaminationDetails
from cancerapy.errors import InvalidRequestError
from cancerapy.records.audit import write_entry
from cancerapy.records.image_store import ImageStore, digest_of
from cancerapy.records.integrity import EXAMINED
from cancerapy.records.kept_decisions import keep_decision, to_recorded
from cancerapy.records.paging import DEFAULT_LIMIT, read_page
from cancerapy.records.plain_text import check_text
from cancerapy.records.predictions import add_prediction, to_predictions
from cancerapy.records.row_ids import check_id, find
from cancerapy.records.session import Records
from cancerapy.records.sweep import keeping
from cancerapy.records.tables import (
    Examination,
    ExaminationImage,
    Image,
    Patient,
    PredictionRow,
)


@dataclass(frozen=True, slots=True)
class JudgedImage:
    """An image file and what the model said of it.

    Args:
        data: The file's bytes.
        media_type: Its format, for instance ``"image/png"``.
        predictions: The answers to it; may be empty.
        view: The view, where it is known.
        laterality: L or R of the patient, where it is known.
    """

    data: bytes
    media_type: str
    predictions: tuple[Prediction, ...] = ()
    view: str | None = None
    laterality: str | None = None


def check_examination(session: Session, patient_id: str, details: ExaminationDetails) -> None:
    """Check all that can be checked before the images are judged.

    Args:
        session: Any session.
        patient_id: The patient.
        details: What is to be written down.

    Raises:
        RecordUnknownError: There is no such patient.
        UnknownNameError: There is no such task.
        UsageError: An answer is to no question or not of its kind, a text is too long, or the
            prevalence is not between 0 and 1.
    """
    find(session, Patient, "patient", patient_id)
    _read_details(details)
    check_prevalence(details.prevalence)


def check_sides(sides: Iterable[str | None]) -> None:
    """Check that the images of an examination may be of one finding: they are judged together.

    For whoever sends images; the clinic that ``learn clinic`` plays puts all images of a patient
    into one examination and reads no decision of it.

    Args:
        sides: L or R of each image, ``None`` where it is not known.

    Raises:
        InvalidRequestError: They are of both sides; the healthy one would hide the other.
    """
    if len({side for side in sides if side}) > 1:
        raise InvalidRequestError(
            "All images of an examination must show one finding, so one side; these are L and R. "
            "Make an examination of each side.",
            code="field_invalid",
            field="laterality",
        )


def add_examination(
    records: Records,
    patient_id: str,
    details: ExaminationDetails,
    images: Sequence[JudgedImage],
    actor: str,
) -> ExaminationRecord:
    """Put an examination on the record with what follows from it: all of it, or nothing.

    Args:
        records: The records.
        patient_id: The patient.
        details: Task, answers and the name of the place.
        images: In order; a file that comes twice is kept once.
        actor: Who made it.

    Raises:
        RecordUnknownError: There is no such patient.
        UsageError: The prevalence is not between 0 and 1.
        StorageError: The disk is full; nothing is on the record.
        RecordsError: The database is locked or does not answer; nothing is on the record.
    """
    cancer_id, lesion, answers = _read_details(details)
    kept = {digest_of(image.data): image for image in images}
    decided = _decide(details, answers, list(kept.values()))
    with keeping(records, [one.data for one in kept.values()]), records.writing() as session:
        patient = find(session, Patient, "patient", patient_id)
        row = Examination(
            patient_id=patient.id,
            cancer=cancer_id,
            task=details.task,
            lesion=lesion,
            answers=answers,
            created_by=actor,
        )
        session.add(row)
        session.flush()
        places = [
            _add_image(session, records.images, row.id, position, sha256, image)
            for position, (sha256, image) in enumerate(kept.items())
        ]
        write_entry(
            session, actor, EXAMINED, "examination", row.id,
            patient=patient.id, images=sorted(kept),
        )  # fmt: skip
        for place, image in zip(places, kept.values(), strict=True):
            for prediction in image.predictions:
                add_prediction(session, row.id, place.id, prediction, actor)
        if decided is not None:
            keep_decision(session, row.id, decided, actor)
        session.refresh(row)
        return to_examinations(session, [row])[0]


def get_examination(session: Session, examination_id: str) -> ExaminationRecord:
    """Return an examination with its images and predictions.

    Raises:
        RecordUnknownError: There is no such examination.
    """
    row = find(session, Examination, "examination", examination_id)
    return to_examinations(session, [row])[0]


def list_examinations(
    session: Session,
    *,
    patient_id: str | None = None,
    task: str | None = None,
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> ExaminationPage:
    """Return examinations, newest first.

    Args:
        session: Any session.
        patient_id: Of this patient only.
        task: Of this task only.
        limit: Most examinations.
        after: From the page before.
    """
    query = select(Examination)
    if patient_id is not None:
        query = query.where(Examination.patient_id == check_id("patient", patient_id))
    if task is not None:
        query = query.where(Examination.task == task)
    rows, following = read_page(session, query, Examination, limit=limit, after=after)
    return ExaminationPage(tuple(to_examinations(session, rows)), following)


def to_examinations(session: Session, rows: Sequence[Examination]) -> list[ExaminationRecord]:
    """Return rows as what the API answers, in the same order."""
    ids = [row.id for row in rows]
    query = (
        select(PredictionRow)
        .outerjoin(ExaminationImage, ExaminationImage.id == PredictionRow.examination_image_id)
        .where(PredictionRow.examination_id.in_(ids))
        .order_by(ExaminationImage.position, PredictionRow.created_at, PredictionRow.id)
    )
    predictions = to_predictions(session, list(session.scalars(query)))
    files = {
        image.sha256: image
        for image in session.scalars(
            select(Image)
            .join(ExaminationImage, ExaminationImage.image_sha256 == Image.sha256)
            .where(ExaminationImage.examination_id.in_(ids))
        )
    }
    return [
        ExaminationRecord(
            id=row.id,
            patient_id=row.patient_id,
            cancer=row.cancer,
            task=row.task,
            lesion=row.lesion,
            answers=row.answers,
            images=tuple(_to_image(place, files[place.image_sha256]) for place in row.images),
            predictions=tuple(one for one in predictions if one.examination_id == row.id),
            created_by=row.created_by,
            created_at=row.created_at.isoformat(),
        )
        for row in rows
    ]


def _read_details(details: ExaminationDetails) -> tuple[str, str, dict[str, str]]:
    cancer, _ = load_task(details.task)
    lesion = check_text(details.lesion, "lesion", max_length=200)
    return cancer.id, lesion, read_answers(cancer, details.answers or {})


def _decide(
    details: ExaminationDetails, answers: dict[str, str], images: Sequence[JudgedImage]
) -> RecordedDecision | None:
    """Work out what follows; nothing does where no image was judged."""
    predictions = [one for image in images for one in image.predictions if one.task == details.task]
    if not predictions:
        return None
    decided = decide_examination(
        *load_task(details.task), predictions, answers=answers, prevalence=details.prevalence
    )
    return to_recorded(decided, "", Origin.KEPT, answers)


def _add_image(
    session: Session,
    store: ImageStore,
    examination_id: str,
    position: int,
    sha256: str,
    image: JudgedImage,
) -> ExaminationImage:
    if not store.has(sha256):  # an erasure took the same file away in between
        store.put(image.data)
    if session.get(Image, sha256) is None:
        session.add(Image(sha256=sha256, media_type=image.media_type, size_bytes=len(image.data)))
        session.flush()
    place = ExaminationImage(
        examination_id=examination_id,
        image_sha256=sha256,
        position=position,
        view=image.view,
        laterality=image.laterality,
    )
    session.add(place)
    session.flush()
    return place


def _to_image(place: ExaminationImage, file: Image) -> ImageRecord:
    return ImageRecord(
        place.id, file.sha256, file.media_type, file.size_bytes, place.view, place.laterality
    )
