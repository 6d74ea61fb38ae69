"""From what is typed about a patient to what the server takes, and back."""

import pytest

from cancerapy.app.records.draft import draft_of, find_fault, to_details
from cancerapy.app.records.state import PatientDraft
from cancerapy.contract.records import PatientRecord
from cancerapy.contract.requests import Identifier, PatientDetails


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (PatientDraft("  "), "patient_name_empty"),
        (PatientDraft("A", "1879"), "birth_year_invalid"),
        (PatientDraft("A", "19x1"), "birth_year_invalid"),
        (PatientDraft("A", identifiers=(Identifier("hospital", ""),)), "identifier_incomplete"),
        (PatientDraft("A", "1880"), ""),
    ],
)
def test_faults_of_a_draft(draft: PatientDraft, code: str) -> None:
    assert find_fault(draft) == code


def test_what_is_not_known_is_left_out() -> None:
    assert to_details(PatientDraft(" A ")) == PatientDetails("A")


def test_what_is_on_record_is_typed_over(patient: PatientRecord) -> None:
    draft = draft_of(patient)
    assert draft == PatientDraft("Layla", "1961", "female", (Identifier("hospital", "4711"),))
    assert to_details(draft) == PatientDetails(
        patient.name, patient.birth_year, "female", patient.identifiers
    )


def test_there_is_a_row_to_type_an_identifier_into() -> None:
    bare = PatientRecord("p2", "B", None, "unknown", (), {}, "")
    assert draft_of(bare) == PatientDraft("B")
