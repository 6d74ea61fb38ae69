"""A limit of requests for each account or address.

What was sent is remembered by one process: several processes each allow as much, and a restart
forgets. Keys are kept as digests.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from cancerapy.people.pause import come_back_in
from cancerapy.people.under_way import digest_of

MAX_KEYS = 50_000
"""Accounts and addresses that are remembered; the ones longest unused are forgotten first."""


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
        self._full_s: OrderedDict[str, float] = OrderedDict()
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
        digest = digest_of(key)
        with self._lock:
            now_s = self._now_s()
            # When the bucket is full again; each request moves it on.
            step_s = 60.0 / self._per_minute
            full_s = max(self._full_s.get(digest, -math.inf), now_s) + step_s
            wait_s = full_s - now_s - 60.0 - step_s / 2
            if wait_s > 0:
                raise come_back_in(
                    wait_s,
                    f"One account or address may send {self._per_minute} requests a minute; these "
                    "are more. Wait a moment, or ask whoever runs the server for a higher limit.",
                    code="too_many_requests",
                    field="Authorization",
                )
            self._full_s[digest] = full_s
            self._full_s.move_to_end(digest)
            if len(self._full_s) > MAX_KEYS:
                self._full_s.popitem(last=False)

    def give_back(self, key: str) -> None:
        """Take back the last request of ``key``, which another is counted for.

        Args:
            key: The account or address.
        """
        if not self._per_minute:
            return
        digest = digest_of(key)
        with self._lock:
            if digest in self._full_s:
                self._full_s[digest] -= 60.0 / self._per_minute
