"""Keeps guessing slow: pauses that grow with each wrong password, and a limit of requests.

The counts are in the memory of one process: several processes each allow as much, and a restart
forgets. Names that do not exist are counted like those that do. Texts are kept as digests.
"""

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from cancerapy.errors import InvalidRequestError

MAX_KEYS = 50_000
"""Names and addresses that are remembered; the ones longest unused are forgotten first."""

FORGET_AFTER_S = 3600.0
"""A count of wrong passwords ends this long after the last of them."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 900.0

FREE_BY_PAIR, FREE_BY_NAME, FREE_BY_ADDRESS = 4, 20, 40
"""Wrong passwords without a pause: for one name from one address, for one name from anywhere, and
from one address for any name. A stranger elsewhere so needs many to keep a person out."""


@dataclass(slots=True)
class _Count:
    n: int = 0
    last_s: float = -math.inf
    until_s: float = -math.inf


class _Counts:
    """Counts by key, the oldest forgotten when there are too many."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    def of(self, key: str) -> _Count:
        digest = hashlib.sha256(key.encode()).hexdigest()
        found = self._counts.setdefault(digest, _Count())
        self._counts.move_to_end(digest)
        if len(self._counts) > MAX_KEYS:
            self._counts.popitem(last=False)
        return found


class SignInGuard:
    """Counts wrong passwords and says when the next may be tried.

    Args:
        now_s: A clock that never goes back, seconds.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._counts = _Counts()
        self._lock = threading.Lock()

    def begin(self, name: str, address: str) -> None:
        """Count a try as wrong before it is made, unless a pause holds.

        So many at the same moment get no more tries than one after the other; ``succeed`` takes a
        right one back.

        Args:
            name: The name that is tried.
            address: Where from.

        Raises:
            InvalidRequestError: A pause holds.
        """
        with self._lock:
            now_s = self._now_s()
            counts = self._counts_of(name, address)
            left_s = max(count.until_s for count, _ in counts) - now_s
            if left_s > 0:
                raise InvalidRequestError(
                    "After several wrong passwords the next one has to wait; "
                    f"{math.ceil(left_s)} s are left. Wait, or ask an administrator for a new "
                    "password.",
                    code="sign_in_paused",
                    field="name",
                )
            for count, free in counts:
                if now_s - count.last_s > FORGET_AFTER_S:
                    count.n = 0
                count.n, count.last_s = count.n + 1, now_s
                if count.n > free:
                    pause_s = FIRST_PAUSE_S * 2.0 ** min(count.n - free - 1, 20)
                    count.until_s = now_s + min(pause_s, LONGEST_PAUSE_S)

    def succeed(self, name: str, address: str) -> None:
        """Forget the wrong passwords of a name, and this try of its address.

        Args:
            name: The name that signed in.
            address: Where from.
        """
        with self._lock:
            pair, by_name, by_address = (count for count, _ in self._counts_of(name, address))
            for count in (pair, by_name):
                count.n, count.until_s = 0, -math.inf
            # A right password of one's own must not wash away wrong ones for other names.
            by_address.n = max(by_address.n - 1, 0)

    def _counts_of(self, name: str, address: str) -> list[tuple[_Count, int]]:
        name = name.strip().casefold()
        return [
            (self._counts.of(f"pair\0{name}\0{address}"), FREE_BY_PAIR),
            (self._counts.of(f"name\0{name}"), FREE_BY_NAME),
            (self._counts.of(f"address\0{address}"), FREE_BY_ADDRESS),
        ]


class RequestLimit:
    """Limits the requests of one account, or of one address without an account.

    A bucket holds a minute's worth of requests and fills evenly.

    Args:
        per_minute: How many requests; 0 for any number.
        now_s: A clock that never goes back, seconds.
    """

    def __init__(self, per_minute: int, now_s: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._now_s = now_s
        self._counts = _Counts()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count one request of ``key``.

        Args:
            key: The account or address.

        Raises:
            InvalidRequestError: The bucket is empty.
        """
        if not self._per_minute:
            return
        with self._lock:
            now_s, count = self._now_s(), self._counts.of(key)
            # ``until_s`` is when the bucket is full again; each request moves it on.
            step_s = 60.0 / self._per_minute
            full_s = max(count.until_s, now_s) + step_s
            if full_s - now_s > 60.0 + step_s / 2:
                raise InvalidRequestError(
                    f"One account or address may send {self._per_minute} requests a minute; these "
                    "are more. Wait a moment, or ask whoever runs the server for a higher limit.",
                    code="too_many_requests",
                    field="Authorization",
                )
            count.until_s = full_s
