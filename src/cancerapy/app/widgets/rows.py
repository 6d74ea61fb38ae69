"""Entries of lists that open what they name, and what such an entry says of a patient."""

from collections.abc import Awaitable, Callable

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.theme import RADIUS
from cancerapy.app.widgets.text import body, small
from cancerapy.contract.records import PatientRecord


def open_row(
    scene: Scene,
    key: str,
    icon: ft.IconData,
    texts: tuple[str, ...],
    on_open: Callable[[], Awaitable[None]],
) -> ft.Control:
    """Return a row with a heading and lines below it.

    Args:
        scene: What is drawn with.
        key: Its key.
        icon: What kind of thing it is.
        texts: Heading, then a line each; empty ones are left out.
        on_open: Opens it.
    """
    lines: list[ft.Control] = [body(scene, texts[0], strong=True)]
    lines += [small(scene, text) for text in texts[1:] if text]
    row = ft.Row(
        [
            ft.Icon(icon, color=scene.palette.primary.fill),
            ft.Column(lines, spacing=2, expand=True),
            ft.Icon(ft.Icons.CHEVRON_RIGHT, color=scene.palette.quiet_ink),
        ],
        spacing=14,
    )
    card = ft.Container(
        row,
        key=key,
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
        bgcolor=scene.palette.card,
        border=ft.Border.all(1, scene.palette.hairline),
        border_radius=RADIUS,
        ink=True,
        on_click=on_open,
    )
    return ft.Semantics(content=card, button=True)


def person_facts(scene: Scene, patient: PatientRecord) -> tuple[str, ...]:
    """Return sex and year of birth of a patient in words, as far as they are known."""
    say, facts = scene.say, []
    if patient.sex != "unknown":
        facts.append(say(f"sex.{patient.sex}.name"))
    if patient.birth_year is not None:
        facts.append(say("records.born", year=patient.birth_year))
    return tuple(facts)
