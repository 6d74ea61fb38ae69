"""Where Flet begins: one page, its theme and language, and the state drawn on it."""

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import flet as ft

from cancerapy.app.client import Client
from cancerapy.app.config import AppConfig
from cancerapy.app.controller import Controller
from cancerapy.app.routes import place_of
from cancerapy.app.scene import Scene
from cancerapy.app.state import LANGUAGES
from cancerapy.app.storage import Notebook
from cancerapy.app.strings import load_strings
from cancerapy.app.theme import FONTS, Palette, build_theme, choose_palette
from cancerapy.app.views.frame import build_frame

IMAGE_EXTENSIONS = [
    "jpg", "jpeg", "png", "tif", "tiff", "webp", "bmp", "gif", "heic", "heif", "dcm", "dicom",
]  # fmt: skip


def build_main(config: AppConfig) -> Callable[[ft.Page], Awaitable[None]]:
    """Return Flet's entry point for the app.

    Args:
        config: Where the server is.
    """

    async def main(page: ft.Page) -> None:
        window = PageWindow(page)
        make_client = partial(
            Client, certificate=config.certificate, visitor=visitor_of(page.web, page.client_ip)
        )
        # In a browser Python runs on the server, whose disk is not the person's.
        own = replace(config, storage=None) if page.web else config
        controller = Controller(own, Notebook(ft.SharedPreferences()), window, make_client)
        window.controller = controller
        await window.open()

    return main


def visitor_of(is_web: bool, address: str | None) -> str:
    """Return the address of the person's browser where the server should know it, else nothing.

    The machine's own user needs no address: without one the server knows them as such.

    Args:
        is_web: Whether this runs on the server for a browser.
        address: Where the browser is.

    >>> visitor_of(True, "192.168.1.7"), visitor_of(True, "127.0.0.1")
    ('192.168.1.7', '')
    """
    try:
        is_own = ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        is_own = True
    return "" if is_own or not is_web else str(address)


class PageWindow:
    """The page as ``controller.Window``.

    Args:
        page: Flet's page.
    """

    controller: Controller

    def __init__(self, page: ft.Page) -> None:
        self._page = page
        self._picker = ft.FilePicker(on_result=self._picked)
        self._version = 0
        self._set_version: Callable[[int], None] = lambda _: None
        self._shown: object = None

    async def open(self) -> None:
        """Draw the first screen and follow the page's events."""
        page = self._page
        page.title, page.fonts, page.padding = "CanceRapy", FONTS, 0
        state = self.controller.state
        state.is_web, state.width_px = page.web, page.width or 0
        page.on_resize, page.on_route_change = self._resized, self._route_changed
        page.on_platform_brightness_change = self.redraw
        self._dress()
        page.render_views(_screens, self)
        token = await self.controller.session.find_token(page.route)
        await self.controller.start(place_of(page.route), token)

    def redraw(self) -> None:
        """Draw the state."""
        self._dress()
        self._version += 1
        self._set_version(self._version)

    async def show_route(self, route: str) -> None:
        """Write a route into the browser's history."""
        if self._page.route != route:
            await self._page.push_route(route)

    def pick_action(self) -> ft.ClientAction:
        """Return what opens the device's gallery and files, inside the person's own tap."""
        return ft.PickFiles(
            self._picker,
            file_type=ft.FilePickerFileType.CUSTOM,
            allowed_extensions=IMAGE_EXTENSIONS,
            with_data=True,
            cancel_upload_on_window_blur=False,
        )

    async def save_file(self, data: bytes, name: str) -> None:
        """Let the person save a file; the browser puts it among the downloads."""
        await self._picker.save_file(file_name=name, src_bytes=data)

    @property
    def _palette(self) -> Palette:
        device_is_dark = self._page.platform_brightness is ft.Brightness.DARK
        return choose_palette(self.controller.state.preferences, device_is_dark=device_is_dark)

    def _dress(self) -> None:
        """Give the page the theme and language that the person has chosen, when they change."""
        preferences, palette = self.controller.state.preferences, self._palette
        wanted = (preferences.language, preferences.text_scale, palette)
        if wanted == self._shown:
            return
        self._shown = wanted
        page = self._page
        page.theme = page.dark_theme = build_theme(palette, preferences)
        page.theme_mode = ft.ThemeMode.LIGHT
        page.rtl = load_strings(preferences.language).is_right_to_left
        page.locale_configuration = ft.LocaleConfiguration(
            supported_locales=[ft.Locale(code) for code in LANGUAGES],
            current_locale=ft.Locale(preferences.language),
        )
        page.schedule_update()  # type: ignore[no-untyped-call]

    def scene(self) -> Scene:
        """Return what the screen is drawn from."""
        state = self.controller.state
        say = load_strings(state.preferences.language)
        return Scene(state, say, self._palette, self.controller, ft.CopyToClipboard)

    def follow(self, set_version: Callable[[int], None]) -> None:
        """Take what redraws the screen."""
        self._set_version = set_version

    async def _picked(self, event: ft.FilePickerResultEvent) -> None:
        if event.files and event.files[0].bytes is not None:
            await self.controller.take_picture(event.files[0].bytes, event.files[0].name)

    def _resized(self, event: ft.PageResizeEvent) -> None:
        self.controller.state.width_px = event.width
        self.redraw()

    async def _route_changed(self, event: ft.RouteChangeEvent) -> None:
        place = place_of(event.route)
        if place is None:
            await self.controller.session.take(event.route)
        else:
            await self.controller.arrival.turn_to(place)


@ft.component
def _screens(window: PageWindow) -> list[ft.View]:
    _, set_version = ft.use_state(0)
    window.follow(set_version)
    return [build_frame(window.scene())]
