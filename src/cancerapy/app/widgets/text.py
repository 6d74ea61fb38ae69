"""Text in the app's few sizes; all grow with the person's text size."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.theme import ARABIC_FONT, LATIN_FONT, font_of

_DISPLAY, _TITLE, _HEADING, _BODY, _SMALL = 30, 23, 18, 16, 14


def display(scene: Scene, text: str, color: str = "") -> ft.Text:
    """Return the largest text, one per screen at most."""
    return _text(scene, text, _DISPLAY, color or scene.palette.ink, ft.FontWeight.W_600)


def title(scene: Scene, text: str, color: str = "") -> ft.Text:
    """Return the title of a screen or a result."""
    return _text(scene, text, _TITLE, color or scene.palette.ink, ft.FontWeight.W_600)


def heading(scene: Scene, text: str, color: str = "") -> ft.Text:
    """Return the heading of a part."""
    return _text(scene, text, _HEADING, color or scene.palette.ink, ft.FontWeight.W_600)


def body(scene: Scene, text: str, color: str = "", *, strong: bool = False) -> ft.Text:
    """Return running text."""
    weight = ft.FontWeight.W_600 if strong else ft.FontWeight.W_400
    return _text(scene, text, _BODY, color or scene.palette.ink, weight)


def small(scene: Scene, text: str, color: str = "") -> ft.Text:
    """Return secondary text."""
    return _text(scene, text, _SMALL, color or scene.palette.quiet_ink, ft.FontWeight.W_400)


def _text(scene: Scene, text: str, size: float, color: str, weight: ft.FontWeight) -> ft.Text:
    return ft.Text(
        text,
        size=size * scene.state.preferences.text_scale,
        weight=weight,
        color=color,
        font_family=font_of(scene.say.language),
        font_family_fallback=[LATIN_FONT, ARABIC_FONT],
    )
