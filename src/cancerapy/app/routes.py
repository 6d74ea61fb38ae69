"""The ways between screens: where back leads, and which place a browser's address names."""

import re
from dataclasses import dataclass

from cancerapy.app.records.state import (
    ADMINISTRATOR,
    CLINICIAN,
    Part,
    has_role,
    is_signed_in,
    offers_records,
)
from cancerapy.app.state import STEPS, TOP_SCREENS, AppState, Screen

BEFORE = {
    Screen.REGISTER: Screen.RECORDS,
    Screen.RECORD: Screen.RECORDS,
    Screen.CORRECT: Screen.RECORD,
    Screen.EXAMINE: Screen.RECORD,
    Screen.EXAMINATION: Screen.RECORD,
    Screen.ACCOUNTS: Screen.SETTINGS,
    Screen.NEW_ACCOUNT: Screen.ACCOUNTS,
    Screen.ACCOUNT: Screen.ACCOUNTS,
    Screen.AUDIT: Screen.SETTINGS,
    Screen.PASSWORD: Screen.SETTINGS,
}
"""Where 'back' leads from the screens of the records and those below the settings."""

ADMINISTRATION = (Screen.ACCOUNTS, Screen.NEW_ACCOUNT, Screen.ACCOUNT, Screen.AUDIT)
BELOW_SETTINGS = (*ADMINISTRATION, Screen.PASSWORD)

WITHOUT_SIGN_IN = (Screen.SETTINGS, Screen.HISTORY, Screen.LEARN, Screen.RESULT)
"""What can be seen while the server waits for a sign-in: it lies on the device."""

_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
"""What an id in an address may be: it becomes a part of an address of the API."""


@dataclass(frozen=True, slots=True)
class Place:
    """A screen with what it shows, as a browser's address names it.

    Args:
        screen: The screen.
        id: Of the patient or examination, or the part of the records; empty for others.
    """

    screen: Screen
    id: str = ""


def top_screens(state: AppState) -> tuple[Screen, ...]:
    """Return the screens of the navigation, in order; records for who works with them."""
    if not offers_records(state.account):
        return TOP_SCREENS
    return (TOP_SCREENS[0], Screen.RECORDS, *TOP_SCREENS[1:])


def reachable(screen: Screen, state: AppState) -> Screen:
    """Return ``screen``, or the one to show instead while something it needs is missing."""
    if not state.preferences.consented:
        return Screen.WELCOME
    if state.ways is not None and screen not in WITHOUT_SIGN_IN:
        return Screen.SIGN_IN
    if screen is Screen.WELCOME or (screen is Screen.SIGN_IN and state.ways is None):
        return Screen.HOME
    if screen in (Screen.PATIENT, Screen.CAPTURE) and state.task is None:
        return Screen.HOME
    if screen is Screen.RESULT and state.outcome is None:
        return Screen.HOME
    if screen is Screen.PASSWORD:
        return screen if is_signed_in(state.account) else Screen.HOME
    if screen in ADMINISTRATION:
        return _reachable_administration(screen, state)
    return _reachable_record(screen, state)


def _reachable_administration(screen: Screen, state: AppState) -> Screen:
    """Return ``screen`` for an administrator, or the one to show instead."""
    if not has_role(state.account, ADMINISTRATOR):
        return Screen.HOME
    is_missing = screen is Screen.ACCOUNT and state.records.administration.account is None
    return Screen.ACCOUNTS if is_missing else screen


def _reachable_record(screen: Screen, state: AppState) -> Screen:
    """Return ``screen``, or the one to show instead while a record that it needs is missing."""
    records = state.records
    needed = {
        Screen.RECORDS: True,
        Screen.REGISTER: has_role(state.account, CLINICIAN),
        Screen.RECORD: records.patient,
        Screen.CORRECT: records.patient and has_role(state.account, CLINICIAN),
        Screen.EXAMINE: records.patient and records.visit,
        Screen.EXAMINATION: records.examination,
    }
    if screen not in needed:
        return screen
    if not offers_records(state.account):
        return Screen.HOME
    return screen if needed[screen] else Screen.RECORDS


def screen_before(state: AppState) -> Screen:
    """Return where 'back' leads from the screen that is shown."""
    screen = state.screen
    if screen is Screen.EXAMINATION and state.records.is_from_queue:
        return Screen.RECORDS
    if screen in BEFORE:
        return BEFORE[screen]
    place = STEPS.index(screen) if screen in STEPS else 0
    return STEPS[place - 1] if place else Screen.HOME


def place_of(route: str) -> Place | None:
    """Return the place of a browser's route, ``None`` if there is none.

    >>> place_of("/history"), place_of("/nowhere")
    (Place(screen=<Screen.HISTORY: 'history'>, id=''), None)
    """
    name, _, rest = route.split("?")[0].strip("/").partition("/")
    if name not in set(Screen):
        return None
    return Place(Screen(name), rest if _ID.fullmatch(rest) else "")


def place_shown(state: AppState) -> Place:
    """Return the place that is shown; a record by its id, never by a name."""
    records, screen = state.records, state.screen
    if screen is Screen.RECORDS and records.part is Part.QUEUE:
        return Place(screen, records.part.value)
    if screen in (Screen.RECORD, Screen.CORRECT, Screen.EXAMINE) and records.patient:
        return Place(screen, records.patient.id)
    if screen is Screen.EXAMINATION and records.examination:
        return Place(screen, records.examination.id)
    return Place(screen)


def route_of(place: Place) -> str:
    """Return the browser's route of a place.

    >>> route_of(Place(Screen.HISTORY))
    '/history'
    """
    return f"/{place.screen.value}/{place.id}" if place.id else f"/{place.screen.value}"
