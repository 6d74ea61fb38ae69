"""Where back leads, and which place an address names."""

import pytest

from cancerapy.app.records.state import Part
from cancerapy.app.routes import Place, place_of, place_shown, reachable, route_of, screen_before
from cancerapy.app.state import AppState, Outcome, Preferences, Screen
from cancerapy.contract.people import SignInWays
from cancerapy.contract.records import PatientRecord


def test_back_goes_one_step() -> None:
    before = {screen: screen_before(AppState(screen=screen)) for screen in Screen}
    assert before[Screen.RESULT] is Screen.CAPTURE
    assert before[Screen.CAPTURE] is Screen.PATIENT
    assert before[Screen.PATIENT] is Screen.HOME
    assert before[Screen.LEARN] is Screen.HOME
    assert before[Screen.CORRECT] is Screen.RECORD


def test_back_leads_to_the_queue_from_where_an_examination_was_opened() -> None:
    state = AppState(screen=Screen.EXAMINATION)
    assert screen_before(state) is Screen.RECORD
    state.records.is_from_queue = True
    assert screen_before(state) is Screen.RECORDS


def test_without_a_sign_in_only_what_lies_on_the_device_is_shown(outcome: Outcome) -> None:
    state = AppState(
        preferences=Preferences(consented=True),
        ways=SignInWays(True, True, None),
        outcome=outcome,
        task=outcome.task,
    )
    shown = {screen for screen in Screen if reachable(screen, state) is screen}
    assert shown == {
        Screen.SIGN_IN, Screen.HISTORY, Screen.LEARN, Screen.RESULT, Screen.SETTINGS,
    }  # fmt: skip
    assert {reachable(screen, state) for screen in set(Screen) - shown} == {Screen.SIGN_IN}


def test_routes_name_places() -> None:
    assert place_of("/settings?x=1") == Place(Screen.SETTINGS)
    assert place_of("/") is None
    assert place_of("/record/0a-B9") == Place(Screen.RECORD, "0a-B9")
    assert route_of(Place(Screen.RECORD, "0a-B9")) == "/record/0a-B9"


@pytest.mark.parametrize("rest", ["..", "a/b", "%2e%2e", "a b", "x" * 65])
def test_what_cannot_be_an_id_is_left_out_of_what_the_server_is_asked(rest: str) -> None:
    assert place_of(f"/record/{rest}") == Place(Screen.RECORD)


def test_a_place_is_named_by_id_and_never_by_name() -> None:
    patient = PatientRecord("p1", "Layla", None, "unknown", (), {}, "")
    state = AppState()
    state.records.patient = patient
    for screen in (Screen.RECORD, Screen.CORRECT, Screen.EXAMINE):
        state.screen = screen
        assert route_of(place_shown(state)) == f"/{screen.value}/p1"
    state.screen = Screen.RECORDS
    assert place_shown(state) == Place(Screen.RECORDS)
    state.records.part = Part.QUEUE
    assert route_of(place_shown(state)) == "/records/queue"
