"""The QR code of the terminal: its address, and that a second reader reads it back."""

import ipaddress
from dataclasses import replace
from pathlib import Path

import pytest

from cancerapy.app.pairing import Pairing, read_pairing
from cancerapy.server.certificate import fingerprint, with_certificate
from cancerapy.server.pairing import build_pairing_link, draw_qr_code, find_host
from cancerapy.settings import Settings


@pytest.mark.parametrize("host", ["10.0.0.7", "clinic.example"])
def test_a_server_on_one_address_is_reached_there(host: str) -> None:
    assert find_host(host) == host


def test_a_server_on_every_address_has_one_to_go_to() -> None:
    assert not ipaddress.ip_address(find_host("0.0.0.0")).is_unspecified


@pytest.mark.parametrize(
    ("settings", "host", "link"),
    [
        (Settings(port=80, token="x"), "10.0.0.7", "http://10.0.0.7:80/pair?token=x"),
        (Settings(port=80, tls=True), "10.0.0.7", "https://10.0.0.7:80/pair"),
        (Settings(port=80, token="&="), "fd00::1", "http://[fd00::1]:80/pair?token=%26%3D"),
    ],
)
def test_the_link_is_what_the_app_reads(settings: Settings, host: str, link: str) -> None:
    assert build_pairing_link(settings, host) == link
    assert read_pairing(link) == Pairing(link.partition("/pair")[0], settings.token)


def test_a_certificate_of_the_server_s_own_is_told_with_the_link(tmp_path: Path) -> None:
    own = with_certificate(Settings(port=80, tls=True, cache=tmp_path), ["10.0.0.7"])
    assert own.certificate is not None
    digits = fingerprint(own.certificate).replace(":", "").lower()
    link = build_pairing_link(own, "10.0.0.7")
    assert link == f"https://10.0.0.7:80/pair?sha256={digits}"
    assert read_pairing(link) == Pairing("https://10.0.0.7:80", "", digits)
    given = replace(own, cache=tmp_path / "other")
    assert build_pairing_link(given, "10.0.0.7") == "https://10.0.0.7:80/pair"


def _modules(lines: list[str]) -> list[list[bool]]:
    """Return the rows of light (True) and dark modules that half blocks draw."""
    upper = {"█": True, "▀": True, "▄": False, " ": False}
    lower = {"█": True, "▀": False, "▄": True, " ": False}
    return [[half[char] for char in line] for line in lines for half in (upper, lower)]


def test_the_code_has_three_finders_and_a_quiet_zone() -> None:
    lines = draw_qr_code("https://10.0.0.7:8000/pair?token=abc")
    rows = _modules(lines)
    (width,) = {len(row) for row in rows}
    side = width - 8  # four modules of quiet zone on each side
    assert (side - 17) % 4 == 0
    assert all(all(row) for row in rows[:4])
    finder = ["#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"]
    for top, left in ((4, 4), (4, 4 + side - 7), (4 + side - 7, 4)):
        seen = [
            "".join(" " if light else "#" for light in row[left : left + 7])
            for row in rows[top : top + 7]
        ]
        assert seen == finder
