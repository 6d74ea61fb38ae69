"""Consents: what a patient's images and data may be used for. Each decision is a row of its own."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from cancerapy.contract.records import ConsentHistory, ConsentRecord
from cancerapy.contract.requests import NewConsent
from cancerapy.records.audit import write_entry
from cancerapy.records.row_ids import find
from cancerapy.records.tables import PURPOSES, Consent, Patient


def record_consent(
    session: Session, patient_id: str, consent: NewConsent, actor: str
) -> ConsentRecord:
    """Write down that a patient gives or withdraws consent.

    Args:
        session: A session of ``Records.writing``.
        patient_id: The patient.
        consent: The decision.
        actor: Who writes it down.

    Raises:
        RecordUnknownError: There is no such patient.
    """
    patient = find(session, Patient, "patient", patient_id)
    row = Consent(
        patient_id=patient.id, purpose=consent.purpose, given=consent.given, recorded_by=actor
    )
    session.add(row)
    session.flush()
    write_entry(
        session, actor, "consent.give" if consent.given else "consent.withdraw",
        "patient", patient.id, consent=row.id, purpose=consent.purpose,
    )  # fmt: skip
    return _to_record(row)


def list_consents(session: Session, patient_id: str) -> ConsentHistory:
    """Return every decision of a patient, oldest first.

    Raises:
        RecordUnknownError: There is no such patient.
    """
    patient = find(session, Patient, "patient", patient_id)
    query = select(Consent).where(Consent.patient_id == patient.id).order_by(Consent.number)
    return ConsentHistory(tuple(_to_record(row) for row in session.scalars(query)))


def consents_given(session: Session, patient_id: str) -> dict[str, bool]:
    """Return whether a patient's consent stands, by purpose; what was never asked for does not.

    Args:
        session: Any session.
        patient_id: The patient, not checked.
    """
    return consents_of(session, [patient_id])[patient_id]


def consents_of(session: Session, patient_ids: Iterable[str]) -> dict[str, dict[str, bool]]:
    """Return whether consent stands, by patient and purpose; what was never asked for does not.

    Args:
        session: Any session.
        patient_ids: The patients, not checked.
    """
    given = {patient_id: dict.fromkeys(PURPOSES, False) for patient_id in patient_ids}
    query = select(Consent).where(Consent.patient_id.in_(given)).order_by(Consent.number)
    for row in session.scalars(query):
        given[row.patient_id][row.purpose] = row.given
    return given


def _to_record(row: Consent) -> ConsentRecord:
    return ConsentRecord(
        row.id, row.purpose, row.given, row.recorded_by, row.created_at.isoformat()
    )
