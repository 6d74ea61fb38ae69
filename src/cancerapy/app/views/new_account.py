"""A new account: name and role; the server makes its password."""

from dataclasses import replace

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.widgets.fields import record_notices, text_field
from cancerapy.app.widgets.layout import main_button, panel
from cancerapy.app.widgets.role import role_fields
from cancerapy.app.widgets.text import body, small


def build_new_account(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say, do = scene.say, scene.do.records.accounts
    draft = scene.state.records.administration.draft

    async def name(text: str) -> None:
        await do.draft(replace(scene.state.records.administration.draft, name=text))

    return [
        body(scene, say("new_account.text"), scene.palette.quiet_ink),
        panel(
            scene,
            text_field(
                scene, "account-name", say("new_account.name"), draft.name, name, on_submit=do.add
            ),
            small(scene, say("new_account.name_rule")),
            *role_fields(scene),
        ),
        *record_notices(scene),
        ft.Row([main_button(scene, say("new_account.send"), "account-add", on_click=do.add)]),
    ]
