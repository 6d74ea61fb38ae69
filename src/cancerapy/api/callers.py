"""Who sends the current request: by token, or the machine's own user without one."""

import hmac

from flask import g, request

from cancerapy.api.access import is_loopback
from cancerapy.errors import InvalidRequestError
from cancerapy.people.caller import DEVICE, OWN_USER, Caller
from cancerapy.settings import Settings

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")
"""Headers of a proxy: whoever stands behind it need not sit at this machine."""


def has_own_user(settings: Settings) -> bool:
    """Tell whether a server has a user who need not sign in: only this machine can reach it.

    Args:
        settings: Where it listens, whether it has a token, whether signing in is asked for.
    """
    return is_loopback(settings.host) and not settings.token and not settings.sign_in


def set_caller(caller: Caller | None) -> None:
    """Keep who sends the current request, and their name for the records."""
    g.caller = caller
    if caller is not None:
        g.actor = caller.actor


def current_caller() -> Caller:
    """Return who sends the current request.

    Raises:
        InvalidRequestError: Nobody is known to, which only a route open to anybody lets through.
    """
    caller: Caller | None = g.get("caller")
    if caller is None:
        raise token_required()
    return caller


def caller_address() -> str:
    """Return the address that the current request comes from."""
    return request.remote_addr or ""


def read_token() -> str | None:
    """Return the token of the current request, ``None`` if it has none.

    Only the header ``Authorization`` counts: a browser adds no such header of its own accord, so
    that no page of another site can use a token (and there are no cookies that it could use).
    """
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if kind.lower() == "bearer" and given.strip() else None


def is_server_token(settings: Settings, token: str) -> bool:
    """Tell in constant time whether ``token`` is the server's own."""
    return bool(settings.token) and hmac.compare_digest(token.encode(), settings.token.encode())


def find_without_token(settings: Settings) -> Caller | None:
    """Return the machine's own user where the server has one and no proxy stands between."""
    if "Authorization" in request.headers or any(name in request.headers for name in FORWARDED):
        return None
    return OWN_USER if has_own_user(settings) else None


def device_of(settings: Settings, token: str) -> Caller | None:
    """Return the caller of the server's own token, ``None`` if it is another."""
    return DEVICE if is_server_token(settings, token) else None


def token_required() -> InvalidRequestError:
    """Return the error of a request that has to say who sends it."""
    return InvalidRequestError(
        "This server must know who asks, by the header 'Authorization: Bearer <token>'; the token "
        "is missing, wrong, over or revoked. Sign in, or ask whoever runs the server for one.",
        code="token_required",
        field="Authorization",
    )
