"""Patients: register, correct, find."""

from collections.abc import Container, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cancerapy.contract.records import PatientPage, PatientRecord
from cancerapy.contract.requests import Identifier, PatientDetails
from cancerapy.errors import InvalidRequestError
from cancerapy.records.audit import write_entry
from cancerapy.records.consents import consents_of
from cancerapy.records.entity_tags import check_unchanged
from cancerapy.records.faults import RecordConflictError
from cancerapy.records.paging import DEFAULT_LIMIT, read_page
from cancerapy.records.plain_text import check_text
from cancerapy.records.row_ids import find
from cancerapy.records.tables import SEXES, Patient, PatientIdentifier

BIRTH_YEARS = range(1880, 2201)


def create_patient(session: Session, details: PatientDetails, actor: str) -> PatientRecord:
    """Register a patient.

    Args:
        session: A session of ``Records.writing``.
        details: What is known.
        actor: Who registers.

    Raises:
        InvalidRequestError: A field is empty, too long or out of range.
        RecordConflictError: Another patient has one of the identifiers.
    """
    patient = Patient()
    session.add(patient)
    _fill(session, patient, details)
    session.flush()
    write_entry(session, actor, "patient.create", "patient", patient.id)
    return to_patients(session, [patient])[0]


def update_patient(
    session: Session,
    patient_id: str,
    details: PatientDetails,
    actor: str,
    *,
    expected: Container[str] | None = None,
) -> PatientRecord:
    """Replace what is written down about a patient; other arguments as ``create_patient``.

    Args:
        session: A session of ``Records.writing``.
        patient_id: The patient.
        details: What is known.
        actor: Who replaces.
        expected: Tags of which the record must have one, see ``entity_tags``; ``None`` for any.

    Raises:
        RecordUnknownError: There is no such patient.
        RecordChangedError: It is not as the caller read it.
    """
    patient = find(session, Patient, "patient", patient_id)
    if expected is not None:
        check_unchanged(to_patients(session, [patient])[0], expected)
    _fill(session, patient, details)
    session.flush()
    write_entry(session, actor, "patient.update", "patient", patient.id)
    return to_patients(session, [patient])[0]


def get_patient(session: Session, patient_id: str) -> PatientRecord:
    """Return a patient.

    Raises:
        RecordUnknownError: There is no such patient.
    """
    return to_patients(session, [find(session, Patient, "patient", patient_id)])[0]


def list_patients(
    session: Session, *, search: str = "", limit: int = DEFAULT_LIMIT, after: str | None = None
) -> PatientPage:
    """Return patients, newest first.

    Args:
        session: Any session.
        search: Part of the name, or the whole of an identifier; all patients if empty.
        limit: Most patients.
        after: From the page before.
    """
    query = select(Patient)
    text = check_text(search, "search", max_length=200)
    if text:
        known = select(PatientIdentifier.patient_id).where(PatientIdentifier.value == text)
        query = query.where(
            or_(Patient.name.icontains(text, autoescape=True), Patient.id.in_(known))
        )
    rows, following = read_page(session, query, Patient, limit=limit, after=after)
    return PatientPage(tuple(to_patients(session, rows)), following)


def to_patients(session: Session, rows: Sequence[Patient]) -> list[PatientRecord]:
    """Return rows as what the API answers, in the same order."""
    given = consents_of(session, [row.id for row in rows])
    return [
        PatientRecord(
            id=row.id,
            name=row.name,
            birth_year=row.birth_year,
            sex=row.sex,
            identifiers=_to_identifiers(row.identifiers),
            consents=given[row.id],
            created_at=row.created_at.isoformat(),
        )
        for row in rows
    ]


def _to_identifiers(rows: Sequence[PatientIdentifier]) -> tuple[Identifier, ...]:
    """Return identifiers in one order, whether they were just written or are read."""
    pairs = sorted((one.system, one.value) for one in rows)
    return tuple(Identifier(system, value) for system, value in pairs)


def _fill(session: Session, patient: Patient, details: PatientDetails) -> None:
    patient.name = check_text(details.name, "name", max_length=200, needed=True)
    if details.sex not in SEXES:
        raise _invalid("sex", f"one of {', '.join(SEXES)}", details.sex)
    if details.birth_year is not None and details.birth_year not in BIRTH_YEARS:
        raise _invalid("birth_year", "a year from 1880 to 2200", details.birth_year)
    patient.sex, patient.birth_year = details.sex, details.birth_year
    wanted = {
        (
            check_text(one.system, "system", max_length=100, needed=True),
            check_text(one.value, "value", max_length=100, needed=True),
        )
        for one in details.identifiers
    }
    kept = [one for one in patient.identifiers if (one.system, one.value) in wanted]
    fresh = sorted(wanted - {(one.system, one.value) for one in kept})
    for system, value in fresh:
        if session.get(PatientIdentifier, (system, value)) is not None:
            raise RecordConflictError(
                f"An identifier must be one patient's alone; another patient has this one of "
                f"'{system}'. Search for it: the patient may be registered already.",
                field="identifiers",
            )
    patient.identifiers = [*kept, *(PatientIdentifier(system=s, value=v) for s, v in fresh)]


def _invalid(field: str, rule: str, given: object) -> InvalidRequestError:
    return InvalidRequestError(
        f"The field '{field}' must be {rule}; it is '{given}'. Correct it and send it again.",
        code="field_invalid",
        field=field,
    )
