"""What the app makes of the address in a QR code, and of any other that is typed."""

import pytest

from cancerapy.app.pairing import Pairing, read_pairing


@pytest.mark.parametrize(
    ("text", "server", "token"),
    [
        ("https://10.0.0.7:8000/pair?token=abc", "https://10.0.0.7:8000", "abc"),
        (" http://10.0.0.7/pair ", "http://10.0.0.7", ""),
        ("/pair?token=abc", "", "abc"),
        ("/home?token=abc", "/home?token=abc", ""),
        ("http://[::1", "http://[::1", ""),
        ("", "", ""),
    ],
)
def test_address_and_token(text: str, server: str, token: str) -> None:
    assert read_pairing(text) == Pairing(server, token)
