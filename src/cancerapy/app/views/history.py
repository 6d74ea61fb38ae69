"""History: the results that are kept on this device."""

import flet as ft

from cancerapy.app.past import same_lesion
from cancerapy.app.scene import Scene
from cancerapy.app.state import EVERYTHING, Outcome, Screen
from cancerapy.app.theme import GAP, RADIUS
from cancerapy.app.verdict import judge
from cancerapy.app.views.comparison import build_comparison, when
from cancerapy.app.widgets.follow import due_panels
from cancerapy.app.widgets.layout import (
    confirmed_delete,
    icon_button,
    main_button,
    other_button,
    panel,
    with_icon,
)
from cancerapy.app.widgets.notices import problem_panel
from cancerapy.app.widgets.text import body, display, heading, small
from cancerapy.app.widgets.waiting import offline_panel, waiting_panel

THUMBNAIL_PX = 72


def build_history(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say, history = scene.say, scene.state.history
    if scene.state.compared is not None:
        compared = build_comparison(scene, *scene.state.compared)
        if compared:
            return compared
    top = [
        display(scene, say("history.title")),
        *problem_panel(scene),
        *offline_panel(scene),
        *waiting_panel(scene),
        *due_panels(scene),
    ]
    if scene.state.unsaved:
        top.append(_unsaved(scene))
    if not history:
        return top if scene.state.waiting else [*top, _empty(scene)]
    return [
        *top,
        body(scene, say.count("history.kept", len(history)), scene.palette.quiet_ink),
        *_lesions(scene),
        *(_row(scene, outcome) for outcome in history),
        confirmed_delete(
            scene,
            EVERYTHING,
            say("settings.delete_all"),
            say("settings.delete_all_ask"),
            scene.do.delete_everything,
        ),
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


def _unsaved(scene: Scene) -> ft.Control:
    text = scene.say.count("history.unsaved", len(scene.state.unsaved))
    again = main_button(
        scene, scene.say("history.save_again"), "save-again", on_click=scene.do.past.save_again
    )
    tone = scene.palette.unsure
    return panel(
        scene, body(scene, text, tone.ink), ft.Row([again], wrap=True), key="unsaved", tone=tone
    )


def _lesions(scene: Scene) -> list[ft.Control]:
    """Return a row for every lesion that has results to compare."""
    newest: dict[tuple[str, str], Outcome] = {}
    for outcome in scene.state.history:
        if len(same_lesion(scene.state, outcome)) > 1:
            newest.setdefault((outcome.task.id, outcome.lesion), outcome)
    return [_lesion(scene, outcome) for outcome in newest.values()]


def _lesion(scene: Scene, newest: Outcome) -> ft.Control:
    say, series = scene.say, same_lesion(scene.state, newest)

    async def compare() -> None:
        await scene.do.past.compare(series[0].id, series[-1].id)

    button = other_button(
        scene,
        say("history.compare"),
        f"compare-{newest.id}",
        icon=ft.Icons.COMPARE_OUTLINED,
        on_click=compare,
    )
    text = f"{newest.lesion} ({say.count('history.kept_of', len(series))})"
    return panel(
        scene,
        with_icon(scene, ft.Icons.TIMELINE, heading(scene, text)),
        ft.Row([button], wrap=True),
        key=f"lesion-{newest.id}",
    )


def _row(scene: Scene, outcome: Outcome) -> ft.Control:
    async def show() -> None:
        await scene.do.open_result(outcome.id)

    async def delete() -> None:
        await scene.do.delete_result(outcome.id)

    async def ask() -> None:
        await scene.do.past.ask_delete(outcome.id)

    if scene.state.confirming == outcome.id:
        say = scene.say
        return confirmed_delete(
            scene, outcome.id, say("history.delete"), say("history.delete_ask"), delete
        )
    row = ft.Row(
        [
            _thumbnail(scene, outcome),
            _summary(scene, outcome),
            icon_button(
                scene,
                ft.Icons.DELETE_OUTLINE,
                scene.say("history.delete"),
                f"delete-{outcome.id}",
                ask,
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
    lesion = [small(scene, outcome.lesion, scene.palette.ink)] if outcome.lesion else []
    return ft.Column(
        [
            heading(scene, say.of(outcome.task, outcome.task.cancer_title)),
            small(scene, when(outcome)),
            *lesion,
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
