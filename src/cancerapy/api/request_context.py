"""The id of a request: taken from the caller where it is sane, else made."""

import re
import uuid

from flask import g, request

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def assign_request_id() -> None:
    """Give the current request its id; runs before everything else."""
    given = request.headers.get(HEADER, "")
    g.request_id = given if _SANE.fullmatch(given) else uuid.uuid4().hex


def current_request_id() -> str:
    """Return the id of the current request."""
    if "request_id" not in g:
        assign_request_id()
    return str(g.request_id)
