"""Panels, columns and buttons with one set of distances."""

from collections.abc import Sequence

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.theme import ARABIC_FONT, GAP, LATIN_FONT, RADIUS, Tone, font_of
from cancerapy.app.widgets.text import body, heading

PADDING = 20


def panel(
    scene: Scene, *controls: ft.Control, key: str | None = None, tone: Tone | None = None
) -> ft.Container:
    """Return a rounded panel with its controls in a column; quiet unless a tone fills it."""
    fill = tone.fill if tone else scene.palette.card
    return ft.Container(
        ft.Column(list(controls), spacing=12, horizontal_alignment=_STRETCH),
        key=key,
        padding=PADDING,
        bgcolor=fill,
        border_radius=RADIUS,
        border=ft.Border.all(1, tone.fill if tone else scene.palette.hairline),
    )


_STRETCH = ft.CrossAxisAlignment.STRETCH


def stack(*controls: ft.Control, spacing: float = GAP) -> ft.Column:
    """Return controls below one another over the whole width."""
    return ft.Column(list(controls), spacing=spacing, horizontal_alignment=_STRETCH)


def panes(scene: Scene, first: Sequence[ft.Control], second: Sequence[ft.Control]) -> ft.Control:
    """Return two groups side by side where there is room, else below one another."""
    if not scene.state.is_wide:
        return stack(*first, *second)
    half: list[ft.Control] = [ft.Container(stack(*group), expand=True) for group in (first, second)]
    return ft.Row(half, spacing=GAP * 1.5, vertical_alignment=ft.CrossAxisAlignment.START)


def actions(scene: Scene, *buttons: ft.Control) -> ft.Control:
    """Return buttons beside one another; on a narrow screen over its whole width each."""
    if scene.state.is_wide:
        return ft.Row(list(buttons), wrap=True, spacing=12, run_spacing=12)
    return stack(*buttons, spacing=12)


def with_icon(
    scene: Scene, icon: ft.IconData, control: ft.Control, color: str = "", size: float = 22
) -> ft.Row:
    """Return a control with a decorative icon before it."""
    return ft.Row(
        [
            ft.Icon(icon, size=size, color=color or scene.palette.primary.fill),
            ft.Container(control, expand=True),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def part(scene: Scene, icon: ft.IconData, text: str, *controls: ft.Control) -> ft.Container:
    """Return a panel with a heading and its icon."""
    return panel(scene, with_icon(scene, icon, heading(scene, text)), *controls)


def main_button(
    scene: Scene,
    text: str,
    key: str,
    *,
    icon: ft.IconData | None = None,
    on_click: ft.ControlEventHandler[ft.Button] | None = None,
    action: ft.ClientAction | None = None,
    disabled: bool = False,
) -> ft.FilledButton:
    """Return the button of what the person most likely wants to do next."""
    return ft.FilledButton(
        text,
        key=key,
        icon=icon,
        on_click=on_click,
        action=action,
        disabled=disabled,
        style=_button_style(scene),
    )


def other_button(
    scene: Scene,
    text: str,
    key: str,
    *,
    icon: ft.IconData | None = None,
    on_click: ft.ControlEventHandler[ft.OutlinedButton] | None = None,
    action: ft.ClientAction | None = None,
    disabled: bool = False,
) -> ft.OutlinedButton:
    """Return a button beside the main one."""
    return ft.OutlinedButton(
        text,
        key=key,
        icon=icon,
        on_click=on_click,
        action=action,
        disabled=disabled,
        style=_button_style(scene),
    )


def _button_style(scene: Scene) -> ft.ButtonStyle:
    scale = scene.state.preferences.text_scale
    return ft.ButtonStyle(
        padding=ft.Padding.symmetric(horizontal=14, vertical=18),
        shape=ft.RoundedRectangleBorder(radius=14),
        text_style=ft.TextStyle(
            size=15 * scale,
            weight=ft.FontWeight.W_600,
            font_family=font_of(scene.say.language),
            font_family_fallback=[LATIN_FONT, ARABIC_FONT],
        ),
    )


def bullet(scene: Scene, text: str, icon: ft.IconData = ft.Icons.CHECK_ROUNDED) -> ft.Control:
    """Return one entry of a list."""
    return with_icon(scene, icon, body(scene, text), size=20)


def divider(scene: Scene) -> ft.Divider:
    """Return a hairline."""
    return ft.Divider(height=1, thickness=1, color=scene.palette.hairline)


def icon_button(
    scene: Scene,
    icon: ft.IconData,
    name: str,
    key: str,
    on_click: ft.ControlEventHandler[ft.IconButton],
) -> ft.IconButton:
    """Return a button that is only an icon, with a name for screen readers."""
    return ft.IconButton(
        ft.Icon(icon, color=scene.palette.ink, semantics_label=name),
        key=key,
        tooltip=name,
        on_click=on_click,
    )


def confirmed_delete(
    scene: Scene,
    what: str,
    text: str,
    question: str,
    on_delete: ft.ControlEventHandler[ft.Button],
) -> ft.Control:
    """Return a button that asks before it deletes for good.

    Args:
        scene: What is drawn with.
        what: What is deleted, as ``AppState.confirming`` names it.
        text: The button's text.
        question: What is asked.
        on_delete: Deletes.
    """

    async def ask() -> None:
        await scene.do.past.ask_delete(what)

    async def keep() -> None:
        await scene.do.past.ask_delete("")

    if scene.state.confirming != what:
        icon = ft.Icons.DELETE_FOREVER_OUTLINED
        return ft.Row([other_button(scene, text, f"delete-{what}", icon=icon, on_click=ask)])
    tone = scene.palette.high
    buttons: list[ft.Control] = [
        main_button(scene, scene.say("delete.yes"), f"delete-yes-{what}", on_click=on_delete),
        other_button(scene, scene.say("delete.no"), f"delete-no-{what}", on_click=keep),
    ]
    asked = panel(
        scene, body(scene, question, tone.ink, strong=True), ft.Row(buttons, wrap=True), tone=tone
    )
    return ft.Semantics(content=asked, live_region=True)
