"""The ways between screens: where back leads, and which screen a browser's address names."""

from cancerapy.app.state import STEPS, Screen


def screen_before(screen: Screen) -> Screen:
    """Return where 'back' leads from ``screen``."""
    place = STEPS.index(screen) if screen in STEPS else 0
    return STEPS[place - 1] if place else Screen.HOME


def screen_of(route: str) -> Screen | None:
    """Return the screen of a browser's route, ``None`` if there is none.

    >>> screen_of("/history"), screen_of("/nowhere")
    (<Screen.HISTORY: 'history'>, None)
    """
    name = route.split("?")[0].strip("/")
    return Screen(name) if name in set(Screen) else None
