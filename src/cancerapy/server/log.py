"""Where the server's log goes: one line per event on standard error."""

import logging
import sys

from cancerapy.errors import UsageError

LEVELS = ("debug", "info", "warning", "error")


def configure_log(level: str) -> None:
    """Send the log of the package to standard error.

    Args:
        level: One of ``LEVELS``; lesser events are dropped.

    Raises:
        UsageError: ``level`` is none of them.
    """
    if level not in LEVELS:
        raise UsageError(
            f"The log level must be one of {', '.join(LEVELS)}; it is '{level}'.",
            code="setting_invalid",
            field="log_level",
        )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    own = logging.getLogger("cancerapy")
    own.handlers[:] = [handler]
    own.setLevel(level.upper())
    own.propagate = False
