"""Who may ask: the machine's own user without an account, anyone else with the token.

A server on 127.0.0.1 is within reach of every web page that its user opens. Such a page can send
requests under its own name (``Origin``), or point a name of its own at 127.0.0.1 and be taken for
the same site (DNS rebinding, which shows in ``Host``). Both are refused. The port in ``Host`` is
not compared, so that a tunnel from another port keeps working; the name is what gives an attack
away.
"""

import hmac
import ipaddress
from urllib.parse import urlsplit

from flask import Response, request

from cancerapy.errors import InvalidRequestError, UsageError
from cancerapy.settings import Settings

OPEN_PATHS = frozenset({"/livez", "/readyz"})
"""Paths that a balancer may ask without a token."""


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` (a name or address without port) is this machine itself.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("evil.example")
    (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_settings(settings: Settings) -> None:
    """Check that a server within reach of other machines has a token.

    Raises:
        UsageError: The address is not the machine's own and there is no token.
    """
    if not settings.token and not is_loopback(settings.host):
        raise UsageError(
            f"A server that other machines can reach needs a token; the address is "
            f"{settings.host} and none is set. Set CANCERAPY_TOKEN to a long random text, or "
            "listen on 127.0.0.1.",
            code="token_required",
            field="token",
        )


def check_access(settings: Settings) -> None:
    """Check the current request against the rules of the server.

    Raises:
        InvalidRequestError: Another site's page sends it, the name in ``Host`` is not this
            machine's, or the token is missing or wrong.
    """
    if is_loopback(settings.host):
        _check_host()
    _check_origin()
    if settings.token and request.path not in OPEN_PATHS:
        _check_token(settings.token)


def _check_host() -> None:
    try:
        name = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        name = ""
    if not is_loopback(name):
        raise InvalidRequestError(
            "This server answers only under localhost, 127.0.0.1 or [::1]; the request names "
            "another host. Use the address that the server printed when it started.",
            code="host_refused",
            field="Host",
        )


def _check_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.headers.get('Host', '')}":
        raise InvalidRequestError(
            "Requests from other web sites are refused; this one has another origin than the "
            "server. Call the API from its own pages or from a program.",
            code="origin_refused",
            field="Origin",
        )


def _check_token(token: str) -> None:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    if kind.lower() != "bearer" or not same:
        raise InvalidRequestError(
            "This server needs its token in the header 'Authorization: Bearer <token>'; it is "
            "missing or wrong. Ask whoever runs the server for it.",
            code="token_required",
            field="Authorization",
        )


def set_security_headers(response: Response) -> Response:
    """Add the headers that keep browsers from guessing, framing, caching and leaking.

    A view that needs more than nothing of the browser sets its own policy.
    """
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    return response
