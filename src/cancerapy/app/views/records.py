"""Records: the patients to search and open, and the guesses that wait for a reviewer."""

import flet as ft

from cancerapy.app.records.state import CLINICIAN, Part, has_role
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.fields import record_notices, text_field
from cancerapy.app.widgets.layout import (
    actions,
    icon_button,
    main_button,
    other_button,
    panel,
    stack,
)
from cancerapy.app.widgets.queue import queue_rows
from cancerapy.app.widgets.rows import more_row, open_row, person_facts
from cancerapy.app.widgets.text import body, display, heading
from cancerapy.contract.records import PatientRecord


def build_records(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    part = scene.state.records.part
    content = queue_rows(scene) if part is Part.QUEUE else _patients(scene)
    return [display(scene, scene.say("records.title")), *_parts(scene), *content]


def _parts(scene: Scene) -> list[ft.Control]:
    """Return the choice between patients and queue; nothing for who sees no patients."""
    if not has_role(scene.state.account, CLINICIAN):
        return []

    async def choose(value: str) -> None:
        await scene.do.records.patients.show_part(Part(value))

    options = [(part.value, scene.say(f"records.part.{part.value}")) for part in Part]
    chosen = scene.state.records.part.value
    return [ft.Row([segments(scene, "records-part", options, chosen, choose)])]


def _patients(scene: Scene) -> list[ft.Control]:
    say, do, records = scene.say, scene.do.records.patients, scene.state.records
    register = main_button(
        scene,
        say("records.register"),
        "register-new",
        icon=ft.Icons.PERSON_ADD_ALT,
        on_click=do.begin_registering,
    )
    found = records.patients
    rows: list[ft.Control] = []
    if found is not None:
        rows = [_patient(scene, patient) for patient in found.items] or [_nobody(scene)]
    if found is not None and found.next is not None:
        rows.append(more_row(scene, "more-patients", do.more))
    return [
        _search(scene),
        actions(scene, register),
        *record_notices(scene),
        stack(*rows, spacing=10),
    ]


def _search(scene: Scene) -> ft.Control:
    say, do, records = scene.say, scene.do.records.patients, scene.state.records
    field = text_field(
        scene,
        "patient-search",
        say("records.search_label"),
        records.search,
        do.type_search,
        on_submit=do.search,
    )
    field.expand, field.prefix_icon = True, ft.Icons.SEARCH
    if records.search:
        clear = icon_button(
            scene, ft.Icons.CLOSE, say("records.clear"), "clear-search", do.clear_search
        )
        field.suffix_icon = clear
    search = other_button(scene, say("records.search"), "search", on_click=do.search)
    return ft.Row([field, search], spacing=12)


def _nobody(scene: Scene) -> ft.Control:
    """Return that no patient is listed, with what to do about it."""
    say, searched = scene.say, scene.state.records.search.strip()
    if not searched:
        texts = (say("records.empty"), say("records.empty_text"))
    else:
        texts = (say("records.none", search=searched), say("records.none_text"))
    rows: list[ft.Control] = [
        heading(scene, texts[0]),
        body(scene, texts[1], scene.palette.quiet_ink),
    ]
    if searched:
        do = scene.do.records.patients
        again = other_button(scene, say("records.clear"), "list-all", on_click=do.clear_search)
        rows.append(actions(scene, again))
    return panel(scene, *rows, key="no-patients")


def _patient(scene: Scene, patient: PatientRecord) -> ft.Control:
    async def show() -> None:
        await scene.do.records.patients.open(patient.id)

    numbers = ", ".join(f"{one.system} {one.value}" for one in patient.identifiers)
    icon = ft.Icons.PERSON_OUTLINE
    texts = (patient.name, scene.say("list.and").join(person_facts(scene, patient)), numbers)
    return open_row(scene, f"patient-{patient.id}", icon, texts, show)
