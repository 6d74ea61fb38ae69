"""Requests that wait for the server, and what is said while it cannot be reached."""

from datetime import datetime

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Waiting
from cancerapy.app.widgets.layout import confirmed_delete, divider, other_button, panel, with_icon
from cancerapy.app.widgets.notices import problem_text
from cancerapy.app.widgets.text import body, heading, small


def offline_panel(scene: Scene) -> list[ft.Control]:
    """Return that the server is away and what can be done meanwhile; nothing if it is there."""
    if not scene.state.is_offline:
        return []
    tone, say = scene.palette.unsure, scene.say
    text = with_icon(
        scene, ft.Icons.CLOUD_OFF, body(scene, say("offline.text"), tone.ink), color=tone.ink
    )
    again = other_button(
        scene, say("retry"), "offline-retry", icon=ft.Icons.REFRESH, on_click=scene.do.connect
    )
    asked = panel(scene, text, ft.Row([again], wrap=True), key="offline", tone=tone)
    return [ft.Semantics(content=asked, live_region=True)]


def waiting_panel(scene: Scene) -> list[ft.Control]:
    """Return the requests that wait, each with a way to delete it; nothing if none does."""
    say, waiting = scene.say, scene.state.waiting
    if not waiting:
        return []
    send = other_button(
        scene,
        say("waiting.send"),
        "waiting-send",
        icon=ft.Icons.SEND_OUTLINED,
        on_click=scene.do.courier.retry,
    )
    rows = [row for one in waiting for row in (divider(scene), *_row(scene, one))]
    return [
        panel(
            scene,
            with_icon(
                scene,
                ft.Icons.SCHEDULE_SEND_OUTLINED,
                heading(scene, say.count("waiting.title", len(waiting))),
            ),
            small(scene, say("waiting.text")),
            *rows,
            ft.Row([send], wrap=True),
            key="waiting",
        )
    ]


def _row(scene: Scene, one: Waiting) -> list[ft.Control]:
    say, what = scene.say, f"waiting-{one.id}"

    async def delete() -> None:
        await scene.do.courier.delete(one.id)

    moment = datetime.fromisoformat(one.id).astimezone().strftime("%Y-%m-%d  %H:%M")
    size = say("waiting.size", megabytes=f"{one.n_bytes / 1_000_000:.1f}")
    lines: list[ft.Control] = [
        body(scene, say.of(one.task, one.task.cancer_title), strong=True),
        small(scene, f"{moment}  ({size})"),
    ]
    if one.refusal is not None:
        lines.append(small(scene, problem_text(scene, one.refusal), scene.palette.high.ink))
    remove = confirmed_delete(scene, what, say("waiting.delete"), say("waiting.delete_ask"), delete)
    return [ft.Column(lines, spacing=4, key=what), remove]
