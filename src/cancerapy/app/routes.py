"""The ways between screens: where back leads, and which screen a browser's address names."""

from cancerapy.app.records.state import ADMINISTRATOR, CLINICIAN, has_role, offers_records
from cancerapy.app.state import STEPS, TOP_SCREENS, AppState, Screen

BEFORE = {
    Screen.REGISTER: Screen.RECORDS,
    Screen.RECORD: Screen.RECORDS,
    Screen.EXAMINE: Screen.RECORD,
    Screen.EXAMINATION: Screen.RECORD,
    Screen.ACCOUNTS: Screen.SETTINGS,
    Screen.NEW_ACCOUNT: Screen.ACCOUNTS,
    Screen.ACCOUNT: Screen.ACCOUNTS,
    Screen.AUDIT: Screen.SETTINGS,
}
"""Where 'back' leads from the screens of the records and of administration."""

ADMINISTRATION = (Screen.ACCOUNTS, Screen.NEW_ACCOUNT, Screen.ACCOUNT, Screen.AUDIT)


def top_screens(state: AppState) -> tuple[Screen, ...]:
    """Return the screens of the navigation, in order; records for who works with them."""
    if not offers_records(state.account):
        return TOP_SCREENS
    return (TOP_SCREENS[0], Screen.RECORDS, *TOP_SCREENS[1:])


def reachable(screen: Screen, state: AppState) -> Screen:
    """Return ``screen``, or the one to show instead while something it needs is missing."""
    if not state.preferences.consented:
        return Screen.WELCOME
    if state.ways is not None and screen in (Screen.WELCOME, Screen.HOME):
        return Screen.SIGN_IN
    if screen is Screen.WELCOME or (screen is Screen.SIGN_IN and state.ways is None):
        return Screen.HOME
    if screen in (Screen.PATIENT, Screen.CAPTURE) and state.task is None:
        return Screen.HOME
    if screen is Screen.RESULT and state.outcome is None:
        return Screen.HOME
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
        Screen.EXAMINE: records.patient and records.visit,
        Screen.EXAMINATION: records.examination,
    }
    if screen not in needed:
        return screen
    if not offers_records(state.account):
        return Screen.HOME
    return screen if needed[screen] else Screen.RECORDS


def screen_before(screen: Screen) -> Screen:
    """Return where 'back' leads from ``screen``."""
    if screen in BEFORE:
        return BEFORE[screen]
    place = STEPS.index(screen) if screen in STEPS else 0
    return STEPS[place - 1] if place else Screen.HOME


def screen_of(route: str) -> Screen | None:
    """Return the screen of a browser's route, ``None`` if there is none.

    >>> screen_of("/history"), screen_of("/nowhere")
    (<Screen.HISTORY: 'history'>, None)
    """
    name = route.split("?")[0].strip("/")
    return Screen(name) if name in set(Screen) else None
