"""Reads the address that the server prints as a QR code: where it is, and its token."""

from urllib.parse import parse_qs, urlsplit

PAIR_PATH = "/pair"


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


def read_pairing(text: str) -> tuple[str, str]:
    """Return the server's address and its token; the token is empty where there is none.

    Args:
        text: A pairing address, only its path and query, or any other address, which is returned
            as it is.

    >>> read_pairing("https://192.168.1.20:8000/pair?token=a+b")
    ('https://192.168.1.20:8000', 'a b')
    >>> read_pairing("http://clinic:8000")
    ('http://clinic:8000', '')
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return text, ""
    if parts.path != PAIR_PATH:
        return text, ""
    server = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return server, parse_qs(parts.query).get("token", [""])[0]
