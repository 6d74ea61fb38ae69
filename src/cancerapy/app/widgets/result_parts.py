"""The parts of a result: the verdict, the classes as bars, the image under its heat map."""

import flet as ft

from cancerapy.app.heat import draw_heat
from cancerapy.app.scene import Scene
from cancerapy.app.state import Outcome
from cancerapy.app.theme import RADIUS
from cancerapy.app.verdict import Likelihood, Shown, by_probability
from cancerapy.app.widgets.layout import panel, stack, with_icon
from cancerapy.app.widgets.text import body, heading, small, title
from cancerapy.contract.responses import TaskResponse

ICONS = {
    Likelihood.LOW: ft.Icons.CHECK_CIRCLE_OUTLINE,
    Likelihood.HIGH: ft.Icons.PRIORITY_HIGH,
    Likelihood.NAMED: ft.Icons.LABEL_OUTLINE,
    Likelihood.UNSURE: ft.Icons.HELP_OUTLINE,
    Likelihood.REJECTED: ft.Icons.HIDE_IMAGE_OUTLINED,
}

FITS = {"crop": ft.BoxFit.COVER, "stretch": ft.BoxFit.FILL, "pad": ft.BoxFit.CONTAIN}
"""How a picture fills the shape of the network's input, by aspect policy."""


def verdict_card(scene: Scene, outcome: Outcome, shown: Shown) -> ft.Control:
    """Return the answer in plain words, then in the clinical term, with its probability."""
    say, tone = scene.say, scene.palette.tone(shown.likelihood)
    rows: list[ft.Control] = [
        with_icon(
            scene,
            ICONS[shown.likelihood],
            title(scene, say(f"verdict.{shown.likelihood.value}"), tone.ink),
            color=tone.ink,
            size=30,
        )
    ]
    if shown.likelihood is not Likelihood.REJECTED:
        leading = shown.leading
        term = say.of(outcome.task, leading.title)
        probability = say.percent(shown.probability)
        text = say("result.leading", term=term, probability=probability)
        rows += [
            body(scene, text, tone.ink, strong=True),
            body(scene, say.of(outcome.task, leading.meaning), tone.ink),
        ]
    return panel(scene, *rows, key=f"verdict-{shown.likelihood.value}", tone=tone)


def reasons(scene: Scene, outcome: Outcome, shown: Shown) -> list[ft.Control]:
    """Return why the result is not a plain answer; nothing where it is one."""
    say = scene.say
    texts = [
        say("reason.needed_answer", question=say.of(outcome.task, question.text))
        for question in shown.missing
    ]
    for reason in outcome.prediction.reasons:
        key = f"reason.{reason.code}"
        texts.append(say(key) if say.has(key) else reason.text)
    if not texts:
        return []
    rows = [with_icon(scene, ft.Icons.ARROW_RIGHT, body(scene, text)) for text in texts]
    return [panel(scene, heading(scene, say("result.why")), *rows, key="reasons")]


def class_bars(scene: Scene, outcome: Outcome) -> ft.Control:
    """Return every class with its probability as a bar, the most probable first."""
    task = outcome.task
    titles = {label.id: scene.say.of(task, label.title) for label in task.classes}
    rows = [
        _bar(scene, titles.get(entry.id, entry.label), entry.probability)
        for entry in by_probability(outcome)
    ]
    return panel(
        scene,
        heading(scene, scene.say("result.all_classes")),
        stack(*rows, spacing=14),
        small(scene, scene.say("result.calibrated")),
        key="class-bars",
    )


def _bar(scene: Scene, name: str, probability: float) -> ft.Control:
    percent = scene.say.percent(probability)
    return ft.Column(
        [
            ft.Row(
                [
                    ft.Container(body(scene, name), expand=True),
                    body(scene, percent, strong=True),
                ],
                spacing=12,
            ),
            ft.ProgressBar(
                value=probability,
                bar_height=10,
                border_radius=5,
                color=scene.palette.primary.fill,
                bgcolor=scene.palette.hairline,
                semantics_label=name,
                semantics_value=round(100 * probability),
            ),
        ],
        spacing=6,
    )


def picture_under_heat(scene: Scene, outcome: Outcome, width_px: float) -> ft.Control:
    """Return the image as the model saw it, with the heat map over it and a slider for it.

    Args:
        scene: What is drawn with.
        outcome: The result.
        width_px: Width of the picture on the screen.
    """
    spec, heatmap = outcome.task.input, outcome.prediction.heatmap
    height_px = width_px * spec.height_px / spec.width_px
    layers = [_layer(outcome.picture, outcome.task, width_px, scene.say("result.picture"))]
    if heatmap is not None:
        heat = draw_heat(heatmap, spec.width_px, spec.height_px)
        layer = _layer(heat, outcome.task, width_px, scene.say("result.heat"))
        layer.opacity = scene.state.heat_opacity
        layer.fit = ft.BoxFit.FILL
        layers.append(layer)
    framed = ft.Container(
        ft.Stack(list(layers), width=width_px, height=height_px),
        border_radius=RADIUS,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        alignment=ft.Alignment.CENTER,
        bgcolor=scene.palette.card,
    )
    # In a row it keeps its own width: a wider column would show the card on both sides of it.
    centred = ft.Row([framed], alignment=ft.MainAxisAlignment.CENTER)
    if heatmap is None:
        return stack(centred)
    return stack(centred, _opacity_slider(scene), small(scene, scene.say("result.heat_meaning")))


def _layer(picture: bytes, task: TaskResponse, width_px: float, label: str) -> ft.Image:
    return ft.Image(
        src=picture,
        width=width_px,
        height=width_px * task.input.height_px / task.input.width_px,
        fit=FITS.get(task.input.aspect, ft.BoxFit.CONTAIN),
        gapless_playback=True,
        semantics_label=label,
    )


def _opacity_slider(scene: Scene) -> ft.Control:
    def changed(event: ft.Event[ft.Slider]) -> None:
        scene.do.set_heat_opacity(float(event.control.value or 0))

    return ft.Row(
        [
            small(scene, scene.say("result.heat")),
            ft.Slider(
                key="heat-opacity",
                value=scene.state.heat_opacity,
                min=0,
                max=1,
                divisions=20,
                expand=True,
                on_change=changed,
            ),
        ]
    )
