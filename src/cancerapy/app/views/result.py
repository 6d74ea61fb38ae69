"""Result: what it may be, how sure that is, where it was seen, and what to do next."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Outcome, Screen
from cancerapy.app.verdict import Likelihood, judge
from cancerapy.app.widgets.follow import follow_panel, next_step
from cancerapy.app.widgets.layout import bullet, main_button, other_button, panes, part, stack
from cancerapy.app.widgets.notices import problem_panel, standing_line
from cancerapy.app.widgets.result_parts import (
    class_bars,
    picture_under_heat,
    reasons,
    verdict_card,
)
from cancerapy.app.widgets.text import heading, small, title

MAX_PICTURE_PX = 520
"""Wider than half of the widest screen, so that there the picture is as wide as what is below."""


def build_result(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    outcome, say = scene.state.outcome, scene.say
    if outcome is None:
        return []
    shown = judge(outcome)
    half_px = (scene.content_px - 24) / 2 if scene.state.is_wide else scene.content_px
    verdict = [
        verdict_card(scene, outcome, shown),
        next_step(scene, outcome, shown),
        *reasons(scene, outcome, shown),
    ]
    picture = picture_under_heat(scene, outcome, min(half_px, MAX_PICTURE_PX))
    is_rejected = shown.likelihood is Likelihood.REJECTED
    details = [] if is_rejected else [class_bars(scene, outcome)]
    details += [_measured_on(scene, outcome), follow_panel(scene, outcome, shown)]
    if scene.state.is_wide:
        body_controls = [panes(scene, [picture, *details[:1]], [*verdict, *details[1:]])]
    else:
        body_controls = [*verdict, picture, *details]
    return [
        title(scene, say("result.title")),
        *problem_panel(scene),
        *body_controls,
        standing_line(scene),
        _buttons(scene),
    ]


def _measured_on(scene: Scene, outcome: Outcome) -> ft.Control:
    say = scene.say
    return part(
        scene,
        ft.Icons.GROUPS_OUTLINED,
        say("result.measured_on"),
        *(bullet(scene, say.of(outcome.task, text)) for text in outcome.task.measured_on),
        heading(scene, say("result.not_measured_on")),
        *(
            bullet(scene, say.of(outcome.task, text), ft.Icons.CLOSE_ROUNDED)
            for text in outcome.task.limits
        ),
        small(scene, say("result.model", model=outcome.prediction.model)),
    )


def _buttons(scene: Scene) -> ft.Control:
    async def again() -> None:
        await scene.do.drop_picture()
        await scene.do.go(Screen.CAPTURE)

    async def home() -> None:
        await scene.do.go(Screen.HOME)

    say = scene.say
    once_more = main_button(
        scene, say("result.again"), "again", icon=ft.Icons.ADD_A_PHOTO_OUTLINED, on_click=again
    )
    finish = other_button(scene, say("result.done"), "done", on_click=home)
    pdf = other_button(
        scene,
        say("pdf.save"),
        "save-pdf",
        icon=ft.Icons.PICTURE_AS_PDF_OUTLINED,
        on_click=scene.do.past.save_pdf,
    )
    once_more.expand = finish.expand = True
    return stack(ft.Row([once_more, finish], spacing=12), pdf, spacing=12)
