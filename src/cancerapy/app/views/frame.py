"""The frame around every screen: title bar, steps, and navigation at the bottom or the side."""

from collections.abc import Callable

import flet as ft

from cancerapy.app.routes import BEFORE, screen_before, top_screens
from cancerapy.app.scene import Scene
from cancerapy.app.state import STEPS, Screen
from cancerapy.app.theme import GAP
from cancerapy.app.views.account import build_account
from cancerapy.app.views.accounts import build_accounts
from cancerapy.app.views.audit_log import build_audit
from cancerapy.app.views.capture import build_capture
from cancerapy.app.views.examination import build_examination
from cancerapy.app.views.history import build_history
from cancerapy.app.views.home import build_home
from cancerapy.app.views.learn import build_learn
from cancerapy.app.views.new_account import build_new_account
from cancerapy.app.views.own_password import build_own_password
from cancerapy.app.views.patient import build_patient
from cancerapy.app.views.record import build_record
from cancerapy.app.views.records import build_records
from cancerapy.app.views.register import build_register
from cancerapy.app.views.result import build_result
from cancerapy.app.views.settings import build_settings
from cancerapy.app.views.sign_in import build_sign_in
from cancerapy.app.views.visit import build_visit
from cancerapy.app.views.welcome import build_welcome
from cancerapy.app.widgets.brand import mark
from cancerapy.app.widgets.layout import icon_button
from cancerapy.app.widgets.text import heading, small

VIEWS: dict[Screen, Callable[[Scene], list[ft.Control]]] = {
    Screen.WELCOME: build_welcome,
    Screen.SIGN_IN: build_sign_in,
    Screen.HOME: build_home,
    Screen.PATIENT: build_patient,
    Screen.CAPTURE: build_capture,
    Screen.RESULT: build_result,
    Screen.RECORDS: build_records,
    Screen.REGISTER: build_register,
    Screen.RECORD: build_record,
    Screen.CORRECT: build_register,
    Screen.EXAMINE: build_visit,
    Screen.EXAMINATION: build_examination,
    Screen.HISTORY: build_history,
    Screen.LEARN: build_learn,
    Screen.SETTINGS: build_settings,
    Screen.ACCOUNTS: build_accounts,
    Screen.NEW_ACCOUNT: build_new_account,
    Screen.ACCOUNT: build_account,
    Screen.AUDIT: build_audit,
    Screen.PASSWORD: build_own_password,
}

ICONS = {
    Screen.HOME: (ft.Icons.HOME_OUTLINED, ft.Icons.HOME),
    Screen.RECORDS: (ft.Icons.FOLDER_SHARED_OUTLINED, ft.Icons.FOLDER_SHARED),
    Screen.HISTORY: (ft.Icons.HISTORY, ft.Icons.HISTORY),
    Screen.LEARN: (ft.Icons.MENU_BOOK_OUTLINED, ft.Icons.MENU_BOOK),
    Screen.SETTINGS: (ft.Icons.SETTINGS_OUTLINED, ft.Icons.SETTINGS),
}
"""Icon of each screen of the navigation, and the same when it is chosen."""

TITLES = {
    Screen.REGISTER: "register.title",
    Screen.RECORD: "record.title",
    Screen.CORRECT: "correct.title",
    Screen.EXAMINE: "visit.title",
    Screen.EXAMINATION: "examination.title",
    Screen.ACCOUNTS: "accounts.title",
    Screen.NEW_ACCOUNT: "new_account.title",
    Screen.ACCOUNT: "account.title",
    Screen.AUDIT: "audit.title",
    Screen.PASSWORD: "password.title",
}
"""Key of the title of each screen below the records and the settings."""


def build_frame(scene: Scene) -> ft.View:
    """Return the whole page."""
    screen, is_wide = scene.state.screen, scene.state.is_wide
    has_navigation = screen is not Screen.WELCOME
    page = _content(scene)
    if has_navigation and is_wide:
        rail = ft.VerticalDivider(width=1, color=scene.palette.hairline)
        page = ft.Row([_rail(scene), rail, page], spacing=0, expand=True)
    return ft.View(
        route="/",
        rtl=scene.say.is_right_to_left,
        padding=0,
        bgcolor=scene.palette.surface,
        controls=[ft.SafeArea(page, expand=True)],
        navigation_bar=_bar(scene) if has_navigation and not is_wide else None,
    )


