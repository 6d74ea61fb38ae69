"""The settings: whom the token of a server is shown to."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from cancerapy.app.scene import Scene
from cancerapy.app.state import Preferences
from cancerapy.app.views.settings import build_settings

PAIRED = Preferences(server="https://clinic", token="secret", fingerprint="ab", consented=True)


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
    scene: Scene, idle: Any, look: Any, address: str, typed: str, expected: tuple[str, str, str]
) -> None:
    scene.state.is_web, scene.state.preferences = False, PAIRED
    scene.state.server_draft = (address, typed)
    asyncio.run(look.by_key(build_settings(scene), "connect").on_click())
    server, token, fingerprint = expected
    changed = replace(PAIRED, server=server, token=token, fingerprint=fingerprint)
    assert idle.called == [("change", (changed,)), ("connect", ())]
