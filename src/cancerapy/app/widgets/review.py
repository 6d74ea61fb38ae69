"""What people said of a guess, and what the person in front of it says."""

from collections.abc import Awaitable, Callable

import flet as ft

from cancerapy.app.records.outcome import class_name, isolated, minute_of
from cancerapy.app.records.state import is_signed_in
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.choices import segments
from cancerapy.app.widgets.fields import list_field, text_field
from cancerapy.app.widgets.layout import actions, divider, main_button, other_button, part
from cancerapy.app.widgets.rows import decision_chip
from cancerapy.app.widgets.text import body, small
from cancerapy.contract.records import PredictionRecord, ReviewRecord
from cancerapy.contract.responses import TaskResponse

MAX_SEGMENTS = 2
"""More classes than this are a list."""


def review_part(scene: Scene, task: TaskResponse, guess: PredictionRecord) -> ft.Control:
    """Return the reviews of a guess and the form for another.

    Args:
        scene: What is drawn with.
        task: What was asked.
        guess: The guess.
    """
    say = scene.say
    readers: dict[str, int] = {}
    for review in guess.reviews:
        readers.setdefault(review.reviewer, len(readers))
    newest = {review.reviewer: review.id for review in guess.reviews}
    rows = [
        _said(
            scene,
            task,
            review,
            readers[review.reviewer],
            counts=newest[review.reviewer] == review.id,
        )
        for review in guess.reviews
    ]
    return part(
        scene,
        ft.Icons.RATE_REVIEW_OUTLINED,
        say("review.title"),
        guess_chip(scene, task, guess),
        small(scene, _readers(scene, guess)),
        *rows,
        divider(scene),
        *_form(scene, task),
    )


def guess_chip(scene: Scene, task: TaskResponse, guess: PredictionRecord) -> ft.Control:
    """Return the mark that it is a machine's guess, and what people made of it."""
    text = scene.say(f"review.decision.{guess.decision}")
    if guess.final_class is not None:
        text += f": {scene.say.of(task, class_name(task, guess.final_class))}"
    if guess.decision != "open":  # a confirmed guess is a machine's guess all the same
        text = scene.say("review.guess", decision=text)
    return ft.Row([decision_chip(scene, guess.decision, text)], wrap=True)


def _readers(scene: Scene, guess: PredictionRecord) -> str:
    """Return how many people looked, and whether they agree."""
    n_readers = len({review.reviewer for review in guess.reviews})
    if n_readers < 2:
        return scene.say("review.one_reader" if n_readers else "review.no_reader")
    key = "review.readers_differ" if guess.decision == "disputed" else "review.readers_agree"
    return scene.say.count(key, n_readers)


def _said(
    scene: Scene, task: TaskResponse, review: ReviewRecord, place: int, *, counts: bool
) -> ft.Control:
    say = scene.say
    verdict = say(f"review.said.{review.verdict}")
    if review.verdict == "correct" and review.class_id is not None:
        verdict += f" {say.of(task, class_name(task, review.class_id))}"
    reader = say("review.second_reader") if place else say("review.first_reader")
    texts: list[ft.Control] = [
        body(scene, f"{review.reviewer}: {verdict}", strong=counts),
        small(scene, say("list.and").join((reader, minute_of(review.created_at)))),
    ]
    if review.comment:
        texts.append(body(scene, say("review.remark", text=isolated(review.comment))))
    if not counts:
        texts.append(small(scene, say("review.replaced")))
    return ft.Column(texts, key=f"review-{review.id}", spacing=2)


def _form(scene: Scene, task: TaskResponse) -> list[ft.Control]:
    say, do, records = scene.say, scene.do.records.reviewing, scene.state.records
    account = scene.state.account
    draft, names = records.review, []
    if not is_signed_in(account):
        names = [text_field(scene, "reviewer", say("review.reviewer"), records.reviewer, do.sign)]
    agree = main_button(
        scene,
        say("review.agree"),
        "review-agree",
        icon=ft.Icons.CHECK,
        on_click=_saying(scene, "agree"),
        disabled=records.is_busy,
    )
    unusable = other_button(
        scene,
        say("review.unusable"),
        "review-unusable",
        icon=ft.Icons.HIDE_IMAGE_OUTLINED,
        on_click=_saying(scene, "unusable"),
        disabled=records.is_busy,
    )
    correct = other_button(
        scene,
        say("review.correct"),
        "review-correct",
        icon=ft.Icons.EDIT_OUTLINED,
        on_click=_saying(scene, "correct"),
        disabled=records.is_busy or not draft.class_id,
    )
    return [
        *names,
        text_field(
            scene, "review-comment", say("review.comment"), draft.comment, do.comment, lines=2
        ),
        actions(scene, agree, unusable),
        body(scene, say("review.or_correct"), strong=True),
        _classes(scene, task),
        actions(scene, correct),
    ]


def _classes(scene: Scene, task: TaskResponse) -> ft.Control:
    say, name_class = scene.say, scene.do.records.reviewing.name_class
    options = [(label.id, say.of(task, label.title)) for label in task.classes]
    chosen = scene.state.records.review.class_id
    if len(options) <= MAX_SEGMENTS:
        field = segments(
            scene, "review-class", options, chosen or None, name_class, may_be_empty=True
        )
        return ft.Row([field])
    field = list_field(scene, "review-class", say("review.class"), options, chosen, name_class)
    field.expand = True
    return ft.Row([field])


def _saying(scene: Scene, verdict: str) -> Callable[[], Awaitable[None]]:
    async def say() -> None:
        await scene.do.records.reviewing.review(verdict)

    return say
