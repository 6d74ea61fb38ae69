"""Erasing a patient: asked twice, with what goes and what stays."""

from collections.abc import Awaitable, Callable

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.widgets.layout import (
    actions,
    main_button,
    other_button,
    panel,
    part,
    with_icon,
)
from cancerapy.app.widgets.text import body, heading, small
from cancerapy.contract.records import PatientRecord

GOES = ("record", "images", "guesses")
STAYS = ("audit", "backups", "models", "saved")
"""What is named as going and as staying."""

PATIENT, SURE = "patient", "patient-sure"
"""What ``AppState.confirming`` says after the first question and after the second."""


def erase_part(scene: Scene, patient: PatientRecord) -> ft.Control:
    """Return the way to erase a patient.

    Args:
        scene: What is drawn with.
        patient: Whom.
    """
    say, asked = scene.say, scene.state.confirming
    if asked not in (PATIENT, SURE):
        begin = other_button(
            scene,
            say("record.erase"),
            "delete-patient",
            icon=ft.Icons.DELETE_FOREVER_OUTLINED,
            on_click=_ask(scene, PATIENT),
        )
        begin.icon_color = scene.palette.high.ink
        return part(
            scene,
            ft.Icons.DELETE_OUTLINE,
            say("record.erase_title"),
            small(scene, say("record.erase_text")),
            actions(scene, begin),
        )
    rows = _first(scene) if asked == PATIENT else _second(scene, patient)
    shown = panel(scene, *rows, key=f"asking-{asked}", tone=scene.palette.high)
    return ft.Semantics(content=shown, live_region=True)


def _first(scene: Scene) -> list[ft.Control]:
    say, ink = scene.say, scene.palette.high.ink
    go_on = main_button(scene, say("erase.go_on"), "erase-go-on", on_click=_ask(scene, SURE))
    goes = [_entry(scene, f"erase.goes.{one}", ft.Icons.CLOSE_ROUNDED) for one in GOES]
    stays = [_entry(scene, f"erase.stays.{one}", ft.Icons.CHECK_ROUNDED) for one in STAYS]
    return [
        heading(scene, say("erase.goes"), ink),
        *goes,
        heading(scene, say("erase.stays"), ink),
        *stays,
        actions(scene, _keep(scene), go_on),
    ]


def _entry(scene: Scene, key: str, icon: ft.IconData) -> ft.Control:
    ink = scene.palette.high.ink
    return with_icon(scene, icon, body(scene, scene.say(key), ink), color=ink, size=20)


def _second(scene: Scene, patient: PatientRecord) -> list[ft.Control]:
    say, ink = scene.say, scene.palette.high.ink

    async def erase() -> None:
        await scene.do.records.patients.erase()

    sure = main_button(scene, say("erase.yes"), "delete-yes-patient", on_click=erase)
    sure.disabled = scene.state.records.is_busy
    return [
        heading(scene, say("erase.sure", name=patient.name), ink),
        body(scene, say("erase.no_way_back"), ink),
        actions(scene, _keep(scene), sure),
    ]


def _keep(scene: Scene) -> ft.OutlinedButton:
    return other_button(scene, scene.say("erase.no"), "delete-no-patient", on_click=_ask(scene, ""))


def _ask(scene: Scene, what: str) -> Callable[[], Awaitable[None]]:
    async def ask() -> None:
        await scene.do.past.ask_delete(what)

    return ask
