"""The part of the settings that says who is signed in, with the way out."""

import flet as ft

from cancerapy.app.records.state import is_signed_in
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.layout import other_button, part
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
            ft.Row([other_button(scene, say("settings.sign_out"), "sign-out", on_click=leave)]),
            small(scene, say("settings.sign_out_keeps")),
        )
    ]
