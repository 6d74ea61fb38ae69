"""Leases: a piece of work that one process at a time does, of all that share the records.

A row of the database says who does it and until when. It works alike in SQLite and PostgreSQL,
since writing transactions follow one another on both, and a killed process holds nothing for long.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from cancerapy.records.tables import Lease


def take_lease(
    session: Session, work: str, holder: str, *, moment: datetime, until: datetime
) -> bool:
    """Take or prolong a lease; return whether it is the holder's now.

    Args:
        session: A session of ``Records.writing``.
        work: Name of the work.
        holder: Who does it, a word that nobody else uses.
        moment: The present time.
        until: When it ends by itself.
    """
    row = session.get(Lease, work)
    if row is None:
        session.add(Lease(work=work, holder=holder, expires_at=until))
    elif row.holder == holder or row.expires_at <= moment:
        row.holder, row.expires_at = holder, until
    else:
        return False
    session.flush()
    return True


def end_lease(session: Session, work: str, holder: str) -> None:
    """Give a lease back; one that somebody else has by now stays theirs.

    Args:
        session: A session of ``Records.writing``.
        work: Name of the work.
        holder: Who did it.
    """
    row = session.get(Lease, work)
    if row is not None and row.holder == holder:
        session.delete(row)
        session.flush()
