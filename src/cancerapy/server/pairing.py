"""Pairs a phone with the server: an address with the token, as a QR code in the terminal."""

import io
import socket
from urllib.parse import urlencode

from cancerapy.server.certificate import fingerprint, is_own_certificate
from cancerapy.server.example import build_address
from cancerapy.settings import Settings

ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104
"""Addresses to listen on that are none to go to."""


def find_host(host: str) -> str:
    """Return the name or address under which other machines reach a server.

    Args:
        host: What it listens on. For every address of the machine, the one of the network that
            leads outside is taken; nothing is sent to find it.
    """
    if host not in ANYWHERE:
        return host
    family, outside = (
        (socket.AF_INET6, "2001:db8::1") if host == "::" else (socket.AF_INET, "192.0.2.1")
    )
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((outside, 9))
        except OSError:  # no network
            return "::1" if host == "::" else "127.0.0.1"
        return str(probe.getsockname()[0])


def build_pairing_link(settings: Settings, host: str) -> str:
    """Return the address that a phone opens: the server's, with what the phone has to know.

    That is its token where it needs one, and the fingerprint of a certificate that it signed
    itself, which the packaged app then trusts; a browser asks the person instead.

    Args:
        settings: Where the server listens, whether it speaks TLS, and its token.
        host: Name or address under which the phone reaches it.

    >>> build_pairing_link(Settings(port=8000, token="a b", tls=True), "192.168.1.20")
    'https://192.168.1.20:8000/pair?token=a+b'
    """
    told = {"token": settings.token} if settings.token else {}
    if settings.certificate is not None and is_own_certificate(settings):
        told["sha256"] = fingerprint(settings.certificate).replace(":", "").lower()
    return f"{build_address(settings, host)}/pair{'?' if told else ''}{urlencode(told)}"


def draw_qr_code(text: str) -> list[str]:
    """Return a QR code as lines of half blocks, light on a dark terminal, with its quiet zone.

    Args:
        text: What the code holds.
    """
    import segno

    stream = io.StringIO()
    segno.make_qr(text, error="m").terminal(stream, compact=True)
    return stream.getvalue().rstrip("\n").split("\n")
