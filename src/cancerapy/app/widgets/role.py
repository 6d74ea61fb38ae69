"""The choice of an account's role, with what it may do and, for a patient, whose record it is."""

from dataclasses import replace

import flet as ft

from cancerapy.app.records.administration import PATIENT, ROLES
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.fields import list_field, text_field
from cancerapy.app.widgets.text import small


def role_fields(scene: Scene) -> list[ft.Control]:
    """Return the fields for the role that is being chosen."""
    say, do = scene.say, scene.do.records.accounts
    draft = scene.state.records.administration.draft

    async def choose(role: str) -> None:
        await do.draft(replace(scene.state.records.administration.draft, role=role))

    async def record(text: str) -> None:
        await do.draft(replace(scene.state.records.administration.draft, patient_id=text))

    options = [(role, say(f"role.{role}")) for role in ROLES]
    role_field = list_field(scene, "account-role", say("account.role"), options, draft.role, choose)
    role_field.expand = True
    fields: list[ft.Control] = [
        ft.Row([role_field]),
        small(scene, say(f"role_meaning.{draft.role}")),
    ]
    if draft.role == PATIENT:
        label = say("account.patient_id")
        fields.append(text_field(scene, "account-record", label, draft.patient_id, record))
    return fields
