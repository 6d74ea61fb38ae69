"""Medical questions and the controls that answer them; every one may be left out."""

from collections.abc import Awaitable, Callable

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Answer, Answers
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.layout import panel
from cancerapy.app.widgets.text import body, small
from cancerapy.contract.responses import QuestionResponse, TaskResponse

MAX_SEGMENTS = 3
"""More options than this are a list."""

Reply = Callable[[str, Answer | None], Awaitable[None]]


def question_panel(
    scene: Scene, task: TaskResponse, question: QuestionResponse, answers: Answers, reply: Reply
) -> ft.Control:
    """Return a question with the control that fits its kind.

    Args:
        scene: What is drawn with.
        task: Whose question it is.
        question: The question.
        answers: What is answered so far, by id of the question.
        reply: Gets the question's id and the answer, ``None`` where it is taken back.
    """
    say = scene.say
    rows: list[ft.Control] = [body(scene, say.of(task, question.text), strong=True)]
    if question.needed:
        rows.append(small(scene, say("patient.needed")))
    value = answers.get(question.id)
    if question.kind == "number":
        field = _number(scene, task, question, value, reply)
    elif question.kind == "yes_no":
        options = [(one, say(f"answer.{one}")) for one in ("yes", "no")]
        field = _few(scene, question, options, value, reply)
    else:
        options = [(one, _words(scene, task, one)) for one in question.choices]
        show = _few if len(options) <= MAX_SEGMENTS else _many
        field = show(scene, question, options, value, reply)
    return panel(scene, *rows, field, key=f"question-{question.id}")


def _words(scene: Scene, task: TaskResponse, choice: str) -> str:
    translated = scene.say.of(task, choice)
    return translated[:1].upper() + translated[1:]


def _number(
    scene: Scene,
    task: TaskResponse,
    question: QuestionResponse,
    value: Answer | None,
    reply: Reply,
) -> ft.Control:
    async def changed(event: ft.Event[ft.TextField]) -> None:
        text = str(event.control.value or "")
        await reply(question.id, float(text) if text.isdigit() else None)

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


def _few(
    scene: Scene,
    question: QuestionResponse,
    options: list[tuple[str, str]],
    value: Answer | None,
    reply: Reply,
) -> ft.Control:
    async def choose(chosen: str) -> None:
        await reply(question.id, chosen or None)

    field = segments(
        scene,
        f"answer-{question.id}",
        options,
        str(value) if value is not None else None,
        choose,
        may_be_empty=True,
    )
    return ft.Row([field])


def _many(
    scene: Scene,
    question: QuestionResponse,
    options: list[tuple[str, str]],
    value: Answer | None,
    reply: Reply,
) -> ft.Control:
    async def choose(event: ft.Event[ft.Dropdown]) -> None:
        await reply(question.id, event.control.value or None)

    return ft.Dropdown(
        key=f"answer-{question.id}",
        value=str(value) if value is not None else None,
        options=[ft.DropdownOption(key=one, text=text) for one, text in options],
        hint_text=scene.say("patient.choose"),
        menu_height=320,
        border_radius=12,
        border_color=scene.palette.line,
        color=scene.palette.ink,
        on_select=choose,
    )
