"""How a model was measured: its figures with their intervals, as the server gives them."""

from collections.abc import Mapping
from typing import Any

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.widgets.layout import divider
from cancerapy.app.widgets.text import body, heading, small
from cancerapy.contract.responses import TaskResponse

METRICS = (
    "malignancy_auc", "point_sensitivity", "point_specificity", "balanced_accuracy",
    "answered_share", "answered_accuracy",
)  # fmt: skip
"""The figures that a person gets to see; the card has all."""


def build_figures(scene: Scene, task: TaskResponse) -> list[ft.Control]:
    """Return the main figures of a task's model; nothing while they are not known."""
    rows = find_rows(scene, task)
    if not rows:
        return []
    shown: list[ft.Control] = [heading(scene, scene.say("learn.figures"))]
    shown += [_figure(scene, row) for row in rows]
    return [*shown, small(scene, scene.say("learn.figures_meaning")), divider(scene)]


def find_rows(scene: Scene, task: TaskResponse) -> list[Mapping[str, Any]]:
    """Return the rows to show, in the order of ``METRICS``, of the task's first protocol."""
    models = {model.name: model for model in scene.state.models or ()}
    if task.model not in models:
        return []
    own = [row for row in models[task.model].results if row.get("task") == task.id]
    first = own[0]["protocol"] if own else ""
    by_metric = {row["metric"]: row for row in own if row["protocol"] == first}
    return [by_metric[metric] for metric in METRICS if metric in by_metric]


def _figure(scene: Scene, row: Mapping[str, Any]) -> ft.Control:
    say = scene.say
    value, low, high = (say.percent(float(row[name])) for name in ("value", "low", "high"))
    name = ft.Container(body(scene, say(f"metric.{row['metric']}")), expand=True)
    line = ft.Row([name, body(scene, value, strong=True)], spacing=12)
    interval = small(scene, say("learn.interval", low=low, high=high))
    return ft.Column([line, interval], spacing=2, key=f"figure-{row['task']}-{row['metric']}")
