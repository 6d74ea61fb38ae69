"""A code of letters and digits to be read out, written down or copied."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.theme import LATIN_FONT, Tone
from cancerapy.app.widgets.layout import other_button


def code_rows(scene: Scene, key: str, code: str, tone: Tone, size: float) -> list[ft.Control]:
    """Return the code with a button that copies it.

    It is no selectable text, which screen readers are told as an empty field.

    Args:
        scene: What is drawn with.
        key: Its key.
        code: The code.
        tone: What it is written on.
        size: Size of its letters.
    """
    shown = ft.Text(
        code,
        key=key,
        size=size * scene.state.preferences.text_scale,
        weight=ft.FontWeight.W_600,
        color=tone.ink,
        font_family=LATIN_FONT,
        rtl=False,  # groups of Latin letters and digits keep their order in Arabic, too
    )
    copy = other_button(
        scene,
        scene.say("copy"),
        f"{key}-copy",
        icon=ft.Icons.CONTENT_COPY,
        action=scene.copy(code),
    )
    return [ft.Row([shown], wrap=True), ft.Row([copy])]
