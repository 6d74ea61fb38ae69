"""The settings: whom the token of a server is shown to."""

import asyncio
from dataclasses import replace
from typing import Any

import flet as ft
import pytest

from cancerapy.app.scene import Scene
from cancerapy.app.state import Preferences
from cancerapy.app.views.settings import build_settings

PAIRED = Preferences(server="https://clinic", token="secret", fingerprint="ab", consented=True)


def _connect_button(value: Any) -> Any:
    """Return the button somewhere in a tree of controls."""
    if isinstance(value, list):
        return next(filter(None, map(_connect_button, value)), None)
    if not isinstance(value, ft.BaseControl) or value.key == "connect":
        return value if isinstance(value, ft.BaseControl) else None
    names = ("controls", "content")
    return _connect_button([getattr(value, name, None) for name in names])


@pytest.mark.parametrize(
    ("address", "typed", "expected"),
    [
        ("https://clinic", "secret", ("https://clinic", "secret", "ab")),
        ("https://clinic", "newer", ("https://clinic", "newer", "ab")),
        ("https://elsewhere", "secret", ("https://elsewhere", "", "")),
        ("https://elsewhere", "theirs", ("https://elsewhere", "theirs", "")),
    ],
)
def test_a_token_goes_to_no_other_server_than_its_own(
    scene: Scene, idle: Any, address: str, typed: str, expected: tuple[str, str, str]
) -> None:
    scene.state.is_web, scene.state.preferences = False, PAIRED
    scene.state.server_draft = (address, typed)
    asyncio.run(_connect_button(build_settings(scene)).on_click())
    server, token, fingerprint = expected
    changed = replace(PAIRED, server=server, token=token, fingerprint=fingerprint)
    assert idle.called == [("change", (changed,)), ("connect", ())]
