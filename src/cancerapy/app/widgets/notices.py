"""What is said beside everything: the standing line, and what went wrong with a way on."""

import math

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import Problem
from cancerapy.app.widgets.layout import other_button, panel, with_icon
from cancerapy.app.widgets.text import body, small

LONGEST_IN_SECONDS = 90
"""A longer wait is told in minutes."""


def standing_line(scene: Scene) -> ft.Control:
    """Return the line that accompanies every result."""
    return ft.Container(
        with_icon(
            scene,
            ft.Icons.INFO_OUTLINE,
            small(scene, scene.say("statement")),
            color=scene.palette.quiet_ink,
            size=20,
        ),
        key="standing-line",
        padding=ft.Padding.symmetric(horizontal=4, vertical=4),
    )


def problem_text(scene: Scene, problem: Problem) -> str:
    """Return a problem in the person's language; in the server's words where there are no own.

    When it is worth trying again follows, where the server said so.
    """
    key, say = f"problem.{problem.code}", scene.say
    text = say(key) if say.has(key) else problem.detail or say("problem.unknown")
    if not problem.wait_s:
        return text
    if problem.wait_s <= LONGEST_IN_SECONDS:
        return f"{text} {say.count('again_in_seconds', problem.wait_s)}"
    return f"{text} {say.count('again_in_minutes', math.ceil(problem.wait_s / 60))}"


def problem_panel(
    scene: Scene, on_retry: ft.ControlEventHandler[ft.OutlinedButton] | None = None
) -> list[ft.Control]:
    """Return what went wrong, with a retry where one can help; nothing if all is well."""
    problem = scene.state.problem
    if problem is None:
        return []
    tone = scene.palette.high
    rows: list[ft.Control] = [
        with_icon(
            scene,
            ft.Icons.ERROR_OUTLINE,
            body(scene, problem_text(scene, problem), tone.ink),
            color=tone.ink,
        )
    ]
    if on_retry is not None:
        rows.append(
            ft.Row(
                [
                    other_button(
                        scene,
                        scene.say("retry"),
                        "retry",
                        icon=ft.Icons.REFRESH,
                        on_click=on_retry,
                    )
                ]
            )
        )
    return [ft.Semantics(content=panel(scene, *rows, key="problem", tone=tone), live_region=True)]
