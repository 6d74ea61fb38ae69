"""A place of the records is read and shown; what cannot be shown leads to the first screen."""

import asyncio
from typing import Any

import pytest

from cancerapy.app.records.administration import AccountDraft
from cancerapy.app.records.keeper import Records
from cancerapy.app.records.state import Part, Visit
from cancerapy.app.routes import Place
from cancerapy.app.state import Screen
from cancerapy.contract.people import AccountResponse
from cancerapy.contract.records import PatientRecord
from cancerapy.errors import RefusedError


@pytest.fixture
def records(desk: Any) -> Records:
    """The records of that desk."""
    return Records(desk, None, desk.save_file)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "place",
    [
        Place(Screen.RECORDS, "queue"),
        Place(Screen.REGISTER),
        Place(Screen.RECORD, "p1"),
        Place(Screen.CORRECT, "p1"),
        Place(Screen.EXAMINE, "p1"),
        Place(Screen.EXAMINATION, "e1"),
    ],
)
def test_every_place_is_shown_from_its_address_alone(
    records: Records, desk: Any, place: Place
) -> None:
    asyncio.run(records.arrive(place))
    assert (desk.state.screen, desk.state.problem) == (place.screen, None)
    shown = desk.state.records
    assert (shown.part is Part.QUEUE) == (place.id == "queue")
    assert (shown.patient is not None) == bool(place.id and place.id != "queue")
    assert (shown.draft.name == "Layla") == (place.screen is Screen.CORRECT)


def test_what_is_there_is_not_read_again(records: Records, desk: Any, clinic: Any) -> None:
    asyncio.run(records.arrive(Place(Screen.EXAMINE, "p1")))
    begun = Visit(lesion="left arm")
    desk.state.records.visit = begun
    clinic.asked.clear()
    asyncio.run(records.arrive(Place(Screen.EXAMINE, "p1")))
    assert (clinic.asked, desk.state.records.visit) == ([], begun)


def test_an_erased_record_leads_to_the_first_screen_and_says_so(
    records: Records, desk: Any, clinic: Any
) -> None:
    clinic.fault = RefusedError("gone", code="record_unknown")
    for screen in (Screen.RECORD, Screen.EXAMINATION):
        asyncio.run(records.arrive(Place(screen, "p9")))
        assert desk.state.screen is Screen.RECORDS
        assert desk.state.problem.code == "record_unknown"


def test_the_form_of_a_new_account_is_empty_though_another_was_looked_at(
    records: Records, desk: Any
) -> None:
    desk.state.records.administration.draft = AccountDraft("sam", "reviewer")
    asyncio.run(records.arrive(Place(Screen.NEW_ACCOUNT)))
    assert desk.state.screen is Screen.NEW_ACCOUNT
    assert desk.state.records.administration.draft == AccountDraft()


def test_an_administrator_keeps_the_accounts_and_loses_the_patients(
    records: Records, desk: Any, patient: PatientRecord
) -> None:
    shown = desk.state.records
    shown.patient, shown.administration.draft = patient, AccountDraft("omar")
    desk.state.account = AccountResponse("sam", ("administrator",), None, True)
    records.forget()
    kept = desk.state.records
    assert (kept.patient, kept.administration.draft.name) == (None, "omar")
    desk.state.account = None
    records.forget()
    assert desk.state.records.administration.draft == AccountDraft()


def test_what_is_shown_waits_for_the_person_whose_sign_in_ended(
    records: Records, desk: Any, patient: PatientRecord
) -> None:
    desk.state.records.patient, desk.state.account, desk.state.ended = patient, None, "mona"
    records.forget()
    assert desk.state.records.patient is patient
    desk.state.ended = ""
    records.forget()
    assert desk.state.records.patient is None
