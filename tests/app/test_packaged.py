"""The packaged app: what it imports is what a phone gets, and nothing more is needed."""

import io
import re
import runpy
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from cancerapy.app.config import find_storage
from cancerapy.app.theme import DARK, LIGHT

MOBILE = Path(__file__).parents[2] / "mobile"
CONFIGURATION = tomllib.loads((MOBILE / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGE = Path(__file__).parents[2] / "src" / "cancerapy"

PROGRAM = """
import sys
import cancerapy.app.main
print(*{name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names)
print(*{name for name in sys.modules if name.startswith("cancerapy.") and name.count(".") == 1})
"""


@pytest.fixture(scope="module")
def imported() -> list[set[str]]:
    """Packages, and parts of ours, that are loaded with the app."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [set(line.split()) for line in done.stdout.split("\n")[:2]]


def _with_what_they_need(names: set[str]) -> set[str]:
    """Return packages and all that they need, as the installed ones say; extras left out."""
    found, open_names = set(), set(names)
    while open_names:
        name = open_names.pop()
        found.add(name)
        needed = (metadata.requires(name) or []) if name in INSTALLED else []
        plain = {_name_of(text) for text in needed if "extra ==" not in text}
        open_names |= plain - found
    return found


def _name_of(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    assert match is not None
    return match.group().lower().replace("_", "-")


INSTALLED = {_name_of(one.name) for one in metadata.distributions()}


def test_a_phone_gets_every_package_that_the_app_imports(imported: list[set[str]]) -> None:
    declared = {_name_of(text) for text in CONFIGURATION["project"]["dependencies"]}
    owners = metadata.packages_distributions()
    # What has no owner is the interpreter's own start (an editable install, a debugger).
    loaded = {_name_of(owner) for name in imported[0] for owner in owners.get(name, [])}
    assert {"flet", "numpy", "pillow"} <= loaded
    # Rich and its parts are loaded by httpx's command where they happen to be installed.
    optional = _with_what_they_need({"click", "rich", "setuptools"})
    assert loaded - _with_what_they_need(declared) - optional == {"cancerapy"}


def test_a_desktop_gets_what_the_server_uses_too() -> None:
    root = tomllib.loads((MOBILE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    for platform in ("linux", "macos", "windows"):
        more = set(CONFIGURATION["tool"]["flet"][platform]["dependencies"])
        assert "ai-edge-litert>=2.1" in more
        assert more <= set(root["project"]["dependencies"])


def test_colours_of_icon_and_splash_are_the_app_s() -> None:
    flet = CONFIGURATION["tool"]["flet"]
    assert flet["icon_background"] == LIGHT.primary.fill
    assert flet["splash"] == {"color": LIGHT.surface, "dark_color": DARK.surface}


def test_the_icon_is_what_the_tool_draws() -> None:
    tool = runpy.run_path(str(MOBILE.parent / "tools" / "draw_icon.py"))
    with PillowImage.open(tool["TARGET"]) as kept:
        drawn = PillowImage.open(io.BytesIO(tool["draw"]()))
        assert kept.size == drawn.size == (1024, 1024)
        assert np.abs(np.asarray(kept, int) - np.asarray(drawn, int)).max() <= 2
        assert np.asarray(kept)[0, 0, 3] == 0


def test_camera_and_network_are_asked_for_with_a_reason() -> None:
    flet = CONFIGURATION["tool"]["flet"]
    assert flet["android"]["permission"] == {
        "android.permission.INTERNET": True,
        "android.permission.CAMERA": True,
    }
    reasons = flet["ios"]["info"]
    for key in ("NSCamera", "NSPhotoLibrary", "NSLocalNetwork", "NSMicrophone"):
        assert len(reasons[f"{key}UsageDescription"]) > 20


def test_the_app_keeps_its_data_where_flet_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLET_APP_STORAGE_DATA", raising=False)
    assert find_storage() is None
    monkeypatch.setenv("FLET_APP_STORAGE_DATA", "/data/app")
    assert find_storage() == Path("/data/app")


def test_no_part_that_the_app_imports_is_left_out(imported: list[set[str]]) -> None:
    left_out = {name.replace("/", ".") for name in CONFIGURATION["tool"]["flet"]["app"]["exclude"]}
    assert imported[1] & left_out == set()
    assert "cancerapy.app" in imported[1]
    for name in CONFIGURATION["tool"]["flet"]["app"]["exclude"]:
        assert (PACKAGE.parent / name).is_dir()
