"""Erasure: a patient, or one old examination, leaves the records; the audit log stays.

The database lets go of a prediction, decision, review or consent only while a row of ``erasures``
is open for it. That row and the audit entries remain; they hold ids and counts, nothing personal.
Decoded pixels that a training left go too, and its lines on the images. Backups made before still
hold what was erased, until they are deleted themselves.
"""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cancerapy.contract.records import ErasureRecord
from cancerapy.records.account_tables import Account
from cancerapy.records.audit import write_entry
from cancerapy.records.columns import now
from cancerapy.records.row_ids import find
from cancerapy.records.session import Records
from cancerapy.records.sweep import forget_unused, remove_unused
from cancerapy.records.tables import (
    Consent,
    DecisionRow,
    Erasure,
    Examination,
    ExaminationImage,
    Patient,
    PatientIdentifier,
    PredictionRow,
    Review,
)
from cancerapy.records.training_answers import drop_erased_answers
from cancerapy.records.training_caches import drop_erased_caches


def erase_patient(records: Records, patient_id: str, actor: str) -> ErasureRecord:
    """Erase a patient with everything that the records hold, image files included.

    Args:
        records: The records.
        patient_id: The patient.
        actor: Who orders it.

    Raises:
        RecordUnknownError: There is no such patient.
        StorageError: The patient is erased, but not decoded pixels or lines that a training left.
    """
    with records.writing() as session:
        patient = find(session, Patient, "patient", patient_id)
        ids = list(
            session.scalars(select(Examination.id).where(Examination.patient_id == patient.id))
        )
        erasure = Erasure(patient_id=patient.id, reason="request", ordered_by=actor)
        session.add(erasure)
        session.flush()
        n_predictions, images = _delete_examinations(session, ids)
        for table in (Consent, PatientIdentifier):
            session.execute(delete(table).where(table.patient_id == patient.id))
        accounts = select(Account.id).where(Account.patient_id == patient.id)
        gone = {"accounts": sorted(session.scalars(accounts))}  # with the patient
        session.execute(delete(Patient).where(Patient.id == patient.id))
        digests = forget_unused(session, images)
        outcome = _end(session, erasure, actor, ids, n_predictions, len(digests), **gone)
    remove_unused(records, digests)
    records.empty_log()
    drop_erased_answers(records)
    drop_erased_caches(records)
    return outcome


def erase_examination(records: Records, examination_id: str, actor: str) -> ErasureRecord:
    """Erase one examination whose retention period is over; the patient stays.

    ``Records.empty_log``, ``drop_erased_answers`` and ``drop_erased_caches`` are due after the
    last of them.

    Args:
        records: The records.
        examination_id: The examination.
        actor: Who orders it.

    Raises:
        RecordUnknownError: There is no such examination.
    """
    with records.writing() as session:
        row = find(session, Examination, "examination", examination_id)
        erasure = Erasure(
            patient_id=row.patient_id, examination_id=row.id, reason="retention", ordered_by=actor
        )
        session.add(erasure)
        session.flush()
        n_predictions, images = _delete_examinations(session, [row.id])
        digests = forget_unused(session, images)
        outcome = _end(session, erasure, actor, [row.id], n_predictions, len(digests))
    remove_unused(records, digests)
    return outcome


def _delete_examinations(session: Session, ids: list[str]) -> tuple[int, list[str]]:
    """Delete examinations; return how many predictions went, and digests of their images."""
    shown = select(ExaminationImage.image_sha256).where(ExaminationImage.examination_id.in_(ids))
    images = list(session.scalars(shown.distinct()))
    predictions = list(
        session.scalars(select(PredictionRow.id).where(PredictionRow.examination_id.in_(ids)))
    )
    session.execute(delete(Review).where(Review.prediction_id.in_(predictions)))
    session.execute(delete(DecisionRow).where(DecisionRow.examination_id.in_(ids)))
    session.execute(delete(PredictionRow).where(PredictionRow.id.in_(predictions)))
    session.execute(delete(ExaminationImage).where(ExaminationImage.examination_id.in_(ids)))
    session.execute(delete(Examination).where(Examination.id.in_(ids)))
    return len(predictions), images


def _end(
    session: Session,
    erasure: Erasure,
    actor: str,
    examinations: list[str],
    n_predictions: int,
    n_images: int,
    **others: list[str],
) -> ErasureRecord:
    erasure.ended_at = now()
    session.flush()
    outcome = ErasureRecord(
        erasure.id, erasure.patient_id, len(examinations), n_predictions, n_images
    )
    write_entry(
        session, actor, "patient.erase" if erasure.examination_id is None else "examination.erase",
        "patient", erasure.patient_id, erasure=erasure.id, reason=erasure.reason,
        examinations=sorted(examinations), n_predictions=n_predictions, n_images=n_images, **others,
    )  # fmt: skip
    return outcome
