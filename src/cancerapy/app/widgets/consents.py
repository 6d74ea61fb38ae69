"""A patient's consents: what counts, who wrote it down, and every decision before."""

import flet as ft

from cancerapy.app.records.outcome import minute_of
from cancerapy.app.records.state import PURPOSES
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.layout import divider, other_button, part
from cancerapy.app.widgets.text import body, small
from cancerapy.contract.records import ConsentRecord, PatientRecord


def consents_part(scene: Scene, patient: PatientRecord) -> ft.Control:
    """Return a switch for each purpose, and on request all decisions, newest first."""
    say, known = scene.say, scene.state.records.consents or ()
    newest = {one.purpose: one for one in known}
    rows: list[ft.Control] = []
    for purpose in PURPOSES:
        given = patient.consents.get(purpose, False)
        rows += [_consent(scene, purpose, given, newest.get(purpose)), divider(scene)]
    rows.append(small(scene, say("consent.newest_counts")))
    if known:
        rows.append(ft.Row([_toggle(scene, len(known))]))
    if scene.state.records.shows_consents:
        rows += [_said(scene, one, one is newest[one.purpose]) for one in reversed(known)]
    return part(scene, ft.Icons.HANDSHAKE_OUTLINED, say("record.consents"), *rows)


def _consent(
    scene: Scene, purpose: str, given: bool, newest: ConsentRecord | None
) -> ft.MergeSemantics:
    say = scene.say

    async def change(event: ft.Event[ft.Switch]) -> None:
        await scene.do.records.patients.consent(purpose, bool(event.control.value))

    last = say("consent.never_asked")
    if newest is not None:
        last = _who(scene, newest)
    texts: list[ft.Control] = [
        body(scene, say(f"consent.{purpose}"), strong=True),
        small(scene, say(f"consent.{purpose}_meaning")),
        small(scene, last, scene.palette.ink),
    ]
    switch = ft.Switch(
        key=f"consent-{purpose}",
        value=given,
        disabled=scene.state.records.is_busy,
        on_change=change,
    )
    row = ft.Row([ft.Column(texts, spacing=2, expand=True), switch], spacing=12)
    return ft.MergeSemantics(row)


def _toggle(scene: Scene, n_decisions: int) -> ft.Control:
    is_shown = scene.state.records.shows_consents

    async def turn() -> None:
        await scene.do.records.patients.list_consents(not is_shown)

    text = scene.say.count("consent.show", n_decisions)
    return other_button(
        scene,
        scene.say("consent.hide") if is_shown else text,
        "consents-all",
        icon=ft.Icons.EXPAND_LESS if is_shown else ft.Icons.HISTORY,
        on_click=turn,
    )


def _said(scene: Scene, one: ConsentRecord, counts: bool) -> ft.Control:
    purpose = scene.say(f"consent.{one.purpose}")
    if counts:
        purpose = scene.say("consent.counts", purpose=purpose)
    ink = scene.palette.ink if counts else scene.palette.quiet_ink
    rows: list[ft.Control] = [
        body(scene, purpose, ink, strong=counts),
        small(scene, _who(scene, one)),
    ]
    return ft.Column(rows, key=f"consent-said-{one.id}", spacing=2)


def _who(scene: Scene, one: ConsentRecord) -> str:
    key = "consent.given" if one.given else "consent.withdrawn"
    return scene.say(key, when=minute_of(one.created_at), by=one.recorded_by)
