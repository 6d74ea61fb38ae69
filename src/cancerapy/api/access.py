"""Keeps other web sites away, and a server without any way to sign in off the network.

A server on 127.0.0.1 is within reach of every web page that its user opens. Such a page can send
requests under its own name (``Origin``), or point a name of its own at 127.0.0.1 and be taken for
the same site (DNS rebinding, which shows in ``Host``). Both are refused. The port in ``Host`` is
not compared, so that a tunnel from another port keeps working; the name is what gives an attack
away.
"""

import ipaddress
from urllib.parse import urlsplit

from flask import Response, request

from cancerapy.errors import InvalidRequestError, UsageError
from cancerapy.settings import Settings


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


def check_settings(settings: Settings, *, has_accounts: bool) -> None:
    """Check that somebody can ask a server that other machines reach, and not everybody.

    Args:
        settings: Resolved settings.
        has_accounts: Whether there is an account that can sign in.

    Raises:
        UsageError: The address is not the machine's own, and there is neither token nor account.
    """
    if not settings.token and not has_accounts and not is_loopback(settings.host):
        raise UsageError(
            f"A server that other machines can reach needs a token or an account; the address is "
            f"{settings.host} and there is none. Set CANCERAPY_TOKEN to a long random text, add "
            "an account with 'cancerapy people add', or listen on 127.0.0.1.",
            code="token_required",
            field="token",
        )


def check_site(settings: Settings) -> None:
    """Check that no page of another site sends the current request.

    Raises:
        InvalidRequestError: Its origin is another site, or the name in ``Host`` is not this
            machine's although only this machine can reach the server.
    """
    if is_loopback(settings.host):
        _check_host()
    _check_origin()


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
