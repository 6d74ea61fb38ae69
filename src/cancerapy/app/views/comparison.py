"""Two results of one lesion side by side, and all of its results in time."""

from datetime import datetime

import flet as ft

from cancerapy.app.past import same_lesion
from cancerapy.app.scene import Scene
from cancerapy.app.state import Outcome
from cancerapy.app.theme import GAP
from cancerapy.app.verdict import Likelihood, judge
from cancerapy.app.widgets.layout import icon_button, other_button, panel, with_icon
from cancerapy.app.widgets.text import body, heading, small, title

MAX_PICTURE_PX = 420


def build_comparison(scene: Scene, earlier_id: str, later_id: str) -> list[ft.Control]:
    """Return the controls of the comparison; nothing if a result is no longer there."""
    kept = {outcome.id: outcome for outcome in scene.state.history}
    if earlier_id not in kept or later_id not in kept:
        return []
    earlier, later = kept[earlier_id], kept[later_id]
    say = scene.say
    close = icon_button(
        scene, ft.Icons.ARROW_BACK, say("back"), "compare-close", scene.do.past.close_comparison
    )
    width_px = min((scene.content_px - GAP) / 2, MAX_PICTURE_PX)
    sides: list[ft.Control] = [_side(scene, one, width_px) for one in (earlier, later)]
    return [
        ft.Row([close, ft.Container(title(scene, later.lesion), expand=True)], spacing=4),
        ft.Row(sides, spacing=GAP, vertical_alignment=ft.CrossAxisAlignment.START),
        _change(scene, earlier, later),
        *_others(scene, earlier, later),
    ]


def _side(scene: Scene, outcome: Outcome, width_px: float) -> ft.Control:
    shown = judge(outcome)
    tone = scene.palette.tone(shown.likelihood)
    rows: list[ft.Control] = [_picture(scene, outcome, width_px), body(scene, when(outcome))]
    rows.append(
        ft.Container(
            small(scene, scene.say(f"verdict.{shown.likelihood.value}"), tone.ink),
            bgcolor=tone.fill,
            border_radius=10,
            padding=8,
        )
    )
    if shown.likelihood is not Likelihood.REJECTED:
        term = scene.say.of(outcome.task, shown.leading.title)
        rows.append(small(scene, f"{term}: {scene.say.percent(shown.probability)}"))
    return ft.Container(ft.Column(rows, spacing=8), width=width_px, key=f"side-{outcome.id}")


def _picture(scene: Scene, outcome: Outcome, width_px: float) -> ft.Control:
    return ft.Container(
        ft.Image(
            src=outcome.picture,
            width=width_px,
            height=width_px * 0.8,
            fit=ft.BoxFit.COVER,
            semantics_label=scene.say("compare.picture", day=outcome.id[:10]),
        )
        if outcome.picture
        else ft.Icon(ft.Icons.IMAGE_OUTLINED, color=scene.palette.quiet_ink),
        border_radius=14,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def _change(scene: Scene, earlier: Outcome, later: Outcome) -> ft.Control:
    say = scene.say
    first, second = earlier.prediction.malignancy, later.prediction.malignancy
    rows: list[ft.Control] = []
    if first is not None and second is not None:
        text = say(
            "compare.change",
            before=say.percent(first.probability),
            after=say.percent(second.probability),
        )
        rows.append(with_icon(scene, ft.Icons.TIMELINE, body(scene, text, strong=True)))
    if earlier.prediction.model != later.prediction.model:
        rows.append(body(scene, say("compare.other_model")))
    return panel(scene, *rows, small(scene, say("compare.caution")), key="compare-change")


def _others(scene: Scene, earlier: Outcome, later: Outcome) -> list[ft.Control]:
    series = [one for one in same_lesion(scene.state, later) if one.id != later.id]
    if len(series) < 2:
        return []
    buttons: list[ft.Control] = [
        _choice(scene, one, later) for one in series if one.id != earlier.id
    ]
    return [heading(scene, scene.say("compare.others")), ft.Row(buttons, wrap=True)]


def _choice(scene: Scene, one: Outcome, later: Outcome) -> ft.Control:
    async def choose() -> None:
        await scene.do.past.compare(one.id, later.id)

    return other_button(scene, when(one), f"compare-with-{one.id}", on_click=choose)


def when(outcome: Outcome) -> str:
    """Return the moment of a result in the device's time."""
    return datetime.fromisoformat(outcome.id).astimezone().strftime("%Y-%m-%d  %H:%M")
