"""Everything that the records hold of one patient, to take along."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cancerapy.contract.records import PatientExport
from cancerapy.records.audit import write_entry
from cancerapy.records.columns import now
from cancerapy.records.consents import list_consents
from cancerapy.records.examinations import to_examinations
from cancerapy.records.kept_decisions import read_kept
from cancerapy.records.patients import get_patient
from cancerapy.records.session import Records
from cancerapy.records.tables import Examination


def export_patient(records: Records, patient_id: str, actor: str) -> PatientExport:
    """Return everything of a patient; that it was taken stands in the audit log.

    Args:
        records: The records.
        patient_id: The patient.
        actor: Who takes it.

    Raises:
        RecordUnknownError: There is no such patient.
    """
    return collect(records, patient_id, actor, "json")


def collect(records: Records, patient_id: str, actor: str, form: str) -> PatientExport:
    """Return everything of a patient and note the form in which it leaves, see above."""
    with records.writing() as session:
        found = _read(session, patient_id)
        write_entry(session, actor, "patient.export", "patient", found.patient.id, form=form)
    return found


def _read(session: Session, patient_id: str) -> PatientExport:
    patient = get_patient(session, patient_id)
    rows = session.scalars(
        select(Examination)
        .where(Examination.patient_id == patient.id)
        .order_by(Examination.created_at, Examination.id)
    )
    examinations = to_examinations(session, list(rows))
    return PatientExport(
        patient=patient,
        consents=list_consents(session, patient.id).items,
        examinations=tuple(examinations),
        decisions=tuple(read_kept(session, [one.id for one in examinations])),
        exported_at=now().isoformat(),
    )
