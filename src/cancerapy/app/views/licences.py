"""Licences: every part of the app with its name, and the full text of each."""

from itertools import groupby

import flet as ft

from cancerapy.app.licences import Kind, Licence
from cancerapy.app.scene import Scene
from cancerapy.app.theme import RADIUS
from cancerapy.app.widgets.layout import icon_button, panel
from cancerapy.app.widgets.text import body, heading, small, title

SHEET_PX = 640
PIECE_LENGTH = 6000
"""Longest text of one control; a longer licence is drawn as several."""


def build_licences(scene: Scene) -> list[ft.Control]:
    """Return the list of all parts, or the text of the one that is read."""
    if scene.state.licence is not None:
        return _text(scene, scene.state.licence)
    say = scene.say
    close = icon_button(
        scene, ft.Icons.ARROW_BACK, say("back"), "licences-close", scene.do.study.close_licences
    )
    shown: list[ft.Control] = [
        ft.Row([close, ft.Container(title(scene, say("settings.licences")), expand=True)])
    ]
    for kind, licences in groupby(scene.state.licences, key=lambda one: one.kind):
        shown.append(_group(scene, kind, list(licences)))
    return shown


def _group(scene: Scene, kind: Kind, licences: list[Licence]) -> ft.Control:
    rows = [_row(scene, one) for one in licences]
    return panel(
        scene,
        heading(scene, scene.say(f"licences.{kind.value}")),
        ft.Column(rows, spacing=2, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        key=f"licences-{kind.value}",
    )


def _row(scene: Scene, licence: Licence) -> ft.Control:
    async def read() -> None:
        await scene.do.study.read_licence(licence)

    lines: list[ft.Control] = [body(scene, licence.name)]
    if licence.licence:
        lines.append(small(scene, licence.licence))
    row = ft.Container(
        ft.Column(lines, spacing=0),
        key=f"licence-{licence.kind.value}-{licence.name}",
        padding=8,
        border_radius=RADIUS / 2,
        ink=bool(licence.text),
        on_click=read if licence.text else None,
    )
    return ft.Semantics(content=row, button=True) if licence.text else row


def _text(scene: Scene, licence: Licence) -> list[ft.Control]:
    close = icon_button(
        scene,
        ft.Icons.ARROW_BACK,
        scene.say("back"),
        "licence-close",
        scene.do.study.close_licence,
    )
    is_mirrored = scene.say.is_right_to_left
    pieces = [small(scene, piece, scene.palette.ink) for piece in _split(licence.text)]
    for piece in pieces:
        piece.selectable, piece.text_align = True, ft.TextAlign.LEFT
        if is_mirrored:
            piece.value = _keep_left_to_right(piece.value)
    # The lines of a licence are as long as on a sheet of paper; on a phone they are scrolled. From
    # the right they would be scrolled to their ends, so there they are broken.
    sheet_px = 0 if is_mirrored else SHEET_PX * scene.state.preferences.text_scale
    width_px = max(scene.content_px - 44, sheet_px)
    lines = ft.Column(list(pieces), width=width_px, spacing=0)
    return [
        ft.Row([close, ft.Container(title(scene, licence.name), expand=True)]),
        panel(scene, ft.Row([lines], scroll=ft.ScrollMode.AUTO), key="licence-text"),
    ]


def _keep_left_to_right(text: str) -> str:
    """Return an English text whose lines stay as they are on a page that runs from the right.

    References:
        Unicode Standard Annex 9, explicit directional isolates.
    """
    return "\n".join(f"\u2066{line}\u2069" if line else "" for line in text.split("\n"))


def _split(text: str) -> list[str]:
    """Return a text in pieces that end with a line, none much longer than ``PIECE_LENGTH``."""
    pieces, length = [[""]], 0
    for line in text.split("\n"):
        if length > PIECE_LENGTH:
            pieces, length = [*pieces, []], 0
        pieces[-1].append(line)
        length += len(line) + 1
    return ["\n".join(lines).strip("\n") for lines in pieces]
