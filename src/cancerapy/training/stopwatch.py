"""How long a piece of work took, on the clock and on the processors."""

import time
from typing import NamedTuple


class Spent(NamedTuple):
    """Time of a piece of work.

    Args:
        wall_s: Seconds by the clock; other work on the machine lengthens them.
        processor_s: Seconds of all processor cores together that this process kept busy.
    """

    wall_s: float
    processor_s: float


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self._wall, self._processor = time.monotonic(), time.process_time()

    def read(self) -> Spent:
        """Return the time since then."""
        return Spent(time.monotonic() - self._wall, time.process_time() - self._processor)
