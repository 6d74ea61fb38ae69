"""Entries of lists that open what they name, and what such an entry says of a patient."""

from collections.abc import Awaitable, Callable

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.theme import RADIUS
from cancerapy.app.widgets.layout import actions, other_button
from cancerapy.app.widgets.text import body, small
from cancerapy.contract.records import PatientRecord


def open_row(
    scene: Scene,
    key: str,
    icon: ft.IconData,
    texts: tuple[str, ...],
    on_open: Callable[[], Awaitable[None]],
    *,
    chip: ft.Control | None = None,
) -> ft.Control:
    """Return a row with a heading and lines below it.

    Args:
        scene: What is drawn with.
        key: Its key.
        icon: What kind of thing it is.
        texts: Heading, then a line each; empty ones are left out.
        on_open: Opens it.
        chip: A mark below the lines.
    """
    lines: list[ft.Control] = [body(scene, texts[0], strong=True)]
    lines += [small(scene, text) for text in texts[1:] if text]
    if chip is not None:
        lines.append(ft.Container(ft.Row([chip]), padding=ft.Padding.only(top=6)))
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


def decision_chip(scene: Scene, decision: str, text: str = "") -> ft.Control:
    """Return a mark that says what people made of a guess.

    Args:
        scene: What is drawn with.
        decision: As ``contract.records.PredictionRecord`` names it.
        text: What it says; by default that in words.
    """
    palette = scene.palette
    tones = {"confirmed": palette.named, "unusable": palette.rejected, "disputed": palette.high}
    tone = tones.get(decision, palette.unsure)
    return ft.Container(
        small(scene, text or scene.say(f"review.decision.{decision}"), tone.ink),
        bgcolor=tone.fill,
        border_radius=10,
        padding=ft.Padding.symmetric(horizontal=10, vertical=4),
    )


def person_facts(scene: Scene, patient: PatientRecord) -> tuple[str, ...]:
    """Return sex and year of birth of a patient in words, as far as they are known."""
    say, facts = scene.say, []
    if patient.sex != "unknown":
        facts.append(say(f"sex.{patient.sex}.name"))
    if patient.birth_year is not None:
        facts.append(say("records.born", year=patient.birth_year))
    return tuple(facts)


def more_row(scene: Scene, key: str, on_more: Callable[[], Awaitable[None]]) -> ft.Control:
    """Return what stands below a list that goes on: a button that reads its next page.

    Args:
        scene: What is drawn with.
        key: The button's key.
        on_more: Reads the page.
    """
    more = other_button(
        scene,
        scene.say("records.more"),
        key,
        icon=ft.Icons.EXPAND_MORE,
        on_click=on_more,
        disabled=scene.state.records.is_busy,
    )
    return actions(scene, more)
