"""From what is typed about a patient to what the server takes, and back."""

from typing import cast, get_args

from cancerapy.app.records.state import PatientDraft
from cancerapy.contract.records import PatientRecord
from cancerapy.contract.requests import Identifier, PatientDetails, Sex

FIRST_BIRTH_YEAR, LAST_BIRTH_YEAR = 1880, 2200


def find_fault(draft: PatientDraft) -> str:
    """Return the code of what keeps a draft from being registered; empty if nothing does."""
    if not draft.name.strip():
        return "patient_name_empty"
    year = draft.birth_year.strip()
    if year and not (year.isdecimal() and FIRST_BIRTH_YEAR <= int(year) <= LAST_BIRTH_YEAR):
        return "birth_year_invalid"
    if any(bool(row.system.strip()) != bool(row.value.strip()) for row in draft.identifiers):
        return "identifier_incomplete"
    return ""


def to_details(draft: PatientDraft) -> PatientDetails:
    """Return a draft without fault as the server takes it."""
    rows = [Identifier(row.system.strip(), row.value.strip()) for row in draft.identifiers]
    year = draft.birth_year.strip()
    return PatientDetails(
        draft.name.strip(),
        int(year) if year else None,
        cast(Sex, draft.sex if draft.sex in get_args(Sex) else "unknown"),
        tuple(row for row in rows if row.value),
    )


def draft_of(patient: PatientRecord, tag: str = "") -> PatientDraft:
    """Return what is written down about a patient, ready to be typed over.

    Args:
        patient: The patient as they were read.
        tag: Stands for them as they were read.
    """
    year = "" if patient.birth_year is None else str(patient.birth_year)
    rows = patient.identifiers or (Identifier("", ""),)
    return PatientDraft(patient.name, year, patient.sex, tuple(rows), tag)
