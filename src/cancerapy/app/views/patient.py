"""Patient: the medical questions of the cancer; every one may be left out."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Screen
from cancerapy.app.widgets.layout import main_button, panes
from cancerapy.app.widgets.questions import question_panel
from cancerapy.app.widgets.text import body, small, title


def build_patient(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    task, say = scene.state.task, scene.say
    if task is None:
        return []

    async def go_on() -> None:
        await scene.do.go(Screen.CAPTURE)

    answers = scene.state.own_answers
    questions = [
        question_panel(scene, task, one, answers, scene.do.answer) for one in task.questions
    ]
    half = (len(questions) + 1) // 2
    return [
        title(scene, say("patient.title")),
        body(scene, say("patient.text"), scene.palette.quiet_ink),
        panes(scene, questions[:half], questions[half:]),
        main_button(scene, say("patient.next"), "patient-next", on_click=go_on),
        small(scene, say("patient.privacy")),
    ]
