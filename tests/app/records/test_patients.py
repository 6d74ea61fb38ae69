"""What a person does with patients, against a clinic that keeps what it was asked."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.app.records.patients import Patients
from cancerapy.app.records.reviewing import Reviewing
from cancerapy.app.records.state import Part, PatientDraft
from cancerapy.app.state import Screen
from cancerapy.contract.people import AccountResponse
from cancerapy.contract.requests import Identifier
from cancerapy.errors import RefusedError


@pytest.fixture
def patients(desk: Any) -> Patients:
    """The patients of that desk."""
    return Patients(desk, Reviewing(desk, desk.save_file), desk.save_file)


def test_patients_are_searched_and_listed_page_by_page(
    patients: Patients, desk: Any, clinic: Any
) -> None:
    asyncio.run(patients.type_search(" Lay "))
    asyncio.run(patients.search())
    asyncio.run(patients.more())
    first, second = (options["params"] for _, options in clinic.asked)
    assert first == {"limit": 20, "search": "Lay"}
    assert second == {"limit": 20, "search": "Lay", "after": "next"}
    assert [one.id for one in desk.state.records.patients.items] == ["p1", "p1"]


def test_a_registered_patient_is_shown(patients: Patients, desk: Any, clinic: Any) -> None:
    asyncio.run(patients.begin_registering())
    assert desk.state.screen is Screen.REGISTER
    draft = PatientDraft(" Layla ", "1961", "female", (Identifier("hospital", "4711"),))
    asyncio.run(patients.draft(draft))
    asyncio.run(patients.add_identifier())
    asyncio.run(patients.register())
    assert clinic.sent("POST patients") == [
        {
            "name": "Layla",
            "birth_year": 1961,
            "sex": "female",
            "identifiers": ({"system": "hospital", "value": "4711"},),
        }
    ]
    records = desk.state.records
    assert (desk.state.screen, records.patient.id) == (Screen.RECORD, "p1")
    assert records.note == "register.done"


def test_a_patient_is_corrected(patients: Patients, desk: Any, clinic: Any) -> None:
    asyncio.run(patients.open("p1"))
    asyncio.run(patients.begin_correcting())
    draft = desk.state.records.draft
    assert (desk.state.screen, draft.name, draft.birth_year) == (Screen.CORRECT, "Layla", "1961")
    asyncio.run(patients.draft(replace(draft, name=" ", identifiers=(Identifier("", ""),))))
    asyncio.run(patients.correct())
    assert desk.state.problem.code == "patient_name_empty"
    asyncio.run(patients.draft(replace(draft, name="Leila", identifiers=(Identifier("", ""),))))
    asyncio.run(patients.correct())
    (sent,) = clinic.sent("PUT patients/p1")
    assert (sent["name"], sent["birth_year"], sent["identifiers"]) == ("Leila", 1961, ())
    assert (desk.state.screen, desk.state.records.note) == (Screen.RECORD, "correct.done")


def test_a_search_is_taken_back(patients: Patients, desk: Any, clinic: Any) -> None:
    asyncio.run(patients.type_search("Lay"))
    asyncio.run(patients.clear_search())
    assert clinic.asked == [("GET patients", {"params": {"limit": 20}})]
    assert desk.state.records.search == ""


def test_what_is_missing_is_said_before_anything_is_sent(
    patients: Patients, desk: Any, clinic: Any
) -> None:
    asyncio.run(patients.register())
    assert desk.state.problem.code == "patient_name_empty"
    assert clinic.asked == []


def test_a_consent_is_sent_and_the_patient_read_anew(
    patients: Patients, desk: Any, clinic: Any
) -> None:
    asyncio.run(patients.open("p1"))
    clinic.asked.clear()
    asyncio.run(patients.consent("training", True))
    assert clinic.sent("POST patients/p1/consents") == [{"purpose": "training", "given": True}]
    assert [asked for asked, _ in clinic.asked][1:] == [
        "GET patients/p1",
        "GET patients/p1/consents",
    ]
    assert desk.state.records.consents[-1].recorded_by == "mona"


def test_the_record_is_saved_under_no_name(patients: Patients, desk: Any) -> None:
    asyncio.run(patients.open("p1"))
    asyncio.run(patients.export_json())
    asyncio.run(patients.export_pdf())
    assert desk.saved == {
        "cancerapy-p1.json": b"patients/p1/export",
        "cancerapy-p1.pdf": b"patients/p1/report",
    }


def test_an_erased_patient_is_gone_from_the_screen(
    patients: Patients, desk: Any, clinic: Any
) -> None:
    asyncio.run(patients.open("p1"))
    asyncio.run(patients.erase())
    assert clinic.asked[-1][0] == "DELETE patients/p1"
    records = desk.state.records
    assert (records.patient, records.pictures, records.note) == (None, {}, "records.erased")
    assert desk.state.screen is Screen.RECORDS


def test_a_refusal_is_said_and_changes_nothing(patients: Patients, desk: Any, clinic: Any) -> None:
    asyncio.run(patients.open("p1"))
    clinic.fault = RefusedError("no", code="role_refused")
    asyncio.run(patients.erase())
    records = desk.state.records
    assert desk.state.problem.code == "role_refused"
    assert (records.patient.id, records.is_busy) == ("p1", False)


def test_a_reviewer_enters_by_the_queue(patients: Patients, desk: Any, clinic: Any) -> None:
    desk.state.account = AccountResponse("rami", ("reviewer",), None, True)
    asyncio.run(patients.enter())
    assert desk.state.records.part is Part.QUEUE
    assert [asked for asked, _ in clinic.asked] == ["GET review-queue"]
