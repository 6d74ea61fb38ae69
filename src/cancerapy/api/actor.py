"""Who does what the current request asks for, by name, for the record and its audit log."""

from flask import g

LOCAL = "local"
"""The one user of a server that is used without accounts."""


def current_actor() -> str:
    """Return the account that is signed in, as ``Caller.actor``, or ``LOCAL``."""
    return str(g.get("actor", LOCAL))
