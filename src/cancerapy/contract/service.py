"""What a server says of itself: which API it speaks, whether it lives and can answer."""

from collections.abc import Mapping
from dataclasses import dataclass

API_VERSION = "v1"
"""The version of the API; a client and a server of different ones do not understand each other."""


@dataclass(frozen=True, slots=True)
class Liveness:
    """Whether the process answers; ``status`` is always ``"alive"``."""

    status: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether every cancer has a model that answers.

    Args:
        status: ``"ready"`` or ``"not_ready"``.
        ready: Ids of the cancers that can be asked.
        missing: What is wrong, by the id of each cancer that cannot be asked.
    """

    status: str
    ready: tuple[str, ...]
    missing: Mapping[str, str]
