"""Sign-ins that have begun at a provider and are not finished: each is finished once, and soon.

They are in the memory of one process; a server of several needs sticky sessions for the minute
that a sign-in takes.
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

MAX_ENTRIES = 1000

Kind = TypeVar("Kind")


def digest_of(secret: str) -> str:
    """Return the SHA-256 under which a random secret or a key is kept, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


class OnceOnly(Generic[Kind]):
    """Keeps values for a short time, each to be taken once by whoever knows its secrets.

    Args:
        lasts_s: How long a value is kept.
        now_s: A clock that never goes back, seconds.
    """

    def __init__(self, lasts_s: float, now_s: Callable[[], float] = time.monotonic) -> None:
        self._lasts_s = lasts_s
        self._now_s = now_s
        self._kept: OrderedDict[str, tuple[float, str, Kind]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, value: Kind, *, key: str = "", bound_to: str = "") -> str:
        """Keep a value and return the secret that it is taken with.

        Args:
            value: What is kept.
            key: The secret, where the caller has made one.
            bound_to: A second secret that must come with it, for instance of a browser.
        """
        key = key or secrets.token_urlsafe(32)
        with self._lock:
            until_s = self._now_s() + self._lasts_s
            self._kept[digest_of(key)] = (until_s, digest_of(bound_to), value)
            if len(self._kept) > MAX_ENTRIES:
                self._kept.popitem(last=False)
        return key

    def take(self, key: str, *, bound_to: str = "") -> Kind | None:
        """Return a value and forget it; ``None`` if it is unknown, too old, or bound elsewhere.

        Args:
            key: Its secret.
            bound_to: The second secret.
        """
        with self._lock:
            until_s, bound, value = self._kept.pop(digest_of(key), (0.0, "", None))
            if value is None or self._now_s() > until_s:
                return None
        return value if hmac.compare_digest(bound, digest_of(bound_to)) else None
