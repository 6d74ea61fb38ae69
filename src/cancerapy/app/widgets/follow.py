"""What follows a result: how soon to act, the lesion's name, a reminder, and what is due."""

from datetime import date

import flet as ft

from cancerapy.app.past import due_reminders
from cancerapy.app.records.outcome import isolated
from cancerapy.app.scene import Scene
from cancerapy.app.state import Outcome
from cancerapy.app.urgency import days_to_act, urgency_text
from cancerapy.app.verdict import Shown, weighed_sentence
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.layout import main_button, other_button, panel, part, with_icon
from cancerapy.app.widgets.text import body, small

REMIND_AFTER_DAYS = (14, 30, 90, 180)


def next_step(scene: Scene, outcome: Outcome, shown: Shown) -> ft.Control:
    """Return what to do next, how soon, and why."""
    say = scene.say
    rows = [body(scene, say.of(outcome.task, shown.advice)), *_weighed(scene, outcome)]
    when = urgency_text(outcome, shown, say)
    if when:
        is_pressing = days_to_act(outcome, shown) > 0
        tone = scene.palette.tone(shown.likelihood) if is_pressing else scene.palette.soft
        rows_on = ft.Container(
            with_icon(
                scene,
                ft.Icons.SCHEDULE,
                body(scene, when, tone.ink, strong=True),
                color=tone.ink,
            ),
            key="urgency",
            bgcolor=tone.fill,
            border_radius=12,
            padding=12,
        )
        source = outcome.task.urgency_source if is_pressing else ""
        after = [small(scene, say("source", text=source))] if source else []
        return part(scene, ft.Icons.EVENT_AVAILABLE, say("result.next"), *rows, rows_on, *after)
    return part(scene, ft.Icons.EVENT_AVAILABLE, say("result.next"), *rows)


def _weighed(scene: Scene, outcome: Outcome) -> list[ft.Control]:
    """Return the sentence of the agent's decision; nothing where the server sent none."""
    sentence = weighed_sentence(outcome, scene.say.language)
    if not sentence:
        return []
    text = scene.say("result.weighed", sentence=sentence)
    return [ft.Container(small(scene, text), key="decision")]


def follow_panel(scene: Scene, outcome: Outcome, shown: Shown) -> ft.Control:
    """Return the lesion's name and the reminder."""
    say = scene.say
    return part(
        scene,
        ft.Icons.TIMELINE,
        say("lesion.title"),
        small(scene, say("lesion.text")),
        *_lesion(scene, outcome),
        body(scene, say("reminder.title"), strong=True),
        *_reminder(scene, outcome),
    )


def _lesion(scene: Scene, outcome: Outcome) -> list[ft.Control]:
    say, state = scene.say, scene.state
    draft = outcome.lesion if state.lesion_draft is None else state.lesion_draft
    same_kind = [kept for kept in state.history if kept.task.cancer == outcome.task.cancer]
    names = sorted({kept.lesion for kept in same_kind} - {"", outcome.lesion})

    def typed(event: ft.Event[ft.TextField]) -> None:
        state.lesion_draft = str(event.control.value or "")

    async def save() -> None:
        typed_name = outcome.lesion if state.lesion_draft is None else state.lesion_draft
        await scene.do.past.name_lesion(outcome.id, typed_name)

    async def add(event: ft.Event[ft.Dropdown]) -> None:
        await scene.do.past.name_lesion(outcome.id, str(event.control.value or ""))

    field = ft.TextField(
        key="lesion-name",
        value=draft,
        label=say("lesion.name"),
        hint_text=say("lesion.example"),
        max_length=60,
        counter="",
        border_radius=12,
        border_color=scene.palette.line,
        on_change=typed,
    )
    rows: list[ft.Control] = [field]
    if names:
        earlier = ft.Dropdown(
            key="lesion-earlier",
            options=[ft.DropdownOption(key=name, text=name) for name in names],
            hint_text=say("lesion.earlier"),
            border_radius=12,
            border_color=scene.palette.line,
            color=scene.palette.ink,
            on_select=add,
        )
        rows.append(earlier)
    rows.append(ft.Row([other_button(scene, say("lesion.save"), "lesion-save", on_click=save)]))
    return rows


def _reminder(scene: Scene, outcome: Outcome) -> list[ft.Control]:
    say = scene.say

    async def choose(days: str) -> None:
        await scene.do.past.remind(outcome.id, int(days or 0))

    async def save() -> None:
        await scene.do.past.save_calendar(outcome.id)

    async def stop() -> None:
        await scene.do.past.remind(outcome.id, 0)

    if not outcome.remind_on:
        options = [(str(days), say.count("days", days)) for days in REMIND_AFTER_DAYS]
        return [
            ft.Row([segments(scene, "remind", options, None, choose, may_be_empty=True)], wrap=True)
        ]
    calendar = other_button(
        scene, say("reminder.save"), "save-calendar", icon=ft.Icons.EVENT, on_click=save
    )
    no_more = other_button(scene, say("reminder.stop"), "remind-stop", on_click=stop)
    return [
        body(scene, say("reminder.on", day=isolated(outcome.remind_on))),
        ft.Row([calendar, no_more], wrap=True),
    ]


def due_panels(scene: Scene) -> list[ft.Control]:
    """Return a panel for every reminder that is due."""
    return [_due(scene, outcome) for outcome in due_reminders(scene.state, date.today())]


def _due(scene: Scene, outcome: Outcome) -> ft.Control:
    say, tone = scene.say, scene.palette.unsure

    async def look() -> None:
        await scene.do.choose_task(outcome.task)

    async def done() -> None:
        await scene.do.past.remind(outcome.id, 0)

    name = outcome.lesion or say.of(outcome.task, outcome.task.cancer_title)
    said = say("reminder.due", name=name, day=isolated(outcome.id[:10]))
    text = body(scene, said, tone.ink, strong=True)
    buttons: list[ft.Control] = [
        main_button(scene, say("reminder.look"), f"due-look-{outcome.id}", on_click=look),
        other_button(scene, say("reminder.done"), f"due-done-{outcome.id}", on_click=done),
    ]
    icon = with_icon(scene, ft.Icons.NOTIFICATIONS_ACTIVE_OUTLINED, text, color=tone.ink)
    return panel(scene, icon, ft.Row(buttons, wrap=True), key=f"due-{outcome.id}", tone=tone)
