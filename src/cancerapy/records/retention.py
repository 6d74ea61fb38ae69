"""Retention: examinations older than a period leave the records, each by an erasure of its own."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from cancerapy.records.columns import now
from cancerapy.records.erasure import erase_examination
from cancerapy.records.session import Records
from cancerapy.records.tables import Examination
from cancerapy.records.training_caches import drop_erased_caches


def list_expired(records: Records, older_than: timedelta) -> list[str]:
    """Return the ids of the examinations that are older than a period, oldest first.

    Args:
        records: The records.
        older_than: The period.
    """
    query = (
        select(Examination.id)
        .where(Examination.created_at < now() - older_than)
        .order_by(Examination.created_at, Examination.id)
    )
    with records.reading() as session:
        return list(session.scalars(query))


def apply_retention(
    records: Records,
    older_than: timedelta,
    actor: str,
    tick: Callable[[], None] = lambda: None,
) -> int:
    """Erase every examination that is older than a period; return how many went.

    Each leaves in a transaction of its own, so that an interrupted run goes on where it stopped.

    Args:
        records: The records.
        older_than: The period.
        actor: Who orders it.
        tick: Called after each.
    """
    expired = list_expired(records, older_than)
    try:
        for examination_id in expired:
            erase_examination(records, examination_id, actor)
            tick()
    finally:
        drop_erased_caches(records)
    return len(expired)
