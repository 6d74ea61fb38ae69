"""The part of the settings that says who is signed in, with the ways to the password and out."""

import flet as ft

from cancerapy.app.records.state import is_signed_in
from cancerapy.app.scene import Scene
from cancerapy.app.state import Screen
from cancerapy.app.widgets.layout import actions, other_button, part
from cancerapy.app.widgets.text import body, small


def account_part(scene: Scene) -> list[ft.Control]:
    """Return who is signed in; nothing where nobody is."""
    say, account = scene.say, scene.state.account
    if not is_signed_in(account):
        return []

    async def leave() -> None:
        await scene.do.session.sign_out()

    return [
        part(
            scene,
            ft.Icons.PERSON_OUTLINE,
            say("settings.account"),
            body(scene, say("settings.signed_in", name=account.name)),
            *(small(scene, say(f"role.{role}")) for role in account.roles),
            actions(
                scene,
                password_button(scene),
                other_button(scene, say("settings.sign_out"), "sign-out", on_click=leave),
            ),
            small(scene, say("settings.sign_out_keeps")),
        )
    ]


def password_button(scene: Scene) -> ft.Control:
    """Return what leads to a change of one's own password."""

    async def change() -> None:
        await scene.do.go(Screen.PASSWORD)

    text, icon = scene.say("password.title"), ft.Icons.KEY_OUTLINED
    return other_button(scene, text, "to-password", icon=icon, on_click=change)
