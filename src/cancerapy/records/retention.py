"""Retention: examinations older than a period leave the records, each by an erasure of its own."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from cancerapy.records.columns import now
from cancerapy.records.erasure import erase_examination
from cancerapy.records.faults import RecordUnknownError
from cancerapy.records.session import Records
from cancerapy.records.tables import Examination
from cancerapy.records.training_answers import drop_erased_answers
from cancerapy.records.training_caches import drop_erased_caches


def list_expired(
    records: Records, older_than: timedelta, *, moment: datetime | None = None
) -> list[str]:
    """Return the ids of the examinations that are older than a period, oldest first.

    Args:
        records: The records.
        older_than: The period; one that began before the calendar did ends for none.
        moment: The present time; that of the system by default.
    """
    try:
        oldest = (moment or now()) - older_than
    except OverflowError:
        return []
    query = (
        select(Examination.id)
        .where(Examination.created_at < oldest)
        .order_by(Examination.created_at, Examination.id)
    )
    with records.reading() as session:
        return list(session.scalars(query))


def apply_retention(
    records: Records,
    older_than: timedelta,
    actor: str,
    *,
    goes_on: Callable[[], bool] = lambda: True,
    moment: datetime | None = None,
) -> int:
    """Erase every examination that is older than a period; return how many went.

    Each leaves in a transaction of its own, so that an interrupted run goes on where it stopped.

    Args:
        records: The records.
        older_than: The period.
        actor: Who orders it.
        goes_on: Asked before each; false ends the run.
        moment: The present time; that of the system by default.

    Raises:
        StorageError: Decoded pixels or lines that a training left could not be removed.
    """
    n_erased = 0
    try:
        for examination_id in list_expired(records, older_than, moment=moment):
            if not goes_on():
                break
            try:
                erase_examination(records, examination_id, actor)
            except RecordUnknownError:
                continue  # erased with its patient meanwhile
            n_erased += 1
    finally:
        records.empty_log()
        drop_erased_answers(records)
        drop_erased_caches(records)
    return n_erased
