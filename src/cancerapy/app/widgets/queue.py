"""The review queue: the machine guesses that a person should look at next."""

import flet as ft

from cancerapy.app.records.outcome import class_name, find_task
from cancerapy.app.records.state import ORDERS
from cancerapy.app.scene import Scene
from cancerapy.app.state import main_tasks
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.fields import list_field, record_notices
from cancerapy.app.widgets.layout import panel, stack, with_icon
from cancerapy.app.widgets.rows import decision_chip, more_row, open_row
from cancerapy.app.widgets.text import body, heading, small
from cancerapy.contract.queue import QueuedGuess
from cancerapy.contract.records import Agreement

ALL = "all"
"""Value of the choice of no task."""

UNSURE_FROM, TORN_FROM = 0.25, 0.6
"""Uncertainty from which a guess is called not quite sure, and hardly sure."""


def queue_rows(scene: Scene) -> list[ft.Control]:
    """Return the choices of order and task, and the head of the queue."""
    say, records = scene.say, scene.state.records
    options = [(order, say(f"queue.order.{order}")) for order in ORDERS]
    order = segments(
        scene, "queue-order", options, records.order, scene.do.records.reviewing.order_queue
    )
    return [
        body(scene, say(f"queue.text.{records.order}"), scene.palette.quiet_ink),
        ft.Row([order, _task(scene)], wrap=True, spacing=12, run_spacing=12),
        *record_notices(scene),
        *([_agreement(scene, records.agreement)] if records.agreement else []),
        *_waiting(scene),
    ]


def _task(scene: Scene) -> ft.Control:
    say, records = scene.say, scene.state.records

    async def choose(value: str) -> None:
        await scene.do.records.reviewing.limit_queue("" if value == ALL else value)

    tasks = [(task.id, say.of(task, task.cancer_title)) for task in main_tasks(scene.state)]
    options = [(ALL, say("queue.all")), *tasks]
    chosen = records.queue_task or ALL
    field = list_field(scene, "queue-task", say("queue.task"), options, chosen, choose)
    field.width = min(scene.content_px, 320)
    return field


def _agreement(scene: Scene, agreement: Agreement) -> ft.Control:
    """Return how far first and second readers agree on the task."""
    say = scene.say
    if agreement.observed is None:
        text = say("queue.agreement_none")
    else:
        share = say.percent(agreement.observed)
        text = say.count("queue.agreement", agreement.n_cases, share=share)
    rows: list[ft.Control] = [with_icon(scene, ft.Icons.GROUPS_OUTLINED, body(scene, text))]
    if agreement.kappa is not None:
        rows.append(small(scene, say("queue.kappa", kappa=f"{agreement.kappa:.2f}")))
    return panel(scene, *rows, key="agreement")


def _waiting(scene: Scene) -> list[ft.Control]:
    say, queue = scene.say, scene.state.records.queue
    if queue is None:
        return []
    if not queue.guesses:
        nothing = heading(scene, say("queue.none"))
        hint = body(scene, say("queue.none_text"), scene.palette.quiet_ink)
        return [panel(scene, nothing, hint, key="queue-empty")]
    rows: list[ft.Control] = [_guess(scene, one) for one in queue.guesses]
    if queue.n_waiting > len(queue.guesses):
        rows.append(more_row(scene, "more-of-queue", scene.do.records.reviewing.more_of_queue))
    return [
        small(scene, say.count("queue.waiting", queue.n_waiting)),
        stack(*rows, spacing=10),
    ]


def _guess(scene: Scene, guess: QueuedGuess) -> ft.Control:
    say, task = scene.say, find_task(scene.state, guess.task)

    async def show() -> None:
        await scene.do.records.reviewing.open(guess.examination_id, guess.prediction_id)

    term = class_name(task, guess.predicted_class)
    heading_text = say("queue.guess", term=say.of(task, term) if task else term)
    about = say.of(task, task.cancer_title) if task else guess.task
    level = "low" if guess.uncertainty < UNSURE_FROM else "middle"
    level = "high" if guess.uncertainty >= TORN_FROM else level
    facts = [say(f"queue.unsure.{level}", share=say.percent(guess.uncertainty))]
    if guess.n_readers:
        facts.append(say.count("queue.readers", guess.n_readers))
    because = say("list.and").join(say(f"queue.because.{one}") for one in guess.disagreements)
    chip = decision_chip(scene, "disputed", because) if because else None
    texts = (heading_text, about, *facts)
    key = f"queued-{guess.prediction_id}"
    return open_row(scene, key, ft.Icons.RATE_REVIEW, texts, show, chip=chip)
