"""Settings of answering on the device: the switch, the models that lie there, and fetching them."""

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.theme import font_of
from cancerapy.app.widgets.layout import other_button, part
from cancerapy.app.widgets.text import body, small


def device_part(scene: Scene) -> list[ft.Control]:
    """Return the part; nothing where the device cannot run a model."""
    state, say = scene.state, scene.say
    if not state.has_interpreter:
        return []
    return [
        part(
            scene,
            ft.Icons.SMARTPHONE_OUTLINED,
            say("device.title"),
            small(scene, say("device.text")),
            *_switch(scene),
            *_fetching(scene),
        )
    ]


def _switch(scene: Scene) -> list[ft.Control]:
    names = scene.state.device_models
    if not names:
        return [body(scene, scene.say("device.none"))]

    async def changed(event: ft.Event[ft.Switch]) -> None:
        await scene.do.local.use(on_device=bool(event.control.value))

    switch = ft.Switch(
        key="on-device",
        label=scene.say("device.use"),
        label_text_style=ft.TextStyle(
            size=16 * scene.state.preferences.text_scale,
            color=scene.palette.ink,
            font_family=font_of(scene.say.language),
        ),
        value=scene.state.preferences.on_device,
        on_change=changed,
    )
    return [switch, small(scene, scene.say("device.models", names=", ".join(names)))]


def _fetching(scene: Scene) -> list[ft.Control]:
    say, share = scene.say, scene.state.fetched
    if share is None:
        fetch = other_button(
            scene,
            say("device.fetch"),
            "device-fetch",
            icon=ft.Icons.DOWNLOAD_OUTLINED,
            on_click=scene.do.local.fetch,
        )
        return [ft.Row([fetch], wrap=True)]
    stop = other_button(
        scene, say("cancel"), "device-fetch-cancel", on_click=scene.do.local.cancel_fetch
    )
    text = say("device.fetching")
    bar = ft.ProgressBar(value=share, bar_height=8, border_radius=4, semantics_label=text)
    return [body(scene, text), bar, ft.Row([stop], wrap=True)]
