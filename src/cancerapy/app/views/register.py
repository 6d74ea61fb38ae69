"""Register and correct: what is written down about a patient."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import get_args

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Screen
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.fields import list_field, record_notices, text_field
from cancerapy.app.widgets.layout import actions, main_button, other_button, panel
from cancerapy.app.widgets.rows import person_facts
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
    is_new = scene.state.screen is not Screen.CORRECT
    more = other_button(
        scene,
        say("register.add_identifier"),
        "add-identifier",
        icon=ft.Icons.ADD,
        on_click=do.add_identifier,
    )
    return [
        body(scene, say("register.text" if is_new else "correct.text"), scene.palette.quiet_ink),
        *([] if is_new else _saved_meanwhile(scene)),
        panel(
            scene,
            text_field(scene, "patient-name", say("register.name"), draft.name, name),
            ft.Row([born]),
            *_sex(scene),
        ),
        panel(
            scene,
            heading(scene, say("register.identifiers")),
            small(scene, say("register.identifiers_text" if is_new else "correct.identifiers")),
            *(_identifier(scene, place) for place in range(len(draft.identifiers))),
            actions(scene, more),
        ),
        *record_notices(scene),
        actions(scene, *(_ends_new(scene) if is_new else _ends_correction(scene))),
    ]


def _saved_meanwhile(scene: Scene) -> list[ft.Control]:
    """Return what somebody else saved while the person typed; nothing where nobody did."""
    say, saved = scene.say, scene.state.records.saved_meanwhile
    if saved is None:
        return []
    facts = [saved.name, *person_facts(scene, saved)]
    facts += [f"{one.system} {one.value}" for one in saved.identifiers]
    take = other_button(
        scene,
        say("correct.take_saved"),
        "take-saved",
        on_click=scene.do.records.patients.take_saved,
    )
    tone = scene.palette.unsure
    return [
        panel(
            scene,
            heading(scene, say("correct.meanwhile")),
            body(scene, say("list.and").join(facts), tone.ink, strong=True),
            body(scene, say("correct.meanwhile_text"), tone.ink),
            actions(scene, take),
            key="saved-meanwhile",
            tone=tone,
        )
    ]


def _ends_new(scene: Scene) -> list[ft.Control]:
    return [
        main_button(
            scene,
            scene.say("register.send"),
            "register",
            on_click=scene.do.records.patients.register,
            disabled=scene.state.records.is_busy,
        )
    ]


def _ends_correction(scene: Scene) -> list[ft.Control]:
    async def leave() -> None:
        await scene.do.go(Screen.RECORD)

    save = main_button(
        scene,
        scene.say("correct.send"),
        "correct-save",
        on_click=scene.do.records.patients.correct,
        disabled=scene.state.records.is_busy,
    )
    return [save, other_button(scene, scene.say("cancel"), "correct-leave", on_click=leave)]


def _sex(scene: Scene) -> list[ft.Control]:
    """Return the choice of sex; its four options need the room of a wide screen."""

    async def choose(value: str) -> None:
        await scene.do.records.patients.draft(replace(scene.state.records.draft, sex=value))

    options = [(sex, scene.say(f"sex.{sex}.name")) for sex in get_args(Sex)]
    chosen = scene.state.records.draft.sex
    if scene.content_px < MAX_SEGMENTS_FROM_PX:
        label = scene.say("register.sex")
        field = list_field(scene, "patient-sex", label, options, chosen, choose)
        field.expand = True
        return [ft.Row([field])]
    row = ft.Row([segments(scene, "patient-sex", options, chosen, choose)])
    return [body(scene, scene.say("register.sex"), strong=True), row]


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
