"""Who works with records, and which screens they reach."""

from typing import Any

import pytest

from cancerapy.app.records.keeper import Records
from cancerapy.app.records.state import Part, Visit
from cancerapy.app.routes import reachable, top_screens
from cancerapy.app.state import TOP_SCREENS, Screen
from cancerapy.contract.people import AccountResponse
from cancerapy.contract.records import ExaminationRecord, PatientRecord

OWN = (
    Screen.RECORDS,
    Screen.REGISTER,
    Screen.RECORD,
    Screen.CORRECT,
    Screen.EXAMINE,
    Screen.EXAMINATION,
)


@pytest.mark.parametrize("roles", [(), ("patient",), ("administrator",)])
def test_records_are_for_who_works_with_them(
    desk: Any, patient: PatientRecord, roles: tuple[str, ...]
) -> None:
    state = desk.state
    state.account = AccountResponse("mona", roles, None, True) if roles else None
    state.records.patient = patient
    assert top_screens(state) == TOP_SCREENS
    assert {reachable(screen, state) for screen in OWN} == {Screen.HOME}
    Records(desk, None, desk.save_file).forget()  # type: ignore[arg-type]
    assert state.records.patient is None


def test_a_screen_of_the_records_waits_for_what_it_shows(
    desk: Any, patient: PatientRecord, examination: ExaminationRecord
) -> None:
    state = desk.state
    assert top_screens(state)[1] is Screen.RECORDS
    assert {reachable(screen, state) for screen in OWN[2:]} == {Screen.RECORDS}
    state.records.patient, state.records.visit = patient, Visit()
    state.records.examination = examination
    assert [reachable(screen, state) for screen in OWN] == list(OWN)


def test_a_reviewer_registers_nobody(desk: Any) -> None:
    desk.state.account = AccountResponse("rami", ("reviewer",), None, True)
    assert reachable(Screen.REGISTER, desk.state) is Screen.RECORDS
    assert reachable(Screen.CORRECT, desk.state) is Screen.RECORDS
    assert desk.state.records.part is Part.PATIENTS
