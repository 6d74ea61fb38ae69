"""History: the results that are kept on this device."""

from datetime import datetime

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Outcome, Screen
from cancerapy.app.theme import GAP, RADIUS
from cancerapy.app.verdict import judge
from cancerapy.app.widgets.layout import icon_button, main_button, panel
from cancerapy.app.widgets.text import body, display, heading, small

THUMBNAIL_PX = 72


def build_history(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say, history = scene.say, scene.state.history
    top = [display(scene, say("history.title"))]
    if not history:
        return [*top, _empty(scene)]
    return [
        *top,
        body(scene, say.count("history.kept", len(history)), scene.palette.quiet_ink),
        *(_row(scene, outcome) for outcome in history),
        small(scene, say("history.where")),
    ]


def _empty(scene: Scene) -> ft.Control:
    async def begin() -> None:
        await scene.do.go(Screen.HOME)

    return panel(
        scene,
        heading(scene, scene.say("history.none")),
        body(scene, scene.say("history.none_text"), scene.palette.quiet_ink),
        ft.Row([main_button(scene, scene.say("history.begin"), "begin", on_click=begin)]),
        key="history-empty",
    )


def _row(scene: Scene, outcome: Outcome) -> ft.Control:
    async def show() -> None:
        await scene.do.open_result(outcome.id)

    async def delete() -> None:
        await scene.do.delete_result(outcome.id)

    row = ft.Row(
        [
            _thumbnail(scene, outcome),
            _summary(scene, outcome),
            icon_button(
                scene,
                ft.Icons.DELETE_OUTLINE,
                scene.say("history.delete"),
                f"delete-{outcome.id}",
                delete,
            ),
        ],
        spacing=GAP,
    )
    return ft.Container(
        row,
        key=f"result-{outcome.id}",
        padding=16,
        bgcolor=scene.palette.card,
        border=ft.Border.all(1, scene.palette.hairline),
        border_radius=RADIUS,
        ink=True,
        on_click=show,
    )


def _summary(scene: Scene, outcome: Outcome) -> ft.Control:
    say, likelihood = scene.say, judge(outcome).likelihood
    tone = scene.palette.tone(likelihood)
    chip = ft.Container(
        small(scene, say(f"verdict.short.{likelihood.value}"), tone.ink),
        bgcolor=tone.fill,
        border_radius=10,
        padding=ft.Padding.symmetric(horizontal=10, vertical=4),
    )
    when = datetime.fromisoformat(outcome.id).astimezone().strftime("%Y-%m-%d  %H:%M")
    return ft.Column(
        [
            heading(scene, say.of(outcome.task, outcome.task.cancer_title)),
            small(scene, when),
            ft.Row([chip]),
        ],
        spacing=4,
        expand=True,
    )


def _thumbnail(scene: Scene, outcome: Outcome) -> ft.Control:
    inside: ft.Control = ft.Icon(ft.Icons.IMAGE_OUTLINED, color=scene.palette.quiet_ink)
    if outcome.picture:
        inside = ft.Image(
            src=outcome.picture,
            width=THUMBNAIL_PX,
            height=THUMBNAIL_PX,
            fit=ft.BoxFit.COVER,
            exclude_from_semantics=True,
        )
    return ft.Container(
        inside,
        width=THUMBNAIL_PX,
        height=THUMBNAIL_PX,
        border_radius=14,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        alignment=ft.Alignment.CENTER,
        bgcolor=scene.palette.surface,
    )
