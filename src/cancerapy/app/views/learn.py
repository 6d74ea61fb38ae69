"""Learn: what each cancer's model can and cannot tell, in the words of the cancer's own file."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.state import main_tasks
from cancerapy.app.widgets.layout import bullet, divider, panel
from cancerapy.app.widgets.notices import problem_panel, standing_line
from cancerapy.app.widgets.text import body, display, heading, small, title
from cancerapy.contract.responses import TaskResponse


def build_learn(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say = scene.say
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
        heading(scene, say("learn.limits")),
        *(bullet(scene, say.of(task, text), ft.Icons.ARROW_RIGHT) for text in task.limits),
        key=f"learn-{task.cancer}",
    )
