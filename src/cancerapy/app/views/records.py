"""Records: the patients to search and open, and the guesses that wait for a reviewer."""

import flet as ft

from cancerapy.app.records.outcome import class_name, find_task
from cancerapy.app.records.state import CLINICIAN, ORDERS, Part, has_role
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.fields import record_notices, text_field
from cancerapy.app.widgets.layout import main_button, other_button, stack
from cancerapy.app.widgets.rows import open_row, person_facts
from cancerapy.app.widgets.text import body, small, title
from cancerapy.contract.queue import QueuedGuess
from cancerapy.contract.records import PatientRecord


def build_records(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    part = scene.state.records.part
    content = _queue(scene) if part is Part.QUEUE else _patients(scene)
    return [title(scene, scene.say("records.title")), *_parts(scene), *content]


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
    field = text_field(
        scene,
        "patient-search",
        say("records.search_label"),
        records.search,
        do.type_search,
        on_submit=do.search,
    )
    field.expand = True
    search = other_button(scene, say("records.search"), "search", on_click=do.search)
    register = main_button(
        scene,
        say("records.register"),
        "register-new",
        icon=ft.Icons.PERSON_ADD_ALT,
        on_click=do.begin_registering,
    )
    found = records.patients
    rows: list[ft.Control] = []
    if found is not None and not found.items:
        rows = [body(scene, say("records.none"), scene.palette.quiet_ink)]
    elif found is not None:
        rows = [_patient(scene, patient) for patient in found.items]
    if found is not None and found.next is not None:
        more = other_button(scene, say("records.more"), "more-patients", on_click=do.more)
        rows.append(ft.Row([more]))
    return [
        ft.Row([field, search], spacing=12),
        ft.Row([register]),
        *record_notices(scene),
        stack(*rows, spacing=10),
    ]


def _patient(scene: Scene, patient: PatientRecord) -> ft.Control:
    async def show() -> None:
        await scene.do.records.patients.open(patient.id)

    numbers = ", ".join(f"{one.system} {one.value}" for one in patient.identifiers)
    icon = ft.Icons.PERSON_OUTLINE
    texts = (patient.name, ", ".join(person_facts(scene, patient)), numbers)
    return open_row(scene, f"patient-{patient.id}", icon, texts, show)


def _queue(scene: Scene) -> list[ft.Control]:
    say, queue = scene.say, scene.state.records.queue
    options = [(order, say(f"queue.order.{order}")) for order in ORDERS]
    chosen = segments(
        scene,
        "queue-order",
        options,
        scene.state.records.order,
        scene.do.records.reviewing.order_queue,
    )
    head = [
        body(scene, say("queue.text"), scene.palette.quiet_ink),
        ft.Row([chosen]),
        *record_notices(scene),
    ]
    if queue is None:
        return head
    waiting = small(scene, say.count("queue.waiting", queue.n_waiting))
    return [*head, waiting, stack(*(_guess(scene, one) for one in queue.guesses), spacing=10)]


def _guess(scene: Scene, guess: QueuedGuess) -> ft.Control:
    say, task = scene.say, find_task(scene.state, guess.task)

    async def show() -> None:
        await scene.do.records.reviewing.open(guess.examination_id, guess.prediction_id)

    term = class_name(task, guess.predicted_class)
    heading = say("queue.guess", term=say.of(task, term) if task else term)
    about = say.of(task, task.cancer_title) if task else guess.task
    facts = [say("queue.uncertainty", share=say.percent(guess.uncertainty))]
    facts += [say(f"queue.because.{one}") for one in guess.disagreements]
    texts = (heading, about, ". ".join(facts))
    return open_row(scene, f"queued-{guess.prediction_id}", ft.Icons.RATE_REVIEW, texts, show)
