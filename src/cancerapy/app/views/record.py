"""Record: one patient with consents, examinations, and what can be done with the whole."""

import flet as ft

from cancerapy.app.records.outcome import class_name, find_task, minute_of
from cancerapy.app.records.state import ADMINISTRATOR, PURPOSES, has_role
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.fields import record_notices
from cancerapy.app.widgets.layout import (
    confirmed_delete,
    main_button,
    other_button,
    panes,
    part,
    stack,
)
from cancerapy.app.widgets.rows import open_row, person_facts
from cancerapy.app.widgets.text import body, small, title
from cancerapy.contract.records import ExaminationRecord, PatientRecord

PATIENT = "patient"
"""What ``AppState.confirming`` says while it is asked whether to erase the patient."""


def build_record(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    patient, say = scene.state.records.patient, scene.say
    if patient is None:
        return []
    facts = [*person_facts(scene, patient)]
    facts += [f"{one.system} {one.value}" for one in patient.identifiers]
    begin = main_button(
        scene,
        say("record.examine"),
        "examine",
        icon=ft.Icons.ADD_PHOTO_ALTERNATE_OUTLINED,
        on_click=scene.do.records.visit.begin,
    )
    return [
        title(scene, patient.name),
        small(scene, ", ".join(facts)),
        *record_notices(scene),
        ft.Row([begin]),
        panes(
            scene,
            [_examinations(scene)],
            [_consents(scene, patient), _whole(scene)],
        ),
    ]


def _examinations(scene: Scene) -> ft.Control:
    say, page = scene.say, scene.state.records.examinations
    rows: list[ft.Control] = [_examination(scene, one) for one in page.items] if page else []
    if not rows:
        rows = [body(scene, say("record.no_examinations"), scene.palette.quiet_ink)]
    if page is not None and page.next is not None:
        more = scene.do.records.patients.more_examinations
        button = other_button(scene, say("records.more"), "more-examinations", on_click=more)
        rows.append(ft.Row([button]))
    head = say("record.examinations")
    return part(scene, ft.Icons.FOLDER_OUTLINED, head, stack(*rows, spacing=10))


def _examination(scene: Scene, one: ExaminationRecord) -> ft.Control:
    say, task = scene.say, find_task(scene.state, one.task)

    async def show() -> None:
        await scene.do.records.reviewing.open(one.id)

    guesses = []
    for guess in one.predictions:
        term = class_name(task, guess.final_class or guess.predicted_class)
        decision = say(f"review.decision.{guess.decision}")
        guesses.append(f"{say.of(task, term) if task else term} ({decision})")
    name = say.of(task, task.cancer_title) if task else one.task
    heading = f"{name}, {one.lesion}" if one.lesion else name
    texts = (heading, minute_of(one.created_at), *guesses)
    return open_row(scene, f"examination-{one.id}", ft.Icons.IMAGE_OUTLINED, texts, show)


def _consents(scene: Scene, patient: PatientRecord) -> ft.Control:
    rows = [_consent(scene, purpose, patient.consents.get(purpose, False)) for purpose in PURPOSES]
    head = scene.say("record.consents")
    return part(scene, ft.Icons.HANDSHAKE_OUTLINED, head, *rows)


def _consent(scene: Scene, purpose: str, given: bool) -> ft.Control:
    say = scene.say

    async def change(event: ft.Event[ft.Switch]) -> None:
        await scene.do.records.patients.consent(purpose, bool(event.control.value))

    texts: list[ft.Control] = [
        body(scene, say(f"consent.{purpose}"), strong=True),
        small(scene, say(f"consent.{purpose}_meaning")),
    ]
    switch = ft.Switch(
        key=f"consent-{purpose}",
        value=given,
        disabled=scene.state.records.is_busy,
        on_change=change,
    )
    row = ft.Row([ft.Column(texts, spacing=2, expand=True), switch], spacing=12)
    return ft.MergeSemantics(row)


def _whole(scene: Scene) -> ft.Control:
    """Return what can be done with the whole record: save it, erase it."""
    say, do = scene.say, scene.do.records.patients
    pdf = other_button(
        scene,
        say("record.pdf"),
        "record-pdf",
        icon=ft.Icons.PICTURE_AS_PDF_OUTLINED,
        on_click=do.export_pdf,
    )
    json = other_button(
        scene,
        say("record.json"),
        "record-json",
        icon=ft.Icons.DATA_OBJECT,
        on_click=do.export_json,
    )
    rows: list[ft.Control] = [ft.Row([pdf, json], wrap=True, spacing=12, run_spacing=12)]
    if has_role(scene.state.account, ADMINISTRATOR):
        rows.append(
            confirmed_delete(
                scene, PATIENT, say("record.erase"), say("record.erase_ask"), _erase(scene)
            )
        )
    return part(scene, ft.Icons.SAVE_OUTLINED, say("record.whole"), *rows)


def _erase(scene: Scene) -> ft.ControlEventHandler[ft.Button]:
    async def erase() -> None:
        await scene.do.records.patients.erase()

    return erase
