"""Every part that is shipped has its licence, and none is written by hand."""

from importlib import metadata
from pathlib import Path

import pytest

from cancerapy.app.licences import FONTS, PACKAGE, Kind, Licence, list_licences

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def licences() -> tuple[Licence, ...]:
    """All licences."""
    return list_licences()


def _names(licences: tuple[Licence, ...], kind: Kind) -> list[str]:
    return [one.name for one in licences if one.kind is kind]


def test_every_package_that_the_app_needs_is_there(licences: tuple[Licence, ...]) -> None:
    names = {name.partition(" ")[0].lower() for name in _names(licences, Kind.PYTHON)}
    assert {"flet", "numpy", "pillow", "httpx", "certifi", "uharfbuzz"} <= names
    assert not names & {"tensorflow", "keras", "pytest", "ruff", "cancerapy"}
    assert f"numpy {metadata.version('numpy')}" in _names(licences, Kind.PYTHON)


def test_nearly_all_come_with_their_text(licences: tuple[Licence, ...]) -> None:
    without = {one.name.partition(" ")[0] for one in licences if not one.text}
    assert without <= {"flet", "flet-web", "flatbuffers"}
    assert all(one.licence for one in licences if not one.text)


def test_the_texts_are_the_parts_own(licences: tuple[Licence, ...]) -> None:
    by_name = {one.name.partition(" ")[0]: one for one in licences if one.kind is Kind.PYTHON}
    assert "Permission is hereby granted" in by_name["pydantic"].text
    assert by_name["httpx"].licence == "BSD-3-Clause"
    assert "Apache License" in by_name["ai-edge-litert"].text
    (own,) = (one for one in licences if one.kind is Kind.OWN)
    assert (ROOT / "LICENSE").read_text() in own.text
    assert (ROOT / "NOTICE").read_text() in own.text


def test_every_font_has_its_licence(licences: tuple[Licence, ...]) -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.ttf")}
    assert folders == {path.parent for path in FONTS.values()}
    texts = {one.name: one.text for one in licences if one.kind is Kind.FONT}
    assert "SIL OPEN FONT LICENSE" in texts["Noto Sans Arabic"].upper()
    assert "Bitstream Vera" in texts["DejaVu Sans"]


def test_flutter_s_parts_come_from_its_own_file(licences: tuple[Licence, ...]) -> None:
    names = _names(licences, Kind.FLUTTER)
    assert {"skia", "icu", "harfbuzz"} <= set(names)
    assert len(names) == len(set(names)) > 100


def test_they_are_sorted_within_their_kind(licences: tuple[Licence, ...]) -> None:
    assert [one.kind for one in licences] == sorted(
        (one.kind for one in licences), key=list(Kind).index
    )
    for kind in Kind:
        names = [name.lower() for name in _names(licences, kind)]
        assert names == sorted(names)
