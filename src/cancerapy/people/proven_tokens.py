"""Tokens that have stood for an account, so that a guess can be told from them without a look.

This is no sign-in: whether a token still holds is asked of the records each time. It only decides
whose count a request is taken from before they are asked.
"""

import threading
from collections import OrderedDict

from cancerapy.people.under_way import digest_of

MAX_TOKENS = 50_000
"""Tokens that are remembered; the ones longest unused are forgotten first."""


class ProvenTokens:
    """Remembers the tokens that held when they were last looked up, as digests, in one process."""

    def __init__(self) -> None:
        self._digests: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def has(self, token: str) -> bool:
        """Tell whether a token held when it was last looked up."""
        return digest_of(token) in self._digests

    def note(self, token: str, *, holds: bool) -> None:
        """Remember whether a token holds.

        Args:
            token: The secret as it came.
            holds: What the records said of it.
        """
        digest = digest_of(token)
        with self._lock:
            self._digests.pop(digest, None)
            if holds:
                self._digests[digest] = None
            if len(self._digests) > MAX_TOKENS:
                self._digests.popitem(last=False)
