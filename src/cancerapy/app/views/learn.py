"""Learn: what each cancer's model can and cannot tell, in the words of the cancer's own file."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import main_tasks
from cancerapy.app.widgets.figures import build_figures
from cancerapy.app.widgets.layout import bullet, divider, icon_button, other_button, panel
from cancerapy.app.widgets.notices import problem_panel, standing_line
from cancerapy.app.widgets.text import body, display, heading, small, title
from cancerapy.contract.responses import TaskResponse


def build_learn(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say = scene.say
    if scene.state.card:
        return _card(scene)
    return [
        display(scene, say("learn.title")),
        body(scene, say("learn.text"), scene.palette.quiet_ink),
        *problem_panel(scene, on_retry=scene.do.connect),
        *(_cancer(scene, task) for task in main_tasks(scene.state)),
        standing_line(scene),
    ]


def _cancer(scene: Scene, task: TaskResponse) -> ft.Control:
    say = scene.say
    kinds: list[ft.Control] = [
        ft.Column(
            [
                body(scene, say.of(task, label.title), strong=True),
                small(scene, say.of(task, label.meaning)),
            ],
            spacing=2,
        )
        for label in task.classes
    ]
    return panel(
        scene,
        title(scene, say.of(task, task.cancer_title)),
        body(scene, say.of(task, task.description)),
        divider(scene),
        heading(scene, say("learn.kinds")),
        *kinds,
        divider(scene),
        *_signs(scene, task),
        *build_figures(scene, task),
        heading(scene, say("result.measured_on")),
        *(bullet(scene, say.of(task, text)) for text in task.measured_on),
        heading(scene, say("learn.limits")),
        *(bullet(scene, say.of(task, text), ft.Icons.CLOSE_ROUNDED) for text in task.limits),
        *_card_button(scene, task),
        key=f"learn-{task.cancer}",
    )


def _signs(scene: Scene, task: TaskResponse) -> list[ft.Control]:
    if not task.signs:
        return []
    icon = ft.Icons.VISIBILITY_OUTLINED
    signs = [bullet(scene, scene.say.of(task, text), icon) for text in task.signs]
    source = (
        [small(scene, scene.say("source", text=task.signs_source))] if task.signs_source else []
    )
    return [heading(scene, scene.say("learn.signs")), *signs, *source, divider(scene)]


def _card_button(scene: Scene, task: TaskResponse) -> list[ft.Control]:
    model = task.model
    if model is None:
        return []

    async def read() -> None:
        await scene.do.study.read_card(model)

    text = scene.say("learn.read_card", model=model)
    icon = ft.Icons.ARTICLE_OUTLINED
    button = other_button(scene, text, f"card-{model}", icon=icon, on_click=read)
    return [ft.Row([button], wrap=True)]


def _card(scene: Scene) -> list[ft.Control]:
    say = scene.say
    close = icon_button(
        scene, ft.Icons.ARROW_BACK, say("back"), "card-close", scene.do.study.close_card
    )
    text = ft.Markdown(
        scene.state.card,
        key="card",
        rtl=False,  # the card is written in English
        selectable=True,
        extension_set=ft.MarkdownExtensionSet.GITHUB_WEB,
    )
    return [
        ft.Row([close, heading(scene, say("learn.card"))], spacing=4),
        panel(
            scene,
            ft.Row(
                [ft.Container(text, width=max(scene.content_px - 44, 640))],
                scroll=ft.ScrollMode.AUTO,
            ),
        ),
    ]
