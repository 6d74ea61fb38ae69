"""Where back leads, and which screen an address names."""

from cancerapy.app.routes import screen_before, screen_of
from cancerapy.app.state import Screen


def test_back_goes_one_step() -> None:
    assert screen_before(Screen.RESULT) is Screen.CAPTURE
    assert screen_before(Screen.CAPTURE) is Screen.PATIENT
    assert screen_before(Screen.PATIENT) is Screen.HOME
    assert screen_before(Screen.LEARN) is Screen.HOME


def test_routes_name_screens() -> None:
    assert screen_of("/settings?x=1") is Screen.SETTINGS
    assert screen_of("/") is None
