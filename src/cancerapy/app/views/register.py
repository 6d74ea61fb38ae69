"""Register: what is written down about a new patient."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import get_args

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.fields import list_field, record_notices, text_field
from cancerapy.app.widgets.layout import main_button, other_button, panel
from cancerapy.app.widgets.text import body, heading, small
from cancerapy.contract.requests import Sex

MAX_SEGMENTS_FROM_PX = 560
"""Width from which the four choices of sex fit beside one another."""


def build_register(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say, do = scene.say, scene.do.records.patients
    draft = scene.state.records.draft

    async def name(text: str) -> None:
        await do.draft(replace(scene.state.records.draft, name=text))

    async def year(text: str) -> None:
        await do.draft(replace(scene.state.records.draft, birth_year=text))

    born = text_field(
        scene, "patient-birth-year", say("register.birth_year"), draft.birth_year, year, digits=4
    )
    born.width = 180
    more = other_button(
        scene,
        say("register.add_identifier"),
        "add-identifier",
        icon=ft.Icons.ADD,
        on_click=do.add_identifier,
    )
    send = main_button(scene, say("register.send"), "register", on_click=do.register)
    return [
        body(scene, say("register.text"), scene.palette.quiet_ink),
        panel(
            scene,
            text_field(scene, "patient-name", say("register.name"), draft.name, name),
            ft.Row([born]),
            body(scene, say("register.sex"), strong=True),
            ft.Row([_sex(scene)]),
        ),
        panel(
            scene,
            heading(scene, say("register.identifiers")),
            small(scene, say("register.identifiers_text")),
            *(_identifier(scene, place) for place in range(len(draft.identifiers))),
            ft.Row([more]),
        ),
        *record_notices(scene),
        ft.Row([send]),
    ]


def _sex(scene: Scene) -> ft.Control:
    async def choose(value: str) -> None:
        await scene.do.records.patients.draft(replace(scene.state.records.draft, sex=value))

    options = [(sex, scene.say(f"sex.{sex}.name")) for sex in get_args(Sex)]
    chosen = scene.state.records.draft.sex
    if scene.content_px < MAX_SEGMENTS_FROM_PX:
        return list_field(scene, "patient-sex", scene.say("register.sex"), options, chosen, choose)
    return segments(scene, "patient-sex", options, chosen, choose)


def _identifier(scene: Scene, place: int) -> ft.Control:
    say, one = scene.say, scene.state.records.draft.identifiers[place]

    def keep(**changes: str) -> Awaitable[None]:
        draft = scene.state.records.draft
        rows = list(draft.identifiers)
        rows[place] = replace(rows[place], **changes)
        return scene.do.records.patients.draft(replace(draft, identifiers=tuple(rows)))

    async def system(text: str) -> None:
        await keep(system=text)

    async def value(text: str) -> None:
        await keep(value=text)

    fields = [
        text_field(scene, f"identifier-system-{place}", say("register.system"), one.system, system),
        text_field(scene, f"identifier-value-{place}", say("register.value"), one.value, value),
    ]
    for field in fields:
        field.expand = True
    return ft.Row(list(fields), spacing=12)