def _content(scene: Scene) -> ft.Control:
    screen = scene.state.screen
    controls = VIEWS[screen](scene)
    column = ft.Container(
        ft.Column(
            [*_head(scene), *controls],
            spacing=GAP,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        width=scene.content_px,
        padding=ft.Padding.only(top=24, bottom=32),
    )
    # What is new starts at its top: another key, another scroll position.
    return ft.Column(
        [ft.Row([column], alignment=ft.MainAxisAlignment.CENTER)],
        key=f"screen-{screen.value}{_inside(scene)}",
        scroll=ft.ScrollMode.AUTO,
        expand=True,
    )


def _inside(scene: Scene) -> str:
    """Return what is shown in a screen's place, for its key; empty if it is the screen itself."""
    state = scene.state
    if state.licence is not None:
        return f"-{state.licence.name}"
    shown = {"-crop": state.editing is not None, "-licences": state.licences, "-card": state.card}
    return next((name for name, is_shown in shown.items() if is_shown), "")


def _head(scene: Scene) -> list[ft.Control]:
    screen, say = scene.state.screen, scene.say
    if screen in STEPS:
        task = scene.state.task
        name = say.of(task, task.cancer_title) if task else ""
        return [_back(scene, name), *_steps(scene)]
    if screen in BEFORE:
        return [_back(scene, say(TITLES[screen]))]
    if screen is Screen.HOME and not scene.state.is_wide:
        return [ft.Row([mark(scene, 36), heading(scene, say("app.name"))], spacing=12)]
    return []


def _back(scene: Scene, name: str) -> ft.Control:
    say = scene.say

    async def back() -> None:
        await scene.do.go(screen_before(scene.state))

    return ft.Row(
        [
            icon_button(scene, ft.Icons.ARROW_BACK, say("back"), "back", back),
            heading(scene, name),
        ],
        spacing=4,
    )


def _steps(scene: Scene) -> list[ft.Control]:
    place = STEPS.index(scene.state.screen)
    bars: list[ft.Control] = [
        ft.Container(
            height=4,
            expand=True,
            border_radius=2,
            bgcolor=scene.palette.primary.fill if i <= place else scene.palette.hairline,
        )
        for i in range(len(STEPS))
    ]
    text = scene.say("step", number=place + 1, of=len(STEPS))
    return [ft.Column([ft.Row(bars, spacing=6), small(scene, text)], spacing=8)]


def _selected(scene: Scene) -> int:
    screen = scene.state.screen
    shown = top_screens(scene.state)
    while screen in BEFORE:
        screen = BEFORE[screen]
    return shown.index(screen) if screen in shown else 0


def _bar(scene: Scene) -> ft.NavigationBar:
    async def changed(event: ft.Event[ft.NavigationBar]) -> None:
        await scene.do.go(top_screens(scene.state)[event.control.selected_index])

    return ft.NavigationBar(
        key="navigation",
        bgcolor=scene.palette.card,
        indicator_color=scene.palette.soft.fill,
        selected_index=_selected(scene),
        destinations=[
            ft.NavigationBarDestination(
                key=f"nav-{screen.value}",
                icon=ft.Icon(ICONS[screen][0]),
                selected_icon=ft.Icon(ICONS[screen][1]),
                label=scene.say(f"nav.{screen.value}"),
            )
            for screen in top_screens(scene.state)
        ],
        on_change=changed,
    )


def _rail(scene: Scene) -> ft.NavigationRail:
    async def changed(event: ft.Event[ft.NavigationRail]) -> None:
        await scene.do.go(top_screens(scene.state)[event.control.selected_index or 0])

    return ft.NavigationRail(
        key="navigation",
        bgcolor=scene.palette.card,
        indicator_color=scene.palette.soft.fill,
        selected_index=_selected(scene),
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=112,
        group_alignment=-0.9,
        leading=ft.Container(mark(scene, 44), padding=ft.Padding.only(top=12, bottom=20)),
        destinations=[
            ft.NavigationRailDestination(
                icon=ft.Icon(ICONS[screen][0]),
                selected_icon=ft.Icon(ICONS[screen][1]),
                label=scene.say(f"nav.{screen.value}"),
            )
            for screen in top_screens(scene.state)
        ],
        on_change=changed,
    )
