"""One's own password: the present one, and the new one twice."""

import flet as ft

from cancerapy.app.own_password import CHANGED
from cancerapy.app.scene import Scene
from cancerapy.app.widgets.fields import password_field, record_notices
from cancerapy.app.widgets.layout import main_button, panel
from cancerapy.app.widgets.text import body, small


def build_own_password(scene: Scene) -> list[ft.Control]:
    """Return the controls of the screen; nothing is left to type once it is changed."""
    say = scene.say
    if scene.state.records.note == CHANGED:
        return record_notices(scene)
    change = main_button(
        scene,
        say("password.send"),
        "password-change",
        on_click=scene.do.password.change,
        disabled=scene.state.records.is_busy,
    )
    return [
        body(scene, say("password.text"), scene.palette.quiet_ink),
        panel(scene, _current(scene), *_new(scene), small(scene, say("password.rule"))),
        *record_notices(scene),
        ft.Row([change]),
        small(scene, say("password.provider")),
    ]


def _current(scene: Scene) -> ft.Control:
    def typed(text: str) -> None:
        scene.do.password.draft(current=text)

    return password_field(scene, "password-current", scene.say("password.current"), typed)


def _new(scene: Scene) -> list[ft.Control]:
    say, do = scene.say, scene.do.password

    def typed(text: str) -> None:
        do.draft(password=text)

    def repeated(text: str) -> None:
        do.draft(repeated=text)

    return [
        password_field(scene, "password-new", say("password.new"), typed, is_new=True),
        password_field(
            scene,
            "password-repeated",
            say("password.repeated"),
            repeated,
            on_submit=do.change,
            is_new=True,
        ),
    ]
