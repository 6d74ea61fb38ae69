"""What to do after all images of an examination together, and how it was weighed."""

import flet as ft

from cancerapy.app.records.outcome import minute_of
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.layout import divider, other_button, part
from cancerapy.app.widgets.text import body, small
from cancerapy.contract import Decision, RecordedDecision


def joined_part(scene: Scene, joined: RecordedDecision | None) -> list[ft.Control]:
    """Return what to do next and why, with the costs on request; nothing where it is not known.

    Args:
        scene: What is drawn with.
        joined: What was said of the images together.
    """
    if joined is None:
        return []
    say, decision = scene.say, joined.decision
    sentence = decision.sentences.get(say.language, decision.sentence)
    rows: list[ft.Control] = [
        body(scene, say(f"action.{decision.action}"), strong=True),
        body(scene, sentence),
    ]
    if joined.n_used:
        rows.append(small(scene, say.count("examination.joined", joined.n_used)))
    if joined.origin == "not_kept":
        when = minute_of(joined.decided_at)
        rows.append(small(scene, say("examination.not_kept", when=when)))
    rows += _costs(scene, decision)
    return [part(scene, ft.Icons.EVENT_AVAILABLE, say("examination.next"), *rows)]


def _costs(scene: Scene, decision: Decision) -> list[ft.Control]:
    """Return how the costs were weighed, for who asks; nothing where none were."""
    say, is_shown = scene.say, scene.state.records.shows_costs
    if not decision.weighed:
        return []

    async def turn() -> None:
        await scene.do.records.reviewing.show_costs(not is_shown)

    button = other_button(
        scene,
        say("costs.hide" if is_shown else "costs.show"),
        "costs",
        icon=ft.Icons.EXPAND_LESS if is_shown else ft.Icons.BALANCE,
        on_click=turn,
    )
    if not is_shown:
        return [ft.Row([button])]
    told = decision.weighing.get(say.language) or decision.weighing.get("en", "")
    rows: list[ft.Control] = [ft.Row([button]), divider(scene)]
    if told:
        rows.append(small(scene, told))
    for one in decision.weighed:
        name = body(scene, say(f"action.{one.action}"))
        cost = body(scene, f"{one.expected_cost:,.2f}", strong=True)
        rows.append(ft.Row([ft.Container(name, expand=True), cost], spacing=12))
    rows.append(small(scene, say("costs.meaning", unit=decision.unit)))
    return rows
