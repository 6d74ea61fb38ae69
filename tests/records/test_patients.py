"""Patients: registered, corrected, found."""

import pytest

from cancerapy.contract.requests import Identifier, PatientDetails
from cancerapy.errors import InvalidRequestError
from cancerapy.records import RecordConflictError, Records, RecordUnknownError
from cancerapy.records.patients import create_patient, get_patient, list_patients, update_patient


def test_what_was_registered_is_read_back(records: Records, patient_id: str) -> None:
    with records.reading() as session:
        found = get_patient(session, patient_id)
    assert (found.name, found.birth_year, found.sex) == ("Layla Haddad", 1961, "female")
    assert found.identifiers == (Identifier("hospital", "H-7"),)
    assert found.consents == {"care": False, "research": False, "training": False}
    assert found.created_at.endswith("+00:00")


@pytest.mark.parametrize(
    ("search", "is_found"),
    [("", True), ("HADDAD", True), ("H-7", True), ("H-", False), ("%", False), ("x", False)],
)
def test_search_is_by_part_of_a_name_or_a_whole_identifier(
    records: Records, patient_id: str, search: str, is_found: bool
) -> None:
    with records.reading() as session:
        found = list_patients(session, search=search).items
    assert [one.id for one in found] == ([patient_id] if is_found else [])


def test_a_correction_replaces_everything(records: Records, patient_id: str) -> None:
    details = PatientDetails("L.", identifiers=(Identifier("b", "2"), Identifier("a", "1")))
    with records.writing() as session:
        changed = update_patient(session, patient_id, details, "me")
    with records.reading() as session:
        found = get_patient(session, patient_id)
    assert (found.name, found.birth_year, found.sex) == ("L.", None, "unknown")
    assert found.identifiers == (Identifier("a", "1"), Identifier("b", "2"))
    assert {*changed.identifiers} == {*found.identifiers}


def test_a_doubled_identifier_is_refused_and_nothing_is_written(
    records: Records, patient_id: str
) -> None:
    details = PatientDetails("Other", identifiers=(Identifier("hospital", "H-7"),))
    with (
        pytest.raises(RecordConflictError, match="another patient has this one of 'hospital'"),
        records.writing() as session,
    ):
        create_patient(session, details, "me")
    with records.reading() as session:
        assert [one.id for one in list_patients(session).items] == [patient_id]


@pytest.mark.parametrize(
    "details",
    [
        PatientDetails(" "),
        PatientDetails("a" * 201),
        PatientDetails("a\0"),
        PatientDetails("a", birth_year=1879),
        PatientDetails("a", sex="f"),  # type: ignore[arg-type]
        PatientDetails("a", identifiers=(Identifier("", "1"),)),
    ],
)
def test_senseless_details_are_refused(records: Records, details: PatientDetails) -> None:
    with pytest.raises(InvalidRequestError, match="must be"), records.writing() as session:
        create_patient(session, details, "me")


@pytest.mark.parametrize("record_id", ["7", "", "00000000-0000-0000-0000-000000000000"])
def test_an_id_that_names_nothing_is_said_to(records: Records, record_id: str) -> None:
    with (
        records.reading() as session,
        pytest.raises(RecordUnknownError, match="must be that of a patient") as caught,
    ):
        get_patient(session, record_id)
    assert caught.value.status == 404
