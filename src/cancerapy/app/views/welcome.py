"""Welcome: the language, what the app is and is not, and consent."""

from dataclasses import replace

import flet as ft

from cancerapy.app.scene import Scene
from cancerapy.app.widgets.brand import mark
from cancerapy.app.widgets.choices import language_choice
from cancerapy.app.widgets.layout import bullet, main_button, panel, panes
from cancerapy.app.widgets.text import body, display, heading, small

IS = ("welcome.is.second_look", "welcome.is.shows_where", "welcome.is.keeps_here")
IS_NOT = ("welcome.not.diagnosis", "welcome.not.all_people", "welcome.not.emergency")


def build_welcome(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen."""
    say = scene.say

    async def choose_language(language: str) -> None:
        await scene.do.change(replace(scene.state.preferences, language=language))

    first = [
        mark(scene, 64),
        display(scene, say("welcome.title")),
        body(scene, say("welcome.text"), scene.palette.quiet_ink),
        language_choice(scene, choose_language),
    ]
    second: list[ft.Control] = [
        panel(
            scene,
            heading(scene, say("welcome.is")),
            *(bullet(scene, say(key)) for key in IS),
        ),
        panel(
            scene,
            heading(scene, say("welcome.not")),
            *(bullet(scene, say(key), ft.Icons.CLOSE_ROUNDED) for key in IS_NOT),
        ),
        main_button(scene, say("welcome.consent"), "consent", on_click=scene.do.consent),
        small(scene, say("welcome.consent_meaning")),
    ]
    return [panes(scene, first, second)]
