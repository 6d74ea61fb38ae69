"""Which screen may be shown, and where 'back' leads."""

import pytest

from cancerapy.app.routes import reachable
from cancerapy.app.state import AppState, Outcome, Screen, main_tasks


@pytest.mark.parametrize("screen", list(Screen))
def test_nothing_is_shown_before_consent(screen: Screen) -> None:
    assert reachable(screen, AppState()) is Screen.WELCOME


@pytest.mark.parametrize(
    ("screen", "shown"),
    [
        (Screen.WELCOME, Screen.HOME),
        (Screen.PATIENT, Screen.HOME),
        (Screen.CAPTURE, Screen.HOME),
        (Screen.RESULT, Screen.HOME),
        (Screen.HISTORY, Screen.HISTORY),
    ],
)
def test_screens_that_need_something_wait_for_it(
    state: AppState, screen: Screen, shown: Screen
) -> None:
    state.task = None
    assert reachable(screen, state) is shown


def test_screens_are_shown_once_they_have_what_they_need(state: AppState, outcome: Outcome) -> None:
    assert reachable(Screen.CAPTURE, state) is Screen.CAPTURE
    state.outcome = outcome
    assert reachable(Screen.RESULT, state) is Screen.RESULT


def test_only_main_tasks_are_offered(state: AppState) -> None:
    assert [task.id for task in main_tasks(state)] == ["toy"]


def test_two_panes_from_material_s_expanded_width() -> None:
    assert not AppState(width_px=839).is_wide
    assert AppState(width_px=840).is_wide
