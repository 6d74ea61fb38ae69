"""Patient: the medical questions of the cancer; every one may be left out."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Screen
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.layout import main_button, panel, panes
from cancerapy.app.widgets.text import body, small, title
from cancerapy.contract.responses import QuestionResponse, TaskResponse

MAX_SEGMENTS = 3
"""More options than this are a list."""


def build_patient(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    task, say = scene.state.task, scene.say
    if task is None:
        return []

    async def go_on() -> None:
        await scene.do.go(Screen.CAPTURE)

    questions: list[ft.Control] = [_question(scene, task, one) for one in task.questions]
    half = (len(questions) + 1) // 2
    return [
        title(scene, say("patient.title")),
        body(scene, say("patient.text"), scene.palette.quiet_ink),
        panes(scene, questions[:half], questions[half:]),
        main_button(scene, say("patient.next"), "patient-next", on_click=go_on),
        small(scene, say("patient.privacy")),
    ]


def _question(scene: Scene, task: TaskResponse, question: QuestionResponse) -> ft.Control:
    say = scene.say
    rows: list[ft.Control] = [body(scene, say.of(task, question.text), strong=True)]
    if question.needed:
        rows.append(small(scene, say("patient.needed")))
    if question.kind == "number":
        field = _number(scene, task, question)
    elif question.kind == "yes_no":
        options = [(value, say(f"answer.{value}")) for value in ("yes", "no")]
        field = _few(scene, question, options)
    else:
        options = [(value, _words(scene, task, value)) for value in question.choices]
        few = len(options) <= MAX_SEGMENTS
        field = _few(scene, question, options) if few else _many(scene, question, options)
    return panel(scene, *rows, field, key=f"question-{question.id}")


def _words(scene: Scene, task: TaskResponse, choice: str) -> str:
    translated = scene.say.of(task, choice)
    return translated[:1].upper() + translated[1:]


def _number(scene: Scene, task: TaskResponse, question: QuestionResponse) -> ft.Control:
    value = scene.state.own_answers.get(question.id)

    async def changed(event: ft.Event[ft.TextField]) -> None:
        text = str(event.control.value or "")
        await scene.do.answer(question.id, float(text) if text.isdigit() else None)

    return ft.Row(
        [
            ft.TextField(
                key=f"answer-{question.id}",
                value=f"{value:g}" if isinstance(value, float) else "",
                label=scene.say.of(task, question.unit),
                keyboard_type=ft.KeyboardType.NUMBER,
                input_filter=ft.InputFilter(r"^[0-9]*$"),
                max_length=3,
                counter="",
                width=160,
                border_radius=12,
                border_color=scene.palette.line,
                on_change=changed,
            )
        ]
    )


def _few(scene: Scene, question: QuestionResponse, options: list[tuple[str, str]]) -> ft.Control:
    async def choose(value: str) -> None:
        await scene.do.answer(question.id, value or None)

    chosen = scene.state.own_answers.get(question.id)
    field = segments(
        scene,
        f"answer-{question.id}",
        options,
        str(chosen) if chosen is not None else None,
        choose,
        may_be_empty=True,
    )
    return ft.Row([field])


def _many(scene: Scene, question: QuestionResponse, options: list[tuple[str, str]]) -> ft.Control:
    async def choose(event: ft.Event[ft.Dropdown]) -> None:
        await scene.do.answer(question.id, event.control.value or None)

    chosen = scene.state.own_answers.get(question.id)
    return ft.Dropdown(
        key=f"answer-{question.id}",
        value=str(chosen) if chosen is not None else None,
        options=[ft.DropdownOption(key=value, text=text) for value, text in options],
        hint_text=scene.say("patient.choose"),
        menu_height=320,
        border_radius=12,
        border_color=scene.palette.line,
        on_select=choose,
    )
