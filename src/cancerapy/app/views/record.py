"""Record: one patient with consents, examinations, and what can be done with the whole."""

import flet as ft

from cancerapy.app.records.outcome import class_name, find_task, image_name, isolated, minute_of
from cancerapy.app.records.state import ADMINISTRATOR, has_role
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.consents import consents_part
from cancerapy.app.widgets.erase import erase_part
from cancerapy.app.widgets.fields import record_notices
from cancerapy.app.widgets.layout import actions, main_button, other_button, panes, part, stack
from cancerapy.app.widgets.rows import decision_chip, more_row, open_row, person_facts
from cancerapy.app.widgets.text import body, display, small
from cancerapy.contract.records import ExaminationRecord, PatientRecord


def build_record(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    patient, say = scene.state.records.patient, scene.say
    if patient is None:
        return []
    begin = main_button(
        scene,
        say("record.examine"),
        "examine",
        icon=ft.Icons.ADD_PHOTO_ALTERNATE_OUTLINED,
        on_click=scene.do.records.visit.begin,
    )
    change = other_button(
        scene,
        say("record.correct"),
        "correct",
        icon=ft.Icons.EDIT_OUTLINED,
        on_click=scene.do.records.patients.begin_correcting,
    )
    whole = [consents_part(scene, patient), _whole(scene)]
    if has_role(scene.state.account, ADMINISTRATOR):
        whole.append(erase_part(scene, patient))
    return [
        _person(scene, patient),
        *record_notices(scene),
        actions(scene, begin, change),
        panes(scene, [_examinations(scene)], whole),
    ]


def _person(scene: Scene, patient: PatientRecord) -> ft.Control:
    say = scene.say
    facts = [*person_facts(scene, patient)]
    facts += [f"{one.system} {one.value}" for one in patient.identifiers]
    rows: list[ft.Control] = [display(scene, patient.name)]
    if facts:
        rows.append(body(scene, say("list.and").join(facts), scene.palette.quiet_ink))
    rows.append(small(scene, say("record.registered", when=minute_of(patient.created_at))))
    return stack(*rows, spacing=4)


def _examinations(scene: Scene) -> ft.Control:
    say, page = scene.say, scene.state.records.examinations
    rows: list[ft.Control] = [_examination(scene, one) for one in page.items] if page else []
    if page is not None and not rows:
        rows = [body(scene, say("record.no_examinations"), scene.palette.quiet_ink)]
    if page is not None and page.next is not None:
        more = scene.do.records.patients.more_examinations
        rows.append(more_row(scene, "more-examinations", more))
    head = say("record.examinations")
    return part(scene, ft.Icons.FOLDER_OUTLINED, head, stack(*rows, spacing=10))


def _examination(scene: Scene, one: ExaminationRecord) -> ft.Control:
    say, task = scene.say, find_task(scene.state, one.task)

    async def show() -> None:
        await scene.do.records.reviewing.open(one.id)

    guesses = []
    for place, guess in enumerate(one.predictions):
        term = class_name(task, guess.final_class or guess.predicted_class)
        words = say.of(task, term) if task else term
        guesses.append(say("record.guess", image=image_name(say, one, place), term=words))
    name = say.of(task, task.cancer_title) if task else one.task
    heading = name
    if one.lesion:
        heading = say("record.place", cancer=name, place=isolated(one.lesion))
    texts = (heading, minute_of(one.created_at), *guesses)
    key = f"examination-{one.id}"
    return open_row(scene, key, ft.Icons.IMAGE_OUTLINED, texts, show, chip=_chip(scene, one))


def _chip(scene: Scene, one: ExaminationRecord) -> ft.Control:
    """Return what people made of the guesses together: what most needs a look comes first."""
    decisions = [guess.decision for guess in one.predictions]
    if "disputed" in decisions:
        return decision_chip(scene, "disputed")
    n_open = decisions.count("open")
    if n_open and n_open < len(decisions):
        n_done = len(decisions) - n_open
        text = scene.say("record.partly_reviewed", number=n_done, of=len(decisions))
        return decision_chip(scene, "open", text)
    if n_open:
        return decision_chip(scene, "open")
    return decision_chip(scene, "confirmed" if "confirmed" in decisions else "unusable")


def _whole(scene: Scene) -> ft.Control:
    """Return the ways to save the whole record."""
    say, do = scene.say, scene.do.records.patients
    pdf = other_button(
        scene,
        say("record.pdf"),
        "record-pdf",
        icon=ft.Icons.PICTURE_AS_PDF_OUTLINED,
        on_click=do.export_pdf,
        disabled=scene.state.records.is_busy,
    )
    json = other_button(
        scene,
        say("record.json"),
        "record-json",
        icon=ft.Icons.DATA_OBJECT,
        on_click=do.export_json,
        disabled=scene.state.records.is_busy,
    )
    about = small(scene, say("record.whole_text"))
    return part(
        scene, ft.Icons.SAVE_OUTLINED, say("record.whole"), about, actions(scene, pdf, json)
    )
