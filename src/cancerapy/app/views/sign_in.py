"""Signing in: name and password, or the hospital's own provider, or a token in the settings."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Screen
from cancerapy.app.widgets.brand import mark
from cancerapy.app.widgets.fields import password_field
from cancerapy.app.widgets.layout import main_button, other_button, panel, with_icon
from cancerapy.app.widgets.notices import problem_panel
from cancerapy.app.widgets.text import body, display, small


def build_sign_in(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say, state = scene.say, scene.state

    async def to_settings() -> None:
        await scene.do.go(Screen.SETTINGS)

    waits = ft.Row([ft.ProgressRing(width=22, height=22, stroke_width=3)])
    send = ft.Row([main_button(scene, say("sign_in.send"), "sign-in", on_click=_send(scene))])
    return [
        mark(scene, 64),
        display(scene, say("sign_in.title")),
        *_reason(scene),
        *problem_panel(scene),
        panel(scene, _name(scene), _password(scene), waits if state.is_busy else send),
        *_provider(scene),
        ft.Row([other_button(scene, say("sign_in.token"), "use-token", on_click=to_settings)]),
        small(scene, say("sign_in.kept")),
    ]


def _reason(scene: Scene) -> list[ft.Control]:
    """Return why to sign in: the earlier sign-in has ended, or the server asks everybody."""
    if not scene.state.ended:
        return [body(scene, scene.say("sign_in.text"), scene.palette.quiet_ink)]
    tone = scene.palette.soft
    said = body(scene, scene.say("sign_in.ended"), tone.ink)
    shown = panel(
        scene, with_icon(scene, ft.Icons.LOCK_CLOCK, said, color=tone.ink), key="ended", tone=tone
    )
    return [ft.Semantics(content=shown, live_region=True)]


def _send(scene: Scene) -> ft.ControlEventHandler[ft.Button]:
    async def send() -> None:
        await scene.do.session.sign_in()

    return send


def _name(scene: Scene) -> ft.Control:
    def changed(event: ft.Event[ft.TextField]) -> None:
        scene.do.session.draft(name=str(event.control.value or ""))

    return ft.TextField(
        key="sign-in-name",
        value=scene.state.sign_in_name,
        label=scene.say("sign_in.name"),
        autofill_hints=[ft.AutofillHint.USERNAME],
        autocorrect=False,
        border_radius=12,
        border_color=scene.palette.line,
        on_change=changed,
    )


def _password(scene: Scene) -> ft.Control:
    def typed(text: str) -> None:
        scene.do.session.draft(password=text)

    async def submitted() -> None:
        await scene.do.session.sign_in()

    label = scene.say("sign_in.password")
    return password_field(scene, "sign-in-password", label, typed, on_submit=submitted)


def _provider(scene: Scene) -> list[ft.Control]:
    """Return the way over the provider; only a browser can come back from it."""
    ways = scene.state.ways
    if ways is None or ways.provider is None or not scene.state.is_web:
        return []
    button = ft.OutlinedButton(
        scene.say("sign_in.provider"),
        key="sign-in-provider",
        icon=ft.Icons.BADGE_OUTLINED,
        url=ft.Url(ways.provider, target=ft.UrlTarget.SELF),
    )
    return [ft.Row([button])]
