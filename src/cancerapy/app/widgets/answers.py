"""The answers of an examination on the record, and the questions while they are being changed."""

from dataclasses import replace

import flet as ft

from cancerapy.app.records.state import CLINICIAN, AnswersDraft, has_role
from cancerapy.app.report import answer_rows
from cancerapy.app.scene import Scene
from cancerapy.app.state import Outcome
from cancerapy.app.widgets.layout import actions, main_button, other_button, panel, part, stack
from cancerapy.app.widgets.questions import question_panel
from cancerapy.app.widgets.text import body, heading, small


def answers_part(scene: Scene, outcome: Outcome) -> list[ft.Control]:
    """Return what was answered, with a way to change it for who may; or the questions themselves.

    Args:
        scene: What is drawn with.
        outcome: The guess that is shown; its answers are those of the examination.
    """
    draft = scene.state.records.answering
    if draft is not None:
        return _questions(scene, outcome, draft)
    rows = _rows(scene, outcome)
    may_change = has_role(scene.state.account, CLINICIAN) and bool(outcome.task.questions)
    if may_change:
        change = other_button(
            scene,
            scene.say("answers.change"),
            "answers-change",
            icon=ft.Icons.EDIT_OUTLINED,
            on_click=scene.do.records.answering.begin,
            disabled=scene.state.records.is_busy,
        )
        rows = [*(rows or [body(scene, scene.say("answers.none"))]), actions(scene, change)]
    if not rows:
        return []
    return [part(scene, ft.Icons.QUESTION_ANSWER_OUTLINED, scene.say("pdf.answers"), *rows)]


def _rows(scene: Scene, outcome: Outcome) -> list[ft.Control]:
    return [
        stack(small(scene, question), body(scene, answer), spacing=2)
        for question, answer in answer_rows(outcome, scene.say)
    ]


def _questions(scene: Scene, outcome: Outcome, draft: AnswersDraft) -> list[ft.Control]:
    say, do, task = scene.say, scene.do.records.answering, outcome.task
    save = main_button(
        scene,
        say("answers.save"),
        "answers-save",
        on_click=do.save,
        disabled=scene.state.records.is_busy,
    )
    leave = other_button(scene, say("cancel"), "answers-leave", on_click=do.leave)
    return [
        part(
            scene,
            ft.Icons.QUESTION_ANSWER_OUTLINED,
            say("pdf.answers"),
            small(scene, say("answers.text")),
            *_saved_meanwhile(scene, outcome, draft),
            *(question_panel(scene, task, one, draft.answers, do.answer) for one in task.questions),
            actions(scene, save, leave),
        )
    ]


def _saved_meanwhile(scene: Scene, outcome: Outcome, draft: AnswersDraft) -> list[ft.Control]:
    """Return what somebody else answered in between; nothing where nobody did."""
    if draft.saved_meanwhile is None:
        return []
    say, tone = scene.say, scene.palette.unsure
    theirs = _rows(scene, replace(outcome, answers=draft.saved_meanwhile))
    take = other_button(
        scene,
        say("correct.take_saved"),
        "answers-take-saved",
        on_click=scene.do.records.answering.take_saved,
    )
    return [
        panel(
            scene,
            heading(scene, say("correct.meanwhile")),
            *(theirs or [body(scene, say("answers.none"), tone.ink)]),
            body(scene, say("answers.meanwhile_text"), tone.ink),
            actions(scene, take),
            key="answers-saved-meanwhile",
            tone=tone,
        )
    ]
