"""Home: choose the cancer, from what the server offers."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import main_tasks
from cancerapy.app.theme import GAP, RADIUS
from cancerapy.app.widgets.follow import due_panels
from cancerapy.app.widgets.notices import problem_panel, standing_line
from cancerapy.app.widgets.text import body, display, heading, small
from cancerapy.app.widgets.waiting import offline_panel
from cancerapy.contract.responses import TaskResponse

MODALITY_ICONS = {
    "mammography": ft.Icons.MONITOR_HEART_OUTLINED,
    "dermatoscopy": ft.Icons.LENS_BLUR,
    "histology": ft.Icons.BIOTECH_OUTLINED,
}
"""Icon by modality; another modality has the general one."""


def build_home(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say = scene.say
    top: list[ft.Control] = [
        display(scene, say("home.title")),
        body(scene, say("home.text"), scene.palette.quiet_ink),
    ]
    if scene.state.problem is not None:
        return [*top, *problem_panel(scene, on_retry=scene.do.connect)]
    if scene.state.tasks is None:
        return [*top, _loading(scene)]
    notes = [*offline_panel(scene), *due_panels(scene)]
    return [*top, *notes, _cards(scene), standing_line(scene)]


def _loading(scene: Scene) -> ft.Control:
    return ft.Row(
        [
            ft.ProgressRing(width=22, height=22, stroke_width=3),
            body(scene, scene.say("home.loading"), scene.palette.quiet_ink),
        ],
        spacing=12,
    )


def _cards(scene: Scene) -> ft.Control:
    n_columns = 2 if scene.state.is_wide else 1
    width_px = (scene.content_px - GAP * (n_columns - 1)) / n_columns
    cards = [_card(scene, task, width_px) for task in main_tasks(scene.state)]
    return ft.Row(
        cards,
        wrap=True,
        spacing=GAP,
        run_spacing=GAP,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _card(scene: Scene, task: TaskResponse, width_px: float) -> ft.Control:
    async def choose() -> None:
        await scene.do.choose_task(task)

    row = ft.Row(
        [
            _modality_icon(scene, task),
            _texts(scene, task),
            ft.Icon(ft.Icons.CHEVRON_RIGHT, color=scene.palette.quiet_ink),
        ],
        spacing=GAP,
    )
    card = ft.Container(
        row,
        key=f"cancer-{task.cancer}",
        width=width_px,
        padding=20,
        bgcolor=scene.palette.card,
        border=ft.Border.all(1, scene.palette.hairline),
        border_radius=RADIUS,
        ink=True,
        on_click=choose if task.model is not None else None,
    )
    return ft.Semantics(content=card, button=True)


def _modality_icon(scene: Scene, task: TaskResponse) -> ft.Control:
    icon = MODALITY_ICONS.get(task.modality, ft.Icons.IMAGE_SEARCH)
    return ft.Container(
        ft.Icon(icon, size=28, color=scene.palette.soft.ink),
        width=56,
        height=56,
        bgcolor=scene.palette.soft.fill,
        border_radius=16,
        alignment=ft.Alignment.CENTER,
    )


def _texts(scene: Scene, task: TaskResponse) -> ft.Control:
    say, modality = scene.say, f"modality.{task.modality}"
    texts: list[ft.Control] = [
        heading(scene, say.of(task, task.cancer_title)),
        small(scene, say(modality) if say.has(modality) else task.modality),
    ]
    if task.model is None:
        texts.append(small(scene, say("home.no_model"), scene.palette.high.ink))
    return ft.Column(texts, spacing=4, expand=True)
