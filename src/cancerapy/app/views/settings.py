"""Settings: language, theme, text size, the server, and what is kept on the device."""

from dataclasses import replace

import flet as ft

from cancerapy.app.pairing import read_pairing
from cancerapy.app.scene import Scene
from cancerapy.app.state import EVERYTHING, TEXT_SCALES, ThemeChoice
from cancerapy.app.views.licences import build_licences
from cancerapy.app.widgets.account import account_part
from cancerapy.app.widgets.administration import administration_part
from cancerapy.app.widgets.choices import language_choice, segments
from cancerapy.app.widgets.device import device_part
from cancerapy.app.widgets.layout import (
    confirmed_delete,
    divider,
    main_button,
    other_button,
    panes,
    part,
)
from cancerapy.app.widgets.notices import problem_panel
from cancerapy.app.widgets.text import body, display, heading, small


def build_settings(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    if scene.state.licences:
        return build_licences(scene)
    say = scene.say
    looks = [_language(scene), _theme(scene), _text_size(scene)]
    first = [*administration_part(scene), *looks]
    server = [_server(scene), *device_part(scene)]
    second = [*account_part(scene), *server, _privacy(scene), _about(scene)]
    return [display(scene, say("settings.title")), panes(scene, first, second)]


def _language(scene: Scene) -> ft.Control:
    async def choose(language: str) -> None:
        await scene.do.change(replace(scene.state.preferences, language=language))

    return part(
        scene,
        ft.Icons.LANGUAGE,
        scene.say("settings.language"),
        ft.Row([language_choice(scene, choose)]),
    )


def _theme(scene: Scene) -> ft.Control:
    async def choose(theme: str) -> None:
        await scene.do.change(replace(scene.state.preferences, theme=ThemeChoice(theme)))

    options = [(theme.value, scene.say(f"theme.{theme.value}")) for theme in ThemeChoice]
    chosen = scene.state.preferences.theme.value
    return part(
        scene,
        ft.Icons.CONTRAST,
        scene.say("settings.theme"),
        ft.Row([segments(scene, "theme", options, chosen, choose)]),
    )


def _text_size(scene: Scene) -> ft.Control:
    async def choose(scale: str) -> None:
        await scene.do.change(replace(scene.state.preferences, text_scale=float(scale)))

    names = ("text_size.normal", "text_size.large", "text_size.largest")
    options = [
        (str(scale), scene.say(name)) for scale, name in zip(TEXT_SCALES, names, strict=True)
    ]
    chosen = str(scene.state.preferences.text_scale)
    return part(
        scene,
        ft.Icons.FORMAT_SIZE,
        scene.say("settings.text_size"),
        ft.Row([segments(scene, "text-size", options, chosen, choose)]),
    )


def _server(scene: Scene) -> ft.Control:
    say, state = scene.say, scene.state
    draft = state.server_draft or (state.preferences.server, state.preferences.token)

    async def save() -> None:
        server, token = state.server_draft or draft
        paired = read_pairing(server)
        state.server_draft = None
        is_same = paired.server == state.preferences.server
        fingerprint = state.preferences.fingerprint if is_same else ""
        if not is_same and token == state.preferences.token:
            token = ""  # it was given for the other server, which alone may see it
        await scene.do.change(
            replace(
                state.preferences,
                server=paired.server,
                token=paired.token or token,
                fingerprint=paired.fingerprint or fingerprint,
            )
        )
        await scene.do.connect()

    address = small(scene, say("settings.server_fixed"))
    return part(
        scene,
        ft.Icons.DNS_OUTLINED,
        say("settings.server"),
        address if state.is_web else _address_field(scene, draft),
        _token_field(scene, draft),
        ft.Row([main_button(scene, say("settings.connect"), "connect", on_click=save)]),
        *_connection(scene),
    )


def _address_field(scene: Scene, draft: tuple[str, str]) -> ft.Control:
    def changed(event: ft.Event[ft.TextField]) -> None:
        _, token = scene.state.server_draft or draft
        scene.state.server_draft = (str(event.control.value or ""), token)

    return ft.TextField(
        key="server-address",
        value=draft[0],
        label=scene.say("settings.server_address"),
        keyboard_type=ft.KeyboardType.URL,
        border_radius=12,
        border_color=scene.palette.line,
        on_change=changed,
    )


def _token_field(scene: Scene, draft: tuple[str, str]) -> ft.Control:
    def changed(event: ft.Event[ft.TextField]) -> None:
        address, _ = scene.state.server_draft or draft
        scene.state.server_draft = (address, str(event.control.value or ""))

    return ft.TextField(
        key="server-token",
        value=draft[1],
        label=scene.say("settings.token"),
        helper=scene.say("settings.token_help"),
        password=True,
        can_reveal_password=True,
        border_radius=12,
        border_color=scene.palette.line,
        on_change=changed,
    )


def _connection(scene: Scene) -> list[ft.Control]:
    if scene.state.problem is not None:
        return problem_panel(scene)
    about = scene.state.about
    if about is None:
        return []
    return [small(scene, scene.say("settings.connected", version=about.version))]


def _privacy(scene: Scene) -> ft.Control:
    return part(
        scene,
        ft.Icons.LOCK_OUTLINE,
        scene.say("settings.privacy"),
        body(scene, scene.say("settings.privacy_text")),
        confirmed_delete(
            scene,
            EVERYTHING,
            scene.say("settings.delete_all"),
            scene.say("settings.delete_all_ask"),
            scene.do.delete_everything,
        ),
    )


def _about(scene: Scene) -> ft.Control:
    return part(
        scene,
        ft.Icons.INFO_OUTLINE,
        scene.say("settings.about"),
        body(scene, scene.say("statement")),
        *_licences(scene),
    )


def _licences(scene: Scene) -> list[ft.Control]:
    """Return the way to the licences of all parts, and those of the models as the server tells."""
    say = scene.say
    rows: list[ft.Control] = []
    for model in scene.state.models or ():
        for part_name, licence in model.licences.items():
            key = f"licence.of.{part_name.replace(' ', '_')}"
            name = say(key) if say.has(key) else part_name
            lines: list[ft.Control] = [
                body(scene, f"{model.name}: {name}"),
                small(scene, licence),
            ]
            rows.append(ft.Column(lines, spacing=0))
    read = other_button(
        scene,
        say("settings.read_licences"),
        "licences",
        icon=ft.Icons.DESCRIPTION_OUTLINED,
        on_click=scene.do.study.open_licences,
    )
    return [divider(scene), heading(scene, say("settings.licences")), ft.Row([read]), *rows]
