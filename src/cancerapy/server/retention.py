"""The retention period of a running server: applied at its start and once a day, on the side.

A thread of its own erases what is due, one examination at a time with a pause after each, so that
requests are never kept waiting. Of several servers that share the records one does it at a time.
What goes wrong is logged by its code, since a message may hold what the records do, and tried
again within the hour.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from cancerapy.errors import CanceRapyError
from cancerapy.records import Records
from cancerapy.records.columns import now
from cancerapy.records.lease import end_lease, take_lease
from cancerapy.records.retention import apply_retention
from cancerapy.settings import Settings

ACTOR = "server (retention)"
"""Under which the audit log knows these erasures."""

DAY_S = 86_400.0
RETRY_S = 3_600.0
BREATH_S = 0.2
"""Pause after each erasure, in which requests that write get their turn."""

_WORK = "retention"
_LEASE = timedelta(minutes=10)
_STOP_S = 15.0
"""Longest wait for an erasure that is under way; the database itself gives up after ten seconds."""

logger = logging.getLogger("cancerapy.server")


class RetentionKeeper:
    """Erases examinations that are older than a period, now and once a day.

    Args:
        find_records: Returns the records; asked before each run.
        days: The period, at least 1.
        clock: Returns the present time in UTC.
        wait: Waits for seconds and returns whether to stop; by default until ``stop`` is called.
    """

    def __init__(
        self,
        find_records: Callable[[], Records],
        days: int,
        *,
        clock: Callable[[], datetime] = now,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._find_records = find_records
        self._days = days
        self._clock = clock
        self._stopped = threading.Event()
        self._wait = wait or self._stopped.wait
        self._holder = uuid.uuid4().hex
        self._thread = threading.Thread(target=self.run, name="retention", daemon=True)

    def start(self) -> None:
        """Begin in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End after the erasure that is under way."""
        self._stopped.set()
        self._thread.join(_STOP_S)

    def run(self) -> None:
        """Apply the period again and again until stopped."""
        while True:
            pause_s = DAY_S if self.apply() else RETRY_S
            if self._wait(pause_s):
                return

    def apply(self) -> bool:
        """Erase what is due; return whether nothing is left to try again."""
        try:
            records = self._find_records()
            if not self._hold(records):
                logger.info("retention: another server is at it")
                return False
            try:
                return self._erase(records)
            finally:
                with records.writing() as session:
                    end_lease(session, _WORK, self._holder)
        except CanceRapyError as error:
            logger.warning("retention failed, it is tried again: %s", error.code)
        except Exception as error:  # noqa: BLE001 - a thread that dies would keep what must go
            logger.error("retention failed, it is tried again: %s", type(error).__name__)
        return False

    def _erase(self, records: Records) -> bool:
        held_since = self._clock()
        is_cut_short = False

        def goes_on() -> bool:
            nonlocal held_since, is_cut_short
            if self._clock() - held_since > _LEASE / 2:
                held_since = self._clock()
                is_cut_short = not self._hold(records)
            is_cut_short = is_cut_short or self._wait(BREATH_S)
            return not is_cut_short

        period = timedelta(days=min(self._days, timedelta.max.days))
        n_erased = apply_retention(records, period, ACTOR, goes_on=goes_on, moment=held_since)
        if n_erased:
            logger.info("retention: %d examinations erased", n_erased)
        return not is_cut_short

    def _hold(self, records: Records) -> bool:
        moment = self._clock()
        with records.writing() as session:
            return take_lease(session, _WORK, self._holder, moment=moment, until=moment + _LEASE)


@contextmanager
def keeping_to_retention(settings: Settings, find_records: Callable[[], Records]) -> Iterator[None]:
    """Apply the retention period of the settings while a block runs; 0 days keep for ever.

    Args:
        settings: Resolved settings.
        find_records: Returns the records.
    """
    if not settings.retention_days:
        yield
        return
    keeper = RetentionKeeper(find_records, settings.retention_days)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()
