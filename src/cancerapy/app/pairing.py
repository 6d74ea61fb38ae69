"""Reads the address that the server prints as a QR code: where it is, and how to trust it."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

PAIR_PATH = "/pair"


@dataclass(frozen=True, slots=True)
class Pairing:
    """What a pairing address tells.

    Args:
        server: The server's address.
        token: Its token; empty where there is none.
        fingerprint: SHA-256 of the certificate that it signed itself, hexadecimal; empty for one
            of an authority.
    """

    server: str
    token: str = ""
    fingerprint: str = ""


def read_code(route: str) -> str:
    """Return the code with which a sign-in at the provider comes back; empty where there is none.

    Args:
        route: Path and query of the browser's address.

    >>> read_code("/pair?code=abc"), read_code("/home?code=abc")
    ('abc', '')
    """
    parts = urlsplit(route)
    found = parse_qs(parts.query).get("code", [""])[0]
    return found if parts.path == PAIR_PATH else ""


def read_pairing(text: str) -> Pairing:
    """Return what an address tells.

    Args:
        text: A pairing address, only its path and query, or any other address, which is returned
            as it is.

    >>> read_pairing("https://192.168.1.20:8000/pair?token=a+b&sha256=0a1b")
    Pairing(server='https://192.168.1.20:8000', token='a b', fingerprint='0a1b')
    >>> read_pairing("http://clinic:8000")
    Pairing(server='http://clinic:8000', token='', fingerprint='')
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return Pairing(text)
    if parts.path != PAIR_PATH:
        return Pairing(text)
    server = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    told = parse_qs(parts.query)
    return Pairing(server, told.get("token", [""])[0], told.get("sha256", [""])[0])
